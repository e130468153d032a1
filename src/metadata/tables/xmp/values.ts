/**
 * Values of XMP (ISO 16684-1:2019 section 6.3): simple ones, arrays and structures, put together from where each simple value
 * stands, and given as they are stored and as people read them. Source of the rules: ExifTool 13.59 XMPStruct.pl.
 */

import type { TagValue } from "../../../record/types.ts";
import { encodeUtf8 } from "../../bytes/text.ts";
import type { TagInput } from "../../contracts.ts";
import { exifDate, exifDateTime, numberOrText, quotient } from "./conversions.ts";
import { type Field, UNKNOWN, UNKNOWN_LANG_ALT } from "./field.ts";

export interface Leaf {
  readonly kind: "leaf";
  readonly stored: TagInput;
  readonly field: Field;
}

interface List {
  readonly kind: "list";
  readonly items: Slot[];
}

interface Structure {
  readonly kind: "structure";
  readonly names: string[];
  readonly slots: Slot[];
  /** Made for a structure of many fields. */
  index: Map<string, number> | undefined;
}

/** Fields that are found one by one. */
const FEW_FIELDS = 12;

export type Node = Leaf | List | Structure;

/** A place for a value, in a tag, an array or a structure. */
export interface Slot {
  node: Node | undefined;
}

/** The slot of a field; undefined if another value than a structure stands here. */
export function fieldSlot(of: Slot, key: string): Slot | undefined {
  const structure = compound(of, "structure");
  if (structure === undefined) return undefined;
  const { names, slots, index } = structure;
  if (index === undefined) {
    for (let i = 0; i < names.length; i++) if (names[i] === key) return slots[i];
  } else {
    const at = index.get(key);
    if (at !== undefined) return slots[at];
  }
  const slot = { node: undefined };
  names.push(key);
  slots.push(slot);
  if (index !== undefined) index.set(key, names.length - 1);
  else if (names.length > FEW_FIELDS) structure.index = new Map(names.map((name, i) => [name, i]));
  return slot;
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
    slot.node = kind === "list" ? { kind: "list", items: [] } : { kind: "structure", names: [], slots: [], index: undefined };
  }
  return slot.node?.kind === kind ? (slot.node as Extract<Node, { kind: K }>) : undefined;
}

/** What the text stands for. */
export function standsFor(text: string, field: Field): TagInput {
  if (field.value !== undefined) return field.value(text);
  switch (field.type) {
    case undefined:
      return field === UNKNOWN ? unknownValue(text) : text;
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
      return encodeUtf8(text);
    case "lang-alt":
      return field === UNKNOWN_LANG_ALT ? unknownValue(text) : text;
  }
}

/** Fractions, dates and truth values are known by their looks if no table says what the text is. */
function unknownValue(text: string): TagInput {
  const first = text.charCodeAt(0);
  // Neither a digit, a minus sign, `t` nor `f`, as most texts.
  if (!(first === 0x2d || (first >= 0x30 && first <= 0x39) || (first | 0x20) === 0x74 || (first | 0x20) === 0x66)) {
    return text.length > 65_536 ? encodeUtf8(text) : text;
  }
  return quotient(text) ?? exifDateTime(text) ?? truth(text) ?? (text.length > 65_536 ? encodeUtf8(text) : text);
}

function truth(text: string): boolean | undefined {
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
}

export function stored(node: Node, field: Field): TagInput {
  if (field.isJoined && node.kind !== "structure") {
    const text = joined(node);
    if (field.value !== undefined) return field.value(text);
    const parts = text.split(" ").map(numberOrText);
    return parts.length > 1 && parts.every((part) => typeof part === "number") ? parts : numberOrText(text);
  }
  return node.kind === "leaf" ? node.stored : map(node, storedLeaf);
}

const storedLeaf = ({ stored }: Leaf): TagInput => stored;

function printedLeaf({ stored, field: { print } }: Leaf): TagInput {
  if (print === undefined) return stored;
  return print(stored);
}

function printed(node: Node, field: Field): TagInput {
  if (field.isJoined && node.kind !== "structure") {
    const { print, value } = field;
    const text = joined(node);
    if (print === undefined) return stored(node, field);
    return print(value === undefined ? text : value(text));
  }
  return map(node, printedLeaf);
}

/** How the value is printed; undefined if it reads the same for people. */
export function printOf(node: Node, field: Field): ((stored: TagInput) => TagInput) | undefined {
  if (node.kind === "leaf" && !field.isJoined) return node.field.print;
  return node.kind === "structure" || field.isStructure || field.print !== undefined ? () => printed(node, field) : undefined;
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
      const { names, slots } = node;
      for (let i = 0; i < names.length; i++) {
        const field = slots[i]?.node;
        fields.push([names[i] as string, inStructure(field === undefined ? "" : map(field, value))]);
      }
      return Object.fromEntries(fields);
    }
  }
}

function inStructure(value: TagInput): TagValue {
  return (value instanceof Uint8Array ? { bytes: value.length } : value) as TagValue;
}
