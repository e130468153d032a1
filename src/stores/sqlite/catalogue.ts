/**
 * The embedded catalogue: one SQLite file in WAL mode, durable at every commit (`synchronous=FULL`). Any number of processes
 * may read and write it; a writer waits for another. A batch is one transaction.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ValueForm } from "../../record/types.ts";
import type { Catalogue, Held, ObjectUpdate, ObjectVersion, PutOutcome, Query, Rewind } from "../contract.ts";
import { rewindVersions, TOMBSTONE_LIFE } from "../merge.ts";
import { clauseOf, prefixClause } from "./condition.ts";
import { explained, isBusy, isOfRow } from "./refusal.ts";
import { heldIn, putParameters, recordOf, removeParameters, updateParameters } from "./rows.ts";
import { migrate, settleForm } from "./schema.ts";
import { HELD, PUT, REMOVE, REWIND, UPDATE } from "./statements.ts";

/**
 * How long a statement waits for another process, in milliseconds: nothing else runs meanwhile, no request and no lease of a message
 * that is to be extended. So it is short, and a batch is begun again.
 */
const BUSY_TIMEOUT = 20;
/** The same for reading: nobody who writes stands in its way, but who opens the log first. */
const READER_TIMEOUT = 500;
/** How long a batch waits for another process, in milliseconds; others can run meanwhile. A batch takes far less. */
const PATIENCE = 30_000;
const BETWEEN_TRIES = 30;
/** Rows of a page of `held`. */
const PAGE = 1000;
const DAY = 24 * 3_600_000;

/** A cache of 16 MiB, and a log that is folded back when it has as much: most batches then write to the log alone. */
const PRAGMAS = "pragma synchronous = full; pragma cache_size = -16384; pragma wal_autocheckpoint = 4096";

