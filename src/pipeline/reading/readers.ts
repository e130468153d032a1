/** What reads the images of a run. Commands have a pool of processes (reader-pool.ts); each process has `LocalReaders`. */
import type { ImageRecord } from "../../record/types.ts";
import type { StorageObject } from "../../storage/contract.ts";
import type { StorageOptions } from "../../storage/options.ts";

export interface Readers {
  /** Images that may be under way at once; more would only wait. */
  readonly capacity: number;
  /** Rejects if the storage of the object cannot be opened, or if the readers are closed. */
  read(object: StorageObject): Promise<ImageRecord>;
  /** Ends what is being read. */
  close(): Promise<void>;
}

export interface ReaderOptions {
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** The share of the bucket's request rate. */
  readonly share: number;
  readonly printed: boolean;
  /** See `ReadOptions.tags`. */
  readonly tags?: readonly string[];
  readonly thorough: boolean;
  readonly storage: StorageOptions;
}
