/**
 * One object by ranged requests (RFC 9110 section 14), pinned to one version. Servers that give no ranges, content that is stored
 * compressed and bodies that break off are dealt with here; how one kind of server is spoken to is its `Dialect`.
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo, ReadCost } from "../../record/types.ts";
import type { ByteRange, StoredObject } from "../contract.ts";
import { ask } from "./ask.ts";
import { decoderBytes, Inflated, isCompressed } from "./inflated.ts";
import type { Share, SharedMemory } from "./memory.ts";
import type { Answer, Request, Transport } from "./transport.ts";

/** A request without what the range says. */
export type BaseRequest = Omit<Request, "most">;

export interface Dialect {
  /** For messages: the object's address. */
  readonly what: string;
  /** What is known of the object. */
  readonly info: ObjectInfo;
  /** The request for the version that is pinned, if one is. */
  request(signal: AbortSignal): BaseRequest | Promise<BaseRequest>;
  /** Takes the headers of a good answer and pins its version. @throws ImagemetaError CHANGED where it is another */
  accept(answer: Answer): void;
  /** Takes an answer that is not good: returns to have it asked again at once, with newer credentials or elsewhere. @throws ImagemetaError */
  refuse(answer: Answer): void | Promise<void>;
}

export interface ObjectOptions {
  readonly transport: Transport;
  readonly backoff: number;
  readonly deadline: number;
  readonly wholeBytes: number;
  /** Stored bytes of compressed content that are fetched at most. */
  readonly bytes: number;
  readonly memory: SharedMemory;
}

/** Stored bytes that are fetched at once of compressed content; they double, up to the second. */
const INFLATE_STEP = 64 << 10;
const MAX_INFLATE_STEP = 8 << 20;

export class HttpObject implements StoredObject {
  readonly cost: ReadCost = { requests: 0, bytes: 0 };
  readonly #dialect: Dialect;
  readonly #options: ObjectOptions;
  readonly #deadline: number;
  #storedSize: number | undefined;
  /** Has an answer come? It says how the content is coded and whether there are ranges. */
  #isMet = false;
  #isRanged = true;
  #coding: string | undefined;
  #inflated: Inflated | undefined;
  /** All that is stored, where the server gives no ranges. */
  #whole: Promise<Uint8Array> | undefined;
  readonly #share: Share;

  constructor(dialect: Dialect, options: ObjectOptions) {
    this.#dialect = dialect;
    this.#options = options;
    this.#deadline = performance.now() + options.deadline;
    this.#share = options.memory.share(dialect.what, this.#deadline);
    this.#storedSize = dialect.info.size;
  }

  get info(): ObjectInfo {
    return this.#dialect.info;
  }

  get size(): number | undefined {
    if (this.#inflated !== undefined) return this.#inflated.size;
    return this.#isMet || this.info.contentEncoding === undefined ? this.#storedSize : undefined;
  }

  async read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    if (this.#isMet && this.#isRanged && this.#inflated === undefined) {
      return Promise.all(ranges.map((range) => this.#stored(range, signal)));
    }
    const parts: Uint8Array[] = [];
    for (const range of ranges) parts.push(await this.#content(range, signal));
    return parts;
  }

  async #content(range: ByteRange, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#inflated !== undefined) return this.#inflated.read(range.start, range.end, signal);
    const isMet = this.#isMet;
    const bytes = await this.#stored(range, signal);
    const coding = this.#coding;
    if (isMet || coding === undefined) return bytes;
    const beginning = range.start === 0 ? bytes : await this.#stored({ start: 0, end: INFLATE_STEP }, signal);
    if (!isCompressed(coding, beginning)) return bytes;
    await this.#share.take(decoderBytes(coding, beginning) + beginning.length, signal);
    this.#inflated = new Inflated(coding, {
      what: this.#dialect.what,
      next: this.#storedParts(beginning),
      take: (bytes, during) => this.#share.take(bytes, during),
      giveBack: (bytes) => this.#share.giveBack(bytes),
      most: this.#options.wholeBytes,
    });
    return this.#inflated.read(range.start, range.end, signal);
  }

  /** What is stored, part by part: `beginning`, then larger and larger ones. */
  #storedParts(beginning: Uint8Array): (signal: AbortSignal) => Promise<Uint8Array | undefined> {
    const { bytes } = this.#options;
    let at = 0;
    return async (signal) => {
      if (this.#storedSize !== undefined && at >= this.#storedSize) return undefined;
      if (at >= bytes) {
        throw new ImagemetaError(
          "LIMIT_EXCEEDED",
          `${this.#dialect.what}: it is stored compressed, and its metadata lie behind the first ${bytes} stored bytes, which are all that are fetched`,
        );
      }
      const part = at === 0 ? beginning : await this.#nextPart(at, Math.min(bytes, at + partLength(at)), signal);
      at += part.length;
      return part.length === 0 ? undefined : part;
    };
  }

  /** Stored bytes that are held until the object is closed. */
  async #nextPart(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    // The whole has its memory already.
    if (!this.#isRanged) return this.#stored({ start, end }, signal);
    await this.#share.take(end - start, signal);
    const part = await this.#stored({ start, end }, signal);
    this.#share.giveBack(end - start - part.length);
    return part;
  }

  /** Bytes as stored. */
  async #stored({ start, end }: ByteRange, signal: AbortSignal): Promise<Uint8Array> {
    if (end <= start) return new Uint8Array(0);
    if (this.#isRanged) {
      const bytes = await this.#ranged(start, end, signal);
      if (bytes !== undefined) return bytes;
    }
    // Several ranges may find at once that the server gives none.
    this.#whole ??= this.#readWhole(signal);
    return (await this.#whole).subarray(start, end);
  }

