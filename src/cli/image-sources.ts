/** The images that a command line names, and their records. */
import { listImages } from "../pipeline/listing.ts";
import { readAll } from "../pipeline/read-all.ts";
import { imageReader } from "../read-image.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { ImageRecord } from "../record/types.ts";
import type { StorageObject } from "../storage/contract.ts";
import { bucketLocation, objectSource, type Source, sourceOf } from "../storage/source.ts";
import { Storages } from "../storage/table.ts";
import { type AccessOptions, storageOptionsOf } from "./access.ts";
import { type Narrowing, narrowed } from "./narrowed.ts";
import { UsageError } from "./outcome.ts";
import type { Progress } from "./progress.ts";

/** Which images, and how they are read. */
export interface SourceOptions extends Narrowing, AccessOptions {
  readonly file?: readonly string[];
  readonly bucket?: readonly string[];
  readonly all?: true;
  readonly numeric?: true;
  readonly thorough?: true;
  readonly concurrency: number;
  readonly userProject?: string;
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

/** The records of all images, in the order of the command line. The storages are closed at the end. */
export async function* recordsOf(
  sources: readonly Source[],
  options: SourceOptions,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<ImageRecord> {
  const { concurrency, numeric = false, thorough = false } = options;
  const storages = new Storages({ ...storageOptionsOf(options), concurrency });
  const reader = imageReader({ numeric, thorough });
  try {
    const records = readAll(listSources(sources, storages, options, progress, signal), {
      concurrency,
      signal,
      read: async (object, stop) => reader.read(await storages.for(object.uri), object, stop),
    });
    for await (const record of records) {
      yield record;
      progress.done(record);
    }
  } finally {
    await storages.close();
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
