/**
 * The engine alone, `imagemeta/engine`: metadata of bytes that are at hand or read by ranges. It needs no module of Node, so it runs in
 * browsers and edge runtimes too.
 */
import { readWhole } from "./async/read-whole.ts";
import { type Bytes, bytesOf, isBytes } from "./engine/bytes.ts";
import { blobRanges, functionRanges, isBlob, type ReadRange, sourceError } from "./engine/ranges.ts";
import { type ByteStream, chunksOf, isStream } from "./engine/stream.ts";
import { type ReadOptions, readMetadataSync as readBytes, readMetadataOf } from "./metadata/read.ts";
import { type RangedBytes, readContent } from "./read-image/content.ts";
import { FirstRead } from "./read-image/first-read.ts";
import { defaultLimits } from "./record/limits.ts";
import type { ImageMetadata } from "./record/types.ts";
import { version } from "./record/version.ts";

export type { Bytes } from "./engine/bytes.ts";
export type { ReadRange } from "./engine/ranges.ts";
export type { ByteStream } from "./engine/stream.ts";
export { loadTables } from "./metadata/late-tables.ts";
export type { ReadOptions } from "./metadata/read.ts";
export { ImagemetaError } from "./record/errors.ts";
export { defaultLimits, type Limits } from "./record/limits.ts";
export type * from "./record/types.ts";
export { version } from "./record/version.ts";

/** Bytes at hand, on their way, or read by ranges. */
export type MetadataSource = Bytes | Blob | ByteStream | ReadRange;

export interface ReadMetadataOptions extends ReadOptions {
  /** Ends the reading: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes in all, of a source that is a function. Without it the end is found by reading, and a damaged file may need more reads. */
  readonly size?: number | undefined;
}

/**
 * Metadata of an image that is in memory, without a promise. Bytes that others may change meanwhile (shared, resizable) are copied first.
 * @throws ImagemetaError if there is no metadata to give, or if `bytes` is not bytes
 */
export function readMetadataSync(bytes: Bytes, options: ReadOptions = {}): ImageMetadata {
  return readBytes(bytesOf(bytes), options);
}

/**
 * Metadata of an image. A `Blob` and a function are read by ranges, within `limits.requests` and `limits.bytes`. A stream is read to its end, up
 * to `limits.wholeBytes` bytes.
 * @throws ImagemetaError if there is no metadata to give: `NOT_AN_IMAGE` if `source` is of another kind, `UNAVAILABLE` if it fails; the
 * signal's reason
 */
export async function readMetadata(source: MetadataSource, options: ReadMetadataOptions = {}): Promise<ImageMetadata> {
  const { signal = new AbortController().signal, size } = options;
  signal.throwIfAborted();
  if (isBlob(source)) return readRanges(blobRanges(source), options, signal);
  if (typeof source === "function") return readRanges(functionRanges(source, size), options, signal);
  if (isBytes(source) || !isStream(source)) return readMetadataOf(bytesOf(source), options);
  const limit = options.limits?.wholeBytes ?? defaultLimits.wholeBytes;
  let whole: Uint8Array;
  try {
    whole = await readWhole(chunksOf(source), limit, "the stream", signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw sourceError(thrown);
  }
  return readMetadataOf(whole, options);
}

async function readRanges(source: RangedBytes, options: ReadOptions, signal: AbortSignal): Promise<ImageMetadata> {
  const content = await readContent(source, options, new FirstRead(), signal, (parse) => parse());
  return { schema: 1, engine: version, values: options.numeric ? "numeric" : "printed", ...content };
}
