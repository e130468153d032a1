/** Records as rows of `images`, and back. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { contentJson, objectJson } from "../../record/text.ts";
import type { ImageRecord, Summary } from "../../record/types.ts";
import type { Held, ObjectUpdate, ObjectVersion } from "../contract.ts";
import { heldOf } from "../held.ts";
import { arrivalOfRemoval, contentRank, versionNumber } from "../merge.ts";

export type Row = Record<string, SQLOutputValue>;

/** The parameters of PUT. Throws MALFORMED, and what `JSON.stringify` throws. */
export function putParameters(record: ImageRecord): SQLInputValue[] {
  const { object } = record;
  const summary: Summary = record.error === undefined ? record.summary : {};
  return [
    record.uri,
    versionNumber(object.generation),
    versionNumber(object.metageneration),
    objectJson(record),
    contentRank(record),
    record.engine,
    record.error === undefined ? record.format : null,
    record.error?.code ?? null,
    summary.takenAt ?? null,
    summary.make ?? null,
    summary.model ?? null,
    summary.latitude ?? null,
    summary.longitude ?? null,
    contentJson(record),
  ];
}

/** The parameters of UPDATE. Throws MALFORMED. */
export function updateParameters({ uri, object }: ObjectUpdate): SQLInputValue[] {
  return [uri, versionNumber(object.generation), versionNumber(object.metageneration), JSON.stringify(object)];
}

/** The parameters of REMOVE at a time in milliseconds. Throws MALFORMED. */
export function removeParameters(version: ObjectVersion, now: number): SQLInputValue[] {
  return [version.uri, arrivalOfRemoval(version).generation, now];
}

export function recordOf(row: Row): ImageRecord {
  const { schema, engine, values, ...rest } = JSON.parse(String(row.content));
  return { schema, engine, values, uri: String(row.uri), object: JSON.parse(String(row.object)), ...rest };
}

export function heldIn({ uri, object, engine, error_code: error }: Row): Held {
  return heldOf(String(uri), JSON.parse(String(object)), { engine: engine as string | null, error: error as string | null });
}
