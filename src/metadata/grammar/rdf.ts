/**
 * RDF/XML (W3C Recommendation of 10 February 2004) as XMP uses it (ISO 16684-1:2019 section 7, ISO 16684-3): each value is
 * handed on as it is read, with its path of names and array positions. Attributes and elements, rdf:parseType, typed nodes,
 * qualifiers and blank nodes all come out the same way. Prefixes become those of ExifTool 13.59 (XMP.pm: its namespace table,
 * how it meets unknown and clashing prefixes, at most 1000 items an array).
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { Budget } from "../budget.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { readXml, type XmlDamage, type XmlElement, type XmlHandler } from "./xml.ts";

/** The names that RDF and XML give a meaning. */
type Meaning =
  | "property"
  /** A name of syntax, which is no part of a path. */
  | "syntax"
  | "description"
  | "container"
  | "item"
  /** `rdf:_1`: part of the name before it. */
  | "ordinal"
  | "about"
  | "nodeID"
  | "value"
  | "resource"
  | "datatype"
  | "parseType"
  | "language"
  | "toolkit"
  | "type"
  /** A property that also says how the text of its element is written. */
  | "encoding";

const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ["rdf:Description", "description"],
  ["rdf:Bag", "container"],
  ["rdf:Seq", "container"],
  ["rdf:Alt", "container"],
  ["rdf:li", "item"],
  ["rdf:about", "about"],
  ["rdf:nodeID", "nodeID"],
  ["rdf:value", "value"],
  ["rdf:resource", "resource"],
  ["rdf:datatype", "datatype"],
  ["rdf:parseType", "parseType"],
  ["rdf:type", "type"],
  ["xml:lang", "language"],
  ["x:xmptk", "toolkit"],
  ["x:xaptk", "toolkit"],
  ["et:encoding", "encoding"],
]);

/** Namespaces of syntax: their names are no part of a property's name. */
const SYNTAX = new Set(["x", "rdf", "xmlns", "xml", "svg", "office"]);
const EXIFTOOL_ATTRIBUTES = new Set(["desc", "prt", "val", "id", "tagid", "toolkit", "table", "index"]);

/** The name of an element or attribute, with the prefix that its namespace has everywhere. */
export class RdfName {
  readonly prefix: string;
  readonly local: string;
  readonly meaning: Meaning;
  /** An element of this name adds it to the path. */
  readonly isStep: boolean;
  /** An attribute of this name is a property written short. */
  readonly isShortProperty: boolean;
  /** The element that saw it last as an attribute, and where it stands among that element's. */
  lastElement = 0;
  lastIndex = 0;

  constructor(prefix: string, local: string) {
    this.prefix = prefix;
    this.local = local;
    const isSyntax = SYNTAX.has(prefix);
    const isOrdinal = prefix === "rdf" && /^_\d+$/.test(local);
    this.meaning = isOrdinal ? "ordinal" : (MEANINGS.get(`${prefix}:${local}`) ?? (isSyntax ? "syntax" : "property"));
    this.isStep = !isSyntax && !(prefix === "xmp" && local === "xmpmeta");
    this.isShortProperty = !isSyntax && !(prefix === "et" && EXIFTOOL_ATTRIBUTES.has(local));
  }
}

/** Names and scopes that are kept between documents. A file may name as many as it likes. */
const MAX_KEPT_NAMES = 10_000;
const MAX_KEPT_CHARACTERS = 500_000;

/** Names that are found by their hashes: a power of two. */
const RECENT_NAMES = 2048;

interface WrittenName<N extends RdfName> {
  /** In UTF-8. */
  readonly written: Uint8Array;
  readonly name: N;
}

/** Prefixes that a document uses for others, and the names that were met under them, by how they are written. */
class Scope<N extends RdfName> {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly names = new Map<string, WrittenName<N>>();
  /** The last name for each hash, which spares making a text of a name and looking it up. */
  readonly recent: (WrittenName<N> | undefined)[] = new Array(RECENT_NAMES).fill(undefined);
  /** Scopes with one prefix more, by that prefix and the one that it stands for. */
  readonly inner = new Map<string, Scope<N>>();

