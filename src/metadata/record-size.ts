/**
 * Keeps a record below its limit of bytes as JSON, so that any store and any message takes it. The largest texts and lists are cut
 * first, all to the same length; only if that is not enough are tags left out, the largest first.
 */
import type { ImageContent, Summary, TagValue } from "../record/types.ts";

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

/** `content` cut to `limit` bytes, and what was cut; undefined if nothing need be. `kept` is the memory that the content took. */
export function fitRecord(content: ImageContent, limit: number, kept: number): { content: ImageContent; cuts: Cuts } | undefined {
  if (kept * CERTAIN <= limit) return undefined;
  const most = limit - OBJECT_BYTES;
  const excess = jsonBytes(content) - most;
  if (excess <= 0) return undefined;
  const sizes: number[] = [];
  measure(content.summary as Values, sizes);
  for (const tags of Object.values(content.tags)) measure(tags, sizes);
  const level = levelFor(sizes, excess);
  const cut: string[] = [];
  const shortened: ImageContent = {
    ...content,
    summary: shortFields(content.summary as Values, level, (field) => cut.push(`summary:${field}`)) as Summary,
    tags: Object.fromEntries(
      Object.entries(content.tags).map(([group, tags]) => [group, shortFields(tags, level, (name) => cut.push(`${group}:${name}`))]),
    ),
  };
  const omitted = largestTags(shortened, jsonBytes(shortened) - most);
  return { content: omitted.size === 0 ? shortened : without(shortened, omitted), cuts: { cut, omitted: [...omitted] } };
}

type Values = Readonly<Record<string, TagValue>>;

/** UTF-8 bytes of the JSON text. A character that output escapes, such as a bidirectional control, counts as its escape. */
function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  const escaped = text.match(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g)?.length ?? 0;
  return Buffer.byteLength(text) + 4 * escaped;
}

/** Texts and lists of plain values are cut; what holds them is not. */
function isCut(value: TagValue): value is string | TagValue[] {
  if (typeof value === "string") return true;
  return (
    Array.isArray(value) && value.every((item) => typeof item !== "object" && (typeof item !== "string" || item.length <= MIN_CUT_BYTES))
  );
}

/** Adds the sizes of all texts and lists that may be cut. */
function measure(values: Values | readonly TagValue[], sizes: number[]): void {
  for (const value of Object.values(values) as TagValue[]) {
    if (isCut(value)) {
      const bytes = jsonBytes(value);
      if (bytes > MIN_CUT_BYTES) sizes.push(bytes);
    } else if (typeof value === "object") measure(value as Values | TagValue[], sizes);
  }
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

function shortFields(values: Values, most: number, onCut: (name: string) => void): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const short = shortValue(value, most);
      if (short !== value) onCut(name);
      return [name, short];
    }),
  );
}

/** The same value if nothing in it is longer than `most` bytes. */
function shortValue(value: TagValue, most: number): TagValue {
  if (typeof value !== "object" && typeof value !== "string") return value;
  if (isCut(value)) return shortened(value, most);
  if (Array.isArray(value)) {
    const items = value.map((item) => shortValue(item, most));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  let isWhole = true;
  const fields = shortFields(value as Values, most, () => {
    isWhole = false;
  });
  return isWhole ? value : fields;
}

/** Cuts by the share of its bytes; text that is uneven may be cut more than once. */
function shortened(whole: string | TagValue[], most: number): string | TagValue[] {
  let value = whole;
  for (let size = jsonBytes(value); size > Math.max(most, MIN_CUT_BYTES); size = jsonBytes(value)) {
    const length = Math.max(0, Math.floor(value.length * (most / size)) - 1);
    value = typeof value === "string" ? value.slice(0, length).toWellFormed() : value.slice(0, length);
  }
  return value;
}

/** `group:name` of the largest tags, which together have at least `excess` bytes. */
function largestTags({ tags }: ImageContent, excess: number): Set<string> {
  const names = new Set<string>();
  if (excess <= 0) return names;
  const all = Object.entries(tags).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => ({ name: `${group}:${name}`, bytes: jsonBytes(name) + jsonBytes(value) + 2 })),
  );
  let left = excess;
  for (const { name, bytes } of all.sort((a, b) => b.bytes - a.bytes)) {
    if (left <= 0) break;
    names.add(name);
    left -= bytes;
  }
  return names;
}

function without(content: ImageContent, omitted: ReadonlySet<string>): ImageContent {
  const kept = Object.entries(content.tags).map(([group, values]): [string, Values] => [
    group,
    Object.fromEntries(Object.entries(values).filter(([name]) => !omitted.has(`${group}:${name}`))),
  ]);
  return { ...content, tags: Object.fromEntries(kept) };
}
