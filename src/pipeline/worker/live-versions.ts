/** Asks buckets for the live versions of objects. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo } from "../../record/types.ts";
import type { StorageOptions } from "../../storage/options.ts";
import { Storages } from "../../storage/table.ts";
import { Pace } from "../reading/pace.ts";
import { RateRamp } from "../reading/rate-ramp.ts";

export class LiveVersions {
  readonly #storages: Storages;
  readonly #stop = new AbortController();

  /** @param concurrency requests in flight, at the pace that the bucket bears */
  constructor(storage: StorageOptions, concurrency: number) {
    this.#storages = new Storages({ ...storage, concurrency, gate: new Pace(concurrency, new RateRamp({ share: 1 })) });
  }

  /** Undefined if there is no live version. @throws ImagemetaError */
  async find(uri: string): Promise<ObjectInfo | undefined> {
    const storage = await this.#storages.for(uri);
    if (storage.findLive === undefined) throw new ImagemetaError("INTERNAL", `${uri} is of a storage without versions`);
    return storage.findLive(uri, this.#stop.signal);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("no more versions are asked for"));
    await this.#storages.close();
  }
}