  /** Bytes by ranged requests, each of which goes on where the last broke off; undefined where the server gives no ranges. */
  async #ranged(start: number, end: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    let at = start;
    const parts: Uint8Array[] = [];
    const outcome = await ask<readonly Uint8Array[] | undefined>(
      {
        request: async () => {
          const base = await this.#dialect.request(signal);
          return { ...base, headers: [...base.headers, "range", `bytes=${at}-${end - 1}`], most: end - at };
        },
        take: async (answer) => {
          const { status, headers, body } = answer;
          if (status === 206) {
            const range = contentRange(headers["content-range"]);
            if (range === undefined || range.start !== at) {
              throw new ImagemetaError("UNAVAILABLE", `${this.#dialect.what}: the server answered with other bytes than were asked for`);
            }
            this.#meet(answer, range.total ?? (range.end < end ? range.end : this.#storedSize));
            parts.push(body);
            at += body.length;
            return at >= Math.min(end, this.#storedSize ?? range.end) ? { outcome: parts } : "retry";
          }
          if (status === 416) {
            this.#endAt(contentRange(headers["content-range"])?.total ?? 0, at);
            return { outcome: parts };
          }
          if (status !== 200) {
            await this.#dialect.refuse(answer);
            return "again";
          }
          // The server gives no ranges. What it sent is all, or the beginning, which is enough for a first look.
          const promised = headers["content-length"] === undefined ? undefined : Number(headers["content-length"]);
          const isAll = answer.broken === undefined && (promised === undefined ? body.length < end - at : body.length === promised);
          if (!isAll && body.length < end - at) return "retry";
          this.#isRanged = false;
          this.#meet(answer, isAll ? body.length : promised);
          if (isAll) this.#whole = Promise.resolve(body);
          return { outcome: at === 0 ? [body] : undefined };
        },
      },
      this.#asking(signal),
    );
    if (outcome === undefined) return undefined;
    const [only] = outcome;
    return outcome.length === 1 && only !== undefined ? only : Buffer.concat(outcome);
  }

  async #readWhole(signal: AbortSignal): Promise<Uint8Array> {
    const { bytes, wholeBytes, memory } = this.#options;
    // The beginning of what is compressed is enough, if the metadata lie there.
    const isBeginningEnough = this.#inflated !== undefined;
    const limit = isBeginningEnough ? bytes : wholeBytes;
    const { what } = this.#dialect;
    const tooLong = () =>
      new ImagemetaError(
        "LIMIT_EXCEEDED",
        `${what}: the server gives no ranges, and it is longer than the ${limit} bytes that are read whole`,
      );
    if (!isBeginningEnough && this.#storedSize !== undefined && this.#storedSize > limit) throw tooLong();
    const expected = Math.min(limit, this.#storedSize ?? limit);
    await this.#share.take(expected, signal, Math.max(limit, memory.bytesOfOne));
    const before = this.cost.bytes;
    const whole = await ask(
      {
        request: async () => {
          // What came of bodies that broke off counts too.
          if (this.cost.bytes - before > limit) throw tooLong();
          return { ...(await this.#dialect.request(signal)), most: expected + 1 };
        },
        take: async (answer) => {
          if (answer.status !== 200) {
            await this.#dialect.refuse(answer);
            return "again";
          }
          if (answer.body.length > limit && !isBeginningEnough) throw tooLong();
          if (answer.broken !== undefined) return "retry";
          this.#meet(answer, answer.body.length > limit ? undefined : answer.body.length);
          return { outcome: answer.body.subarray(0, limit) };
        },
      },
      this.#asking(signal),
    );
    this.#share.giveBack(Math.max(0, expected - whole.length));
    return whole;
  }

  #meet(answer: Answer, storedSize: number | undefined): void {
    this.#dialect.accept(answer);
    if (this.#isMet && this.#storedSize !== undefined && storedSize !== undefined && this.#storedSize !== storedSize) {
      throw new ImagemetaError("CHANGED", `${this.#dialect.what} has another size than when it was opened`);
    }
    if (!this.#isMet) {
      // A range that lost its header of the coding is still one of what is stored.
      this.#coding = answer.headers["content-encoding"] ?? (answer.status === 206 ? this.info.contentEncoding : undefined);
      this.#storedSize = undefined;
    }
    this.#isMet = true;
    this.#storedSize ??= storedSize;
  }

  /** Nothing is stored at `at`: the object ends before. */
  #endAt(size: number, at: number): void {
    if (size > at) throw new ImagemetaError("UNAVAILABLE", `${this.#dialect.what}: the server refused a range that the object has`);
    this.#isMet = true;
    this.#storedSize = size;
  }

  #asking(signal: AbortSignal) {
    const { transport, backoff } = this.#options;
    return { transport, backoff, cost: this.cost, signal, deadline: this.#deadline, what: this.#dialect.what };
  }

  async close(): Promise<void> {
    this.#inflated?.close();
    this.#share.close();
  }
}

function partLength(at: number): number {
  return Math.min(MAX_INFLATE_STEP, Math.max(INFLATE_STEP, at));
}

/** Half-open; RFC 9110 section 14.4. */
function contentRange(header: string | undefined): { start: number; end: number; total: number | undefined } | undefined {
  const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(header?.trim() ?? "");
  if (match === null) return undefined;
  const [, first, last, total] = match;
  return { start: Number(first ?? -1), end: Number(last ?? -2) + 1, total: total === "*" ? undefined : Number(total) };
}
