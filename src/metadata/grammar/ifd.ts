/**
 * Image file directories: TIFF 6.0 section 2, Exif 3.1 section 4.6.2 (UTF-8, type 129), BigTIFF (64-bit offsets and counts).
 * Sparse: reads only the directory; values are read where they are wanted.
 */
import type { Budget } from "../budget.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import { significant } from "../tables/conversion.ts";

export interface TiffHeader {
  readonly littleEndian: boolean;
  /** 42 for TIFF, 43 for BigTIFF; raw formats and camera profiles have their own. */
  readonly magic: number;
  /** Of 64-bit offsets and counts. */
  readonly big: boolean;
  /** From the start of the structure. */
  readonly firstDirectory: number;
}

export class Entry {
  readonly id: number;
  readonly type: number;
  readonly count: number;
  /** Bytes of the value. */
  readonly size: number;
  /** Where the value begins, from the start of the structure. */
  readonly at: number;
  /** It stands in the entry itself. */
  readonly inline: boolean;
  /** Read as bytes even where it is one byte, which otherwise is a number. */
  readonly asBytes: boolean;

  constructor(id: number, type: number, count: number, size: number, at: number, inline: boolean, asBytes = false) {
    this.id = id;
    this.type = type;
    this.count = count;
    this.size = size;
    this.at = at;
    this.inline = inline;
    this.asBytes = asBytes;
  }

  /** Read in another format: the count follows from the size. */
  inFormat(format: ValueFormat): Entry {
    const type = typeOf[format];
    if (type === this.type && type !== typeOf.undef) return this;
    const count = type === typeOf.undef ? this.size : Math.floor(this.size / typeSize(type));
    return new Entry(this.id, type, count, this.size, this.at, this.inline, type === typeOf.undef);
  }

  /** Its first `size` bytes. */
  cut(size: number): Entry {
    return new Entry(this.id, this.type, size, size, this.at, this.inline, this.asBytes);
  }
}

export interface Directory {
  readonly start: number;
  /** Past the entries. */
  readonly end: number;
  /** Entries that the directory announces. */
  readonly announced: number;
  readonly entries: readonly Entry[];
  /** Offset of the next directory; 0 where there is none. */
  readonly next: number;
}

/** Formats of values, under ExifTool's names. */
export type ValueFormat =
  | "int8u"
  | "string"
  | "int16u"
  | "int32u"
  | "rational64u"
  | "int8s"
  | "undef"
  | "int16s"
  | "int32s"
  | "rational64s"
  | "float"
  | "double"
  | "int64u"
  | "int64s";

/** A value as it is stored: bytes are of type UNDEFINED, texts end at their first U+0000. */
export type StoredValue = number | bigint | string | Uint8Array | readonly (number | bigint)[];

const typeOf: Readonly<Record<ValueFormat, number>> = {
  int8u: 1,
  string: 2,
  int16u: 3,
  int32u: 4,
  rational64u: 5,
  int8s: 6,
  undef: 7,
  int16s: 8,
  int32s: 9,
  rational64s: 10,
  float: 11,
  double: 12,
  int64u: 16,
  int64s: 17,
};

/** Bytes that hold most directories whole: asked for at once, before their number of entries is known. */
export const DIRECTORY_AHEAD = 2 + 20 * 12 + 4;

/** Bytes of one value of each type; 0 where there is no such type. */
const typeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 2, 8, 8, 8, 8];
const UTF_8 = 129;

/** Work of an entry, and of one number in a list: fractions are rounded to the digits that they have. */
const [ENTRY_STEPS, INTEGER_STEPS, FRACTION_STEPS] = [8, 1, 16];

export function typeSize(type: number): number {
  return type === UTF_8 ? 1 : (typeSizes[type] ?? 0);
}

export function isInteger(type: number): boolean {
  return (type >= 1 && type <= 13 && type !== 2 && type !== 5 && type !== 7 && type < 10) || type === 13 || (type >= 16 && type <= 18);
}

export function isFloat(type: number): boolean {
  return type === 11 || type === 12;
}

/** Of types whose numbers may be infinite or none: rational, float. */
export function isFraction(type: number): boolean {
  return type === 5 || type === 10 || isFloat(type);
}

/** Of texts and bytes, whose count is their length. */
export function isBytes(type: number): boolean {
  return type === 2 || type === 7 || type === UTF_8;
}

/** The header at the start of `window`, or undefined where there is none. */
export function readTiffHeader(window: ByteWindow): TiffHeader | undefined {
  const order = window.u16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const littleEndian = order === 0x4949;
  const magic = window.u16(2, littleEndian);
  const big = magic === 43 && window.u16(4, littleEndian) === 8;
  return { littleEndian, magic, big, firstDirectory: big ? offset64(window, 8, littleEndian) : window.u32(4, littleEndian) };
}

