/**
 * The sparse window: the parts of one object that have been fetched so far.
 * Touching a byte that is not there throws `MissingBytes`; whoever holds the storage fetches and starts the parse again.
 */
import { platform } from "#platform";
import { joined } from "./arrays.ts";

/** Half-open, in bytes from the object's start. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Not an error: the ranges that the parse needs next. Tolerant `catch` blocks must pass it on. */
export class MissingBytes {
  readonly ranges: readonly ByteRange[];
  constructor(ranges: readonly ByteRange[]) {
    this.ranges = ranges;
  }
}

/** The bytes asked for lie past the end of the object or block: it is truncated, or an offset is wrong. */
export class PastEnd extends Error {
  override readonly name = "PastEnd";
  readonly offset: number;
  constructor(offset: number, length: number) {
    super(`${length} bytes at ${offset} lie past the end`);
    this.offset = offset;
  }
}

interface Chunk {
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function chunkOf(start: number, given: Uint8Array): Chunk {
  // Not as a Buffer, whose text is another: parsers get the same whatever the caller has.
  const bytes = given.constructor === Uint8Array ? given : new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return { start, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

const NO_CHUNK = chunkOf(0, new Uint8Array(0));

/** Is charged for every read, by its length. Throws if too much was read. */
export interface Meter {
  touch(bytes: number): void;
}

/** What is there of the bytes under a window. Offsets are from the start of those bytes. */
interface Backing {
  size: number | undefined;
  meter: Meter | undefined;
  /** See `ByteWindow.reach`. */
  readonly reach: number;
  add(start: number, bytes: Uint8Array): void;
  /** Bytes before `end` were read. */
  touch(end: number): void;
  /** The chunk that answered last. */
  readonly recent: Chunk;
  /** A chunk that holds [start, end), or undefined. */
  holding(start: number, end: number): Chunk | undefined;
  /** What to fetch for [start, end), in bytes from the start of the object. */
  missing(start: number, end: number): readonly ByteRange[];
  /** What was asked for and not there, since it was last emptied. */
  missed: ByteRange[];
}

/** The fetched chunks of one object: disjoint, not touching, in order. Shared by a window and its sub-windows. */
class Fetched implements Backing {
  size: number | undefined;
  meter: Meter | undefined;
  chunks: Chunk[] = [];
  /** The chunk that answered last: reads are local. */
  recent: Chunk = NO_CHUNK;
  /** No reading beyond this counts as reach. */
  reachLimit = 0;
  reach = 0;
  missed: ByteRange[] = [];

  add(start: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    let [from, to] = [start, start + bytes.length];
    const touching = this.chunks.filter((c) => c.start <= to && c.start + c.bytes.length >= from);
    if (touching.length === 0) {
      this.chunks.push(chunkOf(start, bytes));
    } else {
      for (const c of touching) [from, to] = [Math.min(from, c.start), Math.max(to, c.start + c.bytes.length)];
      const merged = new Uint8Array(to - from);
      merged.set(bytes, start - from);
      for (const c of touching) merged.set(c.bytes, c.start - from);
      this.chunks = this.chunks.filter((c) => !touching.includes(c));
      this.chunks.push(chunkOf(from, merged));
    }
    this.chunks.sort((a, b) => a.start - b.start);
  }

  holding(start: number, end: number): Chunk | undefined {
    const { recent } = this;
    if (start >= recent.start && end <= recent.start + recent.bytes.length) return recent;
    for (const c of this.chunks) {
      if (start >= c.start && end <= c.start + c.bytes.length) {
        this.recent = c;
        return c;
      }
    }
    return undefined;
  }

  touch(end: number): void {
    if (end > this.reach && end <= this.reachLimit) this.reach = end;
  }

  missing(start: number, end: number): readonly ByteRange[] {
    const range = { start, end };
    this.missed.push(range);
    return [range];
  }
}

/** A range of the other window, and where it begins in the joined one. */
interface Part extends ByteRange {
  readonly at: number;
}

/** Parts of another window, one behind the other: only what is touched of each is fetched. */
class Joined implements Backing {
  readonly size: number;
  meter: Meter | undefined;
  readonly reach = 0;
  missed: ByteRange[] = [];
  readonly #window: ByteWindow;
  readonly #parts: readonly Part[];
  recent: Chunk = NO_CHUNK;

  constructor(window: ByteWindow, ranges: readonly ByteRange[]) {
    const limit = window.size ?? Number.POSITIVE_INFINITY;
    let at = 0;
    this.#window = window;
    this.meter = window.meter;
    const parts: Part[] = [];
    for (const { start, end } of ranges) {
      const part = { start, end: Math.min(end, limit), at };
      // Thousands without a byte would be passed in every read that they lie in.
      if (part.end <= part.start) continue;
      at += part.end - part.start;
      parts.push(part);
    }
    this.#parts = parts;
    this.size = at;
  }

  add(): void {
    throw new TypeError("bytes are added to the window that the parts are of");
  }

  touch(): void {}

  holding(start: number, end: number): Chunk | undefined {
    const { bytes, start: from } = this.recent;
    if (start >= from && end <= from + bytes.length) return this.recent;
    const whole = this.#parts[this.#partAt(start)];
    if (whole !== undefined && end <= whole.at + whole.end - whole.start && this.#window.has(whole.start, whole.end)) {
      this.recent = chunkOf(whole.at, this.#window.bytes(whole.start, whole.end - whole.start));
      return this.recent;
    }
    const touched = this.#touched(start, end);
    if (!touched.every((range) => this.#window.has(range.start, range.end))) return undefined;
    const pieces = touched.map((range) => this.#window.bytes(range.start, range.end - range.start));
    this.recent = chunkOf(start, joined(pieces));
    return this.recent;
  }

  missing(start: number, end: number): readonly ByteRange[] {
    return this.#touched(start, end).flatMap((range) => this.#window.missing(range.start, range.end));
  }

  /** The index of the last part that begins at `start` or before. */
  #partAt(start: number): number {
    let [low, high] = [0, this.#parts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#parts[middle] as Part).at <= start) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The parts of [start, end), in the offsets of the window they are of. */
  #touched(start: number, end: number): ByteRange[] {
    const touched: ByteRange[] = [];
    for (let i = this.#partAt(start); i < this.#parts.length; i++) {
      const part = this.#parts[i] as Part;
      if (part.at >= end) break;
      const from = Math.max(part.start, part.start + start - part.at);
      const to = Math.min(part.end, part.start + end - part.at);
      if (from < to) touched.push({ start: from, end: to });
    }
    return touched;
  }
}

/** Offsets are from the window's own start, which for a sub-window lies somewhere in the object. */
export class ByteWindow {
  /** The window's start, in bytes from the start of the object; undefined where the bytes were assembled or inflated. */
  readonly offsetInObject: number | undefined;
  readonly #fetched: Backing;
  readonly #base: number;
  readonly #length: number | undefined;

  private constructor(fetched: Backing, base: number, length: number | undefined, offsetInObject: number | undefined) {
    this.#fetched = fetched;
    this.#base = base;
    this.#length = length;
    this.offsetInObject = offsetInObject;
  }

  /** A window over an object of which nothing is fetched yet. `reachLimit`: see `reach`. */
  static empty(size?: number, reachLimit = 0): ByteWindow {
    const fetched = new Fetched();
    fetched.size = size;
    fetched.reachLimit = reachLimit;
    return new ByteWindow(fetched, 0, undefined, 0);
  }

  /** A window over bytes that are all there. `offsetInObject` is 0 for a whole object, undefined for made bytes. */
  static whole(bytes: Uint8Array, offsetInObject?: number, meter?: Meter): ByteWindow {
    const fetched = new Fetched();
    fetched.size = bytes.length;
    fetched.meter = meter;
    if (bytes.length > 0) fetched.recent = chunkOf(0, bytes);
    fetched.chunks.push(fetched.recent);
    return new ByteWindow(fetched, 0, undefined, offsetInObject);
  }

  /** Parts of this window joined to one: the segments of a profile, the extents of an item. */
  join(parts: readonly ByteRange[]): ByteWindow {
    return new ByteWindow(new Joined(this, parts), 0, undefined, undefined);
  }

  /** Bytes from the window's start to its end; undefined until the storage has said it. */
  get size(): number | undefined {
    if (this.#length !== undefined) return this.#length;
    const { size } = this.#fetched;
    return size === undefined ? undefined : size - this.#base;
  }

  set size(bytes: number | undefined) {
    if (this.#length !== undefined) throw new TypeError("the size of a sub-window is fixed");
    this.#fetched.size = bytes === undefined ? undefined : bytes + this.#base;
  }

  /** What reads of this window, its parts and joins are charged to. */
  get meter(): Meter | undefined {
    return this.#fetched.meter;
  }

  set meter(meter: Meter | undefined) {
    this.#fetched.meter = meter;
  }

  /** Where the furthest read ended that did not go beyond the reach limit: what a first read should have brought. */
  get reach(): number {
    return this.#fetched.reach;
  }

  /** Puts fetched bytes in their place. */
  add(start: number, bytes: Uint8Array): void {
    this.#fetched.add(this.#base + start, bytes);
  }

  /** The window's part [start, start + length), cut at the end of this one. It shares what is fetched. */
  sub(start: number, length?: number): ByteWindow {
    const size = this.size;
    if (start < 0 || (size !== undefined && start > size)) throw new PastEnd(start, length ?? 0);
    const rest = size === undefined ? undefined : size - start;
    const cut = length === undefined ? rest : rest === undefined ? length : Math.min(length, rest);
    const offset = this.offsetInObject === undefined ? undefined : this.offsetInObject + start;
    return new ByteWindow(this.#fetched, this.#base + start, cut, offset);
  }

  /** A view of `length` bytes at `start`. Throws MissingBytes, or PastEnd. */
  bytes(start: number, length: number): Uint8Array {
    if (length === 0) return new Uint8Array(0);
    const c = this.#chunk(start, length);
    const at = this.#base + start - c.start;
    return c.bytes.subarray(at, at + length);
  }

  /** All from `start` to the end. The size must be known. */
  rest(start = 0): Uint8Array {
    const { size } = this;
    if (size === undefined) throw new PastEnd(start, 0);
    return this.bytes(start, Math.max(0, size - start));
  }

  /** Up to `length` bytes at `start`: fewer only where the object ends. */
  upTo(start: number, length: number): Uint8Array {
    const { size } = this;
    if (size === undefined) return this.bytes(start, length);
    return start >= size ? new Uint8Array(0) : this.bytes(start, Math.min(length, size - start));
  }

  /** Throws one MissingBytes for all that is not there of one range or of several. Parts outside the window do not count. */
  need(wanted: ByteRange | readonly ByteRange[]): void {
    const missing: ByteRange[] = [];
    for (const range of "start" in wanted ? [wanted] : wanted) {
      const start = Math.max(0, range.start);
      const end = this.size === undefined ? range.end : Math.min(range.end, this.size);
      if (end > start && !this.has(start, end)) for (const part of this.missing(start, end)) missing.push(part);
    }
    if (missing.length > 0) throw new MissingBytes(missing);
  }

  /** What to fetch for [start, end), in bytes from the start of the object; nothing where it is there. */
  missing(start: number, end: number): readonly ByteRange[] {
    return this.has(start, end) ? [] : this.#fetched.missing(this.#base + start, this.#base + end);
  }

  /** What was missing since the last call, in bytes from the start of the object: of a window over an object. */
  takeMissed(): readonly ByteRange[] {
    const { missed } = this.#fetched;
    if (missed.length > 0) this.#fetched.missed = [];
    return missed;
  }

  /** Sets what was missing, as `takeMissed` gave it before. */
  restoreMissed(ranges: readonly ByteRange[]): void {
    const { missed } = this.#fetched;
    if (missed.length > 0 || ranges.length > 0) this.#fetched.missed = [...ranges];
  }

  /** Is [start, end) fetched? */
  has(start: number, end: number): boolean {
    return this.#fetched.holding(this.#base + start, this.#base + end) !== undefined;
  }

  /** Is all of it fetched, in one piece? */
  get isWhole(): boolean {
    const { size } = this;
    return size !== undefined && this.has(0, size);
  }

  /** Where [start, start + length) begins in `view`. Throws MissingBytes, or PastEnd. */
  place(start: number, length: number): number {
    return this.#base + start - this.#chunk(start, length).start;
  }

  /** The bytes that were read last, and those around them: see `place`. */
  get view(): DataView {
    return this.#fetched.recent.view;
  }

  u8(at: number): number {
    const c = this.#chunk(at, 1);
    return c.view.getUint8(this.#base + at - c.start);
  }

  u16(at: number, littleEndian = false): number {
    const c = this.#chunk(at, 2);
    return c.view.getUint16(this.#base + at - c.start, littleEndian);
  }

  u24(at: number, littleEndian = false): number {
    const [a, b] = [this.u8(at), this.u16(at + 1, littleEndian)];
    return littleEndian ? a | ((b & 0xff) << 8) | ((b >> 8) << 16) : (a << 16) | b;
  }

  u32(at: number, littleEndian = false): number {
    const c = this.#chunk(at, 4);
    return c.view.getUint32(this.#base + at - c.start, littleEndian);
  }

  i32(at: number, littleEndian = false): number {
    return this.u32(at, littleEndian) | 0;
  }

  u64(at: number, littleEndian = false): bigint {
    const c = this.#chunk(at, 8);
    return c.view.getBigUint64(this.#base + at - c.start, littleEndian);
  }

  /** `length` bytes as Latin-1 text: for signatures, marker names and fourCCs. */
  ascii(at: number, length: number): string {
    if (length === 0) return "";
    const { bytes, start } = this.#chunk(at, length);
    const from = this.#base + at - start;
    return platform.latin1(bytes, from, from + length);
  }

  #chunk(start: number, length: number): Chunk {
    const fetched = this.#fetched;
    const base = this.#base;
    const [from, end] = [base + start, base + start + length];
    const limit = this.#length === undefined ? fetched.size : base + this.#length;
    if (!(start >= 0 && length >= 0) || (limit !== undefined && end > limit)) throw new PastEnd(start, length);
    let chunk: Chunk | undefined = fetched.recent;
    if (from < chunk.start || end > chunk.start + chunk.bytes.length) chunk = fetched.holding(from, end);
    if (chunk === undefined) throw new MissingBytes(fetched.missing(from, end));
    fetched.touch(end);
    fetched.meter?.touch(length);
    return chunk;
  }
}
