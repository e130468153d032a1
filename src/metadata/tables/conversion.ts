/**
 * What tag tables are made of. Three things stay apart: the value as the file stores it, the value it stands for
 * (what `-n` gives) and the text for people.
 */
import { decimals } from "../bytes/numbers.ts";
import type { TagGroup, TagInput, TagOptions } from "../contracts.ts";

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

/** The text that a table itself has for a key; a file may name `constructor`, which every object inherits. */
export function textFor(table: Lookup, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A lookup as a print function. Hexadecimal where ExifTool prints unknown values so. */
export function lookup(table: Lookup, options: { hex?: boolean } = {}): (value: TagInput) => string {
  return (value) => {
    const texts = textsOf(table);
    if (typeof value === "number") {
      const text = texts.get(value);
      if (text !== undefined) return text;
    }
    // Several numbers are looked up together: `2 1`.
    const key = Array.isArray(value) ? value.join(" ") : String(value);
    return texts.get(key) ?? `Unknown (${options.hex && typeof value === "number" ? `0x${value.toString(16)}` : key})`;
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

/** Puts one tag as its conversion, or a bare lookup, says. */
export function putConverted(group: TagGroup, name: string, raw: TagInput, conversion?: Conversion | Lookup, options?: TagOptions): void {
  const { value, print } = conversion === undefined || isConversion(conversion) ? (conversion ?? {}) : { print: conversion };
  const stored = value === undefined ? raw : value(raw as never);
  if (stored !== undefined) group.put(name, stored, typeof print === "object" ? lookup(print) : print, options);
}

function isConversion(conversion: Conversion | Lookup): conversion is Conversion {
  return "value" in conversion || "print" in conversion;
}

/** Bit names joined by ", "; bit n that has no name prints as `[n]`, no bit at all as `(none)`. */
export function bits(names: Readonly<Record<number, string>>): (value: number) => string {
  return (value) => {
    const set: string[] = [];
    for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) set.push(names[bit] ?? `[${bit}]`);
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
