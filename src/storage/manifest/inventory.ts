/**
 * Rows of a Storage Insights inventory report
 * (docs.cloud.google.com/storage/docs/insights/inventory-reports, "metadata fields").
 */
import type { ObjectInfo } from "../../record/types.ts";
import type { StorageObject } from "../contract.ts";

/** Every field that a report may have. */
const FIELDS: ReadonlySet<string> = new Set(
  (
    "project bucket name location size timeCreated timeDeleted updated storageClass etag retentionExpirationTime crc32c md5Hash " +
    "generation metageneration contentType contentEncoding timeStorageClassUpdated metadata"
  ).split(" "),
);

/** Those that are read of a report in columns. */
export const READ_FIELDS: readonly string[] = (
  "bucket name size timeCreated timeDeleted updated storageClass etag crc32c md5Hash generation metageneration contentType " +
  "contentEncoding metadata"
).split(" ");

/** A value of a report: text in CSV, typed in Parquet. */
export type Cell = (field: string) => unknown;

/** The delimiter of a line that is a report's header; undefined where it is none. */
export function headerDelimiter(line: string): string | undefined {
  const names: readonly string[] = line.match(/\w+/g) ?? [];
  if (!names.includes("name") || names.length < 2 || !names.every((name) => FIELDS.has(name))) return undefined;
  return /^"?\w+"?([^\w"])/.exec(line)?.[1];
}

/** The object of a row; undefined for a version that is no longer live; a text says what is wrong. */
export function objectOfRow(cell: Cell, defaultBucket: string | undefined): Required<StorageObject> | string | undefined {
  const name = textOf(cell("name"));
  const bucket = textOf(cell("bucket")) ?? defaultBucket;
  if (name === undefined) return "it has no name";
  if (name.includes("\ufffd")) return "its name is no UTF-8";
  if (bucket === undefined) return "it has no bucket";
  if (timeOf(cell("timeDeleted")) !== undefined) return undefined;
  const size = textOf(cell("size"));
  if (size !== undefined && !/^\d+$/.test(size)) return `its size is ${size.slice(0, 40)}`;
  const [generation, metageneration] = [textOf(cell("generation")), textOf(cell("metageneration"))];
  if (generation !== undefined && !/^\d+$/.test(generation)) return `its generation is ${generation.slice(0, 40)}`;
  const info: ObjectInfo = { bucket, name };
  const put = <K extends keyof ObjectInfo>(key: K, value: ObjectInfo[K] | undefined): void => {
    if (value !== undefined) info[key] = value;
  };
  put("generation", generation);
  put("metageneration", metageneration !== undefined && /^\d+$/.test(metageneration) ? metageneration : undefined);
  put("size", size === undefined ? undefined : Number(size));
  for (const key of ["contentType", "contentEncoding", "etag", "storageClass"] as const) put(key, textOf(cell(key)));
  put("md5", textOf(cell("md5Hash")));
  put("crc32c", checksumOf(cell("crc32c")));
  put("timeCreated", timeOf(cell("timeCreated")));
  put("updated", timeOf(cell("updated")));
  put("metadata", metadataOf(cell("metadata")));
  return { uri: `gs://${bucket}/${name}`, info };
}

/** Bytes become base64, as the JSON API gives them. */
function textOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A checksum that stands as a number becomes the base64 of its four bytes, the first the highest. */
function checksumOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || !/^\d{1,10}$/.test(text) || Number(text) > 0xffffffff) return text;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Number(text));
  return bytes.toString("base64");
}

/** RFC 3339, also of `2024-05-17 09:12:44.318 UTC`; undefined where it is no time. */
function timeOf(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  const text = textOf(value)?.replace(/^(\d{4}-\d\d-\d\d)[ T](\S+?) ?(?:UTC|\+00:?00)$/, "$1T$2Z");
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? text : undefined;
}

/** Custom metadata: a JSON object, or key and value pairs. */
function metadataOf(value: unknown): Record<string, string> | undefined {
  let parsed = value;
  if (typeof value === "string") {
    try {
      parsed = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const pairs = Array.isArray(parsed) ? parsed.map((pair) => [pair?.key, pair?.value]) : Object.entries(parsed);
  const texts = pairs.filter((pair): pair is [string, string] => typeof pair[0] === "string" && typeof pair[1] === "string");
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}
