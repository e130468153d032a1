/** Every storage, by the scheme of its addresses; each is loaded when it is first asked for. A new one is one file and one line. */
import { ImagemetaError } from "../record/errors.ts";
import type { Storage } from "./contract.ts";
import { type ResolvedStorageOptions, resolveOptions, type StorageOptions } from "./options.ts";

type Opener = (options: ResolvedStorageOptions) => Promise<Storage>;

const openers: Readonly<Record<string, Opener>> = {
  "gs:": async (options) => (await import("./gcs/storage.ts")).gcs(options),
  "https:": async (options) => (await import("./http/storage.ts")).http(options),
  "http:": async (options) => (await import("./http/storage.ts")).http(options),
  "file:": async (options) => (await import("./files.ts")).files(options),
  "-": async (options) => (await import("./stdin.ts")).stdin(process.stdin, options.wholeBytes),
};

/** The storages of one run: each is opened once, and they are closed together. */
export class Storages {
  readonly #options: ResolvedStorageOptions;
  readonly #open = new Map<string, Promise<Storage>>();

  constructor(options: StorageOptions = {}) {
    this.#options = resolveOptions(options);
  }

  get concurrency(): number {
    return this.#options.concurrency;
  }

  /** The storage of an address. @throws ImagemetaError NOT_FOUND where no storage has such addresses */
  for(uri: string): Promise<Storage> {
    const scheme = uri === "-" ? uri : uri.slice(0, uri.indexOf(":") + 1).toLowerCase();
    const opener = openers[scheme];
    if (opener === undefined) {
      const known = Object.keys(openers).join(", ");
      return Promise.reject(new ImagemetaError("NOT_FOUND", `${uri} is no address of a storage; known are ${known}`));
    }
    let storage = this.#open.get(scheme);
    if (storage === undefined) {
      storage = opener(this.#options);
      this.#open.set(scheme, storage);
    }
    return storage;
  }

  async close(): Promise<void> {
    for (const storage of this.#open.values()) await (await storage).close();
    this.#open.clear();
  }
}
