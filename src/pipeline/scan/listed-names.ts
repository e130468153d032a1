/** The addresses that were listed, in a temporary SQLite file: memory stays flat however many there are. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { ObjectVersion } from "../../stores/contract.ts";

const PAGE = 1000;

export class ListedNames {
  readonly #folder: string;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #insertGone: StatementSync;

  /** In the system's folder of temporary files (`TMPDIR`). */
  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "imagemeta-listed-"));
    this.#database = new DatabaseSync(join(this.#folder, "listed.db"));
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
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
    this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
