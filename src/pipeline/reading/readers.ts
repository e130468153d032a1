/** Those who read images for a scan: in this process, or in others (see process-readers.ts). */
import type { Reader } from "../../read-image.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ObjectInfo } from "../../record/types.ts";
import type { StorageObject } from "../../storage/contract.ts";
import type { StorageOptions } from "../../storage/options.ts";
import { Storages } from "../../storage/table.ts";
import { Pace } from "./pace.ts";
import { RateRamp } from "./rate-ramp.ts";

export interface Readers {
  /** Images that may be under way at once; more than that would only wait. */
  readonly capacity: number;
  /** Rejects only once it is closed. */
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
  readonly thorough: boolean;
  readonly storage: StorageOptions;
}

/** Images that are started for each request in flight: a connection that gets free finds the next request waiting while an image is parsed. */
const STARTED = 2;

export class LocalReaders implements Readers {
  readonly capacity: number;
  readonly #stop = new AbortController();
  readonly #storages: Storages;
  readonly #reader: () => Promise<Reader>;
  #loading: Promise<Reader> | undefined;
  readonly #pace: Pace;
  readonly #waiting: (() => void)[] = [];
  #started = 0;

  constructor({ concurrency, share, printed, thorough, storage }: ReaderOptions) {
    this.capacity = STARTED * concurrency;
    this.#pace = new Pace(concurrency, new RateRamp({ share }));
    this.#storages = new Storages({ ...storage, concurrency, gate: this.#pace });
    // The engine is half of what a process loads, and is not needed to say that it is there.
    this.#reader = async () => (await import("../../read-image.ts")).imageReader({ numeric: !printed, thorough });
  }

  async read(object: StorageObject): Promise<ImageRecord> {
    // An image that waits here is not yet under its deadline.
    while (!this.#stop.signal.aborted && this.#started >= STARTED * this.#pace.limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#stop.signal.throwIfAborted();
    this.#started++;
    try {
      const storage = await this.#storages.for(object.uri);
      return await (await this.#engine()).read(storage, object, this.#stop.signal);
    } finally {
      this.#started--;
      for (let room = STARTED * this.#pace.limit - this.#started; room > 0; room--) this.#waiting.shift()?.();
    }
  }

  /**
   * What a bucket says of an object's live version, by a request at the pace of the others; undefined if there is none.
   * @throws ImagemetaError
   */
  async findLive(uri: string): Promise<ObjectInfo | undefined> {
    const storage = await this.#storages.for(uri);
    if (storage.findLive === undefined) throw new ImagemetaError("INTERNAL", `${uri} is of a storage without versions`);
    return storage.findLive(uri, this.#stop.signal);
  }

  /** Loads what reading objects of a bucket takes, ahead of the first. */
  async load(): Promise<void> {
    await Promise.all([this.#engine(), this.#storages.for("gs://")]);
  }

  #engine(): Promise<Reader> {
    this.#loading ??= this.#reader();
    return this.#loading;
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("the readers were closed"));
    for (const wake of this.#waiting.splice(0)) wake();
    await this.#storages.close();
  }
}
