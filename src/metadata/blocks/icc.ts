/** ICC profiles: ICC.1:2022 sections 7 (header, tag table) and 10 (element types); versions 2 and 5 alike. Always big-endian. */

import { decodeText, untilNull } from "../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Block, Decoder, Findings, TagGroup, TagInput } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { dateTime, elementsOfTables, fixedPoint, header, profileTags, structures } from "../tables/icc.ts";
import type { Tag } from "../tables/row.ts";

const HEADER = 128;
/** Bytes of an element that are fetched with its neighbours; of a longer one only the head, which says its type. */
const SMALL = 4096;
/** Work of an element or a record, of one number, of three numbers as text, and of a character of a name. */
const [ELEMENT_STEPS, NUMBER_STEPS, TRIPLE_STEPS, NAME_STEPS] = [10, 2, 40, 2];
/** Numbers of one element that are given; a longer table is given as its length. */
const MOST_NUMBERS = 1 << 16;

interface Element {
  readonly signature: string;
  readonly data: ByteWindow;
  readonly size: number;
}

export const icc: Decoder<"icc"> = {
  kind: "icc",
  decode({ data }: Block, found: Findings): void {
    const available = data.size ?? 0;
    if (available < HEADER + 4) {
      found.warn("TRUNCATED", `a profile of ${available} bytes has no tag table`, 0);
      return;
    }
    data.need({ start: 0, end: HEADER + 4 });
    const length = data.u32(0);
    if (length !== available) found.warn("MALFORMED", `the profile says ${length} bytes and has ${available}`, 0);
    if (length < HEADER || available < length) return;
    const count = data.u32(HEADER);
    if (count < 1 || count >= 0x100 || HEADER + 4 + 12 * count > available) {
      found.warn("MALFORMED", `a tag table of ${count} entries`, HEADER);
      return;
    }
    found.numbered("icc");
    putFields(header.layout, data.sub(0, HEADER), found.tags.group(header.group));
    for (const element of elements(data, count, available, found)) {
      found.budget.step(ELEMENT_STEPS);
      decodeElement(element, found);
    }
  },
};

/** The elements that the tag table names, as far as they are known by name. */
function elements(data: ByteWindow, count: number, available: number, found: Findings): Element[] {
  const listed: Element[] = [];
  const wanted: ByteRange[] = [];
  data.need({ start: HEADER, end: HEADER + 4 + 12 * count });
  for (let index = 0; index < count; index++) {
    const at = HEADER + 4 + 12 * index;
    const signature = data.ascii(at, 4);
    const [offset, size] = [data.u32(at + 4), data.u32(at + 8)];
    if (profileTags.first(signature) === undefined && !structures.has(signature) && signature !== "meta") continue;
    if (offset + size > available) {
      found.warn("TRUNCATED", `element ${signature} ends past the profile`, at);
      break;
    }
    listed.push({ signature, data: data.sub(offset, size), size });
    if (isUnread(signature, size)) continue;
    wanted.push({ start: offset, end: offset + (size <= SMALL ? size : 16) });
  }
  data.need(wanted);
  return listed;
}

/** Elements that are given as their length without a look at them. */
function isUnread(signature: string, size: number): boolean {
  return profileTags.first(signature)?.isBinary === true || (size > SMALL && elementsOfTables.has(signature));
}

function decodeElement(element: Element, found: Findings): void {
  const { signature, data, size } = element;
  const tag = profileTags.first(signature);
  if (tag !== undefined && isUnread(signature, size)) {
    found.group("ICC_Profile").putRow(tag, { bytes: size });
    return;
  }
  const type = size > 4 ? data.ascii(0, 4) : "";
  if (tag !== undefined) {
    putElement(tag, type, element, found);
    return;
  }
  const structure = structures.get(signature);
  if (structure !== undefined) {
    if (structure.type === undefined || structure.type === type) putFields(structure.layout, data, found.tags.group(structure.group));
    else found.warn("MALFORMED", `element ${signature} is of type ${type}`);
    return;
  }
  if (type === "dict") dictionary(data, size, found);
  else found.warn("MALFORMED", `element meta is of type ${type}`);
}

