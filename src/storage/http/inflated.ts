/** Content that is stored compressed (Content-Encoding, RFC 9110 section 8.4): inflated from its beginning, no further than is asked for. */
import type { Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { ImagemetaError } from "../../record/errors.ts";

/** Gives the next stored bytes; undefined at their end. */
type NextStored = (signal: AbortSignal) => Promise<Uint8Array | undefined>;

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  "x-gzip": () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/** Is this a coding that `Inflated` knows, and do the bytes look like it? Many a file is labelled so and is not. */
export function isCompressed(coding: string | undefined, beginning: Uint8Array): boolean {
  if (coding === undefined || !Object.hasOwn(decoders, coding)) return false;
  return !coding.endsWith("gzip") || (beginning[0] === 0x1f && beginning[1] === 0x8b);
}

export class Inflated {
  /** Bytes of the content, once its end was met. */
  size: number | undefined;
  readonly #decoder: Transform;
  readonly #next: NextStored;
  readonly #most: number;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  #writing = false;
  #damaged = false;
  #wake = () => {};

  /** `most`: bytes of content at most. */
  constructor(coding: string, next: NextStored, most: number) {
    const create = decoders[coding];
    if (create === undefined) throw new TypeError(`no such content coding: ${coding}`);
    this.#decoder = create();
    this.#next = next;
    this.#most = most;
    const woken = () => this.#wake();
    this.#decoder.on("readable", woken).on("end", woken);
    this.#decoder.on("error", () => {
      this.#damaged = true;
      this.#wake();
    });
  }

  /** Bytes [start, end) of the content; fewer only where it ends. */
  async read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    if (end > this.#most)
      throw new ImagemetaError("LIMIT_EXCEEDED", `the stored content inflates to more than the ${this.#most} bytes that are read of it`);
    while (this.#length < end && this.size === undefined) await this.#more(signal);
    const whole = Buffer.concat(this.#chunks, this.#length);
    this.#chunks.splice(0, this.#chunks.length, whole);
    return whole.subarray(start, end);
  }

  /** Takes what the decoder has, or feeds it. Damaged content ends where the damage begins. */
  async #more(signal: AbortSignal): Promise<void> {
    const chunk: Uint8Array | null = this.#decoder.read();
    if (chunk !== null) {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
    } else if (this.#damaged || this.#decoder.readableEnded) {
      this.size = this.#length;
    } else if (this.#writing || this.#decoder.writableEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#damaged || this.#decoder.readableEnded || this.#decoder.readableLength > 0) resolve();
      });
    } else {
      const stored = await this.#next(signal);
      if (stored === undefined) {
        this.#decoder.end();
        return;
      }
      this.#writing = true;
      this.#decoder.write(stored, () => {
        this.#writing = false;
        this.#wake();
      });
    }
  }

  close(): void {
    this.#decoder.destroy();
  }
}
