/**
 * XMP packets (ISO 16684-1:2019 section 7.3): from bytes to properties to tags. Names, groups and values are those of
 * ExifTool 13.59 (XMP.pm, XMPStruct.pl) with structures: known namespaces by their tables, all else by its rules.
 */
import { platform } from "#platform";
import { decodeText } from "../bytes/text.ts";
import type { Block, Decoder, Findings, TagGroup } from "../contracts.ts";
import { type RdfProperty, type RdfStep, rdfContent } from "../grammar/rdf.ts";
import { parseXml } from "../grammar/xml.ts";
import { base64 } from "../tables/xmp/conversions.ts";
import type { XmpConversion, XmpRow } from "../tables/xmp/fields.ts";
import { groupPrefix } from "../tables/xmp/namespaces.ts";
import { alternative, fieldsOf, groupName, type Namespace, namespaceTable, plainName, tagName, ucfirst } from "../tables/xmp/naming.ts";
import {
  hasPrint,
  type Leaf,
  PLAIN,
  type Place,
  placed,
  printed,
  type Slot,
  standsFor,
  stored,
  UNKNOWN,
  UNKNOWN_LANG_ALT,
} from "../tables/xmp/values.ts";

/** Elements within elements: each level of a structure takes three or four. */
const ELEMENTS_PER_LEVEL = 4;
/** What making tags of the properties may need, of what finding them leaves. */
const TAGS_SHARE = 0.5;

