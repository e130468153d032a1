/** Values of tags as the summary gives them: typed, and undefined if the file does not say them. */
import type { TagValue } from "../../record/types.ts";
import type { Sink } from "../sink.ts";
import type { Place } from "./place.ts";

/** A longer text is not looked at for numbers. */
const MAX_NUMBERS_CHARACTERS = 1000;

/** How numbers print that are none: rationals, in XMP too, then floats. */
const NO_NUMBERS: ReadonlySet<string> = new Set(["undef", "inf", "-inf", "0/0", "NaN", "Inf", "-Inf"]);

/** The first value of these tags that `take` accepts. */
export function first<T>(tags: Sink, from: readonly Place[], take: (value: TagValue | undefined) => T | undefined): T | undefined {
  for (const place of from) {
    const value = take(tags.get(place)) ?? (place.hasLanguages ? take(tags.inOtherLanguage(place)) : undefined);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Text without white space around it. Several numbers are one text; of several texts the first is taken. */
export function text(value: TagValue | undefined): string | undefined {
  if (Array.isArray(value)) return value.every((item) => typeof item === "number") ? text(value.join(" ")) : text(value[0]);
  if (typeof value === "number") return String(value);
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" || isNoNumber(trimmed) ? undefined : trimmed;
}

/** True if a text is of numbers, and one of them is none: a text tag of another type, that says nothing. */
function isNoNumber(text: string): boolean {
  if (text.length > MAX_NUMBERS_CHARACTERS || !/undef|inf|0\/0|NaN|Inf/.test(text)) return false;
  const words = text.split(" ");
  return words.some((word) => NO_NUMBERS.has(word)) && words.every((word) => NO_NUMBERS.has(word) || !Number.isNaN(Number(word)));
}

export function number(value: TagValue | undefined): number | undefined {
  if (Array.isArray(value)) return number(value[0]);
  if (typeof value === "string" && /^[+-]?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function positive(value: TagValue | undefined): number | undefined {
  const measured = number(value);
  return measured !== undefined && measured > 0 ? measured : undefined;
}

/** Names of persons or things: Exif and Windows separate them by `;`. */
export function names(value: TagValue | undefined): string[] | undefined {
  const parts = Array.isArray(value) ? value : typeof value === "string" ? value.split(";") : [];
  const found = parts.map((part) => text(part)).filter((part) => part !== undefined);
  return found.length === 0 ? undefined : [...new Set(found)];
}
