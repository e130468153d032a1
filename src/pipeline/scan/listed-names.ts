/** The addresses that were listed, in a temporary SQLite file: memory stays flat however many there are. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ObjectVersion } from "../../stores/contract.ts";
import { openScratch, type ScratchDatabase } from "../scratch-database.ts";

const PAGE = 1000;

export class ListedNames {
  readonly #scratch: ScratchDatabase;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #insertGone: StatementSync;

  constructor() {
    this.#scratch = openScratch("listed");
    this.#database = this.#scratch.database;
    this.#database.exec(`
      CREATE TABLE listed (uri TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE gone (uri TEXT PRIMARY KEY, generation TEXT, updated TEXT) WITHOUT ROWID;`);
    this.#insert = this.#database.prepare("INSERT OR IGNORE INTO listed VALUES (?)");
    this.#find = this.#database.prepare("SELECT 1 FROM listed WHERE uri = ?");
    this.#insertGone = this.#database.prepare("INSERT OR REPLACE INTO gone VALUES (?, ?, ?)");
  }

  add(objects: readonly { readonly uri: string }[]): void {
    this.#database.exec("BEGIN");
    for (const { uri } of objects) this.#insert.run(uri);
    this.#database.exec("COMMIT");
  }

  has(uri: string): boolean {
    return this.#find.get(uri) !== undefined;
  }

  /** Notes what a store holds and was not listed. */
  addGone(held: readonly (ObjectVersion & { readonly updated?: string })[]): void {
    this.#database.exec("BEGIN");
    for (const { uri, generation, updated } of held) this.#insertGone.run(uri, generation ?? null, updated ?? null);
    this.#database.exec("COMMIT");
  }

  *gone(): Generator<readonly (ObjectVersion & { readonly updated?: string })[]> {
    const select = this.#database.prepare("SELECT uri, generation, updated FROM gone WHERE uri > ? ORDER BY uri LIMIT ?");
    for (let after = ""; ; ) {
      const rows = select.all(after, PAGE) as { uri: string; generation: string | null; updated: string | null }[];
      if (rows.length === 0) return;
      yield rows.map(({ uri, generation, updated }) => ({
        uri,
        ...(generation === null ? {} : { generation }),
        ...(updated === null ? {} : { updated }),
      }));
      after = rows.at(-1)?.uri ?? "";
    }
  }

  close(): void {
    this.#scratch.close();
  }
}
