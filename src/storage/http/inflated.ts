/**
 * Content that is stored compressed (Content-Encoding, RFC 9110 section 8.4): inflated from its beginning, no further than is asked for.
 * Only the stored bytes and what was asked for are held. What comes before a range is inflated and dropped, and inflated again if it is
 * asked for later.
 */
import type { Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { ImagemetaError } from "../../record/errors.ts";

export interface InflatedOptions {
  /** For messages: the object's address. */
  readonly what: string;
  /** Gives the next stored bytes; undefined at their end. */
  next(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Takes memory for content; what turns out not to be needed is given back. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  giveBack(bytes: number): void;
  /** Bytes that are inflated at most; those that are inflated again count again. */
  readonly most: number;
}

/** Stored bytes that may go by without one byte of content. The headers of gzip and of one block are far shorter. */
const MAX_SILENT_BYTES = 256 << 10;
/** Stored bytes beyond twice the content that they inflate to. Deflate and Brotli lengthen nothing: the rest would be blocks without content. */
const MAX_EMPTY_BYTES = 1 << 20;
/** Stored bytes that the decoder gets at once. */
const FEED_BYTES = 64 << 10;
/** Content that it gives at once: smaller pieces cost time, larger ones memory. */
const CONTENT_BYTES = 256 << 10;

const zlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CONTENT_BYTES };
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(zlibOptions),
  "x-gzip": () => createGunzip(zlibOptions),
  deflate: () => createInflate(zlibOptions),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH, chunkSize: CONTENT_BYTES }),
};

/** Is this a coding that `Inflated` knows, and do the bytes look like it? Many a file is labelled so and is not. */
export function isCompressed(coding: string | undefined, beginning: Uint8Array): boolean {
  if (coding === undefined || !Object.hasOwn(decoders, coding)) return false;
  return !coding.endsWith("gzip") || (beginning[0] === 0x1f && beginning[1] === 0x8b);
}

/** Bytes of memory that a decoder takes: its window, one piece of content that waits, and the next. */
export function decoderBytes(coding: string, beginning: Uint8Array): number {
  return 2 * CONTENT_BYTES + (coding === "br" ? 2 ** brotliWindowBits(beginning[0] ?? 0) : 1 << 15);
}

/** RFC 7932 section 9.1: the size of the window is in the first bits. */
function brotliWindowBits(first: number): number {
  const [three, six] = [(first >> 1) & 7, (first >> 4) & 7];
  if ((first & 1) === 0) return 16;
  if (three !== 0) return 17 + three;
  return six === 0 ? 17 : 8 + six;
}

export class Inflated {
  /** Bytes of the content, once its end was met. */
  size: number | undefined;
  readonly #coding: string;
  readonly #options: InflatedOptions;
  /** All stored bytes that have come, as the decoder gets them. */
  readonly #stored: Uint8Array[] = [];
  #decoder: Transform;
  #fed = 0;
  /** Content that the decoder has given and nobody has taken, and where it begins. */
  #rest: Uint8Array = new Uint8Array(0);
  #position = 0;
  /** Bytes inflated in all. */
  #total = 0;
  /** Stored bytes that decoders got in all. */
  #totalFed = 0;
  /** Stored bytes since the last byte of content. */
  #silent = 0;
  #isWriting = false;
  #isDamaged = false;
  #wake = () => {};

  constructor(coding: string, options: InflatedOptions) {
    this.#coding = coding;
    this.#options = options;
    this.#decoder = this.#newDecoder();
  }

  #newDecoder(): Transform {
    const create = decoders[this.#coding];
    if (create === undefined) throw new TypeError(`no such content coding: ${this.#coding}`);
    const decoder = create();
    const woken = () => this.#wake();
    decoder.on("readable", woken).on("end", woken);
    decoder.on("error", () => {
      if (decoder === this.#decoder) this.#isDamaged = true;
      this.#wake();
    });
    return decoder;
  }

  /** Bytes [start, end) of the content; fewer only where it ends. @throws ImagemetaError LIMIT_EXCEEDED */
  async read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(end, this.size ?? end) - start);
    if (length === 0) return new Uint8Array(0);
    if (start < this.#position) this.#restart();
    await this.#options.take(length, signal);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const chunk = await this.#nextContent(signal);
      if (chunk === undefined) break;
      const skipped = Math.min(chunk.length, Math.max(0, start - this.#position));
      const taken = chunk.subarray(skipped, skipped + length - filled);
      bytes.set(taken, filled);
      filled += taken.length;
      this.#rest = chunk.subarray(skipped + taken.length);
      this.#position += skipped + taken.length;
    }
    this.#options.giveBack(length - filled);
    return filled === length ? bytes : bytes.slice(0, filled);
  }

  #restart(): void {
    this.#decoder.destroy();
    this.#decoder = this.#newDecoder();
    this.#rest = new Uint8Array(0);
    this.#fed = this.#position = this.#silent = 0;
    this.#isWriting = this.#isDamaged = false;
  }

  /** Content from where the last ended; undefined at its end. Damaged content ends where the damage begins. */
  async #nextContent(signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#rest.length > 0) return this.#rest;
    for (;;) {
      signal.throwIfAborted();
      const chunk: Uint8Array | null = this.#decoder.read();
      if (chunk !== null) {
        this.#silent = 0;
        this.#total += chunk.length;
        if (this.#total > this.#options.most) throw this.#exceeded(`more than ${this.#options.most} bytes would be inflated`);
        return chunk;
      }
      if (this.#isDamaged || this.#decoder.readableEnded) {
        this.size = this.#position;
        return undefined;
      }
      if (this.#isWriting || this.#decoder.writableEnded) await this.#woken();
      else await this.#feed(signal);
    }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isDamaged || this.#decoder.readableEnded || this.#decoder.readableLength > 0) resolve();
    });
  }

  async #feed(signal: AbortSignal): Promise<void> {
    if (this.#silent > MAX_SILENT_BYTES) throw this.#exceeded(`more than ${MAX_SILENT_BYTES} stored bytes in a row inflate to nothing`);
    if (this.#fed === this.#stored.length) {
      const more = await this.#options.next(signal);
      for (let at = 0; at < (more?.length ?? 0); at += FEED_BYTES) this.#stored.push((more as Uint8Array).subarray(at, at + FEED_BYTES));
    }
    const piece = this.#stored[this.#fed];
    if (piece === undefined) {
      this.#decoder.end();
      return;
    }
    const decoder = this.#decoder;
    this.#fed++;
    this.#silent += piece.length;
    this.#totalFed += piece.length;
    if (this.#totalFed > MAX_EMPTY_BYTES + 2 * this.#total)
      throw this.#exceeded(`${this.#totalFed} stored bytes inflate to no more than ${this.#total}`);
    this.#isWriting = true;
    decoder.write(piece, () => {
      if (decoder === this.#decoder) this.#isWriting = false;
      this.#wake();
    });
  }

  #exceeded(why: string): ImagemetaError {
    return new ImagemetaError("LIMIT_EXCEEDED", `${this.#options.what}: ${why}`);
  }

  close(): void {
    this.#decoder.destroy();
  }
}
