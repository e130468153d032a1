/**
 * One change of one object, whatever the form in which it arrived: a Pub/Sub message that is pulled or pushed, or a CloudEvent.
 * Events come at least once and in any order; what they do to a store is the same in each.
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo } from "../../record/types.ts";

/** `written`: there is a new generation. `updated`: its metadata changed. `removed`: the generation is no longer live. */
type ObjectChange = "written" | "updated" | "removed";

export interface ObjectEvent {
  readonly change: ObjectChange;
  /** `gs://bucket/name` */
  readonly uri: string;
  /** What the event says of the object: its bucket, name and generation at least. */
  readonly info: ObjectInfo & { readonly bucket: string; readonly name: string; readonly generation: string };
  /** Does the event carry the object's metadata? Otherwise only the bucket knows it. */
  readonly isDescribed: boolean;
  /** When it happened, RFC 3339, where the event says it. */
  readonly time?: string;
}

/** Of the four changes that Cloud Storage tells of, the last word of their names ("Pub/Sub notifications for Cloud Storage", "Event types"). */
const CHANGES: Readonly<Record<string, ObjectChange>> = {
  OBJECT_FINALIZE: "written",
  OBJECT_METADATA_UPDATE: "updated",
  OBJECT_DELETE: "removed",
  OBJECT_ARCHIVE: "removed",
  "google.cloud.storage.object.v1.finalized": "written",
  "google.cloud.storage.object.v1.metadataUpdated": "updated",
  "google.cloud.storage.object.v1.deleted": "removed",
  "google.cloud.storage.object.v1.archived": "removed",
};

/** The clock of this machine may be behind that of the bucket. */
const MAX_CLOCK_SKEW_MS = 10 * 60_000;

/** Is an object's generation later than `now`, in milliseconds since 1970? Generations are microseconds since 1970 in Cloud Storage. */
export function isFromFuture(generation: string, now: number): boolean {
  return isLaterThan(generation, now + MAX_CLOCK_SKEW_MS);
}

/** May a generation be later than that of an object which is made from `now` on? */
export function mayOutlast(generation: string, now: number): boolean {
  return isLaterThan(generation, now - MAX_CLOCK_SKEW_MS);
}

function isLaterThan(generation: string, milliseconds: number): boolean {
  return BigInt(generation) > BigInt(Math.round(milliseconds)) * 1000n;
}

/** What the form of an event says, not yet checked. */
export interface Said {
  readonly type: unknown;
  readonly bucket: unknown;
  readonly name: unknown;
  readonly generation: unknown;
  readonly time?: unknown;
  /** The object's resource of the JSON API, where the event carries it. */
  readonly resource?: unknown;
}

/** Bytes of an object's name ("About Cloud Storage objects", "Naming"). */
const LONGEST_NAME = 1024;

/** @throws ImagemetaError MALFORMED where it tells of no change of an object */
export function objectEvent({ type, bucket, name, generation, time, resource }: Said): ObjectEvent {
  const change = typeof type === "string" && Object.hasOwn(CHANGES, type) ? CHANGES[type] : undefined;
  if (change === undefined) throw malformed(`${shown(type)} is no type of event that Cloud Storage sends`);
  if (typeof bucket !== "string" || !/^[a-z0-9][a-z0-9._:-]{1,221}$/i.test(bucket))
    throw malformed(`${shown(bucket)} is no name of a bucket`);
  if (typeof name !== "string" || name === "" || !name.isWellFormed() || Buffer.byteLength(name) > LONGEST_NAME)
    throw malformed(`${shown(name)} is no name of an object`);
  if (typeof generation !== "string" || !/^[1-9]\d{0,18}$/.test(generation) || BigInt(generation) > 2n ** 63n - 1n)
    throw malformed(`${shown(generation)} is no generation`);
  const described = resource === undefined ? undefined : describedBy(resource);
  if (described !== undefined && (described.generation !== generation || described.name !== name || described.bucket !== bucket))
    throw malformed("what it says of the object is about another one than it names");
  return {
    change,
    uri: `gs://${bucket}/${name}`,
    info: { ...described, bucket, name, generation },
    isDescribed: described !== undefined,
    ...(typeof time === "string" && !Number.isNaN(Date.parse(time)) ? { time } : {}),
  };
}

const TEXTS = ["bucket", "name", "contentType", "contentEncoding", "crc32c", "etag", "timeCreated", "updated", "storageClass"] as const;
const NUMBERS = ["generation", "metageneration"] as const;

/** An object resource (JSON API v1, "Objects"), as far as a record says it. Fields of another type are left out. */
function describedBy(resource: unknown): ObjectInfo {
  if (typeof resource !== "object" || resource === null) throw malformed("its data is no JSON object");
  const said = resource as Readonly<Record<string, unknown>>;
  const info: ObjectInfo = {};
  for (const field of TEXTS) {
    const value = said[field];
    if (typeof value === "string") info[field] = value.toWellFormed();
  }
  for (const field of NUMBERS) {
    const value = said[field];
    if (isNumber(value) && /^\d{1,19}$/.test(String(value))) info[field] = String(value);
  }
  if (isNumber(said.size) && /^\d{1,15}$/.test(String(said.size))) info.size = Number(said.size);
  if (typeof said.md5Hash === "string") info.md5 = said.md5Hash;
  const { metadata } = said;
  if (typeof metadata === "object" && metadata !== null) {
    const texts = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    if (texts.length > 0) info.metadata = Object.fromEntries(texts.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]));
  }
  return info;
}

/** The JSON API writes 64-bit numbers as texts, others do not. */
function isNumber(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** JSON in bytes or text. @throws ImagemetaError MALFORMED */
export function parsedJson(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === "string" ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString());
  } catch (cause) {
    throw malformed("its data is no JSON", cause);
  }
}

export function malformed(why: string, cause?: unknown): ImagemetaError {
  return new ImagemetaError("MALFORMED", `this is no event of a bucket: ${why}`, cause === undefined ? {} : { cause });
}

/** Of what is no text, only its type: it may be nested deep. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  return value === undefined ? "nothing" : `a value of type ${typeof value}`;
}
