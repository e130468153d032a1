/**
 * Keeps a record below its limit of bytes as JSON, so that any store and any message takes it. The largest texts and lists are cut
 * first, all to the same length; only if that is not enough are tags and fields of the summary left out, the largest first.
 */
import type { ImageContent, Summary, TagValue } from "../record/types.ts";
import { safeJson } from "../record/visible.ts";

/** What the content is cut to leaves room for what storage says of the object. */
const OBJECT_BYTES = 64 << 10;
/** Content that took no more memory than this part of the limit cannot be longer than the limit. */
const CERTAIN = 16;
/** Texts and lists with at most this many bytes of JSON stay whole. */
const MIN_CUT_BYTES = 256;

export interface Cuts {
  /** `group:name` of what was cut, and of what was left out. */
  readonly cut: readonly string[];
  readonly omitted: readonly string[];
}

/** `content` cut to `limit` bytes, and what was cut; undefined if nothing need be. `kept` is the memory that its tags took. */
export function fitRecord(content: ImageContent, limit: number, kept: number): { content: ImageContent; cuts: Cuts } | undefined {
  const warned = content.warnings.reduce((length, { message }) => length + message.length, 0);
  if ((kept + 2 * warned) * CERTAIN <= limit) return undefined;
  const most = limit - OBJECT_BYTES;
  const sizes: number[] = [];
  const excess = jsonBytes(content, sizes) - most;
  if (excess <= 0) return undefined;
  const level = levelFor(sizes, excess);
  const cut: string[] = [];
  const shortened: ImageContent = {
    ...content,
    summary: shortFields(content.summary as Values, level, (field) => cut.push(`summary:${field}`)) as Summary,
    tags: Object.fromEntries(
      Object.entries(content.tags).map(([group, tags]) => [group, shortFields(tags, level, (name) => cut.push(`${group}:${name}`))]),
    ),
  };
  const omitted = largest(shortened, jsonBytes(shortened) - most);
  return { content: omitted.size === 0 ? shortened : without(shortened, omitted), cuts: { cut, omitted: [...omitted] } };
}

type Values = Readonly<Record<string, TagValue>>;

/**
 * UTF-8 bytes of the JSON text, which is not made: it may have many times the bytes that are left of it.
 * `sizes` gets those of all texts and lists that may be cut.
 */
function jsonBytes(value: unknown, sizes?: number[]): number {
  if (typeof value === "string") return sized(textBytes(value), sizes);
  if (typeof value !== "object" || value === null) return String(value).length;
  let bytes = 2;
  if (Array.isArray(value)) {
    const isWhole = sizes !== undefined && isCut(value);
    for (const item of value) bytes += 1 + jsonBytes(item, isWhole ? undefined : sizes);
    return isWhole ? sized(bytes, sizes) : bytes;
  }
  for (const [name, field] of Object.entries(value)) if (field !== undefined) bytes += 2 + textBytes(name) + jsonBytes(field, sizes);
  return bytes;
}

function sized(bytes: number, sizes: number[] | undefined): number {
  if (bytes > MIN_CUT_BYTES) sizes?.push(bytes);
  return bytes;
}

function textBytes(text: string): number {
  bytesOfUnits ??= Uint8Array.from({ length: 0x10000 }, (_, unit) => bytesOfUnit(unit));
  let bytes = 2;
  for (let i = 0; i < text.length; i++) bytes += bytesOfUnits[text.charCodeAt(i)] as number;
  return bytes;
}

/** Made for the first record that may be too long. */
let bytesOfUnits: Uint8Array | undefined;

/** A character that output escapes, such as a bidirectional control, counts as its escape. */
function bytesOfUnit(unit: number): number {
  // Of a pair of surrogates, which has four.
  if (unit >= 0xd800 && unit < 0xe000) return 2;
  const text = safeJson(String.fromCharCode(unit));
  // An escape is ASCII.
  if (text.length > 3 || unit < 0x80) return text.length - 2;
  return unit < 0x800 ? 2 : 3;
}

/** Texts and lists of plain values are cut; what holds them is not. */
function isCut(value: TagValue): value is string | TagValue[] {
  if (typeof value === "string") return true;
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

/** `group:name` of the largest tags, and `summary:field` of the largest fields, which together have at least `excess` bytes. */
function largest({ summary, tags }: ImageContent, excess: number): Set<string> {
  const names = new Set<string>();
  if (excess <= 0) return names;
  const all = [["summary", summary as Values] as const, ...Object.entries(tags)].flatMap(([group, values]) => {
    const fields = Object.entries(values);
    // The last tag of a group takes the group's name with it.
    const groupBytes = fields.length === 1 ? jsonBytes(group) : 0;
    return fields.map(([name, value]) => ({ name: `${group}:${name}`, bytes: groupBytes + jsonBytes(name) + jsonBytes(value) + 2 }));
  });
  let left = excess;
  for (const { name, bytes } of all.sort((a, b) => b.bytes - a.bytes)) {
    if (left <= 0) break;
    names.add(name);
    left -= bytes;
  }
  return names;
}

function without(content: ImageContent, omitted: ReadonlySet<string>): ImageContent {
  const rest = (group: string, values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !omitted.has(`${group}:${name}`)));
  const tags = Object.entries(content.tags).map(([group, values]) => [group, rest(group, values)] as const);
  return {
    ...content,
    summary: rest("summary", content.summary as Values) as Summary,
    // A group that has nothing left has a name all the same, which may be long.
    tags: Object.fromEntries(tags.filter(([, values]) => Object.keys(values).length > 0)),
  };
}
