/**
 * Values of XMP (ISO 16684-1:2019 section 6.3): simple ones, arrays and structures, put together from where each simple value
 * stands, and given as they are stored and as people read them. Source of the rules: ExifTool 13.59 XMPStruct.pl.
 */
import type { TagValue } from "../../../record/types.ts";
import type { TagInput } from "../../contracts.ts";
import { lookup } from "../conversion.ts";
import { exifDate, exifDateTime, numberOrText, quotient } from "./conversions.ts";
import type { XmpConversion } from "./fields.ts";

export const PLAIN: XmpConversion = {};
/** A conversion made for a name that no table has. */
export const UNKNOWN: XmpConversion = { low: true };
export const UNKNOWN_LANG_ALT: XmpConversion = { low: true, type: "lang-alt" };

export interface Leaf {
  readonly kind: "leaf";
  readonly stored: TagInput;
  readonly conversion: XmpConversion;
}

interface List {
  readonly kind: "list";
  readonly items: Slot[];
}

interface Structure {
  readonly kind: "structure";
  readonly fields: Map<string, Slot>;
}

export type Node = Leaf | List | Structure;

/** A place for a value, in a tag, an array or a structure. */
export interface Slot {
  node: Node | undefined;
}

/** The slot of a field; undefined if another value than a structure stands here. */
export function fieldSlot(slot: Slot, key: string): Slot | undefined {
  const structure = compound(slot, "structure");
  if (structure === undefined) return undefined;
  let field = structure.fields.get(key);
  if (field === undefined) {
    field = { node: undefined };
    structure.fields.set(key, field);
  }
  return field;
}

/** The slot of an array's item; undefined if another value than an array stands here. */
export function itemSlot(slot: Slot, index: number): Slot | undefined {
  const list = compound(slot, "list");
  if (list === undefined) return undefined;
  while (list.items.length <= index) list.items.push({ node: undefined });
  return list.items[index];
}

/** False if two values would share a place: the first stays, but the last of an array's item. */
export function fill(slot: Slot, leaf: Leaf, isItem: boolean): boolean {
  if (slot.node === undefined || (slot.node.kind === "leaf" && (isItem || slot.node.stored === ""))) {
    slot.node = leaf;
    return true;
  }
  return leaf.stored === "";
}

/** The array or structure that a place holds, made if it holds nothing or an empty value; undefined if it holds another. */
function compound<K extends "list" | "structure">(slot: Slot, kind: K): Extract<Node, { kind: K }> | undefined {
  const { node } = slot;
  if (node === undefined || (node.kind === "leaf" && node.stored === "")) {
    slot.node = kind === "list" ? { kind: "list", items: [] } : { kind: "structure", fields: new Map() };
  }
  return slot.node?.kind === kind ? (slot.node as Extract<Node, { kind: K }>) : undefined;
}

/** What the text stands for. */
export function standsFor(text: string, conversion: XmpConversion): TagInput {
  if (conversion.value !== undefined) return conversion.value(text);
  switch (conversion.type) {
    case "integer":
    case "real":
      return numberOrText(text);
    case "rational":
      return quotient(text) ?? numberOrText(text);
    case "date":
      return exifDate(text);
    case "boolean":
      return truth(text) ?? text;
    case "binary":
      return Buffer.from(text);
    case "lang-alt":
      return conversion === UNKNOWN_LANG_ALT ? unknownValue(text) : text;
    default:
      return conversion === UNKNOWN ? unknownValue(text) : text;
  }
}

/** Fractions, dates and truth values are known by their looks if no table says what the text is. */
function unknownValue(text: string): TagInput {
  const first = text.charCodeAt(0);
  // Neither a digit, a minus sign, `t` nor `f`, as most texts.
  if (!(first === 0x2d || (first >= 0x30 && first <= 0x39) || (first | 0x20) === 0x74 || (first | 0x20) === 0x66)) {
    return text.length > 65_536 ? Buffer.from(text) : text;
  }
  return quotient(text) ?? exifDateTime(text) ?? truth(text) ?? (text.length > 65_536 ? Buffer.from(text) : text);
}

function truth(text: string): boolean | undefined {
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
}

export function stored(node: Node, conversion: XmpConversion): TagInput {
  if (conversion.joined && node.kind !== "structure") {
    const text = joined(node);
    if (conversion.value !== undefined) return conversion.value(text);
    const parts = text.split(" ").map(numberOrText);
    return parts.length > 1 && parts.every((part) => typeof part === "number") ? parts : numberOrText(text);
  }
  return node.kind === "leaf" ? node.stored : map(node, storedLeaf);
}

const storedLeaf = ({ stored }: Leaf): TagInput => stored;

function printedLeaf({ stored, conversion: { print } }: Leaf): TagInput {
  if (print === undefined) return stored;
  if (typeof print === "function") return print(stored);
  return lookup(print)(stored === true ? "True" : stored === false ? "False" : stored);
}

export function printed(node: Node, conversion: XmpConversion): TagInput {
  if (conversion.joined && node.kind !== "structure") {
    const { print, value } = conversion;
    const text = joined(node);
    if (typeof print === "function") return print(value === undefined ? text : value(text));
    return print === undefined ? stored(node, conversion) : lookup(print)(text);
  }
  return map(node, printedLeaf);
}

/** Does it read otherwise for people? */
export function hasPrint(node: Node, conversion: XmpConversion): boolean {
  return node.kind === "structure" || conversion.structure !== undefined || conversion.print !== undefined;
}

function joined(node: Node): string {
  if (node.kind === "leaf") return String(node.stored);
  return node.kind === "list" ? node.items.map((item) => (item.node === undefined ? "" : joined(item.node))).join(" ") : "";
}

function map(node: Node, value: (leaf: Leaf) => TagInput): TagInput {
  switch (node.kind) {
    case "leaf":
      return value(node);
    case "list": {
      const items: TagInput[] = [];
      for (const item of node.items) items.push(item.node === undefined ? "" : map(item.node, value));
      return items;
    }
    case "structure": {
      const fields: [string, TagValue][] = [];
      for (const [key, { node: field }] of node.fields) fields.push([key, inStructure(field === undefined ? "" : map(field, value))]);
      return Object.fromEntries(fields);
    }
  }
}

function inStructure(value: TagInput): TagValue {
  return (value instanceof Uint8Array ? { bytes: value.length } : value) as TagValue;
}
