/**
 * XMP packets (ISO 16684-1:2019 section 7.3): from bytes to properties to tags. Names, groups and values are those of
 * ExifTool 13.59 (XMP.pm, XMPStruct.pl) with structures: known namespaces by their tables, all else by its rules.
 */
import { platform } from "#platform";
import { decodeText, encodeUtf8, wellFormedUtf8 } from "../bytes/text.ts";
import type { Block, Decoder, Findings, TagGroup } from "../contracts.ts";
import { type RdfContent, type RdfProperty, RdfReader, type RdfStep } from "../grammar/rdf.ts";
import { base64 } from "../tables/xmp/conversions.ts";
import { type Field, PLAIN, UNKNOWN, UNKNOWN_LANG_ALT } from "../tables/xmp/field.ts";
import { alternative, plainName, ucfirst } from "../tables/xmp/naming.ts";
import { fieldSlot, fill, itemSlot, type Leaf, printOf, type Slot, standsFor, stored } from "../tables/xmp/values.ts";
import { tagOf, vocabulary, type XmpName, type XmpTag } from "./xmp-names.ts";

/** Elements within elements: each level of a structure takes three or four. */
const ELEMENTS_PER_LEVEL = 4;
/** The part of the budget that is kept for the tags, so that they are given if the rest is spent. */
const TAGS_SHARE = 0.5;

export const xmp: Decoder<"xmp"> = {
  kind: "xmp",
  decode(block: Block, found: Findings): void {
    const { budget } = found;
    const bytes = block.data.rest();
    budget.touch(2 * bytes.length);
    budget.keep(2 * bytes.length);
    const utf8 = packetBytes(bytes);
    const reserved = budget.reserve(TAGS_SHARE);
    let tags: PacketTags;
    let content: RdfContent;
    let plain: ReadonlySet<XmpName> = new Set();
    do {
      tags = new PacketTags(found, plain);
      content = new RdfReader(budget, vocabulary, tags.take).read(utf8, budget.limits.depth * ELEMENTS_PER_LEVEL);
      plain = tags.plain;
    } while (tags.isMisread && content.spent === undefined);
    vocabulary.settle();
    budget.release(reserved);
    for (const { code, message } of content.damage) found.warn(code, message);
    if (content.cut !== undefined) found.warn("LIMIT_EXCEEDED", `only the first 1000 items of ${content.cut} were read`);
    if (content.isLong) found.warn("LIMIT_EXCEEDED", "names of thousands of characters were left out");
    for (const value of content.toolkit) found.tags.group("XMP-x").put("XMPToolkit", value);
    for (const value of content.about) found.tags.group("XMP-rdf").put("About", value);
    tags.put();
    if (content.spent !== undefined) throw content.spent;
  },
};

/** A packet in UTF-8, UTF-16 or UTF-32, with or without a byte order mark, as UTF-8. */
function packetBytes(bytes: Uint8Array): Uint8Array {
  const [a, b, c, d] = bytes;
  if (a === 0 && b === 0 && ((c === 0xfe && d === 0xff) || (c === 0 && d !== 0))) return encodeUtf8(decodeText(bytes, "utf-32be"));
  if (c === 0 && d === 0 && ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0))) return encodeUtf8(decodeText(bytes, "utf-32le"));
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return onceMore(decodeText(bytes, "utf-16be"));
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return onceMore(decodeText(bytes, "utf-16le"));
  if (a === 0xef && b === 0xbb && c === 0xbf) return onceMore(decodeText(bytes.subarray(3), "utf-8"));
  return wellFormedUtf8(bytes);
}

/** The UTF-8 of a text. Some writers encode twice: if the characters of a text are the bytes of UTF-8, they are taken for those. */
function onceMore(text: string): Uint8Array {
  if (/[\x80-\xff]/.test(text) && !/[^\x00-\xff]/.test(text)) {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    if (platform.isUtf8(bytes)) return bytes;
  }
  return encodeUtf8(text);
}

const LOW = { priority: "low" } as const;

interface Entry extends Slot {
  readonly group: string;
  readonly name: string;
  readonly field: Field;
  readonly isLow: boolean;
}