export const xmp: Decoder<"xmp"> = {
  kind: "xmp",
  decode(block: Block, found: Findings): void {
    const bytes = block.data.rest();
    const { limits } = found.budget;
    found.budget.touch(2 * bytes.length);
    found.budget.keep(2 * bytes.length);
    const content = parseXml(packetText(bytes), limits.depth * ELEMENTS_PER_LEVEL, found.budget);
    for (const { code, message } of content.damage) found.warn(code, message);
    const reserved = found.budget.reserve(TAGS_SHARE);
    const { properties, about, toolkit, cut, spent } = rdfContent(content.roots, found.budget);
    found.budget.release(reserved);
    if (cut !== undefined) found.warn("LIMIT_EXCEEDED", `only the first 1000 items of ${cut} were read`);
    for (const value of toolkit) found.tags.group("XMP-x").put("XMPToolkit", value);
    for (const value of about) found.tags.group("XMP-rdf").put("About", value);
    new PacketTags(found).put(properties);
    if (spent !== undefined) throw spent;
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
  return platform.utf8(Uint8Array.from(text, (c) => c.charCodeAt(0))) ?? text;
}

const LOW = { priority: "low" } as const;

interface Entry extends Slot {
  readonly group: string;
  readonly name: string;
  readonly conversion: XmpConversion;
  readonly low: boolean;
}

/** What a prefix means for groups and names. */
interface Naming {
  readonly prefix: string;
  readonly group: string;
  readonly namespace: Namespace | undefined;
  /** The arrays and structures found so far, by name. */
  readonly compound: Map<string, Entry>;
}

/** The tags of one packet: arrays and structures are put together again from the values found along their paths. */
class PacketTags {
  readonly #found: Findings;
  readonly #entries: Entry[] = [];
  /** What the first value of an unknown name made of it: plain or a language alternative. */
  readonly #unknown = new Map<string, XmpConversion>();
  readonly #namings = new Map<string, Naming>();
  #long = false;
  #clash = false;

  constructor(found: Findings) {
    this.#found = found;
  }

  put(properties: readonly RdfProperty[]): void {
    let names: Set<string> | undefined;
    const simple = () => {
      names ??= simpleNames(properties);
      return names;
    };
    for (const property of properties) this.#add(property, simple);
    const writers = new Map<string, TagGroup>();
    for (const { group, name, conversion, low, node } of this.#entries) {
      if (node === undefined) continue;
      const options = low ? LOW : undefined;
      let writer = writers.get(group);
      if (writer === undefined) {
        writer = this.#found.tags.group(group);
        writers.set(group, writer);
      }
      writer.put(name, stored(node, conversion), hasPrint(node, conversion) ? () => printed(node, conversion) : undefined, options);
    }
  }

  #add(property: RdfProperty, simple: () => ReadonlySet<string>): void {
    const { path } = property;
    const top = path[0];
    if (top === undefined) return;
    const naming = this.#naming(top.prefix);
    const id = plainName(top.name, naming.namespace);
    const row = naming.namespace?.rows.get(id);
    if (path.length === 1) this.#plain(property, top, naming, id, row);
    else if (row?.[2]?.structure !== undefined || !(row !== undefined || simple().has(nameOf(top)))) {
      this.#field(property, top, path.slice(1), naming, id, row);
    } else this.#flat(property, naming);
  }

  /** A value, or an item of an array. */
  #plain(property: RdfProperty, top: RdfStep, naming: Naming, id: string, row: XmpRow | undefined): void {
    const conversion = row === undefined ? this.#unknownName(`${naming.prefix}:${id}`, property) : (row[2] ?? PLAIN);
    const language = alternative(property.language, conversion);
    const indexes = itemIndexes(top.indexes, conversion);
    const entry = this.#entry(naming, (row?.[1] ?? tagName(id)) + language, conversion);
    const leaf = this.#leaf(property, conversion);
    if (indexes.length === 0) {
      entry.node = leaf;
      this.#entries.push(entry);
    } else this.#place(this.#shared(naming, id + language, entry), [{ key: "", indexes }], leaf);
  }

  /** A field of a structure, of a structure within it, and so on. */
  #field(property: RdfProperty, top: RdfStep, path: readonly RdfStep[], naming: Naming, id: string, row: XmpRow | undefined): void {
    const places: Place[] = [{ key: "", indexes: top.indexes }];
    let conversion = row?.[2];
    let trail = `${naming.prefix}:${id}`;
    let depth = 0;
    for (const step of path) {
      const within = conversion?.structure?.();
      const { prefix, namespace } = this.#naming(step.prefix);
      const name = ucfirst(plainName(step.name, namespace));
      let key = name;
      conversion = within === undefined ? undefined : fieldsOf(within).get(name);
      if (conversion === undefined && within?.open && prefix !== naming.prefix) {
        key = `XMP-${prefix}:${name}`;
        const known = namespace?.rows.get(plainName(step.name, namespace));
        conversion = known === undefined ? undefined : (known[2] ?? PLAIN);
      }
      trail += `/${name}`;
      depth++;
      if (depth < path.length) places.push({ key, indexes: step.indexes });
      else {
        conversion ??= this.#unknownName(trail, property);
        const language = step.indexes.length > 0 ? alternative(property.language, conversion) : "";
        places.push({ key: key + language, indexes: itemIndexes(step.indexes, conversion) });
      }
    }
    const entry = this.#entry(naming, row?.[1] ?? tagName(id), row?.[2] ?? PLAIN);
    if (!this.#place(this.#shared(naming, id, entry), places, this.#leaf(property, conversion ?? UNKNOWN))) this.#flat(property, naming);
  }

  /**
   * A field of what is no structure (a qualifier of a plain value), or one that comes twice, is a tag of its own,
   * named by all of its path.
   */
  #flat(property: RdfProperty, naming: Naming): void {
    const { namespace } = naming;
    const id = property.path.map(({ name }, i) => (i === 0 ? plainName(name, namespace) : ucfirst(plainName(name, undefined)))).join("");
    const row = namespace?.rows.get(id);
    const conversion = row === undefined ? this.#unknownName(`${naming.prefix}:${id}`, property) : (row[2] ?? PLAIN);
    const entry = this.#entry(naming, (row?.[1] ?? tagName(id)) + alternative(property.language, conversion), conversion);
    entry.node = this.#leaf(property, conversion);
    this.#entries.push(entry);
  }

  #entry({ group, namespace }: Naming, name: string, conversion: XmpConversion): Entry {
    return { group, name, conversion, low: (namespace?.low ?? false) || (conversion.low ?? false), node: undefined };
  }

  #naming(prefix: string): Naming {
    let naming = this.#namings.get(prefix);
    if (naming === undefined) {
      const short = groupPrefix(prefix);
      naming = { prefix: short, group: groupName(short), namespace: namespaceTable(short), compound: new Map() };
      this.#namings.set(prefix, naming);
    }
    return naming;
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
  #shared({ compound }: Naming, key: string, entry: Entry): Entry {
    const before = compound.get(key);
    if (before !== undefined) return before;
    compound.set(key, entry);
    this.#entries.push(entry);
    return entry;
  }

  /** Puts a value where its path leads. False where another value stands there or on the way. */
  #place(entry: Entry, places: readonly Place[], leaf: Leaf): boolean {
    const whole = placed(entry, places, leaf);
    if (!whole && !this.#clash) {
      this.#found.warn("MALFORMED", `${entry.group}:${entry.name} has values that stand in each other's place`);
      this.#clash = true;
    }
    return whole;
  }

  #leaf(property: RdfProperty, conversion: XmpConversion): Leaf {
    const { textBytes } = this.#found.budget.limits;
    let { text } = property;
    if (property.base64) {
      const bytes = base64(text);
      const decoded = decodeText(bytes, "utf-8");
      if (bytes.length > 100 || /[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(decoded)) return { kind: "leaf", stored: bytes, conversion: PLAIN };
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

function nameOf({ prefix, name }: RdfStep): string {
  return `${prefix}:${name}`;
}

/** Names that some plain value stands at the top of: what else stands below them makes no structure. */
function simpleNames(properties: readonly RdfProperty[]): Set<string> {
  const names = new Set<string>();
  for (const { path, emptyStructure } of properties) {
    const [top] = path;
    if (path.length === 1 && top !== undefined && !emptyStructure) names.add(nameOf(top));
  }
  return names;
}

/** The positions that make an array: those of a language alternative do not. */
function itemIndexes(indexes: readonly number[], { type }: XmpConversion): readonly number[] {
  return type === "lang-alt" ? indexes.slice(0, -1) : indexes;
}
