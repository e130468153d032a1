/** The tables of a catalogue in PostgreSQL 12 or newer, and how those of an older imagemeta become the ones of today. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ValueForm } from "../../record/types.ts";
import type { Connections } from "./connection.ts";

/**
 * One step a version; a step that was released is never changed. `rank` orders contents of one generation (merge.ts). What is indexed is
 * cut, because an index entry may have 2,704 bytes. Addresses and dates sort by their bytes.
 */
const MIGRATIONS: readonly string[] = [
  `do $$ begin if not exists (select from pg_namespace where nspname = 'imagemeta') then create schema imagemeta; end if; end $$;
  create table imagemeta.catalogue (version integer not null, value_form text not null);
  create table imagemeta.settings (key text primary key, value text not null);
  create table imagemeta.images (
    uri text collate "C" primary key,
    generation bigint not null,
    metageneration bigint,
    object jsonb,
    rank text collate "C",
    content jsonb,
    removed_at timestamptz,
    format text generated always as (left(content ->> 'format', 100)) stored,
    error_code text generated always as (left(content #>> '{error,code}', 100)) stored,
    taken_at text collate "C" generated always as (left(content #>> '{summary,takenAt}', 100)) stored,
    make text generated always as (left(content #>> '{summary,make}', 250)) stored,
    model text generated always as (left(content #>> '{summary,model}', 250)) stored,
    latitude double precision generated always as (
      case when jsonb_typeof(content #> '{summary,latitude}') = 'number' then (content #> '{summary,latitude}')::double precision end) stored,
    longitude double precision generated always as (
      case when jsonb_typeof(content #> '{summary,longitude}') = 'number' then (content #> '{summary,longitude}')::double precision end) stored
  );
  create index images_by_format on imagemeta.images (format);
  create index images_by_error on imagemeta.images (error_code) where error_code is not null;
  create index images_by_date on imagemeta.images (taken_at) where taken_at is not null;
  create index images_by_camera on imagemeta.images (make, model) where make is not null;
  create index images_by_place on imagemeta.images (latitude, longitude) where latitude is not null;
  create index images_removed on imagemeta.images (removed_at) where removed_at is not null;
  create view imagemeta.records as
    select uri, generation, metageneration, format, error_code, taken_at, make, model, latitude, longitude, object, content
    from imagemeta.images where content is not null;`,
];

/** Any number, the same in every imagemeta: two processes that open a new database do not both make its tables. */
const LOCK = 0x69_6d_61_67;

/**
 * Makes the tables, or brings them up to date. Gives the form of tag values that the catalogue holds: the one that is asked for where
 * it is new, or numeric. @throws ImagemetaError where it is of a newer imagemeta, may not be made, or holds the other form
 */
export async function prepare(connections: Connections, asked: ValueForm | undefined): Promise<ValueForm> {
  const held = await made(connections, asked ?? "numeric");
  if (asked === undefined || asked === held) return held;
  const message = `the catalogue holds ${held} values, and ${asked} ones were asked for`;
  throw new ImagemetaError("UNSUPPORTED_FORMAT", `${message}: a catalogue keeps one form, take another database for the other`);
}

async function made(connections: Connections, form: ValueForm): Promise<ValueForm> {
  const what = "Making the tables of the catalogue";
  const held = await state((text) => connections.query(what, text));
  if (held !== undefined && held.version > MIGRATIONS.length) {
    const versions = `its tables are version ${held.version}, this one knows ${MIGRATIONS.length}`;
    throw new ImagemetaError("UNSUPPORTED_FORMAT", `the catalogue was written by a newer imagemeta (${versions}). Upgrade imagemeta`);
  }
  if (held?.version === MIGRATIONS.length) return held.form;
  return connections.transaction(what, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [LOCK]);
    // Another process may have made them meanwhile.
    const now = await state(async (text) => (await client.query(text)).rows);
    for (const step of MIGRATIONS.slice(now?.version ?? 0)) await client.query(step);
    if (now === undefined) await client.query("insert into imagemeta.catalogue values ($1, $2)", [MIGRATIONS.length, form]);
    else await client.query("update imagemeta.catalogue set version = greatest(version, $1)", [MIGRATIONS.length]);
    return now?.form ?? form;
  });
}

interface State {
  readonly version: number;
  readonly form: ValueForm;
}

// Asked of the system's tables: `to_regclass` may answer from a cache that is older than the lock.
const IS_THERE = "select exists (select from pg_tables where schemaname = 'imagemeta' and tablename = 'catalogue') as is_there";

async function state(query: (text: string) => Promise<object[]>): Promise<State | undefined> {
  const [found] = (await query(IS_THERE)) as { is_there: boolean }[];
  if (!found?.is_there) return undefined;
  const [row] = (await query("select version, value_form as form from imagemeta.catalogue")) as State[];
  return row;
}
