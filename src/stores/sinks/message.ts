/**
 * A record as the message of a BigQuery subscription that uses the table's schema: one flat JSON object, a field a column
 * of deploy/bigquery/schema.json. What has no fixed shape is JSON text, for columns of type JSON.
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, Summary, Warning } from "../../record/types.ts";
import type { ObjectVersion } from "../contract.ts";
import { versionNumber } from "../merge.ts";

export interface Message {
  /** JSON, in UTF-8. */
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Bytes of one message's data: below Pub/Sub's 10 MB of a publish request, attributes and the rest of the request included. */
export const MOST_BYTES = 9_900_000;
/** Bytes of an attribute's value that Pub/Sub takes. */
const MOST_ATTRIBUTE_BYTES = 1024;

/**
 * @param publishedAt RFC 3339, with microseconds: what of two messages of a source without versions is the later
 * @throws ImagemetaError MALFORMED for a generation that is none, LIMIT_EXCEEDED where the record is too large even without its tags
 */
export function recordMessage(record: ImageRecord, publishedAt: string): Message {
  const { object, uri } = record;
  const { bucket, name, generation, metageneration, size, contentType, storageClass, timeCreated, updated } = object;
  versionNumber(generation);
  versionNumber(metageneration);
  const head = {
    uri,
    deleted: false,
    publishedAt,
    bucket,
    name,
    generation,
    metageneration,
    size,
    contentType,
    storageClass,
    timeCreated,
    updated,
    object: JSON.stringify(object),
    engine: record.engine,
    values: record.values,
    read: JSON.stringify(record.read),
  };
  if (record.error !== undefined) {
    const { code: errorCode, message: errorMessage } = record.error;
    return message(uri, generation, { ...head, errorCode, errorMessage });
  }
  const { format, mimeType, width, height, orientation, summary, tags, thumbnail, warnings } = record;
  const image = { ...head, format, mimeType, width, height, orientation, ...columnsOf(summary), thumbnail: jsonText(thumbnail) };
  const whole = message(uri, generation, { ...image, tags: JSON.stringify(tags), warnings: JSON.stringify(warnings) });
  if (whole.data.length <= MOST_BYTES) return whole;
  const leftOut: Warning = {
    code: "LIMIT_EXCEEDED",
    message: `the tags were left out: with them the message has ${whole.data.length} bytes, and Pub/Sub takes ${MOST_BYTES}`,
  };
  const least = message(uri, generation, { ...image, warnings: JSON.stringify([leftOut, ...warnings.slice(0, 100)]) });
  if (least.data.length <= MOST_BYTES) return least;
  throw new ImagemetaError(
    "LIMIT_EXCEEDED",
    `${uri}: the message has ${least.data.length} bytes even without its tags, and Pub/Sub takes ${MOST_BYTES}`,
  );
}

/** @throws ImagemetaError MALFORMED for a generation that is none */
export function removalMessage({ uri, generation }: ObjectVersion, publishedAt: string): Message {
  versionNumber(generation);
  return message(uri, generation, { uri, deleted: true, publishedAt, generation });
}

/** Lists stay: their columns are repeated. */
function columnsOf({ contentCredentials, ...facts }: Summary): object {
  return { ...facts, contentCredentials: jsonText(contentCredentials) };
}

function jsonText(value: object | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function message(uri: string, generation: string | undefined, columns: object): Message {
  // An address that is too long for an attribute is in the data.
  const attributes = {
    ...(Buffer.byteLength(uri) <= MOST_ATTRIBUTE_BYTES && { uri }),
    ...(generation !== undefined && { generation }),
  };
  return { data: Buffer.from(JSON.stringify(columns)), attributes };
}
