/**
 * Keeps a record below its limit of bytes as JSON, so that any store and any message takes it. The largest texts and lists are cut
 * first, all to the same length; only if that is not enough are tags left out, the largest first.
 */
import type { ImageContent, TagValue } from "../record/types.ts";

/** What the content is cut to leaves room for what storage says of the object. */
const OBJECT_BYTES = 64 << 10;
/** Content that took no more memory than this part of the limit cannot be longer than the limit. */
const CERTAIN = 16;
/** Texts and lists whose JSON is no longer than this stay whole. */
const MIN_CUT_BYTES = 256;

export interface Cuts {
  /** `group:name` of what was cut, and of what was left out. */
  readonly cut: readonly string[];
  readonly omitted: readonly string[];
}

/** Cuts `content` in place to `limit` bytes. `kept` is the memory that it took. Undefined if nothing was cut. */
export function fitRecord(content: ImageContent, limit: number, kept: number): Cuts | undefined {
  if (kept * CERTAIN <= limit) return undefined;
  const most = limit - OBJECT_BYTES;
  const excess = jsonBytes(content) - most;
  if (excess <= 0) return undefined;
  const places = placesIn(content);
  const level = levelFor(
    places.map(({ bytes }) => bytes),
    excess,
  );
  const cut = new Set<string>();
  for (const place of places) {
    if (place.bytes <= level) continue;
    shorten(place, level);
    cut.add(place.name);
  }
  return { cut: [...cut], omitted: leaveOut(content, jsonBytes(content) - most) };
}

/** UTF-8 bytes of the JSON text. A character that output escapes, such as a bidirectional control, counts as its escape. */
function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  const escaped = text.match(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g)?.length ?? 0;
  return Buffer.byteLength(text) + 4 * escaped;
}

/** A text, or a list of plain values, and where it stands. */
interface Place {
  readonly name: string;
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly bytes: number;
}

function placesIn(content: ImageContent): Place[] {
  const places: Place[] = [];
  const visit = (holder: Record<string | number, unknown>, key: string | number, name: string): void => {
    const value = holder[key];
    if (typeof value === "string" || isPlainList(value)) {
      const bytes = jsonBytes(value);
      if (bytes > MIN_CUT_BYTES) places.push({ name, holder, key, bytes });
    } else if (typeof value === "object" && value !== null) {
      for (const inner of Object.keys(value)) visit(value as Record<string, unknown>, inner, name);
    }
  };
  for (const field of Object.keys(content.summary)) visit(content.summary as Record<string, unknown>, field, `summary:${field}`);
  for (const [group, tags] of Object.entries(content.tags)) for (const name of Object.keys(tags)) visit(tags, name, `${group}:${name}`);
  return places;
}

function isPlainList(value: unknown): value is TagValue[] {
  return (
    Array.isArray(value) && value.every((item) => typeof item !== "object" && (typeof item !== "string" || item.length <= MIN_CUT_BYTES))
  );
}

/** The length to which all longer ones are cut, so that `excess` bytes go; the least that they are cut to if that is not enough. */
function levelFor(sizes: readonly number[], excess: number): number {
  const falling = sizes.toSorted((a, b) => b - a);
  let sum = 0;
  for (const [i, size] of falling.entries()) {
    sum += size;
    const level = Math.floor((sum - excess) / (i + 1));
    if (level >= (falling[i + 1] ?? 0)) return Math.max(MIN_CUT_BYTES, level);
  }
  return MIN_CUT_BYTES;
}

/** Cuts by the share of its bytes: what is left may be a little shorter or, of uneven text, be cut once more. */
function shorten({ holder, key, bytes }: Place, most: number): void {
  let value = holder[key] as string | TagValue[];
  for (let size = bytes; size > most; size = jsonBytes(value)) {
    const length = Math.max(0, Math.floor(value.length * (most / size)) - 1);
    value = typeof value === "string" ? value.slice(0, length).toWellFormed() : value.slice(0, length);
  }
  holder[key] = value;
}

/** Leaves out the largest tags until `excess` bytes are gone. */
function leaveOut(content: ImageContent, excess: number): string[] {
  if (excess <= 0) return [];
  const all = Object.entries(content.tags).flatMap(([group, tags]) =>
    Object.entries(tags).map(([name, value]) => ({ tags, group, name, bytes: jsonBytes(name) + jsonBytes(value) + 2 })),
  );
  const omitted: string[] = [];
  let left = excess;
  for (const { tags, group, name, bytes } of all.sort((a, b) => b.bytes - a.bytes)) {
    if (left <= 0) break;
    delete tags[name];
    omitted.push(`${group}:${name}`);
    left -= bytes;
  }
  return omitted;
}
