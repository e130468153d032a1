/**
 * XMP packets (ISO 16684-1:2019 section 7.3): from bytes to properties to tags. Names, groups and values are those of
 * ExifTool 13.59 (XMP.pm, XMPStruct.pl) with structures: known namespaces by their tables, all else by its rules.
 */
import { isUtf8 } from "node:buffer";
import type { TagValue } from "../../record/types.ts";
import { decodeText } from "../bytes/text.ts";
import type { Block, Decoder, Findings, TagInput } from "../contracts.ts";
import { type RdfProperty, rdfContent } from "../structures/rdf.ts";
import { parseXml } from "../structures/xml.ts";
import { lookup } from "../tags/conversion.ts";
import { base64, exifDate, exifDateTime, numberOrText, quotient } from "../tags/xmp/conversions.ts";
import type { XmpConversion, XmpRow, XmpStructure } from "../tags/xmp/fields.ts";
import { groupPrefix } from "../tags/xmp/namespaces.ts";
import { xmpNamespaces } from "../tags/xmp/table.ts";

/** Elements within elements: each level of a structure takes three or four. */
const ELEMENTS_PER_LEVEL = 4;

export const xmp: Decoder = {
  kind: "xmp",
  decode(block: Block, found: Findings): void {
    const bytes = block.data.rest();
    const { limits } = found.budget;
    found.budget.step(bytes.length >>> 4);
    const content = parseXml(packetText(bytes), limits.depth * ELEMENTS_PER_LEVEL, found.budget);
    for (const { code, message } of content.damage) found.warn(code, message);
    const { properties, about, toolkit, cut } = rdfContent(content.roots, found.budget);
    if (cut !== undefined) found.warn("LIMIT_EXCEEDED", `only the first 1000 items of ${cut} were read`);
    for (const value of toolkit) found.tags.group("XMP-x").put("XMPToolkit", value);
    for (const value of about) found.tags.group("XMP-rdf").put("About", value);
    new PacketTags(found).put(properties);
  },
};

/** The text of a packet in UTF-8, UTF-16 or UTF-32, with or without a byte order mark. */
function packetText(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === 0 && b === 0 && ((c === 0xfe && d === 0xff) || (c === 0 && d !== 0))) return decodeText(bytes, "utf-32be");
  if (c === 0 && d === 0 && ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0))) return decodeText(bytes, "utf-32le");
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return onceMore(decodeText(bytes, "utf-16be"));
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return onceMore(decodeText(bytes, "utf-16le"));
  if (a === 0xef && b === 0xbb && c === 0xbf) return onceMore(decodeText(bytes.subarray(3), "utf-8"));
  return decodeText(bytes, "utf-8");
}

/** Text that some writers encode twice: what has only characters of one byte, and these are UTF-8 again, is decoded again. */
function onceMore(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : text;
}

/** A conversion made for a name that no table has. */
const UNKNOWN: XmpConversion = { low: true };
const UNKNOWN_LANG_ALT: XmpConversion = { low: true, type: "lang-alt" };

interface Leaf {
  readonly kind: "leaf";
  readonly stored: TagInput;
  readonly conversion: XmpConversion;
}

interface List {
  readonly kind: "list";
  readonly items: (Node | undefined)[];
}

interface Structure {
  readonly kind: "structure";
  readonly fields: Map<string, Node>;
}

type Node = Leaf | List | Structure;

interface Entry {
  readonly group: string;
  readonly name: string;
  readonly conversion: XmpConversion;
  readonly low: boolean;
  node: Node | undefined;
}

interface Namespace {
  readonly low: boolean;
  readonly rows: ReadonlyMap<string, XmpRow>;
}

const namespaces = new Map<string, () => Namespace>(
  xmpNamespaces.map(({ prefix, rows, low }) => [
    prefix,
    once(() => ({ low: low ?? false, rows: new Map(rows.map((row) => [row[0], row])) })),
  ]),
);

const fieldsOf = new WeakMap<XmpStructure, ReadonlyMap<string, XmpConversion>>();