type Property = RdfProperty<XmpName>;

/** The tags of one packet: arrays and structures are put together again from the values found along their paths. */
class PacketTags {
  /** Names that no table has, with a plain value at the top: what lies below them makes no structure. */
  readonly plain: Set<XmpName>;
  /** A name turned out to be plain after it was taken for a structure. */
  isMisread = false;
  readonly #found: Findings;
  readonly #textBytes: number;
  readonly #entries: Entry[] = [];
  /** The arrays and structures found so far. */
  readonly #compound = new Map<string, Entry>();
  /** What the first value of an unknown name made of it: plain or a language alternative. */
  readonly #unknown = new Map<string, Field>();
  readonly #structures = new Set<XmpName>();
  #isLong = false;
  #clash: string | undefined;

  constructor(found: Findings, plain: ReadonlySet<XmpName>) {
    this.#found = found;
    this.#textBytes = found.budget.limits.textBytes;
    this.plain = new Set(plain);
  }

  put(): void {
    const { tags } = this.#found;
    if (this.#isLong) this.#found.warn("LIMIT_EXCEEDED", `a value longer than ${this.#textBytes} characters was cut`);
    if (this.#clash !== undefined) this.#found.warn("MALFORMED", `${this.#clash} has values that stand in each other's place`);
    const writers = new Map<string, TagGroup>();
    let group: string | undefined;
    let writer: TagGroup | undefined;
    for (const { group: own, name, field, isLow, node } of this.#entries) {
      if (node === undefined) continue;
      if (writer === undefined || own !== group) {
        writer = writers.get(own) ?? tags.group(own);
        writers.set(own, writer);
        group = own;
      }
      writer.put(name, stored(node, field), printOf(node, field), isLow ? LOW : undefined);
    }
  }

  readonly take = (property: Property): void => {
    if (!this.#isKnown(property)) return;
    const top = (property.path[0] as RdfStep<XmpName>).name;
    const { tag } = top;
    // A name that no table has says of later ones what they are.
    if (tag.field !== undefined && !this.#found.wants(tag.name)) return;
    if (property.length === 1) this.#value(property, top, tag);
    else if (tag.field === undefined ? this.#isStructure(top) : tag.field.isStructure) {
      this.#field(property, tag);
    } else this.#flat(property);
  };

  /** Are the tables there that have its names? Otherwise the packet is read again with them. */
  #isKnown({ path, length }: Property): boolean {
    for (let i = 0; i < length; i++) {
      const { late } = (path[i] as RdfStep<XmpName>).name.naming;
      if (late !== undefined && late.loaded === undefined && this.#found.table(late) === undefined) return false;
    }
    return true;
  }

  /** Does what lies below a name that no table has make a structure? */
  #isStructure(top: XmpName): boolean {
    if (this.plain.has(top)) return false;
    this.#structures.add(top);
    return true;
  }

  /** A value, or an item of an array. */
  #value(property: Property, top: XmpName, tag: XmpTag): void {
    if (tag.field === undefined && !property.isEmptyStructure) {
      this.plain.add(top);
      this.isMisread ||= this.#structures.has(top);
    }
    const field = tag.field ?? this.#unknownName(tag.key, property);
    const language = alternative(property.language, field);
    const { indexes } = property.path[0] as RdfStep<XmpName>;
    const count = itemIndexes(indexes, field);
    const leaf = this.#leaf(property, field);
    if (count === 0) this.#entry(tag, language, field).node = leaf;
    else {
      const entry = this.#shared(tag, language, field);
      let slot: Slot | undefined = entry;
      for (let i = 0; i < count && slot !== undefined; i++) slot = itemSlot(slot, indexes[i] as number);
      if (slot === undefined || !fill(slot, leaf, true)) this.#clashed(entry);
    }
  }

  /** A field of a structure, of a structure within it, and so on. */
  #field(property: Property, tag: XmpTag): void {
    const { path, length } = property;
    const entry = this.#shared(tag, "", tag.field ?? PLAIN);
    const top = path[0] as RdfStep<XmpName>;
    let slot = items(entry, top.indexes, top.indexes.length);
    let field = tag.field;
    for (let depth = 1; depth < length; depth++) {
      const { name, indexes } = path[depth] as RdfStep<XmpName>;
      const within = field?.fields;
      let key = name.fieldName;
      field = within?.byName.get(key);
      if (field === undefined && within?.isOpen && name.naming.prefix !== top.name.naming.prefix) {
        key = `XMP-${name.naming.prefix}:${key}`;
        field = name.tag.field;
      }
      if (depth < length - 1) {
        slot = slot && fieldSlot(slot, key);
        slot = slot && items(slot, indexes, indexes.length);
        continue;
      }
      const last = field ?? this.#unknownName(trailOf(property, tag), property);
      if (indexes.length > 0) key += alternative(property.language, last);
      const count = itemIndexes(indexes, last);
      const leaf = this.#leaf(property, last);
      slot = slot && fieldSlot(slot, key);
      slot = slot && items(slot, indexes, count);
      if (slot === undefined || !fill(slot, leaf, count > 0)) {
        this.#clashed(entry);
        this.#flat(property);
      }
    }
  }

  /**
   * A field of something that is not a structure (a qualifier of a plain value), or one that comes twice, is a tag of its own,
   * named by all of its path.
   */
  #flat(property: Property): void {
    const { path, length } = property;
    const { naming, local } = (path[0] as RdfStep<XmpName>).name;
    let id = plainName(local, naming.namespace);
    for (let i = 1; i < length; i++) id += ucfirst(plainName((path[i] as RdfStep<XmpName>).name.local, undefined));
    const tag = tagOf(id, naming);
    const field = tag.field ?? this.#unknownName(tag.key, property);
    this.#entry(tag, alternative(property.language, field), field).node = this.#leaf(property, field);
  }

