/** How values become texts for people: lookups, bit masks, numbers, durations. */
import { decimals } from "../bytes/numbers.ts";
import { withoutEnd } from "../bytes/text.ts";
import type { TagInput } from "../contracts.ts";

/** Values and their texts. A value that is not there prints as `Unknown (value)`. */
export type Lookup = Readonly<Record<string | number, string>>;

/** More numbers than these are not a mask. */
const MAX_BIT_NUMBERS = 64;

/** The text that a table itself has for a key; a file may name `constructor`, which every object inherits. */
export function textFor(table: Lookup, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A number as C's `%.15g` writes it; infinite and undefined rationals as ExifTool names them, floats as Perl does. */
export function numberText(value: TagInput, isFloat = false): string {
  if (typeof value !== "number") return Array.isArray(value) ? value.map((one) => numberText(one, isFloat)).join(" ") : String(value);
  if (Number.isNaN(value)) return isFloat ? "NaN" : "undef";
  if (!Number.isFinite(value)) return isFloat ? (value < 0 ? "-Inf" : "Inf") : "inf";
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15)) return String(value);
  const [digits = "", power = ""] = value.toExponential(14).split("e");
  const shortest = digits.includes(".") ? withoutEnd(withoutEnd(digits, "0"), ".") : digits;
  return `${shortest}e${power.replace(/^([+-])(\d)$/, "$10$2")}`;
}

/** What stands between the blanks of a value's text: its values, if they are numbers. */
export function words(value: TagInput): string[] {
  return numberText(value)
    .split(" ")
    .filter((word) => word !== "");
}

/** The number that a value's text begins with; 0 if there is none, as in Perl. */
export function leadingNumber(value: TagInput): number {
  const first = Array.isArray(value) ? value[0] : value;
  return (typeof first === "number" ? first : Number.parseFloat(String(first))) || 0;
}

/** A lookup as a print function. Integers are hexadecimal if ExifTool prints unknown ones so. */
export function lookup(table: Lookup, options: { hex?: boolean } = {}): (value: TagInput) => string {
  return (value) => {
    const texts = textsOf(table);
    if (typeof value === "number") {
      const text = texts.get(value);
      if (text !== undefined) return text;
    }
    // Several numbers are looked up together: `2 1`.
    const key = numberText(value);
    return texts.get(key) ?? `Unknown (${options.hex && Number.isSafeInteger(value) ? hexadecimal(value as number) : key})`;
  };
}

const mapOf = new WeakMap<Lookup, ReadonlyMap<string | number, string>>();

/** By their keys as text and, if they are numbers, as numbers. */
function textsOf(table: Lookup): ReadonlyMap<string | number, string> {
  const before = mapOf.get(table);
  if (before !== undefined) return before;
  const texts = new Map<string | number, string>();
  mapOf.set(table, texts);
  for (const [key, text] of Object.entries(table)) {
    texts.set(key, text);
    if (String(Number(key)) === key) texts.set(Number(key), text);
  }
  return texts;
}

/** Negative ones have 64 bits. */
function hexadecimal(integer: number): string {
  return `0x${(integer < 0 ? BigInt.asUintN(64, BigInt(integer)) : integer).toString(16)}`;
}

/** Bit names joined by ", "; bit n that has no name prints as `[n]`, no bit at all as `(none)`. Each of several numbers has 32 bits. */
export function bits(names: Readonly<Record<number, string>>): (value: TagInput) => string {
  return (value) => {
    const set: string[] = [];
    for (const [i, number] of words(value).slice(0, MAX_BIT_NUMBERS).entries()) {
      const mask = leadingNumber(number);
      for (let bit = 0; bit < 32; bit++) if ((mask >>> bit) & 1) set.push(names[32 * i + bit] ?? `[${32 * i + bit}]`);
    }
    return set.length === 0 ? "(none)" : set.join(", ");
  };
}

/** Exposure times: `1/250`, `0.5`, `30` (seconds). */
export function seconds(value: TagInput): TagInput {
  if (typeof value !== "number") return value;
  if (value > 0 && value < 0.25001) return `1/${Math.floor(0.5 + 1 / value)}`;
  return Number.isFinite(value) ? Number(decimals(value, 1)) : value;
}

/** Seconds as people read them: `0 s`, `12.34 s`, `1:02:03`, `2 days 1:02:03`. */
export function duration(time: number): string {
  if (time === 0) return "0 s";
  const sign = time < 0 ? "-" : "";
  const seconds = Math.abs(time);
  if (seconds < 30) return `${sign}${seconds.toFixed(2)} s`;
  const whole = Math.floor(seconds + 0.5);
  const hours = Math.floor(whole / 3600);
  const days = hours > 24 ? Math.floor(hours / 24) : 0;
  const two = (part: number) => String(part).padStart(2, "0");
  const clock = `${hours - days * 24}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return `${sign}${days > 0 ? `${days} days ` : ""}${clock}`;
}