  constructor(prefixes: ReadonlyMap<string, string>) {
    this.prefixes = prefixes;
  }
}

/**
 * A copy of a text such as V8 has for names of properties: it is flat, it keeps no longer text alive of which it was a part,
 * and it is compared by its address.
 */
export function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}

/** The names that documents use. Each is looked up once, and kept for the next document. */
export abstract class RdfVocabulary<N extends RdfName> {
  #scope = new Scope<N>(new Map());
  #kept = 0;
  #characters = 0;

  /** The known prefix of a namespace. */
  abstract prefixOf(uri: string): string | undefined;
  /** The known namespace of a prefix. */
  abstract uriOf(prefix: string): string | undefined;
  protected abstract make(prefix: string, local: string): N;
  protected abstract forget(): void;

  /** The scope of a document that uses no prefix for another. */
  get scope(): Scope<N> {
    return this.#scope;
  }

  name(prefix: string, local: string): N {
    const written = interned(`${prefix}:${local}`);
    return (this.#scope.names.get(written) ?? this.#keep(this.#scope, written, this.make(prefix, local))).name;
  }

  /** The name that is written so. */
  nameIn(scope: Scope<N>, written: string): WrittenName<N> {
    const before = scope.names.get(written);
    if (before !== undefined) return before;
    const copy = interned(written);
    const colon = copy.indexOf(":");
    const own = interned(copy.slice(0, Math.max(0, colon)));
    const local = interned(copy.slice(colon + 1));
    return this.#keep(scope, copy, colon < 0 ? this.make("", local) : this.name(scope.prefixes.get(own) ?? own, local));
  }

  scopeIn(outer: Scope<N>, own: string, prefix: string): Scope<N> {
    const key = `${own}=${prefix}`;
    let scope = outer.inner.get(key);
    if (scope === undefined) {
      scope = new Scope(new Map(outer.prefixes).set(interned(own), interned(prefix)));
      outer.inner.set(key, scope);
      this.#kept += RECENT_NAMES / 32 + outer.prefixes.size;
      this.#characters += key.length;
    }
    return scope;
  }

  /** Ends a document: forgets all names if there are more than are kept. */
  settle(): void {
    if (this.#kept <= MAX_KEPT_NAMES && this.#characters <= MAX_KEPT_CHARACTERS) return;
    this.#scope = new Scope(new Map());
    this.#kept = 0;
    this.#characters = 0;
    this.forget();
  }

  #keep(scope: Scope<N>, written: string, name: N): WrittenName<N> {
    const kept = { written: encodeUtf8(written), name };
    scope.names.set(written, kept);
    this.#kept++;
    this.#characters += written.length;
    return kept;
  }
}

/** One name of a path. */
export interface RdfStep<N extends RdfName> {
  readonly name: N;
  /** Positions in the array, and in arrays within it, that the value stands at. */
  readonly indexes: readonly number[];
}

/** A value. The object is used again for the next one. */
export interface RdfProperty<N extends RdfName> {
  /** The first `length` of these. Never empty. */
  readonly path: readonly RdfStep<N>[];
  readonly length: number;
  readonly text: string;
  /** xml:lang. */
  readonly language: string | undefined;
  /** It is an item of an rdf:Alt. */
  readonly isAlternative: boolean;
  /** The text is base64: rdf:datatype or et:encoding says so. */
  readonly isBase64: boolean;
  /** A structure without fields. */
  readonly isEmptyStructure: boolean;
}

export interface RdfContent {
  /** rdf:about, if not empty: each different one. */
  readonly about: ReadonlySet<string>;
  /** x:xmptk. */
  readonly toolkit: ReadonlySet<string>;
  /** Some array had more items than are kept. */
  readonly cut: string | undefined;
  /** Some name or path was longer than are kept. */
  readonly isLong: boolean;
  /** Why the document was not read to its end: the budget was spent. */
  readonly spent: ImagemetaError | undefined;
  readonly damage: readonly XmlDamage[];
}

const ARRAY_ITEMS = 1000;
/**
 * A longer name, and a value whose path has more characters, is left out. V8 takes the hash of a text above 16 383 characters from its length
 * alone: many such texts in one table would be compared with each other.
 */
const [MAX_NAME_CHARACTERS, MAX_PATH_CHARACTERS] = [4000, 12_000];

/** Steps of work that a property costs, and each name of its path: they go through tables and into a tree. */
const [PROPERTY, NAME] = [30, 6];
/** Of an element or attribute, whose name is looked up. */
const NAMED_STEPS = 6;
const [PROPERTY_BYTES, NAME_BYTES] = [300, 100];
const [SCOPE_STEPS, SCOPE_BYTES] = [100, 8 * RECENT_NAMES];

/** An element or attribute on the way from the root to a value. */
interface Stop<N extends RdfName> {
  readonly name: N;
  readonly index: number | undefined;
  readonly node: string | undefined;
}

/** The ways to one blank node, and the values beyond it. */
interface BlankNode<N extends RdfName> {
  readonly ways: Map<string, readonly Stop<N>[]>;
  readonly values: Map<
    string,
    { readonly rest: readonly Stop<N>[]; readonly text: string; readonly whole: readonly Stop<N>[]; used: boolean }
  >;
}

interface Step<N extends RdfName> {
  name: N;
  indexes: number[];
}

/** An element that is being read. It is used again for a later one at the same depth. */
interface Frame<N extends RdfName> {
  /** Undefined for the document. */
  name: N | undefined;
  /** In force for the next element in this one. */
  scope: Scope<N>;
  /** Items in it so far. */
  items: number;
  index: number | undefined;
  /** Its own blank node, and the one that it lies in. */
  node: string | undefined;
  innerNode: string | undefined;
  /** It is left out, with all that is in it. */
  isSkipped: boolean;
  /** It has as many items as are kept: what follows in it is left out. */
  isFull: boolean;
  /** A description within a description: a structure written the long way, and no part of the way to a value. */
  isStructure: boolean;
  /** What it added to the path. */
  added: "nothing" | "step" | "index" | "ordinal";
  /** The name at the end of the path before it, which an ordinal becomes part of. */
  before: N | undefined;
}

/** Serial numbers of elements, so that names which are kept tell one element's attributes from another's. */
let elements = 0;

/** Reads a document in UTF-8 and hands its values on, in its order; those of blank nodes follow at the end. */
export class RdfReader<N extends RdfName> implements XmlHandler, RdfProperty<N> {
  readonly path: Step<N>[] = [];
  length = 0;
  text = "";
  language: string | undefined;
  isAlternative = false;
  isBase64 = false;
  isEmptyStructure = false;

