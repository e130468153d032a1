/**
 * The tables of a SQLite catalogue, as steps from one version of the schema to the next. The version is kept in `user_version`
 * (SQLite documentation, "PRAGMA Statements").
 *
 * `images` has a row an address, tombstones included; people query the view `records`, whose `object` and `content` are JSON.
 */
import type { DatabaseSync } from "node:sqlite";
import { ImagemetaError } from "../../record/errors.ts";
import type { ValueForm } from "../../record/types.ts";

/** "imet": tells a catalogue from the databases of other programs. */
const APPLICATION_ID = 0x696d6574;

/** Step N leads from version N to N + 1. A released step is never changed. */
const STEPS: readonly string[] = [
  // `rank` and `generation` are those of merge.ts; `content` comes last, so that the rest is read without its pages.
  `create table images (
    uri text primary key not null,
    generation integer not null,
    metageneration integer not null,
    removed_at integer,
    rank text not null,
    engine text,
    format text,
    error_code text,
    taken_at text,
    make text,
    model text,
    latitude real,
    longitude real,
    object text,
    content text
  ) strict;
  create table settings (key text primary key not null, value text not null) strict, without rowid;
  create table form (only_row integer primary key check (only_row = 1), tag_values text not null) strict;`,
  `create index images_format on images (format) where format is not null;
  create index images_error on images (error_code) where error_code is not null;
  create index images_taken on images (taken_at) where taken_at is not null;
  create index images_camera on images (make, model) where make is not null;
  create index images_place on images (latitude, longitude) where latitude is not null;
  create index images_removed on images (removed_at) where removed_at is not null;
  create view records as
    select uri, generation, metageneration, engine, format, error_code, taken_at, make, model, latitude, longitude, object, content
    from images where rank <> '';`,
];

/** Makes the tables, or brings them up to the newest version. Throws UNSUPPORTED_FORMAT for a newer one, and for another program's database. */
export function migrate(database: DatabaseSync, path: string): void {
  if (version(database) === STEPS.length && applicationId(database) === APPLICATION_ID) return;
  // The lock comes first: another process may be about to do the same.
  database.exec("begin immediate");
  try {
    const from = version(database);
    const isEmpty = database.prepare("select count(*) as count from sqlite_schema").get()?.count === 0;
    if (applicationId(database) !== APPLICATION_ID && !isEmpty)
      throw new ImagemetaError("UNSUPPORTED_FORMAT", `${path} is the database of another program: give a path of its own to the catalogue`);
    if (from > STEPS.length)
      throw new ImagemetaError(
        "UNSUPPORTED_FORMAT",
        `${path} was written by a newer imagemeta (schema ${from}; this one knows ${STEPS.length}): update imagemeta`,
      );
    for (const step of STEPS.slice(from)) database.exec(step);
    database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${STEPS.length}; commit`);
  } catch (thrown) {
    if (database.isTransaction) database.exec("rollback");
    throw thrown;
  }
}

/** The form that the catalogue holds: the one it was made with. Throws UNSUPPORTED_FORMAT where another is asked for. */
export function settleForm(database: DatabaseSync, path: string, asked: ValueForm | undefined): ValueForm {
  const held = () => database.prepare("select tag_values from form").get()?.tag_values as ValueForm | undefined;
  if (held() === undefined) database.prepare("insert into form values (1, ?) on conflict do nothing").run(asked ?? "numeric");
  const values = held();
  if (values === undefined) throw new ImagemetaError("INTERNAL", `${path} does not keep its form of values`);
  if (asked !== undefined && asked !== values)
    throw new ImagemetaError(
      "UNSUPPORTED_FORMAT",
      `${path} holds ${values} values, and ${asked} ones were asked for: a catalogue keeps one form, take another catalogue for the other`,
    );
  return values;
}

function version(database: DatabaseSync): number {
  return Number(database.prepare("pragma user_version").get()?.user_version);
}

function applicationId(database: DatabaseSync): number {
  return Number(database.prepare("pragma application_id").get()?.application_id);
}