function putElement(tag: Tag<string>, type: string, { signature, data, size }: Element, found: Findings): void {
  const group = found.group("ICC_Profile");
  if (type === "mluc") {
    if (size >= 28) localized(tag, data, size, group, found);
    return;
  }
  const value = elementValue(type, data, size, found);
  if (isLongTable(type, size)) found.warn("LIMIT_EXCEEDED", `element ${signature} holds more than ${MOST_NUMBERS} numbers`);
  group.putRow(tag, shown(tag, value ?? { bytes: size }));
}

function shown(tag: Tag<string>, raw: TagInput): TagInput {
  const value = tag.standsFor(raw, false) ?? raw;
  return typeof value === "string" && value.length > (tag.longest ?? value.length) ? { bytes: value.length } : value;
}

/** The value of an element of one of the simple types, ICC.1:2022 section 10; undefined for tables and curves. */
function elementValue(type: string, data: ByteWindow, size: number, found: Findings): TagInput | undefined {
  if (size < 8 || isLongTable(type, size)) return undefined;
  switch (type) {
    case "text":
      return text(data, 8, size - 8, found);
    case "desc": {
      if (size < 12 || size < 12 + data.u32(8)) return undefined;
      return untilNull(text(data, 12, data.u32(8), found));
    }
    case "data":
      return size >= 12 && data.u32(8) === 0 ? text(data, 12, size - 12, found) : undefined;
    case "sig ":
      return size >= 12 ? decodeText(data.bytes(8, 4), "utf-8") : undefined;
    case "dtim":
      return size >= 20 ? dateTime(numbers(data, 8, 6, "u16", found) as number[]) : undefined;
    case "clro": {
      if (size < 12 || size < 12 + data.u32(8)) return undefined;
      found.budget.step(data.u32(8));
      return [...data.bytes(12, data.u32(8))].map((byte) => (byte << 24) >> 24);
    }
    case "XYZ ":
      return triples(data, size, found);
    case "sf32":
      return numbers(data, 8, Math.floor((size - 8) / 4), "s15Fixed16", found);
    case "uf32":
      return numbers(data, 8, Math.floor((size - 8) / 4), "u16Fixed16", found);
    case "ui32":
      return numbers(data, 8, Math.floor((size - 8) / 4), "u32", found);
    case "ui64":
      return numbers(data, 8, Math.floor((size - 8) / 8), "u64", found);
    case "ui08":
      return numbers(data, 8, size - 8, "u8", found);
    default:
      return undefined;
  }
}

/** Bytes of a number in the types that are arrays of numbers. */
const arrayTypes: ReadonlyMap<string, number> = new Map([
  ["clro", 1],
  ["ui08", 1],
  ["XYZ ", 4],
  ["sf32", 4],
  ["uf32", 4],
  ["ui32", 4],
  ["ui64", 8],
]);

function isLongTable(type: string, size: number): boolean {
  const width = arrayTypes.get(type);
  return width !== undefined && size > MOST_NUMBERS * width;
}

function text(data: ByteWindow, at: number, length: number, found: Findings): string {
  const limit = found.budget.limits.textBytes;
  if (length > limit) found.warn("LIMIT_EXCEEDED", `a text of ${length} bytes is cut at ${limit}`, at);
  return decodeText(data.bytes(at, Math.min(length, limit)), "utf-8");
}

/** XYZNumbers: one is three numbers, several are text. */
function triples(data: ByteWindow, size: number, found: Findings): TagInput {
  if (size >= 20 && size < 32) return numbers(data, 8, 3, "s15Fixed16", found);
  const texts: string[] = [];
  for (let at = 8; at + 12 <= size; at += 12) {
    found.budget.step(TRIPLE_STEPS);
    texts.push((numbers(data, at, 3, "s15Fixed16", found) as number[]).join(" "));
  }
  return texts.join(", ");
}

const WIDTH = { u8: 1, u16: 2, u32: 4, u64: 8, s15Fixed16: 4, u16Fixed16: 4 } as const;

