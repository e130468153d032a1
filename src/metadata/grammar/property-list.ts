/**
 * Apple's binary property lists, `bplist00`: objects, a table of their offsets, and a trailer of 32 bytes that says where the table is and
 * which object is the top one (CFBinaryPList.c of Core Foundation). Leniencies as ExifTool 13.59 PLIST.pm has them.
 */
import type { Budget } from "../budget.ts";
import { viewOf } from "../bytes/arrays.ts";
import { hex } from "../bytes/hex.ts";
import { decodeText } from "../bytes/text.ts";

/** A dictionary, in its order. Of two values of one key the later stands. */
export type PropertyMap = ReadonlyMap<string, PropertyValue>;

/** A date is in milliseconds of Unix time. */
export type PropertyValue = number | bigint | string | boolean | null | Uint8Array | Date | readonly PropertyValue[] | PropertyMap;

/** `bplist`, before two digits of a version. */
const SIGNATURE = [0x62, 0x70, 0x6c, 0x69, 0x73, 0x74] as const;
const TRAILER_BYTES = 32;
const MAX_DEPTH = 32;
const INTEGER_SIZES = new Set([1, 2, 3, 4, 8]);
/** Work of a list without its objects. */
const LIST_STEPS = 150;
/** Work and memory of an object; of a key in a dictionary, which goes into a table. */
const [OBJECT_STEPS, OBJECT_BYTES] = [16, 60];
const [KEY_STEPS, KEY_BYTES] = [20, 100];
/** Of a text in UTF-16, beside its bytes. */
const UTF16_STEPS = 40;
/** 2001-01-01, from which dates count. */
const EPOCH_SECONDS = 978_307_200;

export function isPropertyList(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * The top object.
 * @throws Error if the list is not well-formed: objects that are not there, or that refer to each other in a circle or without an end
 */
export function readPropertyList(bytes: Uint8Array, budget: Budget): PropertyValue {
  const reader = new PropertyListReader(bytes, budget);
  return reader.object(reader.top, 0);
}

class PropertyListReader {
  readonly top: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #budget: Budget;
  readonly #offsetSize: number;
  readonly #referenceSize: number;
  readonly #objects: number;
  readonly #table: number;
  /** Each reference takes a byte or more, so an honest list has fewer than it has bytes. */
  #readsLeft: number;

  constructor(bytes: Uint8Array, budget: Budget) {
    const trailer = bytes.length - TRAILER_BYTES;
    if (trailer < 0) throw new Error("a property list has no trailer");
    budget.step(LIST_STEPS);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#budget = budget;
    this.#readsLeft = bytes.length;
    this.#offsetSize = this.#view.getUint8(trailer + 6);
    this.#referenceSize = this.#view.getUint8(trailer + 7);
    this.#objects = Number(this.#view.getBigUint64(trailer + 8));
    this.top = Number(this.#view.getBigUint64(trailer + 16));
    this.#table = Number(this.#view.getBigUint64(trailer + 24));
    if (!INTEGER_SIZES.has(this.#referenceSize)) throw new Error(`a property list has references of ${this.#referenceSize} bytes`);
    if (!(this.#table + this.#objects * this.#offsetSize <= trailer)) throw new Error("a property list ends before its table does");
  }

  object(reference: number, depth: number): PropertyValue {
    if (reference >= this.#objects) throw new Error(`a property list has no object ${reference}`);
    if (depth > MAX_DEPTH) throw new Error(`a property list is deeper than ${MAX_DEPTH} levels`);
    if (--this.#readsLeft < 0) throw new Error("a property list refers to its objects without an end");
    this.#budget.step(OBJECT_STEPS);
    this.#budget.keep(OBJECT_BYTES);
    return this.#at(Number(this.#integer(this.#table + reference * this.#offsetSize, this.#offsetSize)), depth);
  }

  #at(at: number, depth: number): PropertyValue {
    const marker = Number(this.#integer(at, 1));
    const [type, low] = [marker >> 4, marker & 15];
    switch (type) {
      case 0:
        return low === 8 || low === 9 ? low === 9 : null;
      case 1:
        return this.#integer(at + 1, 1 << low);
      case 2:
        return this.#real(at + 1, 1 << low);
      case 3:
        return new Date(1000 * (this.#real(at + 1, 1 << low) + EPOCH_SECONDS));
      case 8:
        return this.#identifier(at + 1, low + 1);
    }
    const [start, length] = low === 15 ? this.#length(at + 1) : [at + 1, low];
    switch (type) {
      case 4:
        return this.#slice(start, length);
      case 5:
        return this.#text(start, length, "latin1");
      case 6:
        return this.#text(start, 2 * length, "utf-16be");
      case 10:
      case 12:
        return this.#references(start, length).map((reference) => this.object(reference, depth + 1));
      case 13:
        return this.#dictionary(start, length, depth);
      default:
        throw new Error(`a property list has an object of type ${type}`);
    }
  }

  /** A length that does not fit into its marker is an integer of its own. Returns where the content begins, and the length. */
  #length(at: number): readonly [start: number, length: number] {
    const marker = Number(this.#integer(at, 1));
    if (marker >> 4 !== 1) throw new Error("a property list has a length that is not an integer");
    const size = 1 << (marker & 15);
    return [at + 1 + size, Number(this.#integer(at + 1, size))];
  }

  #dictionary(start: number, length: number, depth: number): PropertyMap {
    const references = this.#references(start, 2 * length);
    const map = new Map<string, PropertyValue>();
    for (let i = 0; i < length; i++) {
      const key = this.object(references[i] as number, depth + 1);
      if (typeof key !== "string" || key === "") continue;
      this.#budget.step(KEY_STEPS);
      this.#budget.keep(KEY_BYTES);
      map.set(key, this.object(references[length + i] as number, depth + 1));
    }
    return map;
  }

  #references(start: number, count: number): number[] {
    const size = this.#referenceSize;
    // Checked before anything is made of the count.
    this.#slice(start, size * count);
    return Array.from({ length: count }, (_, i) => Number(this.#integer(start + i * size, size)));
  }

  #slice(start: number, length: number): Uint8Array {
    if (!(start + length <= this.#bytes.length)) throw new Error(`a property list has an object of ${length} bytes that lies past its end`);
    this.#budget.touch(length);
    return this.#bytes.subarray(start, start + length);
  }

  #text(start: number, length: number, charset: "latin1" | "utf-16be"): string {
    const bytes = this.#slice(start, length);
    this.#budget.keep(2 * length);
    if (charset === "utf-16be") this.#budget.step(UTF16_STEPS);
    return decodeText(bytes, charset);
  }

  #integer(at: number, size: number): number | bigint {
    if (!(at + size <= this.#bytes.length)) throw new Error(`a property list has no bytes at ${at}`);
    switch (size) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at);
      case 3:
        return (this.#view.getUint8(at) << 16) | this.#view.getUint16(at + 1);
      case 4:
        return this.#view.getUint32(at);
      case 8: {
        const value = this.#view.getBigUint64(at);
        return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
      }
      default:
        throw new Error(`a property list has integers of ${size} bytes`);
    }
  }

  #real(at: number, size: number): number {
    if (size !== 4 && size !== 8) throw new Error(`a property list has real numbers of ${size} bytes`);
    if (!(at + size <= this.#bytes.length)) throw new Error(`a property list has no bytes at ${at}`);
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  #identifier(at: number, size: number): number | bigint | string {
    return INTEGER_SIZES.has(size) ? this.#integer(at, size) : `0x${hex(this.#slice(at, size))}`;
  }
}