  readonly #budget: Budget;
  readonly #vocabulary: RdfVocabulary<N>;
  readonly #take: (property: RdfProperty<N>) => void;
  readonly #about = new Set<string>();
  readonly #toolkit = new Set<string>();
  /** Frames by their depth; the first is the document's. */
  readonly #frames: Frame<N>[] = [];
  #depth = 0;
  /** The frames on the way to a value. */
  readonly #trail: Frame<N>[] = [];
  #descriptions = 0;
  /** Attributes of the element at hand that count, by their names: of two with one name, the later value. */
  readonly #attributes: N[] = [];
  readonly #values: number[] = [];
  #attributeCount = 0;
  /** How many of them have a meaning of their own. */
  #specialCount = 0;
  readonly #prefixOfUri = new Map<string, string>();
  readonly #ownPrefixes = new Set<string>();
  #temporary = 0;
  readonly #blank = new Map<string, BlankNode<N>>();
  readonly #damage: XmlDamage[] = [];
  #cut: string | undefined;
  #isLong = false;

  constructor(budget: Budget, vocabulary: RdfVocabulary<N>, take: (property: RdfProperty<N>) => void) {
    this.#budget = budget;
    this.#vocabulary = vocabulary;
    this.#take = take;
    this.#frames.push(this.#frame(vocabulary.scope));
  }

