/** CBOR: RFC 8949. All major types, definite and indefinite lengths; depth and work are limited. */

import type { Budget } from "../budget.ts";
import { joined } from "../bytes/arrays.ts";
import { numberKey } from "../bytes/number-key.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";

/** A tagged item (RFC 8949 section 3.4). */
export class Tagged {
  readonly tag: number;
  readonly value: CborValue;
  constructor(tag: number, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}

/** Simple values other than false, true and null (section 3.3). */
export class Simple {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A map (section 3.1). Of two values of one key the later stands, in the place of the first. */
export class CborMap {
  readonly #entries = new Map<CborValue, readonly [key: CborValue, value: CborValue]>();

  set(key: CborValue, value: CborValue): void {
    this.#entries.set(distinct(key), [key, value]);
  }

  get(key: CborValue): CborValue | undefined {
    return this.#entries.get(distinct(key))?.[1];
  }

  [Symbol.iterator](): Iterator<readonly [key: CborValue, value: CborValue]> {
    return this.#entries.values();
  }
}

function distinct(key: CborValue): CborValue {
  if (typeof key === "number" || typeof key === "bigint") return numberKey(key);
  return typeof key === "string" ? `"${key}` : key;
}

export type CborValue = number | bigint | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap | Tagged | Simple;

const DEEPEST = 64;
/** Work and memory of an item. */
const [ITEM_STEPS, ITEM_BYTES] = [6, 40];
/** Of a field of a map, whose key goes into a table. */
const [FIELD_STEPS, FIELD_BYTES] = [12, 100];
const BREAK = Symbol("break");

/** Reads items one after the other. Throws where they are not well-formed. */
export class CborReader {
  at = 0;
  readonly #data: ByteWindow;
  readonly #size: number;
  readonly #budget: Budget;

  constructor(data: ByteWindow, budget: Budget) {
    this.#data = data;
    this.#size = data.size ?? 0;
    this.#budget = budget;
  }

  get done(): boolean {
    return this.at >= this.#size;
  }

  /** The next item. */
  read(): CborValue {
    const item = this.#item(0);
    if (item === BREAK) throw new Error("a CBOR break stands outside of an indefinite item");
    return item;
  }

  #item(depth: number): CborValue | typeof BREAK {
    if (depth > DEEPEST) throw new Error(`CBOR is nested deeper than ${DEEPEST} levels`);
    this.#budget.step(ITEM_STEPS);
    this.#budget.keep(ITEM_BYTES);
    const initial = this.#data.u8(this.at++);
    const [major, additional] = [initial >> 5, initial & 31];
    if (major === 7) return this.#simple(additional);
    const indefinite = additional === 31;
    const argument = indefinite ? 0 : this.#argument(additional);
    switch (major) {
      case 0:
        if (indefinite) break;
        return argument;
      case 1:
        if (indefinite) break;
        return typeof argument === "bigint" ? -1n - argument : -1 - argument;
      case 2:
      case 3: {
        const bytes = indefinite ? this.#chunks(major, depth) : this.#bytes(argument);
        return major === 2 ? bytes : decodeText(bytes, "utf-8");
      }
      case 4:
        return this.#list(indefinite ? undefined : argument, depth);
      case 5: {
        const list = this.#list(indefinite ? undefined : Number(argument) * 2, depth);
        const map = new CborMap();
        this.#budget.step((FIELD_STEPS * list.length) / 2);
        this.#budget.keep((FIELD_BYTES * list.length) / 2);
        for (let i = 0; i + 1 < list.length; i += 2) map.set(list[i] as CborValue, list[i + 1] as CborValue);
        return map;
      }
      case 6: {
        if (indefinite) break;
        const value = this.#item(depth + 1);
        if (value === BREAK) break;
        return new Tagged(Number(argument), value);
      }
    }
    throw new Error(`CBOR item of type ${major} has no value`);
  }

  /** Section 3: the number that comes with the initial byte. */
  #argument(additional: number): number | bigint {
    if (additional < 24) return additional;
    const at = this.at;
    this.at += 1 << (additional - 24);
    switch (additional) {
      case 24:
        return this.#data.u8(at);
      case 25:
        return this.#data.u16(at);
      case 26:
        return this.#data.u32(at);
      case 27: {
        const wide = this.#data.u64(at);
        return wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
      }
      default:
        throw new Error(`CBOR has no integer of kind ${additional}`);
    }
  }

  #bytes(length: number | bigint): Uint8Array {
    const bytes = this.#data.bytes(this.at, Number(length));
    this.at += bytes.length;
    this.#budget.touch(bytes.length);
    return bytes;
  }

  /** Strings of indefinite length (section 3.2.3). */
  #chunks(major: number, depth: number): Uint8Array {
    const chunks: Uint8Array[] = [];
    for (;;) {
      this.#budget.step(ITEM_STEPS);
      const initial = this.#data.u8(this.at);
      if (initial === 0xff) {
        this.at++;
        return joined(chunks);
      }
      if (initial >> 5 !== major || (initial & 31) === 31 || depth > DEEPEST) throw new Error("a CBOR string has a chunk of another kind");
      this.at++;
      chunks.push(this.#bytes(this.#argument(initial & 31)));
    }
  }

  #list(length: number | bigint | undefined, depth: number): CborValue[] {
    if (length !== undefined && length > this.#size - this.at) throw new Error("a CBOR item announces more than there is");
    const list: CborValue[] = [];
    while (length === undefined || list.length < length) {
      const item = this.#item(depth + 1);
      if (item !== BREAK) list.push(item);
      else if (length === undefined) break;
      else throw new Error("a CBOR item ends too early");
    }
    return list;
  }

  /** Section 3.3: floating-point numbers and values with no content. */
  #simple(additional: number): CborValue | typeof BREAK {
    const at = this.at;
    switch (additional) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 24:
        this.at++;
        return new Simple(this.#data.u8(at));
      case 25:
        this.at += 2;
        return halfPrecision(this.#data.u16(at));
      case 26:
        this.at += 4;
        return viewOf(this.#data.bytes(at, 4)).getFloat32(0);
      case 27:
        this.at += 8;
        return viewOf(this.#data.bytes(at, 8)).getFloat64(0);
      case 31:
        return BREAK;
      default:
        if (additional > 27) throw new Error(`CBOR has no value of kind ${additional}`);
        return new Simple(additional);
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Appendix D. */
function halfPrecision(half: number): number {
  const [exponent, mantissa] = [(half >> 10) & 31, half & 0x3ff];
  const magnitude =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent < 31
        ? (mantissa + 1024) * 2 ** (exponent - 25)
        : mantissa === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN;
  return half & 0x8000 ? -magnitude : magnitude;
}
