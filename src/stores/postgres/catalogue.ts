/** A catalogue in PostgreSQL 12 or newer: one row an address, the two parts of its record as `jsonb`. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ObjectInfo, ValueForm } from "../../record/types.ts";
import type { Catalogue, Held, ObjectUpdate, ObjectVersion, PutOutcome, Query, Rewind } from "../contract.ts";
import { arrivalOfRecord, arrivalOfRemoval, arrivalOfUpdate, rewindVersions, SUCCESS, TOMBSTONE_LIFE } from "../merge.ts";
import { compiled, prefixed } from "./condition.ts";
import { Connections } from "./connection.ts";
import { prepare } from "./schema.ts";
import { batches, type Row, rowOf, writeBatch } from "./write.ts";

/** Rows that are read at once, with and without their content. */
const RECORDS = 200;
const HELD = 5_000;
const DAY = 24 * 3_600_000;

/** A row as `Held`. */
const AS_HELD = `jsonb_strip_nulls(jsonb_build_object('uri', uri, 'generation', object -> 'generation',
  'metageneration', object -> 'metageneration', 'size', object -> 'size', 'updated', object -> 'updated', 'etag', object -> 'etag',
  'engine', content -> 'engine', 'error', content #> '{error,code}')) as held`;

const REWIND = `update imagemeta.images as held
  set generation = rewind.tombstone, metageneration = null, object = null, rank = null, content = null, removed_at = now()
  from jsonb_to_recordset($1::jsonb) as rewind (uri text, tombstone bigint, replaces bigint)
  where held.uri = rewind.uri and held.generation = rewind.replaces and (held.rank is null or held.rank < '${SUCCESS}')`;

/**
 * Opens the catalogue of a database, `postgres://user@host/database`, or makes it.
 * @throws ImagemetaError where the server cannot be reached or refuses the user, or where the catalogue holds the other form
 */
export async function openPostgres(url: string, { values }: { readonly values?: ValueForm } = {}): Promise<Catalogue> {
  const connections = await Connections.to(url);
  try {
    return new PostgresCatalogue(connections, await prepare(connections, values));
  } catch (thrown) {
    await connections.close();
    throw thrown;
  }
}

class PostgresCatalogue implements Catalogue {
  readonly values: ValueForm;
  readonly #connections: Connections;
  #purgedAt = 0;

  constructor(connections: Connections, values: ValueForm) {
    this.#connections = connections;
    this.values = values;
  }

