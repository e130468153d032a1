/** The images that a command line names, and their records. */
import { listImages } from "../pipeline/listing.ts";
import { readAll } from "../pipeline/read-all.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord } from "../record/types.ts";
import type { StorageObject } from "../storage/contract.ts";
import { bucketLocation, objectSource, type Source, sourceOf } from "../storage/source.ts";
import { Storages } from "../storage/table.ts";
import { storageOptionsOf } from "./access.ts";
import type { ReadInPlace } from "./in-place.ts";
import type { Interruption } from "./interruption.ts";
import { type Narrowing, narrowed } from "./narrowed.ts";
import { UsageError } from "./outcome.ts";
import type { Progress } from "./progress.ts";
import type { ReadingOptions } from "./readers.ts";

/** Which images, and how they are read. */
export interface SourceOptions extends Narrowing, ReadingOptions {
  readonly file?: readonly string[];
  readonly bucket?: readonly string[];
  readonly all?: true;
  readonly numeric?: true;
}

/** What the words and options name. @throws UsageError where a word names nothing, or where there are none: `example` says what to write */
export async function parseSources(words: readonly string[], options: SourceOptions, example: string): Promise<readonly Source[]> {
  const { file = [], bucket = [] } = options;
  try {
    const sources: Source[] = [...file.map(objectSource), ...bucket.map((name) => ({ where: bucketLocation(name) }))];
    for (const word of words) sources.push(await sourceOf(word));
    if (sources.length > 0) return sources.map((source) => ("where" in source ? { where: narrowed(source.where, options) } : source));
  } catch (thrown) {
    throw thrown instanceof ImagemetaError ? new UsageError(thrown.message) : thrown;
  }
  throw new UsageError(`no image is named: ${example}`);
}

/** More than one image may come. */
export function areSeveral(sources: readonly Source[]): boolean {
  return sources.length > 1 || sources.some((source) => "where" in source);
}

/** The records of all images, in the order of the command line. One image is read in this process, several in others. */
export async function* recordsOf(
  sources: readonly Source[],
  options: SourceOptions,
  progress: Progress,
  interruption: Interruption,
): AsyncGenerator<ImageRecord> {
  const { concurrency, processes, numeric = false, thorough = false, parseTimeout, decodedTags: tags } = options;
  const { signal } = interruption;
  // One image takes the engine, several the pool: neither is loaded for nothing.
  const pool = areSeveral(sources) ? (await import("./readers.ts")).openReaders(options, !numeric) : undefined;
  const close = () => void pool?.close();
  signal.addEventListener("abort", close);
  const storages = new Storages({ ...storageOptionsOf(options), concurrency });
  let loading: Promise<ReadInPlace> | undefined;
  const readInPlace: ReadInPlace = async (object) => {
    loading ??= import("./in-place.ts").then((module) =>
      module.inPlaceReader({ storages, numeric, thorough, ...(tags && { tags }), parseTimeout, interruption }),
    );
    return (await loading)(object);
  };
  try {
    const records = readAll(listSources(sources, storages, options, progress, signal), {
      concurrency: concurrency * processes,
      signal,
      // A process of the pool has no standard input, and another could not read it again.
      read: (object) => (pool === undefined || object.uri === "-" ? readInPlace(object) : pool.read(object)),
    });
    for await (const record of records) {
      yield record;
      progress.done(record);
    }
  } finally {
    signal.removeEventListener("abort", close);
    await Promise.all([storages.close(), pool?.close()]);
  }
}

/** Pages of what is to be read, in the order of the command line. */
async function* listSources(
  sources: readonly Source[],
  storages: Storages,
  options: SourceOptions,
  progress: Progress,
  signal: AbortSignal,
): AsyncIterable<readonly StorageObject[]> {
  for (const source of sources) {
    if ("object" in source) {
      progress.listed(1, 0);
      yield [source.object];
      continue;
    }
    const storage = await storages.for(source.where.root);
    yield* listImages(storage, source.where, { signal, all: options.all ?? false, onPage: progress.listed });
  }
  progress.complete();
}
