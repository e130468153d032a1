/**
 * What a file sink has taken until its target is written: a SQLite file beside the target, so that an interrupted run
 * goes on where it was. What a call has resolved is on the disk; which record of an address wins is told by merge.ts.
 */
import { rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ValueForm } from "../../record/types.ts";
import type { Held, PutOutcome } from "../contract.ts";
import { heldOf } from "../held.ts";
import { type Arrival, type Holding, newer, type RankedContent } from "../merge.ts";

/** `PRAGMA application_id`: "imgj". */
const APPLICATION = 0x696d676a;
const VERSION = 1;
const BUSY = 5;

/** One address: an address as UTF-8 bytes, so that SQLite's byte order is that of names in a bucket. */
const SCHEMA = `
  create table settings (key text primary key, value text not null) strict;
  create table images (
    uri blob primary key,
    generation integer not null,
    metageneration integer,
    object text,
    rank text,
    engine text,
    error text,
    record text
  ) strict;`;

interface Row {
  readonly generation: bigint;
  readonly metageneration: bigint | null;
  readonly object: string | null;
  readonly rank: string | null;
  readonly engine: string | null;
  readonly error: string | null;
}

/** What is written of a content; a held one is not read back to be compared. */
interface Content extends RankedContent {
  readonly record?: ImageRecord;
}

/** A change to one address; `arrival` may throw MALFORMED, and then fails alone. */
export interface Change {
  readonly uri: string;
  readonly arrival: () => Arrival<Content>;
}

export class Journal {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #held: StatementSync;
  readonly #keep: StatementSync;
  readonly #keepObject: StatementSync;

  private constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
    this.#held = database.prepare("select generation, metageneration, object, rank, engine, error from images where uri = ?");
    this.#held.setReadBigInts(true);
    this.#keep = database.prepare("insert or replace into images values (?, ?, ?, ?, ?, ?, ?, ?)");
    this.#keepObject = database.prepare("update images set metageneration = ?, object = ? where uri = ?");
  }

  /** Opens the journal of an interrupted run, or a new one. Throws UNAVAILABLE where another process has it, MALFORMED where it is none or of the other form. */
  static open(path: string, values: ValueForm): Journal {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      // One process at a time, known at once: two runs into one file would each write half of it.
      database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; begin exclusive");
      prepare(database, path, values);
      database.exec("commit");
      return new Journal(path, database);
    } catch (thrown) {
      database?.close();
      throw thrown instanceof ImagemetaError ? thrown : failure(path, thrown);
    }
  }

  /** One outcome a change, in order; durable together. */
  apply(changes: readonly Change[]): readonly PutOutcome[] {
    try {
      this.#database.exec("begin immediate");
      const outcomes = changes.map((change) => this.#applyOne(change));
      this.#database.exec("commit");
      return outcomes;
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      const error = failure(this.#path, thrown);
      return changes.map(({ uri }) => ({ uri, result: "failed", error }));
    }
  }

  lookup(uri: string): Held | undefined {
    const row = this.#row(uri);
    if (row === undefined || row.object === null || row.rank === null) return undefined;
    return heldOf(uri, JSON.parse(row.object), row);
  }

  /** All records, by address as UTF-8 bytes. */
  *records(): Iterable<ImageRecord> {
    const all = this.#database.prepare("select object, record from images where record is not null order by uri");
    for (const { object, record } of all.iterate() as Iterable<{ object: string; record: string }>)
      yield { ...JSON.parse(record), object: JSON.parse(object) };
  }

  close(): void {
    this.#database.close();
  }

  /** Its target is written. What SQLite keeps beside a file stays where the disk was too full to fold it in. */
  remove(): void {
    this.close();
    for (const ending of ["", "-wal", "-shm"]) rmSync(this.#path + ending, { force: true });
  }

  #row(uri: string): Row | undefined {
    return this.#held.get(Buffer.from(uri)) as Row | undefined;
  }

  #applyOne({ uri, arrival }: Change): PutOutcome {
    let arrived: Arrival<Content>;
    try {
      arrived = arrival();
    } catch (thrown) {
      if (thrown instanceof ImagemetaError) return { uri, result: "failed", error: thrown };
      throw thrown;
    }
    const held = holdingOf(this.#row(uri));
    const { holding, result } = newer(held, arrived);
    if (holding !== held) this.#write(uri, holding);
    return { uri, result };
  }

  #write(uri: string, holding: Holding<Content>): void {
    const key = Buffer.from(uri);
    if (holding.isGone) {
      this.#keep.run(key, holding.generation, null, null, null, null, null, null);
      return;
    }
    const { generation, metageneration, content } = holding;
    const object = JSON.stringify(holding.object);
    if (content !== undefined && content.record === undefined) {
      this.#keepObject.run(metageneration, object, key);
      return;
    }
    const record = content?.record;
    const text = record === undefined ? null : JSON.stringify({ ...record, object: undefined });
    this.#keep.run(
      key,
      generation,
      metageneration,
      object,
      content?.rank ?? null,
      record?.engine ?? null,
      record?.error?.code ?? null,
      text,
    );
  }
}

function holdingOf(row: Row | undefined): Holding<Content> | undefined {
  if (row === undefined) return undefined;
  const { generation, metageneration, object, rank } = row;
  if (metageneration === null || object === null) return { generation, isGone: true };
  return { generation, metageneration, object: JSON.parse(object), ...(rank !== null && { content: { rank } }) };
}

/** Lays the tables of a new journal; checks those of an old one. */
function prepare(database: DatabaseSync, path: string, values: ValueForm): void {
  const pragma = (name: string) => Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]);
  const [application, version] = [pragma("application_id"), pragma("user_version")];
  if (application === 0 && version === 0 && pragma("schema_version") === 0) {
    database.exec(`${SCHEMA} pragma application_id = ${APPLICATION}; pragma user_version = ${VERSION}`);
    database.prepare("insert into settings values ('values', ?)").run(values);
    return;
  }
  if (application !== APPLICATION || version !== VERSION)
    throw new ImagemetaError(
      "MALFORMED",
      `${path} is no journal that this version can go on with: finish with the version that began it, or remove it`,
    );
  const held = database.prepare("select value from settings where key = 'values'").get()?.value;
  if (held !== values)
    throw new ImagemetaError(
      "MALFORMED",
      `${path} was begun with ${held} values, and these are ${values}: they do not mix. Go on with ${held} ones, or remove it to begin anew`,
    );
}

function failure(path: string, cause: unknown): ImagemetaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const isBusy = cause instanceof Error && "errcode" in cause && cause.errcode === BUSY;
  const message = isBusy
    ? `${path} is in use: another run writes the same file; wait until it ends`
    : `cannot write the journal ${path}: ${why}; see that its folder may be written and the disk has room`;
  return new ImagemetaError("UNAVAILABLE", message, { cause });
}
