/** The library's functions that wait for bytes. */
import { type ReadOptions, readMetadataOf } from "./metadata/read.ts";
import { listImages } from "./pipeline/listing.ts";
import { readAll } from "./pipeline/read-all.ts";
import { imageReader } from "./read-image.ts";
import { ImagemetaError } from "./record/errors.ts";
import { defaultLimits } from "./record/limits.ts";
import type { ImageMetadata, ImageRecord } from "./record/types.ts";
import type { StorageObject } from "./storage/contract.ts";
import { environmentOptions, type StorageOptions } from "./storage/options.ts";
import { objectSource, sourceOf } from "./storage/source.ts";
import { Storages } from "./storage/table.ts";
import { readWhole } from "./storage/whole.ts";

/** Bytes in memory or on their way. */
export type MetadataSource = ArrayBufferView | ArrayBuffer | Blob | AsyncIterable<Uint8Array>;

/** How images are read and how storages are spoken to. */
export interface ReaderOptions extends ReadOptions, Omit<StorageOptions, "wholeBytes" | "bytes"> {}

export interface ReadImageOptions extends ReaderOptions {
  readonly signal?: AbortSignal;
}

/**
 * Metadata of an image whose bytes are at hand: a buffer, a `Blob`, a Node or web stream. A stream is read to its end,
 * up to `limits.wholeBytes` bytes.
 * @throws ImagemetaError where there is no metadata to give
 */
export async function readMetadata(
  source: MetadataSource,
  options: ReadOptions & { readonly signal?: AbortSignal } = {},
): Promise<ImageMetadata> {
  if (ArrayBuffer.isView(source)) return readMetadataOf(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), options);
  if (source instanceof ArrayBuffer) return readMetadataOf(new Uint8Array(source), options);
  if (source instanceof Blob) return readMetadataOf(new Uint8Array(await source.arrayBuffer()), options);
  const limit = options.limits?.wholeBytes ?? defaultLimits.wholeBytes;
  return readMetadataOf(await readWhole(source, limit, "the stream", options.signal ?? new AbortController().signal), options);
}

/** Reads images one after another or many at once, over the same connections. */
export interface ImageReader {
  /**
   * One image by its address: `gs://bucket/name` with the name as it is, a path, `file:///…`, `https://…`. What is wrong with the image is the
   * record's `error`.
   * @throws the signal's reason; ImagemetaError where the address is no address of one object
   */
  readImage(uri: string | URL, options?: { readonly signal?: AbortSignal }): Promise<ImageRecord>;
  /**
   * All images of a place, in the order of their names: `gs://bucket/prefix/`, `gs://bucket/**`, a folder.
   * @throws the signal's reason; ImagemetaError where the place cannot be listed
   */
  readImages(source: string | URL, options?: { readonly signal?: AbortSignal; readonly all?: boolean }): AsyncIterable<ImageRecord>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

export function createReader(options: ReaderOptions = {}): ImageReader {
  const { wholeBytes, bytes } = { ...defaultLimits, ...options.limits };
  const environment = environmentOptions(process.env);
  const credentials = { ...environment.credentials, ...options.credentials };
  const storages = new Storages({ ...environment, ...options, credentials, wholeBytes, bytes });
  const reader = imageReader(options);
  const never = new AbortController().signal;
  return {
    async readImage(uri, { signal = never } = {}) {
      const text = String(uri);
      const source = /^gs:/i.test(text) ? objectSource(text) : await sourceOf(text);
      if (!("object" in source)) throw new ImagemetaError("NOT_FOUND", `${uri} names many objects: read them with readImages`);
      return reader.read(await storages.for(source.object.uri), source.object, signal);
    },
    async *readImages(place, { signal = never, all = false } = {}) {
      const source = await sourceOf(String(place));
      const storage = await storages.for("object" in source ? source.object.uri : source.where.root);
      const pages = "object" in source ? pageOf(source.object) : listImages(storage, source.where, { signal, all });
      yield* readAll(pages, { concurrency: storages.concurrency, signal, read: (object, stop) => reader.read(storage, object, stop) });
    },
    close: () => storages.close(),
  };
}

async function* pageOf(object: StorageObject): AsyncGenerator<readonly StorageObject[]> {
  yield [object];
}

/**
 * One image by its address, with connections of its own; to read many, take `createReader`.
 * @throws the signal's reason; ImagemetaError where the address is no address of one object
 */
export async function readImage(uri: string | URL, options: ReadImageOptions = {}): Promise<ImageRecord> {
  const reader = createReader(options);
  try {
    return await reader.readImage(uri, options);
  } finally {
    await reader.close();
  }
}