/** Opens the catalogue of a file, or makes it. Throws UNSUPPORTED_FORMAT, NOT_FOUND, FORBIDDEN, UNAVAILABLE. */
export async function openSqlite(path: string, { values }: { readonly values?: ValueForm } = {}): Promise<Catalogue> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: PATIENCE });
    database.exec(PRAGMAS);
    migrate(database, path);
    if (database.prepare("pragma journal_mode").get()?.journal_mode !== "wal") database.exec("pragma journal_mode = wal");
    const form = settleForm(database, path, values);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`);
    return new SqliteCatalogue(database, path, form);
  } catch (thrown) {
    database?.close();
    throw explained(`Opening the catalogue ${path}`, thrown);
  }
}

/** Runs one arrival, and says whether it won. */
type Step<Item> = (item: Item) => boolean;

class SqliteCatalogue implements Catalogue {
  readonly values: ValueForm;
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #put: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #get: StatementSync;
  readonly #lookup: StatementSync;
  readonly #readers = new Set<DatabaseSync>();
  /** Resolves when the newest transaction has ended, well or not. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #purgedAt = 0;

  constructor(database: DatabaseSync, path: string, values: ValueForm) {
    this.#database = database;
    this.#path = path;
    this.values = values;
    this.#put = database.prepare(PUT);
    this.#update = database.prepare(UPDATE);
    this.#remove = database.prepare(REMOVE);
    this.#get = database.prepare("select uri, object, content from images where uri = ? and rank <> ''");
    this.#lookup = database.prepare(`select ${HELD} from images where uri = ? and removed_at is null`);
  }

  async put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]> {
    return this.#write(records, (record) => {
      if (record.values !== this.values)
        throw new ImagemetaError(
          "UNSUPPORTED_FORMAT",
          `${this.#path} holds ${this.values} values, and ${record.uri} has ${record.values} ones`,
        );
      return this.#put.run(...putParameters(record)).changes === 1;
    });
  }

  async update(objects: readonly ObjectUpdate[]): Promise<readonly PutOutcome[]> {
    return this.#write(objects, (object) => this.#update.get(...updateParameters(object))?.is_read === 1);
  }

  async remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]> {
    const now = Date.now();
    return this.#write(gone, (version) => this.#remove.run(...removeParameters(version, now)).changes === 1);
  }

  async rewind(rewinds: readonly Rewind[]): Promise<void> {
    const versions = rewinds.map(rewindVersions);
    const now = Date.now();
    await this.#transaction(() => {
      const rewind = this.#database.prepare(REWIND);
      for (const [i, { uri }] of rewinds.entries()) {
        const { tombstone, replaces } = versions[i] as (typeof versions)[number];
        rewind.run(tombstone, now, uri, replaces);
      }
    });
  }

  /** A statement that fails takes only its own row back; a database that fails takes all, and rejects. */
  #write<Item extends { readonly uri: string }>(items: readonly Item[], step: Step<Item>): Promise<PutOutcome[]> {
    return this.#transaction(() => {
      const outcomes = items.map((item) => this.#outcome(item, step));
      this.#purge();
      return outcomes;
    });
  }

  /** One after the other: those that wait for another process would keep each other from it. */
  #transaction<T>(work: () => T): Promise<T> {
    const done = this.#lastWrite.then(() => this.#transact(work));
    this.#lastWrite = done.catch(() => {});
    return done;
  }

  async #transact<T>(work: () => T): Promise<T> {
    try {
      for (const until = Date.now() + PATIENCE; !this.#begins(until); ) await delay(BETWEEN_TRIES);
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (thrown) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec("rollback");
      throw explained(`Writing to ${this.#path}`, thrown);
    }
  }

  /** False where another process writes, and `until` has not come. */
  #begins(until: number): boolean {
    try {
      this.#database.exec("begin immediate");
      return true;
    } catch (thrown) {
      if (!isBusy(thrown) || Date.now() > until) throw thrown;
      return false;
    }
  }

  #outcome<Item extends { readonly uri: string }>(item: Item, step: Step<Item>): PutOutcome {
    const { uri } = item;
    try {
      return { uri, result: step(item) ? "written" : "superseded" };
    } catch (thrown) {
      if (!isOfRow(thrown)) throw thrown;
      return { uri, result: "failed", error: explained(`Writing ${uri} to ${this.#path}`, thrown) };
    }
  }

  /** Forgets removals that no message can be about any more: with the first write, then once a day. */
  #purge(): void {
    const now = Date.now();
    if (now - this.#purgedAt < DAY) return;
    this.#database.prepare("delete from images where removed_at < ?").run(now - TOMBSTONE_LIFE);
    this.#purgedAt = now;
  }

  async tombstones(uris: readonly string[]): Promise<readonly (string | undefined)[]> {
    return this.#read(() => {
      const find = this.#database.prepare(
        "select cast(generation as text) as generation from images where uri = ? and removed_at is not null",
      );
      return uris.map((uri) => find.get(uri)?.generation as string | undefined);
    });
  }

  async get(uri: string): Promise<ImageRecord | undefined> {
    const row = this.#read(() => this.#get.get(uri));
    return row && recordOf(row);
  }

  async lookup(uris: readonly string[]): Promise<readonly (Held | undefined)[]> {
    return this.#read(() =>
      uris.map((uri) => {
        const row = this.#lookup.get(uri);
        return row && heldIn(row);
      }),
    );
  }

  /** Page by page, so that no transaction stays open and the log can be folded back while much is written. */
  async *held(uriPrefix: string): AsyncGenerator<readonly Held[]> {
    const { sql, parameters } = prefixClause(uriPrefix);
    const page = this.#database.prepare(
      `select ${HELD} from images where ${sql} and uri > ? and removed_at is null order by uri limit ${PAGE}`,
    );
    for (let last = ""; ; ) {
      const rows = this.#read(() => page.all(...parameters, last)).map(heldIn);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
      last = rows.at(-1)?.uri ?? "";
    }
  }

  /** One view of the catalogue as it is now, whatever is written meanwhile. */
  async *iterate(query: Query = {}): AsyncGenerator<ImageRecord> {
    const { sql, parameters } = clauseOf(query);
    const reader = this.#read(() => new DatabaseSync(this.#path, { timeout: READER_TIMEOUT, readOnly: true }));
    this.#readers.add(reader);
    try {
      const rows = reader.prepare(`select uri, object, content from images where ${sql}`).iterate(...parameters);
      for (;;) {
        const next = this.#read(() => rows.next());
        if (next.done) return;
        yield recordOf(next.value);
      }
    } finally {
      if (this.#readers.delete(reader)) reader.close();
    }
  }

  async getSetting(key: string): Promise<string | undefined> {
    const row = this.#read(() => this.#database.prepare("select value from settings where key = ?").get(key));
    return row && String(row.value);
  }

  async putSetting(key: string, value: string | undefined): Promise<void> {
    await this.#transaction(() => {
      if (value === undefined) this.#database.prepare("delete from settings where key = ?").run(key);
      else this.#database.prepare("insert into settings values (?, ?) on conflict do update set value = excluded.value").run(key, value);
    });
  }

  #read<T>(ask: () => T): T {
    try {
      return ask();
    } catch (thrown) {
      throw explained(`Reading ${this.#path}`, thrown);
    }
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}