  #entry({ group, name, isLow }: XmpTag, language: string, field: Field): Entry {
    const entry = { group, name: language === "" ? name : name + language, field, isLow: isLow || field.isLow, node: undefined };
    this.#entries.push(entry);
    return entry;
  }

  #unknownName(key: string, { isAlternative, language }: Property): Field {
    let field = this.#unknown.get(key);
    if (field === undefined) {
      field = isAlternative && language ? UNKNOWN_LANG_ALT : UNKNOWN;
      this.#unknown.set(key, field);
    }
    return field;
  }

  /** The entry that all values of one array or structure go into. */
  #shared(tag: XmpTag, language: string, field: Field): Entry {
    const key = language === "" ? tag.key : tag.key + language;
    let entry = this.#compound.get(key);
    if (entry === undefined) {
      entry = this.#entry(tag, language, field);
      this.#compound.set(key, entry);
    }
    return entry;
  }

  #clashed({ group, name }: Entry): void {
    this.#clash ??= `${group}:${name}`;
  }

  #leaf(property: Property, field: Field): Leaf {
    const textBytes = this.#textBytes;
    let { text } = property;
    if (property.isBase64) {
      const bytes = base64(text);
      const decoded = decodeText(bytes, "utf-8");
      if (bytes.length > 100 || /[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(decoded)) return { kind: "leaf", stored: bytes, field: PLAIN };
      text = decoded;
    }
    if (text.length > textBytes && !field.takesLongText) {
      text = text.slice(0, textBytes);
      this.#isLong = true;
    }
    return { kind: "leaf", stored: field.isJoined ? text : standsFor(text, field), field };
  }
}

/** The slot at a position in an array, or in arrays within it. */
function items(slot: Slot, indexes: readonly number[], count: number): Slot | undefined {
  let at: Slot | undefined = slot;
  for (let i = 0; i < count && at !== undefined; i++) at = itemSlot(at, indexes[i] as number);
  return at;
}

/** What a field that no table has is known by. */
function trailOf({ path, length }: Property, { key }: XmpTag): string {
  let trail = key;
  for (let i = 1; i < length; i++) trail += `/${(path[i] as RdfStep<XmpName>).name.fieldName}`;
  return trail;
}

/** How many of the positions make an array: that of a language alternative does not. */
function itemIndexes({ length }: readonly number[], { isLanguageAlternative }: Field): number {
  return isLanguageAlternative ? Math.max(0, length - 1) : length;
}