/** An offset or count beyond 2⁵³ lies past every end. */
function offset64(window: ByteWindow, at: number, littleEndian: boolean): number {
  return Number(window.u64(at, littleEndian));
}

/**
 * The directory at `start`. One that runs past the end gives the entries that are there.
 * Throws MissingBytes, or PastEnd where not even its count is there.
 */
export function readDirectory(window: ByteWindow, header: TiffHeader, start: number, budget: Budget): Directory {
  const { littleEndian, big } = header;
  const [countSize, entrySize, offsetSize] = big ? [8, 20, 8] : [2, 12, 4];
  window.need({ start, end: start + DIRECTORY_AHEAD });
  const announced = big ? offset64(window, start, littleEndian) : window.u16(start, littleEndian);
  const size = window.size ?? Number.POSITIVE_INFINITY;
  const first = start + countSize;
  const count = Math.min(announced, Math.floor((size - first) / entrySize));
  budget.step(ENTRY_STEPS * count);
  const end = first + count * entrySize;
  const hasNext = count === announced && end + offsetSize <= size;
  window.need({ start: first, end: hasNext ? end + offsetSize : end });
  const entries: Entry[] = [];
  for (let at = first; at < end; at += entrySize) {
    const type = window.u16(at + 2, littleEndian);
    const values = big ? offset64(window, at + 4, littleEndian) : window.u32(at + 4, littleEndian);
    const bytes = values * typeSize(type);
    const field = big ? at + 12 : at + 8;
    const inline = bytes <= offsetSize;
    const place = inline ? field : big ? offset64(window, field, littleEndian) : window.u32(field, littleEndian);
    entries.push(new Entry(window.u16(at, littleEndian), type, values, bytes, place, inline));
  }
  const next = !hasNext ? 0 : big ? offset64(window, end, littleEndian) : window.u32(end, littleEndian);
  return { start, end, announced, entries, next };
}

/** The value of an entry. An empty one is the empty text. Throws MissingBytes or PastEnd. */
export function readStored(window: ByteWindow, entry: Entry, littleEndian: boolean, budget: Budget): StoredValue {
  const { type, count, at } = entry;
  if (count === 0 || typeSize(type) === 0) return entry.asBytes ? new Uint8Array(0) : "";
  if (isBytes(type)) budget.touch(count);
  else budget.step((isFraction(type) ? FRACTION_STEPS : INTEGER_STEPS) * count);
  if (entry.asBytes || (type === 7 && count > 1)) return window.bytes(at, count);
  if (type === 2 || type === UTF_8) return text(window.bytes(at, count));
  if (count === 1) return one(window, type === 7 ? 1 : type, at, littleEndian);
  const size = typeSize(type);
  const bytes = window.bytes(at, count * size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: (number | bigint)[] = new Array(count);
  for (let i = 0; i < count; i++) values[i] = viewed(view, type, i * size, littleEndian);
  return values;
}

function one(window: ByteWindow, type: number, at: number, littleEndian: boolean): number | bigint {
  switch (type) {
    case 1:
      return window.u8(at);
    case 3:
      return window.u16(at, littleEndian);
    case 4:
    case 13:
      return window.u32(at, littleEndian);
    default: {
      const bytes = window.bytes(at, typeSize(type));
      return viewed(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), type, 0, littleEndian);
    }
  }
}

function viewed(view: DataView, type: number, at: number, littleEndian: boolean): number | bigint {
  switch (type) {
    case 1:
      return view.getUint8(at);
    case 3:
    case 14:
      return view.getUint16(at, littleEndian);
    case 4:
    case 13:
      return view.getUint32(at, littleEndian);
    case 5:
      return rational(view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian));
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, littleEndian);
    case 9:
      return view.getInt32(at, littleEndian);
    case 10:
      return rational(view.getInt32(at, littleEndian), view.getInt32(at + 4, littleEndian));
    case 11:
      return significant(view.getFloat32(at, littleEndian), 15);
    case 12:
      return significant(view.getFloat64(at, littleEndian), 15);
    case 17:
      return narrowed(view.getBigInt64(at, littleEndian));
    default:
      return narrowed(view.getBigUint64(at, littleEndian));
  }
}

/** n/0 is infinite, 0/0 no number. */
export function rational(numerator: number, denominator: number): number {
  if (denominator === 0) return numerator === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
  const value = numerator / denominator;
  return Number.isInteger(value) ? value : significant(value, 10);
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end), "utf-8");
}
