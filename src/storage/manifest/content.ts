/** The bytes of a manifest, which may take hours to go through: it is opened again from time to time, and must stay the same. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo } from "../../record/types.ts";
import type { StorageObject, StoredObject } from "../contract.ts";

export type Open = (object: StorageObject, signal: AbortSignal) => Promise<StoredObject>;

const CHUNK = 1 << 20;
/** Milliseconds after which it is opened again: a storage gives an object up that takes long. */
const FRESH = 20_000;

export class ManifestContent {
  readonly uri: string;
  readonly #open: Open;
  readonly #signal: AbortSignal;
  #stored: StoredObject | undefined;
  #opened = 0;
  #info: ObjectInfo | undefined;

  constructor(uri: string, open: Open, signal: AbortSignal) {
    this.uri = uri;
    this.#open = open;
    this.#signal = signal;
  }

  /** Bytes, undefined until something was read, or as long as the storage does not say it. */
  get size(): number | undefined {
    return this.#stored?.size;
  }

  /** Fewer than asked only at the end. @throws ImagemetaError as the storage does */
  async read(start: number, end: number): Promise<Uint8Array> {
    const stored = await this.#fresh();
    const [bytes = new Uint8Array(0)] = await stored.read([{ start, end }], this.#signal);
    this.#info ??= stored.info;
    return bytes;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    let length = CHUNK;
    for (let start = 0; length === CHUNK; start += CHUNK) {
      const bytes = await this.read(start, start + CHUNK);
      length = bytes.length;
      if (length > 0) yield bytes;
    }
  }

  async #fresh(): Promise<StoredObject> {
    if (this.#stored !== undefined && performance.now() - this.#opened < FRESH) return this.#stored;
    await this.close();
    const info = this.#info;
    const stored = await this.#open({ uri: this.uri, ...(info === undefined ? {} : { info }) }, this.#signal);
    this.#stored = stored;
    this.#opened = performance.now();
    if (info !== undefined && (stored.info.size !== info.size || stored.info.updated !== info.updated)) {
      throw new ImagemetaError("CHANGED", `${this.uri} was replaced while it was read; start again`);
    }
    return stored;
  }

  async close(): Promise<void> {
    await this.#stored?.close();
    this.#stored = undefined;
  }
}