function fields(structure: XmpStructure): ReadonlyMap<string, XmpConversion> {
  let map = fieldsOf.get(structure);
  if (map === undefined) {
    map = new Map(structure.fields.map(([id, conversion]) => [ucfirst(id), conversion ?? {}]));
    fieldsOf.set(structure, map);
  }
  return map;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The tags of one packet: arrays and structures are put together again from the values found along their paths. */
class PacketTags {
  readonly #found: Findings;
  readonly #entries: Entry[] = [];
  readonly #compound = new Map<string, Entry>();
  /** What the first value of an unknown name made of it: plain or a language alternative. */
  readonly #unknown = new Map<string, XmpConversion>();
  readonly #simple = new Set<string>();
  #long = false;
  #clash = false;

  constructor(found: Findings) {
    this.#found = found;
  }

  put(properties: readonly RdfProperty[]): void {
    for (const { path, emptyStructure } of properties) {
      const [top] = path;
      if (path.length === 1 && top !== undefined && !emptyStructure) this.#simple.add(`${top.prefix}:${top.name}`);
    }
    for (const property of properties) this.#add(property);
    for (const { group, name, conversion, low, node } of this.#entries) {
      if (node === undefined) continue;
      const options = low ? ({ priority: "low" } as const) : undefined;
      this.#found.tags.group(group).put(name, stored(node, conversion), () => printed(node, conversion), options);
    }
  }

  #add(property: RdfProperty): void {
    const { path } = property;
    const [top] = path;
    if (top === undefined) return;
    const prefix = groupPrefix(top.prefix);
    const namespace = namespaces.get(prefix)?.();
    const id = plainName(top.name, namespace);
    const row = namespace?.rows.get(id);
    const group = groupName(prefix);
    const tableLow = namespace?.low ?? false;
    if (path.length === 1) {
      const conversion = row === undefined ? this.#unknownName(`${prefix}:${id}`, property) : (row[2] ?? {});
      const language = alternative(property, conversion);
      const indexes = itemIndexes(top.indexes, conversion);
      const entry: Entry = {
        group,
        name: (row?.[1] ?? tagName(id)) + language,
        conversion,
        low: tableLow || (conversion.low ?? false),
        node: undefined,
      };
      const leaf = this.#leaf(property, conversion);
      if (indexes.length === 0) {
        entry.node = leaf;
        this.#entries.push(entry);
      } else this.#place(this.#shared(`${prefix}:${id}${language}`, entry), [{ key: "", indexes }], leaf);
      return;
    }
    const structure = row?.[2]?.structure?.();
    if (structure === undefined && (row !== undefined || this.#simple.has(`${top.prefix}:${top.name}`))) {
      this.#flat(property, group, prefix, namespace);
      return;
    }
    const steps: { key: string; indexes: readonly number[] }[] = [{ key: "", indexes: top.indexes }];
    let [within, conversion, trail] = [structure, row?.[2], `${prefix}:${id}`];
    for (const step of path.slice(1)) {
      const stepPrefix = groupPrefix(step.prefix);
      const name = ucfirst(plainName(step.name, namespaces.get(stepPrefix)?.()));
      let key = name;
      conversion = within === undefined ? undefined : fields(within).get(name);
      if (conversion === undefined && within?.open && stepPrefix !== prefix) {
        key = `XMP-${stepPrefix}:${name}`;
        const rows = namespaces.get(stepPrefix)?.().rows;
        conversion = rows?.get(plainName(step.name, undefined))?.[2] ?? rows?.get(step.name)?.[2];
        if (conversion === undefined && rows?.has(step.name)) conversion = {};
      }
      within = conversion?.structure?.();
      trail += `/${name}`;
      steps.push({ key, indexes: step.indexes });
    }
    conversion ??= this.#unknownName(trail, property);
    const last = steps.at(-1);
    if (last !== undefined) {
      const indexes = itemIndexes(last.indexes, conversion);
      const isItem = last.indexes.length > 0;
      steps[steps.length - 1] = { key: last.key + (isItem ? alternative(property, conversion) : ""), indexes };
    }
    const entry: Entry = { group, name: row?.[1] ?? tagName(id), conversion: row?.[2] ?? {}, low: tableLow, node: undefined };
    this.#place(this.#shared(`${prefix}:${id}`, entry), steps, this.#leaf(property, conversion));
  }

  /** A field of what is no structure (a qualifier of a plain value) is a tag of its own, named by all of its path. */
  #flat(property: RdfProperty, group: string, prefix: string, namespace: Namespace | undefined): void {
    const id = property.path.map(({ name }, i) => (i === 0 ? plainName(name, namespace) : ucfirst(plainName(name, undefined)))).join("");
    const row = namespace?.rows.get(id);
    const conversion = row === undefined ? this.#unknownName(`${prefix}:${id}`, property) : (row[2] ?? {});
    this.#entries.push({
      group,
      name: (row?.[1] ?? tagName(id)) + alternative(property, conversion),
      conversion,
      low: (namespace?.low ?? false) || (conversion.low ?? false),
      node: this.#leaf(property, conversion),
    });
  }

  #unknownName(key: string, { container, language }: RdfProperty): XmpConversion {
    let conversion = this.#unknown.get(key);
    if (conversion === undefined) {
      conversion = container === "Alt" && language ? UNKNOWN_LANG_ALT : UNKNOWN;
      this.#unknown.set(key, conversion);
    }
    return conversion;
  }

  /** The entry that all values of one array or structure go into. */
  #shared(key: string, entry: Entry): Entry {
    const before = this.#compound.get(key);
    if (before !== undefined) return before;
    this.#compound.set(key, entry);
    this.#entries.push(entry);
    return entry;
  }

  /** Puts a value where its path leads; a value that would take the place of an array or structure is left out. */
  #place(entry: Entry, steps: readonly { key: string; indexes: readonly number[] }[], leaf: Leaf): void {
    let read = (): Node | undefined => entry.node;
    let write = (node: Node): void => {
      entry.node = node;
    };
    for (const [depth, { key, indexes }] of steps.entries()) {
      this.#found.budget.step();
      if (depth > 0) {
        const structure = existing(read(), "structure") ?? undefined;
        if (structure === undefined && taken(read())) {
          this.#clashed(entry);
          return;
        }
        const { fields } = structure ?? make(write, { kind: "structure", fields: new Map<string, Node>() });
        read = () => fields.get(key);
        write = (node) => fields.set(key, node);
      }
      for (const index of indexes) {
        const list = existing(read(), "list") ?? undefined;
        if (list === undefined && taken(read())) {
          this.#clashed(entry);
          return;
        }
        const { items } = list ?? make(write, { kind: "list", items: [] });
        while (items.length < index) items.push(undefined);
        read = () => items[index];
        write = (node) => {
          items[index] = node;
        };
      }
    }
    const before = read();
    if (before === undefined || before.kind === "leaf") write(leaf);
    else if (leaf.stored !== "") this.#clashed(entry);
  }

  #clashed({ group, name }: Entry): void {
    if (!this.#clash) this.#found.warn("MALFORMED", `${group}:${name} is plain, an array or a structure by turns`);
    this.#clash = true;
  }

  #leaf(property: RdfProperty, conversion: XmpConversion): Leaf {
    const { textBytes } = this.#found.budget.limits;
    let { text } = property;
    if (property.base64) {
      const bytes = base64(text);
      const decoded = decodeText(bytes, "utf-8");
      if (bytes.length > 100 || /[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(decoded)) return { kind: "leaf", stored: bytes, conversion: {} };
      text = decoded;
    }
    const bytesWanted = conversion.type === "binary" || conversion.value !== undefined;
    if (text.length > textBytes && !bytesWanted) {
      text = text.slice(0, textBytes);
      if (!this.#long) this.#found.warn("LIMIT_EXCEEDED", `a value longer than ${textBytes} characters was cut`);
      this.#long = true;
    }
    return { kind: "leaf", stored: conversion.joined ? text : standsFor(text, conversion), conversion };
  }
}

