/**
 * What tag tables are made of. Three things stay apart: the value as the file stores it, the value it stands for
 * (what `-n` gives) and the text for people.
 */
import type { TagInput } from "../contracts.ts";

/** Values and their texts. A value that is not there prints as `Unknown (value)`. */
export type Lookup = Readonly<Record<string | number, string>>;

export interface Conversion {
  /** From what is stored to what it stands for; undefined leaves the tag out. */
  readonly value?: (raw: never) => TagInput | undefined;
  /** From what it stands for to text. */
  readonly print?: Lookup | ((value: never) => TagInput);
}

/** One tag of a directory: `[id, name, conversion]`. A bare lookup is a conversion with only that print. */
export type TagRow<Id = number> = readonly [id: Id, name: string, conversion?: Conversion | Lookup];

export interface TagTable<Id = number> {
  /** ExifTool's family 1 group, where the table has one of its own. */
  readonly group: string;
  readonly rows: readonly TagRow<Id>[];
}

/** A lookup as a print function. Hexadecimal where ExifTool prints unknown values so. */
export function lookup(table: Lookup, options: { hex?: boolean } = {}): (value: TagInput) => string {
  return (value) => {
    const text = table[String(value)];
    if (text !== undefined) return text;
    return `Unknown (${options.hex && typeof value === "number" ? `0x${value.toString(16)}` : String(value)})`;
  };
}

/** Bit names joined by ", "; bit n that has no name prints as `[n]`, no bit at all as `(none)`. */
export function bits(names: Readonly<Record<number, string>>): (value: number) => string {
  return (value) => {
    const set: string[] = [];
    for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) set.push(names[bit] ?? `[${bit}]`);
    return set.length === 0 ? "(none)" : set.join(", ");
  };
}

/** A number to `digits` significant digits, as C's `%.{digits}g` and back: rationals of 64 bits are given to 10, of 32 bits to 7. */
export function significant(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}

/** Exposure times: `1/250`, `0.5`, `30` (seconds). */
export function seconds(value: TagInput): TagInput {
  if (typeof value !== "number") return value;
  if (value > 0 && value < 0.25001) return `1/${Math.floor(0.5 + 1 / value)}`;
  return Number(value.toFixed(1));
}

/** A fixed number of decimals: `1.80` → `1.8` stays text as printf gives it. */
export function fixed(digits: number, unit = ""): (value: TagInput) => TagInput {
  return (value) => (typeof value === "number" && Number.isFinite(value) ? value.toFixed(digits) + unit : value);
}
