/** Images read in this process. */
import type { RunParse } from "../../read-image/content.ts";
import type { Reader } from "../../read-image.ts";
import type { ImageRecord } from "../../record/types.ts";
import type { StorageObject } from "../../storage/contract.ts";
import { Storages } from "../../storage/table.ts";
import { Pace } from "./pace.ts";
import { RateRamp } from "./rate-ramp.ts";
import type { ReaderOptions, Readers } from "./readers.ts";

/** Images that are started for each request in flight, so that a free connection finds the next request while an image is parsed. */
const IMAGES_PER_REQUEST = 2;

export class LocalReaders implements Readers {
  readonly capacity: number;
  readonly #stop = new AbortController();
  readonly #storages: Storages;
  readonly #reader: () => Promise<Reader>;
  #loading: Promise<Reader> | undefined;
  readonly #pace: Pace;
  readonly #waiting: (() => void)[] = [];
  #started = 0;

  constructor({ concurrency, share, printed, tags, thorough, storage }: ReaderOptions) {
    this.capacity = IMAGES_PER_REQUEST * concurrency;
    this.#pace = new Pace(concurrency, new RateRamp({ share }));
    this.#storages = new Storages({ ...storage, concurrency, gate: this.#pace });
    // The engine is half of the code that a process loads, and is not needed to report that the process is ready.
    this.#reader = async () => (await import("../../read-image.ts")).imageReader({ numeric: !printed, thorough, ...(tags && { tags }) });
  }

  /** @param run runs each parse of the image */
  async read(object: StorageObject, run?: RunParse): Promise<ImageRecord> {
    // An image that waits here is not yet under its deadline.
    while (!this.#stop.signal.aborted && this.#started >= IMAGES_PER_REQUEST * this.#pace.limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#stop.signal.throwIfAborted();
    this.#started++;
    try {
      const storage = await this.#storages.for(object.uri);
      return await (await this.#engine()).read(storage, object, this.#stop.signal, run);
    } finally {
      this.#started--;
      for (let room = IMAGES_PER_REQUEST * this.#pace.limit - this.#started; room > 0; room--) this.#waiting.shift()?.();
    }
  }

  /** Loads the code that reads objects of a bucket, before the first one comes. */
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
