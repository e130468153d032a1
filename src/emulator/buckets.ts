// The folders of the emulator's folder, each a bucket.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compareNames } from "../record/name-order.ts";
import { Bucket, type ChangeListener } from "./bucket.ts";
import { noSuchBucket } from "./failures.ts";
import { SIDECAR } from "./names.ts";
import { statOf } from "./tree.ts";

export class Buckets {
  readonly folder: string;
  /** The folder for what is kept beside the buckets. */
  readonly sidecar: string;
  readonly #listener: ChangeListener;
  readonly #open = new Map<string, Bucket>();

  constructor(folder: string, listener: ChangeListener) {
    this.folder = folder;
    this.#listener = listener;
    this.sidecar = join(folder, SIDECAR);
  }

  /** The bucket of that name. Throws a 404 if there is no such folder. */
  get(name: string): Bucket {
    const folder = join(this.folder, name);
    if (!isBucketName(name) || !statOf(folder)?.isDirectory()) throw noSuchBucket();
    let bucket = this.#open.get(name);
    if (bucket === undefined) {
      bucket = new Bucket(name, folder, join(this.sidecar, "buckets", name), this.#listener);
      this.#open.set(name, bucket);
    }
    return bucket;
  }

  /** All buckets, by name. */
  all(): Bucket[] {
    return readdirSync(this.folder)
      .filter((name) => isBucketName(name) && statOf(join(this.folder, name))?.isDirectory())
      .sort(compareNames)
      .map((name) => this.get(name));
  }
}

// More than Google allows, since any folder may be served, but never a path or a hidden folder.
const isBucketName = (name: string): boolean => /^[^./\0][^/\0]*$/.test(name);