  async put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]> {
    return this.#write(records, (record) => {
      if (record.values !== this.values) {
        const message = `the catalogue holds ${this.values} values, and ${record.uri} has ${record.values} ones`;
        throw new ImagemetaError("UNSUPPORTED_FORMAT", message);
      }
      return rowOf(record.uri, arrivalOfRecord(record));
    });
  }

  async update(objects: readonly ObjectUpdate[]): Promise<readonly PutOutcome[]> {
    return this.#write(objects, (object) => rowOf(object.uri, arrivalOfUpdate(object)));
  }

  async remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]> {
    const outcomes = await this.#write(gone, (version) => rowOf(version.uri, arrivalOfRemoval(version)));
    await this.#purge();
    return outcomes;
  }

  async rewind(rewinds: readonly Rewind[]): Promise<void> {
    const rows = rewinds.map((rewind) => {
      const { tombstone, replaces } = rewindVersions(rewind);
      return { uri: rewind.uri, tombstone: `${tombstone}`, replaces: `${replaces}` };
    });
    await this.#connections.query("Taking back tombstones", REWIND, [JSON.stringify(rows)]);
  }

  async #write<Item extends { readonly uri: string }>(items: readonly Item[], toRow: (item: Item) => Row): Promise<PutOutcome[]> {
    const outcomes = new Map<number, PutOutcome>();
    const places: number[] = [];
    const rows: Row[] = [];
    for (const [i, item] of items.entries()) {
      try {
        rows.push(toRow(item));
        places.push(i);
      } catch (thrown) {
        outcomes.set(i, { uri: item.uri, result: "failed", error: asError(item.uri, thrown) });
      }
    }
    for (const batch of batches(rows)) {
      for (const outcome of await writeBatch(this.#connections, batch)) outcomes.set(places.shift() ?? 0, outcome);
    }
    return items.map((_, i) => outcomes.get(i) as PutOutcome);
  }

  /** Forgets removals that no message can be about any more: with the first removal, then once a day. */
  async #purge(): Promise<void> {
    if (Date.now() - this.#purgedAt < DAY) return;
    this.#purgedAt = Date.now();
    const before = new Date(this.#purgedAt - TOMBSTONE_LIFE);
    await this.#connections.query("Forgetting old removals", "delete from imagemeta.images where removed_at < $1", [before]);
  }

  async tombstones(uris: readonly string[]): Promise<readonly (string | undefined)[]> {
    const text = "select uri, generation::text from imagemeta.images where uri = any($1::text[]) and removed_at is not null";
    const rows = await this.#connections.query<{ uri: string; generation: string }>("Looking up tombstones", text, [uris]);
    const generations = new Map(rows.map(({ uri, generation }) => [uri, generation]));
    return uris.map((uri) => generations.get(uri));
  }

  async get(uri: string): Promise<ImageRecord | undefined> {
    const text = "select uri, object, content from imagemeta.images where uri = $1 and content is not null";
    const [row] = await this.#connections.query<Parts>("Reading a record", text, [uri]);
    return row && recordOf(row);
  }

  async lookup(uris: readonly string[]): Promise<readonly (Held | undefined)[]> {
    const text = `select ${AS_HELD} from imagemeta.images where uri = any($1::text[]) and object is not null`;
    const rows = await this.#connections.query<{ held: Held }>("Looking up records", text, [uris]);
    const held = new Map(rows.map((row) => [row.held.uri, row.held]));
    return uris.map((uri) => held.get(uri));
  }

  /** Page by page, so that no snapshot stays open while much is written. */
  async *held(uriPrefix: string): AsyncGenerator<readonly Held[]> {
    for (let last: string | undefined; ; ) {
      const values: unknown[] = [];
      const parameter = (value: unknown) => `$${values.push(value)}`;
      const after = last === undefined ? "" : `and uri > ${parameter(last)}`;
      const text = `select ${AS_HELD} from imagemeta.images
        where ${prefixed(uriPrefix, parameter)} ${after} and object is not null order by uri limit ${HELD}`;
      const rows = await this.#connections.query<{ held: Held }>("Looking up records", text, values);
      if (rows.length > 0) yield rows.map((row) => row.held);
      if (rows.length < HELD) return;
      last = rows.at(-1)?.held.uri;
    }
  }

  /** One view of the catalogue as it is now, whatever is written meanwhile. */
  async *iterate(query: Query = {}): AsyncGenerator<ImageRecord> {
    const { text, values } = compiled(query);
    const select = `select uri, object, content from imagemeta.images where ${text}`;
    for await (const rows of this.#connections.rows<Parts>("Reading records", select, values, RECORDS)) yield* rows.map(recordOf);
  }

  async getSetting(key: string): Promise<string | undefined> {
    const text = "select value from imagemeta.settings where key = $1";
    const [row] = await this.#connections.query<{ value: string }>("Reading a setting", text, [key]);
    return row?.value;
  }

  async putSetting(key: string, value: string | undefined): Promise<void> {
    const [text, values] =
      value === undefined
        ? ["delete from imagemeta.settings where key = $1", [key]]
        : ["insert into imagemeta.settings values ($1, $2) on conflict (key) do update set value = excluded.value", [key, value]];
    await this.#connections.query("Writing a setting", text, values);
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }
}

interface Parts {
  readonly uri: string;
  readonly object: ObjectInfo;
  readonly content: Omit<ImageRecord, "uri" | "object">;
}

function recordOf({ uri, object, content: { schema, engine, values, ...rest } }: Parts): ImageRecord {
  return { schema, engine, values, uri, object, ...rest } as ImageRecord;
}

function asError(uri: string, thrown: unknown): ImagemetaError {
  if (thrown instanceof ImagemetaError) return thrown;
  return new ImagemetaError("INTERNAL", `${uri} is no JSON: ${thrown instanceof Error ? thrown.message : thrown}`, { cause: thrown });
}
