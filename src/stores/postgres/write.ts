/** What arrives at the table of images: one statement a batch, in which the rules of merge.ts decide row by row. */
import type { ImagemetaError } from "../../record/errors.ts";
import { contentJson } from "../../record/text.ts";
import type { ImageRecord } from "../../record/types.ts";
import type { PutOutcome } from "../contract.ts";
import type { Arrival, RankedContent } from "../merge.ts";
import type { Connections } from "./connection.ts";
import { isOfData } from "./refusal.ts";

/** A row of a statement. */
export interface Row {
  readonly uri: string;
  readonly json: string;
}

/** Of one statement. */
const ROWS = 500;
/** Of one statement's rows, as JSON in UTF-16 code units. */
const LENGTH = 8 << 20;

const TAKES_OBJECT = `(excluded.generation > held.generation or excluded.removed_at is not null
  or excluded.generation = 0 or excluded.metageneration >= held.metageneration)`;
const TAKES_CONTENT = `(excluded.generation > held.generation or excluded.removed_at is not null
  or excluded.rank is not null and (excluded.generation = 0 or held.rank is null or excluded.rank >= held.rank))`;

/** `newer` of merge.ts. Rows that stay as they are do not come back; `is_met` says that there is content now, or a removal. */
const MERGE = `
insert into imagemeta.images as held (uri, generation, metageneration, object, rank, content, removed_at)
select uri, generation, metageneration, object, rank, content, case when gone then now() end
from jsonb_to_recordset($1::jsonb) as arrived
  (uri text, generation bigint, metageneration bigint, object jsonb, rank text, content jsonb, gone boolean)
on conflict (uri) do update set
  generation = excluded.generation,
  removed_at = excluded.removed_at,
  metageneration = case when ${TAKES_OBJECT} then excluded.metageneration else held.metageneration end,
  object = case when ${TAKES_OBJECT} then excluded.object else held.object end,
  rank = case when ${TAKES_CONTENT} then excluded.rank else held.rank end,
  content = case when ${TAKES_CONTENT} then excluded.content else held.content end
where excluded.generation > held.generation
  or excluded.generation = held.generation and (excluded.removed_at is not null or excluded.generation = 0
    or held.removed_at is null and (${TAKES_OBJECT} or ${TAKES_CONTENT}))
returning uri, rank is not null or removed_at is not null as is_met`;

/** The JSON of an arrival as a row of MERGE. Throws what `JSON.stringify` throws. */
export function rowOf(uri: string, arrival: Arrival<RankedContent & { readonly record: ImageRecord }>): Row {
  const generation = `${arrival.generation}`;
  if (arrival.isGone) return { uri, json: JSON.stringify({ uri, generation, gone: true }) };
  const { metageneration, object, content } = arrival;
  const row = JSON.stringify({ uri, generation, metageneration: `${metageneration}`, object, rank: content?.rank });
  return { uri, json: content === undefined ? row : `${row.slice(0, -1)},"content":${contentJson(content.record)}}` };
}

/** In batches that are one statement each. An address that comes again begins a new one, because a statement takes each row once. */
export function* batches(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = [];
  let length = 0;
  const uris = new Set<string>();
  for (const row of rows) {
    if (batch.length === ROWS || uris.has(row.uri) || (batch.length > 0 && length + row.json.length > LENGTH)) {
      yield batch;
      batch = [];
      length = 0;
      uris.clear();
    }
    batch.push(row);
    length += row.json.length;
    uris.add(row.uri);
  }
  if (batch.length > 0) yield batch;
}

/** One outcome a row, in order. A row that the database does not take fails alone: the others are written without it. */
export async function writeBatch(connections: Connections, rows: readonly Row[]): Promise<PutOutcome[]> {
  // All sessions lock rows in the same order, so that none waits for another in a circle.
  const inOrder = rows.toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
  try {
    const json = `[${inOrder.map((row) => row.json).join(",")}]`;
    const changed = await connections.query<{ uri: string; is_met: boolean }>("Writing records", MERGE, [json]);
    const met = new Set(changed.filter((row) => row.is_met).map((row) => row.uri));
    return rows.map(({ uri }) => ({ uri, result: met.has(uri) ? "written" : "superseded" }));
  } catch (thrown) {
    if (!isOfData(thrown)) throw thrown;
    const [first] = rows;
    if (rows.length === 1 && first !== undefined) return [{ uri: first.uri, result: "failed", error: thrown as ImagemetaError }];
    const half = rows.length >> 1;
    return [...(await writeBatch(connections, rows.slice(0, half))), ...(await writeBatch(connections, rows.slice(half)))];
  }
}