  read(bytes: Uint8Array, depth: number): RdfContent {
    let spent: ImagemetaError | undefined;
    try {
      readXml(bytes, depth, this.#budget, this);
      this.#blankNodes();
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      spent = thrown;
    }
    return { about: this.#about, toolkit: this.#toolkit, cut: this.#cut, isLong: this.#isLong, spent, damage: this.#damage };
  }

  damage(damage: XmlDamage): void {
    this.#damage.push(damage);
  }

  #frame(scope: Scope<N>): Frame<N> {
    return {
      name: undefined,
      scope,
      items: 0,
      index: undefined,
      node: undefined,
      innerNode: undefined,
      isSkipped: false,
      isFull: false,
      isStructure: false,
      added: "nothing",
      before: undefined,
    };
  }

  open(element: XmlElement): void {
    const frame = this.#enter(element);
    if (!frame.isSkipped && this.#attributeCount > 0) this.#attributeProperties(element, frame);
  }

  leaf(element: XmlElement): void {
    const frame = this.#enter(element);
    if (!frame.isSkipped) {
      const had = this.#attributeCount > 0 && this.#attributeProperties(element, frame);
      this.#leafProperty(element, frame, had);
    }
    this.close();
  }

  close(): void {
    const frame = this.#frames[this.#depth] as Frame<N>;
    this.#depth--;
    if (frame.isSkipped || frame.isStructure) return;
    this.#trail.pop();
    if (frame.name?.meaning === "description") this.#descriptions--;
    if (frame.added === "step") this.length--;
    else if (frame.added === "index") this.#last().indexes.pop();
    else if (frame.added === "ordinal") this.#last().name = frame.before as N;
  }

  #last(): Step<N> {
    return this.path[this.length - 1] as Step<N>;
  }

  #enter(element: XmlElement): Frame<N> {
    const parent = this.#frames[this.#depth] as Frame<N>;
    this.#depth++;
    let frame = this.#frames[this.#depth];
    if (frame === undefined) {
      frame = this.#frame(parent.scope);
      this.#frames.push(frame);
    }
    frame.isSkipped = parent.isSkipped || parent.isFull;
    if (frame.isSkipped) return frame;
    this.#charge(1, element.nameEnd - element.nameStart);
    if (this.#isTooLong(element.nameEnd - element.nameStart)) {
      frame.isSkipped = true;
      return frame;
    }
    // Declarations hold for the elements that follow, too.
    if (element.declarationCount > 0) parent.scope = this.#declared(element, parent.scope);
    const { scope } = parent;
    const name = this.#elementName(element, scope);
    const isItem = name.meaning === "item";
    if (isItem && parent.items === ARRAY_ITEMS) {
      this.#cut ??= this.length === 0 ? undefined : this.#last().name.local;
      parent.isFull = true;
      frame.isSkipped = true;
      return frame;
    }
    const nodeAt = element.attributeCount === 0 ? this.#noAttributes() : this.#gather(element, scope);
    const node = nodeAt < 0 ? undefined : element.attributeValue(nodeAt);
    const isDescription = name.meaning === "description";
    frame.name = name;
    frame.scope = scope;
    frame.items = 0;
    frame.isFull = false;
    frame.index = isItem ? parent.items : undefined;
    frame.node = node;
    frame.innerNode = node ?? parent.innerNode;
    frame.isStructure = isDescription && node === undefined && this.#descriptions > 0;
    if (!frame.isStructure) {
      this.#trail.push(frame);
      if (isDescription) this.#descriptions++;
      frame.before = this.length === 0 ? undefined : this.#last().name;
      frame.added = this.#extend(name, frame.index);
    }
    if (isItem) parent.items++;
    return frame;
  }