function existing<K extends Node["kind"]>(node: Node | undefined, kind: K): Extract<Node, { kind: K }> | undefined {
  return node?.kind === kind ? (node as Extract<Node, { kind: K }>) : undefined;
}

/** An empty value gives way. */
function taken(node: Node | undefined): boolean {
  return node !== undefined && !(node.kind === "leaf" && node.stored === "");
}

function make<T extends Node>(write: (node: Node) => void, node: T): T {
  write(node);
  return node;
}

/** What the text stands for. */
function standsFor(text: string, conversion: XmpConversion): TagInput {
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

/** Fractions, dates and truth values are known by their looks where no table says what the text is. */
function unknownValue(text: string): TagInput {
  return quotient(text) ?? exifDateTime(text) ?? truth(text) ?? (text.length > 65_536 ? Buffer.from(text) : text);
}

function truth(text: string): boolean | undefined {
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
}

function stored(node: Node, conversion: XmpConversion): TagInput {
  if (conversion.joined && node.kind !== "structure") {
    const text = joined(node);
    if (conversion.value !== undefined) return conversion.value(text);
    const parts = text.split(" ").map(numberOrText);
    return parts.length > 1 && parts.every((part) => typeof part === "number") ? parts : numberOrText(text);
  }
  return map(node, (leaf) => leaf.stored);
}

function printed(node: Node, conversion: XmpConversion): TagInput {
  if (conversion.joined && node.kind !== "structure") {
    const { print, value } = conversion;
    const text = joined(node);
    if (typeof print === "function") return print(value === undefined ? text : value(text));
    return print === undefined ? stored(node, conversion) : lookup(print)(text);
  }
  return map(node, ({ stored, conversion: { print } }) => {
    if (print === undefined) return stored;
    if (typeof print === "function") return print(stored);
    return lookup(print)(stored === true ? "True" : stored === false ? "False" : stored);
  });
}

function joined(node: Node): string {
  if (node.kind === "leaf") return String(node.stored);
  return node.kind === "list" ? node.items.map((item) => (item === undefined ? "" : joined(item))).join(" ") : "";
}

function map(node: Node, value: (leaf: Leaf) => TagInput): TagInput {
  switch (node.kind) {
    case "leaf":
      return value(node);
    case "list":
      return node.items.map((item) => (item === undefined ? "" : map(item, value)));
    case "structure":
      return Object.fromEntries([...node.fields].map(([key, field]) => [key, inStructure(map(field, value))]));
  }
}

function inStructure(value: TagInput): TagValue {
  return (value instanceof Uint8Array ? { bytes: value.length } : value) as TagValue;
}

/** The positions that make an array: those of a language alternative do not. */
function itemIndexes(indexes: readonly number[], { type }: XmpConversion): readonly number[] {
  return type === "lang-alt" ? indexes.slice(0, -1) : indexes;
}

/** `-fr` for a value in another language than the default. */
function alternative({ language }: RdfProperty, { type }: XmpConversion): string {
  if (type !== "lang-alt" || !language || language.toLowerCase() === "x-default") return "";
  const match = /^([a-z]{2,3}|[xi])(-[a-z]{2})\b(.*)/is.exec(language);
  const standard =
    match === null
      ? language.toLowerCase()
      : (match[1] ?? "").toLowerCase() + (match[2] ?? "").toUpperCase() + (match[3] ?? "").toLowerCase();
  return `-${standard.replaceAll("_", "-")}`;
}

/** A name all in capitals that no table has is written small: `GPS_DATE` → `gpsDate`. */
function plainName(name: string, namespace: Namespace | undefined): string {
  if (/[a-z]/.test(name) || namespace?.rows.has(name)) return name;
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A tag's name: letters, digits, `-` and `_`. */
function tagName(id: string): string {
  const name = ucfirst(id).replace(/[^-\w]/g, "");
  return name.length < 2 || !/^[A-Za-z]/.test(name) ? `Tag${name}` : name;
}

function ucfirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function groupName(prefix: string): string {
  if (prefix === "") return "XMP";
  const clean = prefix.replace(/[^-.0-9A-Z_a-z\x80-\uffff]/g, "");
  return `XMP-${/^[A-Z_a-z\x80-\uffff]/.test(clean) ? clean : `ns_${clean}`}`;
}