/** One number, or an array of several. */
function numbers(data: ByteWindow, at: number, count: number, format: keyof typeof WIDTH, found: Findings): TagInput {
  found.budget.step(NUMBER_STEPS * (1 + count));
  // Touched at once, so that a long array is one range.
  data.bytes(at, count * WIDTH[format]);
  const values: (number | bigint)[] = [];
  for (let index = 0; index < count; index++) values.push(number(data, at + index * WIDTH[format], format));
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}

function number(data: ByteWindow, at: number, format: keyof typeof WIDTH): number | bigint {
  switch (format) {
    case "u8":
      return data.u8(at);
    case "u16":
      return data.u16(at);
    case "u32":
      return data.u32(at);
    case "u64":
      return data.u64(at);
    case "s15Fixed16":
      return fixedPoint(data.i32(at));
    case "u16Fixed16":
      return fixedPoint(data.u32(at));
  }
}

/** multiLocalizedUnicodeType, section 10.15: `en-US` and what is no language have the plain name. */
function localized(tag: Tag<string>, data: ByteWindow, size: number, group: TagGroup, found: Findings): void {
  const { name } = tag;
  const [count, recordSize] = [data.u32(8), data.u32(12)];
  if (recordSize < 12) return;
  for (let index = 0; index < count; index++) {
    found.budget.step(ELEMENT_STEPS);
    const at = 16 + index * recordSize;
    const end = at + recordSize;
    const [length, offset] = end <= size ? [data.u32(at + 4), data.u32(at + 8)] : [0, size + 1];
    if (offset + length > size) {
      found.warn("MALFORMED", `${name}: record ${index} of ${count} lies outside`);
      return;
    }
    const code = /^([a-z]{2})([a-z]{2})$/i.exec(data.ascii(at, 4));
    const language = code === null ? "en-US" : `${code[1]?.toLowerCase()}-${code[2]?.toUpperCase()}`;
    const limit = found.budget.limits.textBytes;
    const text = shown(tag, untilNull(decodeText(data.bytes(offset, Math.min(length, limit)), "utf-16be")));
    if (language === "en-US") group.putRow(tag, text);
    else group.put(`${name}-${language}`, text, tag.print);
  }
}

/** dictType, section 10.7, in element `meta`: every name is a tag. */
function dictionary(data: ByteWindow, size: number, found: Findings): void {
  const group = found.tags.group("ICC-meta");
  if (size < 16) {
    found.warn("MALFORMED", "element meta is too short");
    return;
  }
  const [count, recordSize] = [data.u32(8), data.u32(12)];
  if (recordSize < 16) {
    found.warn("MALFORMED", `element meta has records of ${recordSize} bytes`);
    return;
  }
  const first = 16 + recordSize * count;
  for (let index = 0; index < count; index++) {
    found.budget.step(ELEMENT_STEPS);
    const at = 16 + recordSize * index;
    if (at + recordSize > size) {
      found.warn("TRUNCATED", "element meta ends within its records");
      return;
    }
    const [nameAt, nameLength, valueAt, valueLength] = [data.u32(at), data.u32(at + 4), data.u32(at + 8), data.u32(at + 12)];
    if (nameAt === 0 || valueAt === 0) continue;
    if (nameAt < first || nameAt + nameLength > size || valueAt < first || valueAt + valueLength > size) {
      found.warn("MALFORMED", `element meta: record ${index} lies outside`);
      return;
    }
    const written = untilNull(decodeText(data.bytes(nameAt, Math.min(nameLength, 512)), "utf-16be"));
    found.budget.step(NAME_STEPS * written.length);
    const name = tagName(written);
    const limit = found.budget.limits.textBytes;
    if (name !== "") group.put(name, untilNull(decodeText(data.bytes(valueAt, Math.min(valueLength, limit)), "utf-16be")));
  }
}

/** A name as a tag name: words joined in camel case, other characters left out. */
function tagName(name: string): string {
  return (name.charAt(0).toUpperCase() + name.slice(1))
    .replace(/\s(\S)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/[^-\w]/g, "");
}
