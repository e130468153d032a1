// The bytes of an object, whole or a range of them, with the headers that say what they are.
// Google Cloud Storage JSON API v1, "Objects: get" with `alt=media`; XML API "GET object"; ranges by RFC 9110 section 14.
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Exchange, type Headers, send } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { rangeNotSatisfiable } from "./failures.ts";
import type { Version } from "./journal.ts";
import { isTranscoded, transcodingHeaders } from "./transcoding.ts";

// Up to here a body is read in one call, which costs a tenth of what a stream does.
const READ_AT_ONCE = 1 << 20;
// A range of a larger object that nobody has asked the checksums of is answered without them, to be quick.
const HASHED_FOR_A_RANGE = 1 << 20;

/** A part of an object: `end` is past the last byte. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** Answers with an object's bytes. `dialect` adds the headers by which the two APIs differ. */
export async function sendMedia(exchange: Exchange, bucket: Bucket, live: Version, dialect: (version: Version) => Headers): Promise<void> {
  const transcoded = isTranscoded(live, exchange.request);
  const part = transcoded ? undefined : partOf(exchange.request.headers.range, live.size);
  const version = part === undefined || live.size <= HASHED_FOR_A_RANGE ? await bucket.hashed(live) : live;
  const { start, end } = part ?? { start: 0, end: version.size };
  const headers: Headers = {
    "content-type": version.fields.contentType ?? "application/octet-stream",
    "last-modified": new Date(version.updated).toUTCString(),
    "x-goog-generation": version.generation,
    "x-goog-metageneration": version.metageneration,
    "x-goog-stored-content-encoding": version.fields.contentEncoding || "identity",
    "x-goog-stored-content-length": version.size,
    "x-goog-storage-class": version.fields.storageClass ?? "STANDARD",
    ...(version.fields.cacheControl === undefined ? {} : { "cache-control": version.fields.cacheControl }),
    ...(version.fields.contentLanguage === undefined ? {} : { "content-language": version.fields.contentLanguage }),
    ...(version.fields.contentDisposition === undefined ? {} : { "content-disposition": version.fields.contentDisposition }),
    ...transcodingHeaders(version, transcoded),
    ...dialect(version),
  };
  const file = bucket.fileOf(version);
  if (transcoded) {
    // An error of either stream destroys the other and reaches whoever reads.
    const bytes = () => pipeline(createReadStream(file), createGunzip(), () => {});
    await send(exchange, 200, headers, { length: undefined, bytes });
    return;
  }
  headers["accept-ranges"] = "bytes";
  if (part !== undefined) headers["content-range"] = `bytes ${start}-${end - 1}/${version.size}`;
  const length = end - start;
  const streamed = () => createReadStream(file, { start, end: end - 1, highWaterMark: 1 << 18 });
  const bytes = length <= READ_AT_ONCE ? readAt(file, start, length) : streamed;
  await send(exchange, part === undefined ? 200 : 206, headers, { length, bytes });
}

/** The checksums as the value of `x-goog-hash`; a version without them has none. */
export function hashesOf(version: Version): string[] {
  return [
    ...(version.crc32c === undefined ? [] : [`crc32c=${version.crc32c}`]),
    ...(version.md5 === undefined ? [] : [`md5=${version.md5}`]),
  ];
}

/** The single range that a header asks for; `undefined` if it asks for none, or for something that is not one range of bytes. */
function partOf(range: string | undefined, size: number): Part | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range?.replace(/\s/g, "") ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= size || start >= end) throw rangeNotSatisfiable(size);
  return { start, end };
}

function readAt(file: string, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const descriptor = openSync(file, "r");
  try {
    let filled = 0;
    while (filled < length) {
      const read = readSync(descriptor, bytes, filled, length - filled, start + filled);
      if (read === 0) throw new Error(`${file} became shorter while it was read`);
      filled += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
