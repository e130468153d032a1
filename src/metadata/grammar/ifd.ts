/**
 * Image file directories: TIFF 6.0 section 2, Exif 3.1 section 4.6.2 (UTF-8, type 129), BigTIFF (64-bit offsets and counts).
 * Sparse: reads only the directory; values are read where they are wanted.
 */
import type { Budget } from "../budget.ts";
import { significant } from "../bytes/numbers.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";

export interface TiffHeader {
  readonly littleEndian: boolean;
  /** 42 for TIFF, 43 for BigTIFF; raw formats and camera profiles have their own. */
  readonly magic: number;
  /** Of 64-bit offsets and counts. */
  readonly big: boolean;
  /** From the start of the structure. */
  readonly firstDirectory: number;
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

export const typeOf: Readonly<Record<ValueFormat, number>> = {
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

/** Bytes of one value of each type; 0 if there is no such type. */
const typeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 2, 8, 8, 8, 8];
export const UNDEFINED = 7;
export const UTF_8 = 129;
export const UINT_64 = 16;
/** No type of a file: what a table wants as bytes, even one, which is a number if its type is UNDEFINED. */
export const BYTES = 256;

/** ExifTool's names of the types. */
const names = [
  "",
  "int8u",
  "string",
  "int16u",
  "int32u",
  "rational64u",
  "int8s",
  "undef",
  "int16s",
  "int32s",
  "rational64s",
  "float",
  "double",
];

export function formatName(type: number): string {
  return type === BYTES ? "undef" : (names[type] ?? "int64u");
}

/** Work of an entry, and of one number in a list: fractions are rounded to the digits that they have. */
const [ENTRY_STEPS, INTEGER_STEPS, FRACTION_STEPS] = [8, 1, 16];

export function typeSize(type: number): number {
  return type < typeSizes.length ? (typeSizes[type] as number) : type === UTF_8 || type === BYTES ? 1 : 0;
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
  return type === 2 || type === UNDEFINED || type === UTF_8 || type === BYTES;
}

/** The header at the start of `window`, or undefined if there is none. */
export function readTiffHeader(window: ByteWindow): TiffHeader | undefined {
  const order = window.u16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const littleEndian = order === 0x4949;
  const magic = window.u16(2, littleEndian);
  const big = magic === 43 && window.u16(4, littleEndian) === 8;
  return { littleEndian, magic, big, firstDirectory: big ? Number(window.u64(8, littleEndian)) : window.u32(4, littleEndian) };
}

/** An offset or count beyond 2⁵³ lies past every end. */
export function offset64(view: DataView, at: number, littleEndian: boolean): number {
  return Number(view.getBigUint64(at, littleEndian));
}

/** Where a directory lies, in bytes from the start of the structure. */
export interface DirectoryPlace {
  readonly start: number;
  /** Of its first entry. */
  readonly first: number;
  /** Past its last entry. */
  readonly end: number;
  /** Entries that it announces. */
  readonly announced: number;
  /** Entries before the end of the window. */
  readonly count: number;
  /** Offset of the next directory; 0 if there is none. */
  readonly next: number;
}

/** Finds the directory at `start`. Throws MissingBytes, or PastEnd if not even its count is there. */
export function locateDirectory(window: ByteWindow, { littleEndian, big }: TiffHeader, start: number, budget: Budget): DirectoryPlace {
  const [countSize, entrySize, offsetSize] = big ? [8, 20, 8] : [2, 12, 4];
  window.need({ start, end: start + DIRECTORY_AHEAD });
  const announced = big ? Number(window.u64(start, littleEndian)) : window.u16(start, littleEndian);
  const size = window.size ?? Number.POSITIVE_INFINITY;
  const first = start + countSize;
  const count = Math.min(announced, Math.floor((size - first) / entrySize));
  budget.step(ENTRY_STEPS * count);
  const end = first + count * entrySize;
  const hasNext = count === announced && end + offsetSize <= size;
  window.need({ start: first, end: hasNext ? end + offsetSize : end });
  const next = !hasNext ? 0 : big ? Number(window.u64(end, littleEndian)) : window.u32(end, littleEndian);
  return { start, first, end, announced, count, next };
}

/**
 * Values of one type. None at all is the empty text. @param count of bytes for texts and bytes
 * Throws MissingBytes or PastEnd.
 */
export function readValue(window: ByteWindow, type: number, count: number, at: number, littleEndian: boolean, budget: Budget): StoredValue {
  const width = typeSize(type);
  if (count === 0 || width === 0) return type === BYTES ? new Uint8Array(0) : "";
  if (isBytes(type)) {
    budget.touch(count);
    if (type === BYTES || (type === UNDEFINED && count > 1)) return window.bytes(at, count);
    if (type !== UNDEFINED) return text(window, at, count);
    return window.u8(at);
  }
  budget.step((isFraction(type) ? FRACTION_STEPS : INTEGER_STEPS) * count);
  const from = window.place(at, count * width);
  const { view } = window;
  if (count === 1) return viewed(view, type, from, littleEndian);
  const values: (number | bigint)[] = new Array(count);
  for (let i = 0; i < count; i++) values[i] = viewed(view, type, from + i * width, littleEndian);
  return values;
}

/** One number of a type that has numbers. */
export function viewed(view: DataView, type: number, at: number, littleEndian: boolean): number | bigint {
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

/** Up to the first U+0000. */
function text(window: ByteWindow, at: number, length: number): string {
  const from = window.place(at, length);
  const { view } = window;
  let end = from;
  let bits = 0;
  for (; end < from + length; end++) {
    const byte = view.getUint8(end);
    if (byte === 0) break;
    bits |= byte;
  }
  return bits < 0x80 ? window.ascii(at, end - from) : decodeText(window.bytes(at, end - from), "utf-8");
}