  /** Adds to the path what an element says: a name of its own, or a position in the array named before. */
  #extend(name: N, index: number | undefined): Frame<N>["added"] {
    if (name.isStep) {
      this.#push(name);
      return "step";
    }
    if (this.length === 0) return "nothing";
    if (index !== undefined) {
      this.#last().indexes.push(index);
      return "index";
    }
    if (name.meaning !== "ordinal") return "nothing";
    const last = this.#last();
    if (this.#isTooLong(last.name.local.length)) return "nothing";
    this.#charge(1, last.name.local.length);
    last.name = this.#vocabulary.name(last.name.prefix, last.name.local + name.local);
    return "ordinal";
  }

  #push(name: N): void {
    const step = this.path[this.length];
    if (step === undefined) this.path.push({ name, indexes: [] });
    else step.name = name;
    this.length++;
  }

  /** Charges names of a length together. Each may be a new one, which is looked up and kept. */
  #charge(names: number, length: number): void {
    this.#budget.step(NAMED_STEPS * names + (length >> 2));
    this.#budget.keep(NAME_BYTES * names + 4 * length);
  }

  #isTooLong(characters: number, most = MAX_NAME_CHARACTERS): boolean {
    if (characters > most) this.#isLong = true;
    return characters > most;
  }

  #noAttributes(): number {
    this.#attributeCount = 0;
    this.#specialCount = 0;
    return -1;
  }

  /** Finds the names of the attributes. Returns which one names a blank node, or -1. */
  #gather(element: XmlElement, scope: Scope<N>): number {
    elements++;
    let count = 0;
    let nodeAt = -1;
    let characters = 0;
    let specials = 0;
    for (let i = 0; i < element.attributeCount; i++) {
      const length = element.attributeNameLength(i);
      characters += length;
      if (this.#isTooLong(length)) continue;
      const name = this.#attributeName(element, i, scope);
      if (name.meaning === "nodeID") nodeAt = i;
      if (name.lastElement === elements) {
        this.#values[name.lastIndex] = i;
        continue;
      }
      if (name.meaning !== "property") specials++;
      name.lastElement = elements;
      name.lastIndex = count;
      this.#attributes[count] = name;
      this.#values[count] = i;
      count++;
    }
    this.#attributeCount = count;
    this.#specialCount = specials;
    this.#charge(element.attributeCount, characters);
    return nodeAt;
  }

  /** The value of the attribute with this meaning. */
  #stated(element: XmlElement, meaning: Meaning): string | undefined {
    for (let i = 0; i < this.#attributeCount; i++) {
      if (this.#attributes[i]?.meaning === meaning) return element.attributeValue(this.#values[i] as number);
    }
    return undefined;
  }

  /** Attributes are properties written short. True if there was one. */
  #attributeProperties(element: XmlElement, frame: Frame<N>): boolean {
    let had = false;
    this.language = undefined;
    this.isAlternative = false;
    this.isBase64 = false;
    this.isEmptyStructure = false;
    for (let i = 0; i < this.#attributeCount; i++) {
      let name = this.#attributes[i] as N;
      const at = this.#values[i] as number;
      // Without a prefix it is in the namespace of its element.
      if (name.prefix.length === 0 && frame.name !== undefined && !element.attributeName(at).includes(":")) {
        name = this.#vocabulary.name(frame.name.prefix, name.local);
      }
      if (!name.isShortProperty) {
        if (name.meaning !== "about" && name.meaning !== "toolkit") continue;
        const value = element.attributeValue(at);
        if (value !== "") (name.meaning === "about" ? this.#about : this.#toolkit).add(value);
        continue;
      }
      had = true;
      const value = element.attributeValue(at);
      if (frame.innerNode !== undefined) {
        this.#blankValue(value, name);
        continue;
      }
      this.#push(name);
      this.#property(value);
      this.length--;
    }
    return had;
  }

  #leafProperty(element: XmlElement, frame: Frame<N>, had: boolean): void {
    let { text } = element;
    if (frame.name?.meaning === "description") text = text.trim();
    let fromAttribute = false;
    if (text === "" && this.#specialCount > 0) {
      const stated = this.#stated(element, "value") ?? this.#stated(element, "resource") ?? this.#stated(element, "about");
      if (stated !== undefined) {
        text = stated;
        fromAttribute = true;
      }
    }
    if (text === "" && had) return;
    if (frame.innerNode !== undefined) {
      this.#blankValue(text, undefined);
      return;
    }
    const { length } = this.#trail;
    const last = this.#trail[length - 1]?.name;
    if (this.length === 0 || (fromAttribute && last?.meaning === "type")) return;
    this.#setContainer(last, this.#trail[length - 2]?.name);
    this.language = undefined;
    this.isBase64 = false;
    this.isEmptyStructure = frame.isStructure && text === "";
    if (this.#specialCount > 0) {
      this.language = this.#stated(element, "language");
      const encoding = this.#stated(element, "datatype") ?? this.#stated(element, "encoding");
      this.isBase64 = encoding?.includes("base64") ?? false;
      if (text === "") this.isEmptyStructure ||= this.#stated(element, "parseType") === "Resource";
    }
    this.#property(text);
  }

  #setContainer(last: N | undefined, outer: N | undefined): void {
    this.isAlternative = last?.meaning === "item" && outer?.meaning === "container" && outer.local === "Alt";
  }

  /** Hands on the value at the end of the path. */
  #property(text: string): void {
    let characters = 0;
    for (let i = 0; i < this.length; i++) {
      const { prefix, local } = (this.path[i] as Step<N>).name;
      characters += prefix.length + local.length;
    }
    this.#budget.step(PROPERTY + NAME * this.length + ((text.length + characters) >> 2));
    this.#budget.keep(PROPERTY_BYTES + 2 * (text.length + characters));
    if (this.#isTooLong(characters, MAX_PATH_CHARACTERS)) return;
    this.text = text;
    this.#take(this);
  }

  #propertyAlong(trail: readonly Stop<N>[], text: string): void {
    this.#budget.step(NAME * trail.length);
    for (const { name, index } of trail) this.#extend(name, index);
    if (this.length > 0) {
      this.language = undefined;
      this.isBase64 = false;
      this.isEmptyStructure = false;
      this.#setContainer(trail.at(-1)?.name, trail.at(-2)?.name);
      this.#property(text);
    }
    for (; this.length > 0; this.length--) this.#last().indexes.length = 0;
  }

  #elementName(element: XmlElement, scope: Scope<N>): N {
    const slot = slotOf(element.nameHash);
    let recent = scope.recent[slot];
    if (recent === undefined || !element.isNamed(recent.written)) {
      recent = this.#vocabulary.nameIn(scope, element.name);
      scope.recent[slot] = recent;
    }
    return recent.name;
  }

  #attributeName(element: XmlElement, index: number, scope: Scope<N>): N {
    const slot = slotOf(element.attributeNameHash(index));
    let recent = scope.recent[slot];
    if (recent === undefined || !element.attributeIsNamed(index, recent.written)) {
      recent = this.#vocabulary.nameIn(scope, element.attributeName(index));
      scope.recent[slot] = recent;
    }
    return recent.name;
  }

  /** The prefixes in force within an element, its own declarations resolved. */
  #declared(element: XmlElement, outer: Scope<N>): Scope<N> {
    let scope = outer;
    this.#budget.step(NAMED_STEPS * element.declarationCount);
    for (let i = 0; i < element.declarationCount; i++) {
      const own = element.declaredPrefix(i);
      const uri = element.declaredUri(i);
      if (this.#isTooLong(Math.max(own.length, uri.length))) continue;
      const prefix = this.#prefix(own, uri);
      const { prefixes } = scope;
      if (prefix === (prefixes.get(own) ?? own)) continue;
      this.#budget.step(SCOPE_STEPS + 10 * prefixes.size);
      this.#budget.keep(SCOPE_BYTES);
      scope = this.#vocabulary.scopeIn(scope, own, prefix);
    }
    return scope;
  }

  /** One prefix for one URI over the whole packet: the known one, else the file's own, else `tmp0`, `tmp1` … if that is taken. */
  #prefix(own: string, uri: string): string {
    const usual = this.#vocabulary.uriOf(own);
    if (usual === uri) return own;
    const known = this.#vocabulary.prefixOf(uri) ?? this.#prefixOfUri.get(uri);
    if (known !== undefined) return known;
    let prefix = own;
    if (this.#ownPrefixes.has(own) || usual !== undefined) {
      prefix = `tmp${this.#temporary}`;
      this.#temporary++;
    }
    this.#budget.touch(uri.length);
    this.#prefixOfUri.set(uri, prefix);
    this.#ownPrefixes.add(prefix);
    return prefix;
  }

  /** A value at or below a blank node: it is a property of each way that leads to that node. */
  #blankValue(text: string, attribute: N | undefined): void {
    const whole: Stop<N>[] = this.#trail.map(({ name, index, node }) => ({ name: name as N, index, node }));
    if (attribute !== undefined) whole.push({ name: attribute, index: undefined, node: undefined });
    for (const { node } of whole) {
      if (node === undefined) continue;
      const cost = NAME * whole.length + lengthOfNames(whole);
      this.#budget.step(cost);
      this.#budget.keep(2 * cost + 2 * text.length);
      const at = whole.findIndex((stop, i) => i > 0 && stop.node === node);
      const stop = whole[at];
      if (stop === undefined) continue;
      let way = whole.slice(0, at);
      let rest = whole.slice(at + 1);
      if (stop.name.meaning !== "description") {
        if (rest.length > 0) rest = [stop, ...rest];
        else way = [...way, stop];
      }
      let blank = this.#blank.get(node);
      if (blank === undefined) {
        blank = { ways: new Map(), values: new Map() };
        this.#blank.set(node, blank);
      }
      blank.ways.set(keyOf(way), way);
      if (rest.length > 0 || text !== "") blank.values.set(keyOf(rest), { rest, text, whole, used: false });
    }
  }

  #blankNodes(): void {
    for (const [, { ways, values }] of this.#sorted(this.#blank)) {
      const all = this.#sorted(values);
      for (const [, way] of this.#sorted(ways)) {
        const subject = way.findIndex(({ name }) => name.meaning === "description");
        if (subject < 1 || subject === way.length - 1) continue;
        for (const [, value] of all) {
          this.#propertyAlong([...way, ...value.rest], value.text);
          value.used = true;
        }
      }
      for (const [, { whole, text, used }] of all) if (!used) this.#propertyAlong(whole, text);
    }
  }

  /** By their keys. Each key is compared with some others, which may begin alike. */
  #sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
    if (map.size === 0) return [];
    for (const key of map.keys()) this.#budget.touch(key.length * Math.log2(1 + map.size));
    return [...map].sort(byKey);
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (RECENT_NAMES - 1);
}

function lengthOfNames<N extends RdfName>(stops: readonly Stop<N>[]): number {
  let length = 0;
  for (const { name, node } of stops) length += name.prefix.length + name.local.length + (node?.length ?? 0);
  return length;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf<N extends RdfName>(stops: readonly Stop<N>[]): string {
  return stops
    .map(
      ({ name: { prefix, local }, index, node }) =>
        `/${prefix}:${local}${index === undefined ? "" : ` ${index}`}${node === undefined ? "" : ` #${node}`}`,
    )
    .join("");
}
