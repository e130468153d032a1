/** The processes in which a command's images are read. */
import { ReaderPool, type ReaderPoolOptions } from "../pipeline/reading/reader-pool.ts";
import type { ReaderOptions } from "../pipeline/reading/readers.ts";
import { type AccessOptions, storageOptionsOf } from "./access.ts";

export interface ReadingOptions extends AccessOptions {
  readonly processes: number;
  /** Seconds. */
  readonly parseTimeout: number;
  /** Requests in flight of each process. */
  readonly concurrency: number;
  readonly thorough?: boolean;
  /** Only these tags are decoded, and what the summary needs. */
  readonly decodedTags?: readonly string[];
  readonly userProject?: string;
}

/** They start at once; `open` says how they read. */
export function startReaders({ processes, parseTimeout }: ReadingOptions, listener: Pick<ReaderPoolOptions, "onDeath"> = {}): ReaderPool {
  return new ReaderPool({ processes, parseSeconds: parseTimeout, ...listener });
}

/** The same, if it is known at once how they read. */
export function openReaders(options: ReadingOptions, printed: boolean): ReaderPool {
  return startReaders(options).open(readerOptionsOf(options, printed));
}

/** How each process reads. @param machines that share the bucket's request rate */
export function readerOptionsOf(options: ReadingOptions, printed: boolean, machines = 1): ReaderOptions {
  const { processes, concurrency, thorough = false, decodedTags: tags } = options;
  const storage = storageOptionsOf(options);
  return { concurrency, share: 1 / (processes * machines), printed, thorough, storage, ...(tags && { tags }) };
}
