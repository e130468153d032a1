/**
 * The rules of merge.ts as conditional upserts (SQLite documentation, "UPSERT"), one statement an arrival. `excluded` is
 * what arrives. A generation of 0 is a source without versions, whose later observation wins.
 */
import { SUCCESS } from "../merge.ts";

const ROW = ["rank", "engine", "format", "error_code", "taken_at", "make", "model", "latitude", "longitude", "content"];
const COLUMNS = ["uri", "generation", "metageneration", "object", ...ROW];

/** The same generation is held, and is neither gone nor without versions: object and content compete by their own versions. */
function wins(rule: string): string {
  return `excluded.generation > images.generation or excluded.generation = images.generation
    and (images.generation = 0 or images.removed_at is null and ${rule})`;
}

const TAKES_OBJECT = wins("excluded.metageneration >= images.metageneration");
const TAKES_CONTENT = wins("excluded.rank >= images.rank");

function choose(condition: string, columns: readonly string[], value: (column: string) => string): string {
  return columns.map((column) => `${column} = case when ${condition} then ${value(column)} else images.${column} end`).join(", ");
}

const arriving = (column: string) => `excluded.${column}`;

/** Parameters in the order of COLUMNS. One change where any part was taken. */
export const PUT = `insert into images (${COLUMNS.join(", ")}) values (${COLUMNS.map(() => "?").join(", ")})
  on conflict (uri) do update set
    generation = excluded.generation, removed_at = null,
    ${choose(TAKES_OBJECT, ["metageneration", "object"], arriving)},
    ${choose(TAKES_CONTENT, ROW, arriving)}
  where ${TAKES_OBJECT} or ${TAKES_CONTENT}`;

/** Parameters uri, generation, metageneration, object. A row where the object was taken; `is_read` is 1 where it has content. */
export const UPDATE = `insert into images (uri, generation, metageneration, object, rank) values (?, ?, ?, ?, '')
  on conflict (uri) do update set
    generation = excluded.generation, metageneration = excluded.metageneration, object = excluded.object, removed_at = null,
    ${choose("excluded.generation > images.generation", ROW, (column) => (column === "rank" ? "''" : "null"))}
  where ${TAKES_OBJECT}
  returning rank <> '' as is_read`;

const NO_CONTENT = ROW.map((column) => `${column} = ${column === "rank" ? "''" : "null"}`).join(", ");

/** Parameters uri, generation, the time in milliseconds. One change where the tombstone stands now. */
export const REMOVE = `insert into images (uri, generation, metageneration, removed_at, rank) values (?, ?, 0, ?, '')
  on conflict (uri) do update set
    generation = excluded.generation, metageneration = 0, removed_at = excluded.removed_at, object = null,
    ${NO_CONTENT}
  where excluded.generation >= images.generation`;

/** Parameters the generation of the tombstone, the time in milliseconds, uri, the generation that is replaced. */
export const REWIND = `update images set generation = ?, metageneration = 0, removed_at = ?, object = null, ${NO_CONTENT}
  where uri = ? and generation = ? and rank < '${SUCCESS}'`;

/** What `heldIn` takes, without the content's pages. */
export const HELD = "uri, object, engine, error_code";
