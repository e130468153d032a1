/** OLE property sets: [MS-OLEPS] sections 2.15 (types) and 2.21 (PropertySetStream), as FlashPix and Office files hold them. */
import { hex } from "../bytes/hex.ts";
import { decodeText, untilNull } from "../bytes/text.ts";
import { type ByteWindow, PastEnd } from "../bytes/window.ts";
import type { Findings, TagInput } from "../contracts.ts";

export interface Property {
  readonly id: number;
  readonly value: TagInput;
}

const CODE_PAGE = 1;
const UTF_16 = 1200;
const VECTOR = 0x1000;
const VARIANT = 12;
/** Work of a property or of a value in a list: most is for dates and class identifiers, which are made as text. */
const PROPERTY_STEPS = 30;

/** The properties of the first set in `data`. A damaged one ends the list with a warning. */
export function readProperties(data: ByteWindow, found: Findings): Property[] {
  const size = data.size ?? 0;
  const order = size < 48 ? 0 : data.u16(0);
  if (order !== 0xfeff && order !== 0xfffe) {
    found.warn("MALFORMED", `a property set of ${size} bytes without a byte order`, 0);
    return [];
  }
  const reader = new PropertyReader(data, order === 0xfffe, found);
  const start = reader.u32(44);
  const count = start < 48 || start + 8 > size ? 0 : reader.u32(start + 4);
  if (count === 0 || start + 8 + 8 * count > size) {
    found.warn("MALFORMED", `a property set of ${count} properties`, start);
    return [];
  }
  const properties: Property[] = [];
  for (let i = 0; i < count; i++) {
    found.budget.step(PROPERTY_STEPS);
    const id = reader.u32(start + 8 + 8 * i);
    const at = start + reader.u32(start + 12 + 8 * i);
    try {
      const value = id === 0 ? undefined : reader.value(at, id);
      if (value !== undefined) properties.push({ id, value });
    } catch (thrown) {
      if (!(thrown instanceof PastEnd)) throw thrown;
      found.warn("TRUNCATED", `property ${id} lies past the end`, at);
      break;
    }
  }
  return properties;
}

class PropertyReader {
  readonly #data: ByteWindow;
  readonly #bigEndian: boolean;
  readonly #found: Findings;
  #codePage = 0;

  constructor(data: ByteWindow, bigEndian: boolean, found: Findings) {
    this.#data = data;
    this.#bigEndian = bigEndian;
    this.#found = found;
  }

  u32(at: number): number {
    return this.#data.u32(at, !this.#bigEndian);
  }

  /** The value of property `id`, whose type stands at `at`. The code page, which comes first, is that of the texts. */
  value(at: number, id: number): TagInput | undefined {
    const type = this.u32(at);
    if ((type & 0xf000 & ~VECTOR) !== 0) return undefined;
    if ((type & VECTOR) === 0) {
      const { value } = this.#one(type & 0xfff, at + 4);
      if (id !== CODE_PAGE || typeof value !== "number") return value;
      this.#codePage = value < 0 ? value + 0x10000 : value;
      return this.#codePage;
    }
    const values: TagInput[] = [];
    const count = this.u32(at + 4);
    for (let i = 0, place = at + 8; i < count; i++) {
      this.#found.budget.step(PROPERTY_STEPS);
      const { value, end } = this.#one(type & 0xfff, place);
      if (value === undefined) break;
      values.push(value);
      place = end;
    }
    return values.length === 1 ? values[0] : values.length === 0 ? "" : values;
  }

  /** [MS-OLEPS] section 2.15. */
  #one(type: number, at: number): { value: TagInput | undefined; end: number } {
    const data = this.#data;
    const little = !this.#bigEndian;
    switch (type) {
      case 2:
      case 11:
        return { value: (data.u16(at, little) << 16) >> 16, end: at + 2 };
      case 3:
      case 10:
        return { value: data.i32(at, little), end: at + 4 };
      case 4:
        return { value: this.#float(at, 4), end: at + 4 };
      case 5:
        return { value: this.#float(at, 8), end: at + 8 };
      case 7:
        return { value: dateOf((this.#float(at, 8) - 25_569) * 86_400), end: at + 8 };
      case VARIANT:
        return this.#variant(data.u32(at, little) & 0xfff, at);
      case 16:
        return { value: (data.u8(at) << 24) >> 24, end: at + 1 };
      case 17:
        return { value: data.u8(at), end: at + 1 };
      case 18:
        return { value: data.u16(at, little), end: at + 2 };
      case 19:
        return { value: data.u32(at, little), end: at + 4 };
      case 20:
        return { value: BigInt.asIntN(64, data.u64(at, little)), end: at + 8 };
      case 21:
        return { value: data.u64(at, little), end: at + 8 };
      case 8:
      case 30:
        return this.#text(at, this.u32(at), this.#codePage === UTF_16);
      case 31:
        return this.#text(at, 2 * this.u32(at), true);
      case 64:
        return { value: fileTime(data.u64(at, little)), end: at + 8 };
      case 65:
      case 71:
        return { value: data.bytes(at + 4, this.u32(at)), end: at + 4 + ((this.u32(at) + 3) & ~3) };
      case 72:
        return { value: classId(data.bytes(at, 16)), end: at + 16 };
      default:
        return { value: undefined, end: at };
    }
  }

  /** A value with its type before it, which is not a variant again. */
  #variant(type: number, at: number): { value: TagInput | undefined; end: number } {
    return type === VARIANT ? { value: undefined, end: at } : this.#one(type, at + 4);
  }

  #float(at: number, size: 4 | 8): number {
    const bytes = this.#data.bytes(at, size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    return size === 4 ? view.getFloat32(0, !this.#bigEndian) : view.getFloat64(0, !this.#bigEndian);
  }

  /** Padded to four bytes outside vectors only; some pad there as well. */
  #text(at: number, length: number, wide: boolean): { value: string; end: number } {
    const bytes = this.#data.bytes(at + 4, length);
    const charset = wide ? (this.#bigEndian ? "utf-16be" : "utf-16le") : "latin1";
    const value = untilNull(decodeText(bytes, charset));
    this.#found.budget.value(value);
    return { value, end: at + 4 + length };
  }
}

const SECONDS_1601_TO_1970 = 134_774 * 86_400;
const YEAR = 365 * 86_400;
const CENTURY = 100 * YEAR;

/** 100 ns since 1601; less than a year is a time span in seconds. Some writers have the bytes of each word in the wrong order, or count from 1970. */
function fileTime(ticks: bigint): TagInput {
  const seconds = Number(ticks) * 1e-7;
  if (seconds <= YEAR) return seconds;
  const since1970 = seconds - SECONDS_1601_TO_1970;
  if (since1970 >= 0 && since1970 <= CENTURY) return dateOf(since1970);
  const reversed = reversedWords(ticks) * 1e-7 - SECONDS_1601_TO_1970;
  if (reversed > 0 && reversed < CENTURY) return dateOf(reversed);
  return dateOf(since1970 < 0 ? seconds : since1970);
}

function reversedWords(ticks: bigint): number {
  const words = new DataView(new ArrayBuffer(8));
  words.setBigUint64(0, ticks, true);
  return words.getUint32(0) + words.getUint32(4) * 2 ** 32;
}

/** `2003:03:29 17:47:50`, UTC. */
function dateOf(seconds: number): string {
  if (seconds === 0 || !(Math.abs(seconds) < 8.64e12)) return "0000:00:00 00:00:00";
  return new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
}

/** The first three fields are little-endian. */
function classId(bytes: Uint8Array): string {
  const digits = hex([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((i) => bytes[i] ?? 0));
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
}
