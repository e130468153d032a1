/**
 * Records as JSON, in the parts that stores and pipes need. A record that came as text keeps it: it is not written again for a store,
 * and its tags, which are most of it and which few ask for, are parsed when they are asked for.
 */
import type { ImageRecord, ReadRecord } from "./types.ts";

export interface RecordText {
  readonly uri: string;
  readonly object: string;
  /** What comes before the tags and after them, without `uri` and `object`; together they are one object. */
  readonly before: string;
  /** Empty if the record has none. */
  readonly tags: string;
  readonly after: string;
}

const texts = new WeakMap<ImageRecord, RecordText>();

export function recordText(record: ImageRecord): RecordText {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const { uri, object, ...content } = record;
  const [before, after]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  let part = before;
  for (const [key, value] of Object.entries(content)) {
    if (key === "tags") part = after;
    else part[key] = value;
  }
  return {
    uri: JSON.stringify(uri),
    object: JSON.stringify(object),
    before: JSON.stringify(before).slice(0, -1),
    tags: "tags" in content ? JSON.stringify(content.tags) : "",
    after: part === after ? `,${JSON.stringify(after).slice(1)}` : "}",
  };
}

/** All of a record but `uri` and `object`, which stores keep apart. */
export function contentJson(record: ImageRecord): string {
  const known = texts.get(record);
  // A copy without rest properties: those would cost as much as the JSON.
  if (known === undefined) return JSON.stringify({ ...record, uri: undefined, object: undefined });
  const { before, tags, after } = known;
  return tags === "" ? before + after : `${before},"tags":${tags}${after}`;
}

export function objectJson(record: ImageRecord): string {
  return texts.get(record)?.object ?? JSON.stringify(record.object);
}

/** About how many bytes a record takes, if that is known without looking at its tags. */
export function textLength(record: ImageRecord): number | undefined {
  const known = texts.get(record);
  return known && known.object.length + known.before.length + known.tags.length + known.after.length;
}

/** The record of a text, its fields in their usual order. */
export function parseRecordText(text: RecordText): ImageRecord {
  const { uri, object, before, tags, after } = text;
  const headLength = before.indexOf(",", before.indexOf('"values":'));
  const place = tags === "" ? "" : ',"tags":null';
  const json = `${before.slice(0, headLength)},"uri":${uri},"object":${object}${before.slice(headLength)}${place}${after}`;
  const record: ImageRecord = JSON.parse(json);
  texts.set(record, text);
  // It takes the place of `null`, so that the fields keep their order.
  if (tags !== "") Object.defineProperty(record, "tags", LATE_TAGS);
  return record;
}

/** Parses the tags when they are first asked for. One descriptor for all records: to make one for each costs as much as the parse. */
const LATE_TAGS: PropertyDescriptor & ThisType<ReadRecord> = {
  configurable: true,
  enumerable: true,
  get(): ReadRecord["tags"] {
    const value = JSON.parse(texts.get(this)?.tags ?? "{}");
    Object.defineProperty(this, "tags", { value, configurable: true, enumerable: true, writable: true });
    return value;
  },
};
