/**
 * RDF/XML (W3C Recommendation of 10 February 2004) as XMP uses it (ISO 16684-1:2019 section 7, ISO 16684-3): the tree
 * of elements becomes a list of properties, each with its path of names and array positions. Attributes and elements,
 * rdf:parseType, typed nodes, qualifiers and blank nodes all come out the same way. Prefixes become those of ExifTool 13.59
 * (XMP.pm: its namespace table, how it meets unknown and clashing prefixes, at most 1000 items an array).
 */
import { ImagemetaError } from "../../record/errors.ts";
import type { Budget } from "../budget.ts";
import { knownPrefix, namespaceOf } from "../tables/xmp/namespaces.ts";
import type { XmlElement } from "./xml.ts";

/** One name of a path. */
export interface RdfStep {
  readonly prefix: string;
  readonly name: string;
  /** Positions in the array, and in arrays within it, that the value stands at. */
  readonly indexes: readonly number[];
}

export interface RdfProperty {
  /** Never empty. */
  readonly path: readonly RdfStep[];
  readonly text: string;
  /** xml:lang. */
  readonly language: string | undefined;
  /** The kind of array it is an item of. */
  readonly container: "Bag" | "Seq" | "Alt" | undefined;
  /** The text is base64: rdf:datatype or et:encoding says so. */
  readonly base64: boolean;
  /** A structure without fields. */
  readonly emptyStructure: boolean;
}

export interface RdfContent {
  readonly properties: readonly RdfProperty[];
  /** rdf:about, where not empty: each different one. */
  readonly about: readonly string[];
  /** x:xmptk. */
  readonly toolkit: readonly string[];
  /** Some array had more items than are kept. */
  readonly cut: string | undefined;
  /** The budget was spent before the end: the properties are those found so far. */
  readonly spent: ImagemetaError | undefined;
}

const ARRAY_ITEMS = 1000;

/** Steps of work that a property costs, and each name of its path: they go through tables and into a tree. */
const [PROPERTY, NAME] = [160, 10];
const ELEMENT_STEPS = 12;
const ATTRIBUTE_STEPS = 6;
const PROPERTY_BYTES = 400;
/** Steps for each character of a name, which becomes part of a key, is looked up and is cleaned. */
const CHARACTER_STEPS = 0.5;

/** An element or attribute on the way from the root to a value. */
interface Stop {
  readonly prefix: string;
  readonly name: string;
  readonly index: number | undefined;
  readonly node: string | undefined;
}

/** What is known of one blank node: the ways to it, and the values beyond it. */
interface BlankNode {
  readonly ways: Map<string, readonly Stop[]>;
  readonly values: Map<string, { readonly rest: readonly Stop[]; readonly text: string; readonly whole: readonly Stop[]; used: boolean }>;
}

const NONE: ReadonlyMap<string, string> = new Map();
const NO_INDEXES: readonly number[] = [];

/** Namespaces of syntax: their names are no part of a property's name. */
const SYNTAX = new Set(["x", "rdf", "xmlns", "xml", "svg", "office"]);
const EXIFTOOL_ATTRIBUTES = new Set(["desc", "prt", "val", "id", "tagid", "toolkit", "table", "index"]);

export function rdfContent(roots: readonly XmlElement[], budget: Budget): RdfContent {
  return new RdfReader(budget).read(roots);
}

class RdfReader {
  readonly #budget: Budget;
  readonly #properties: RdfProperty[] = [];
  readonly #about = new Set<string>();
  readonly #toolkit = new Set<string>();
  readonly #trail: Stop[] = [];
  /** The trail's names that make a property's name. */
  readonly #path: RdfStep[] = [];
  readonly #prefixOfUri = new Map<string, string>();
  readonly #uriOfPrefix = new Map<string, string>();
  readonly #blank = new Map<string, BlankNode>();
  #cut: string | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  read(roots: readonly XmlElement[]): RdfContent {
    let spent: ImagemetaError | undefined;
    try {
      this.#elements(roots, new Map(), undefined);
      this.#blankNodes();
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      spent = thrown;
    }
    return { properties: this.#properties, about: [...this.#about], toolkit: [...this.#toolkit], cut: this.#cut, spent };
  }

  /** `prefixes`: the document's own → the one it stands for, where they differ. */
  #elements(elements: readonly XmlElement[], inherited: ReadonlyMap<string, string>, outerNode: string | undefined): void {
    let prefixes = inherited;
    let items = 0;
    for (const element of elements) {
      this.#budget.step(ELEMENT_STEPS + this.#trail.length / 4 + element.name.length / 4);
      prefixes = this.#declared(element, prefixes);
      const prefix = prefixOf(element.name, prefixes);
      const name = localName(element.name);
      const isRdf = prefix === "rdf";
      const isDescription = isRdf && name === "Description";
      const isItem = isRdf && name === "li";
      if (isItem && items === ARRAY_ITEMS) {
        this.#cut ??= this.#path.at(-1)?.name;
        break;
      }
      const attributes = element.attributes.length === 0 ? NONE : qualified(element.attributes, prefixes);
      const nodeId = attributes.get("rdf:nodeID");
      // A description within a description is a structure written the long way.
      const isStructure = isDescription && nodeId === undefined && this.#trail.some((s) => s.name === "Description" && s.prefix === "rdf");
      const length = this.#path.length;
      const before = this.#path.at(-1);
      if (!isStructure) {
        const stop: Stop = {
          prefix: prefix === "xmp" && name === "xmpmeta" ? "x" : prefix,
          name,
          index: isItem ? items : undefined,
          node: nodeId,
        };
        this.#trail.push(stop);
        extend(this.#path, stop);
      }
      if (isItem) items++;
      const node = nodeId ?? outerNode;
      const had = attributes !== NONE && this.#attributes(attributes, prefix, node);
      if (element.children.length > 0) this.#elements(element.children, prefixes, node);
      else this.#leaf(element, attributes, isDescription, isStructure, had, node);
      if (!isStructure) {
        this.#trail.pop();
        this.#path.length = length;
        if (before !== undefined) this.#path[length - 1] = before;
      }
    }
  }

  /** Attributes are properties written short. True where there was one. */
  #attributes(attributes: ReadonlyMap<string, string>, parent: string, node: string | undefined): boolean {
    let had = false;
    for (const [attribute, value] of attributes) {
      const colon = attribute.indexOf(":");
      const prefix = colon < 0 ? parent : attribute.slice(0, colon);
      const name = attribute.slice(colon + 1);
      if (prefix === "rdf" && name === "about" && value !== "") this.#about.add(value);
      else if (prefix === "x" && (name === "xmptk" || name === "xaptk") && value !== "") this.#toolkit.add(value);
      if (SYNTAX.has(prefix) || (prefix === "et" && EXIFTOOL_ATTRIBUTES.has(name))) continue;
      had = true;
      const stop: Stop = { prefix, name, index: undefined, node: undefined };
      this.#trail.push(stop);
      if (node === undefined) this.#property([...this.#path, { prefix, name, indexes: NO_INDEXES }], stop, undefined, value, NONE, false);
      else this.#blankValue(value);
      this.#trail.pop();
    }
    return had;
  }

  #leaf(
    element: XmlElement,
    attributes: ReadonlyMap<string, string>,
    isDescription: boolean,
    isStructure: boolean,
    had: boolean,
    node: string | undefined,
  ): void {
    let { text } = element;
    if (isDescription) text = text.trim();
    const stated = attributes.get("rdf:value") ?? attributes.get("rdf:resource") ?? attributes.get("rdf:about");
    const fromAttribute = text === "" && stated !== undefined;
    if (fromAttribute) text = stated;
    if (text === "" && had) return;
    const trail = this.#trail;
    const last = trail.at(-1);
    if (node !== undefined) this.#blankValue(text);
    else if (!(fromAttribute && last?.prefix === "rdf" && last.name === "type")) {
      this.#property([...this.#path], last, trail.at(-2), text, attributes, isStructure);
    }
  }

  #property(
    path: readonly RdfStep[],
    last: Stop | undefined,
    outer: Stop | undefined,
    text: string,
    attributes: ReadonlyMap<string, string>,
    isStructure: boolean,
  ): void {
    if (path.length === 0) return;
    this.#budget.step(PROPERTY + NAME * path.length + CHARACTER_STEPS * lengthOfNames(path));
    this.#budget.touch(2 * text.length);
    this.#budget.keep(PROPERTY_BYTES + 2 * text.length);
    const isItem = last?.prefix === "rdf" && last.name === "li" && outer?.prefix === "rdf";
    const container = isItem && (outer.name === "Bag" || outer.name === "Seq" || outer.name === "Alt") ? outer.name : undefined;
    const encoding = attributes.get("rdf:datatype") ?? attributes.get("et:encoding");
    this.#properties.push({
      path,
      text,
      language: attributes.get("xml:lang"),
      container,
      base64: encoding?.includes("base64") ?? false,
      emptyStructure: text === "" && (isStructure || attributes.get("rdf:parseType") === "Resource"),
    });
  }

  #propertyAlong(trail: readonly Stop[], text: string): void {
    this.#budget.step(NAME * trail.length);
    const path: RdfStep[] = [];
    for (const stop of trail) extend(path, stop);
    this.#property(path, trail.at(-1), trail.at(-2), text, NONE, false);
  }

  /** The prefixes in force within an element, its own declarations resolved. */
  #declared(element: XmlElement, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    let prefixes = outer;
    const { attributes } = element;
    for (let i = 0; i + 1 < attributes.length; i += 2) {
      const attribute = attributes[i] ?? "";
      this.#budget.step(ATTRIBUTE_STEPS + attribute.length / 4);
      if (!attribute.startsWith("xmlns:")) continue;
      const own = attribute.slice(6);
      const prefix = this.#prefix(own, attributes[i + 1] ?? "");
      if (prefix === (prefixes.get(own) ?? own)) continue;
      this.#budget.step(1 + 10 * prefixes.size);
      prefixes = new Map(prefixes).set(own, prefix);
    }
    return prefixes;
  }

  /** One prefix for one URI over the whole packet: the known one, else the file's own, else `tmp0`, `tmp1` … where that is taken. */
  #prefix(own: string, uri: string): string {
    const known = knownPrefix(uri) ?? this.#prefixOfUri.get(uri);
    if (known !== undefined) return known;
    let prefix = own;
    if (this.#uriOfPrefix.has(own) || namespaceOf(own) !== undefined) {
      prefix = `tmp${this.#temporary}`;
      this.#temporary++;
    }
    this.#prefixOfUri.set(uri, prefix);
    this.#uriOfPrefix.set(prefix, uri);
    return prefix;
  }
  #temporary = 0;

  /** A value at or below a blank node: it is a property of whatever leads to that node. */
  #blankValue(text: string): void {
    const whole = [...this.#trail];
    for (const { node } of whole) {
      if (node === undefined) continue;
      const cost = NAME * whole.length + lengthOfNames(whole);
      this.#budget.step(cost);
      this.#budget.keep(2 * cost);
      const at = whole.findIndex((stop, i) => i > 0 && stop.node === node);
      const stop = whole[at];
      if (stop === undefined) continue;
      let way = whole.slice(0, at);
      let rest = whole.slice(at + 1);
      if (!(stop.prefix === "rdf" && stop.name === "Description")) {
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
        const subject = way.findIndex((stop) => stop.prefix === "rdf" && stop.name === "Description");
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
    for (const key of map.keys()) this.#budget.touch(key.length * Math.log2(1 + map.size));
    return [...map].sort(byKey);
  }
}

function lengthOfNames(stops: readonly { readonly prefix: string; readonly name: string; readonly node?: string | undefined }[]): number {
  let length = 0;
  for (const { prefix, name, node } of stops) length += prefix.length + name.length + (node?.length ?? 0);
  return length;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf(stops: readonly Stop[]): string {
  return stops
    .map(
      ({ prefix, name, index, node }) =>
        `/${prefix}:${name}${index === undefined ? "" : ` ${index}`}${node === undefined ? "" : ` #${node}`}`,
    )
    .join("");
}

/** Adds to a path what an element or attribute says: a name of its own, or a position in the array named before. */
function extend(path: RdfStep[], { prefix, name, index }: Stop): void {
  if (!SYNTAX.has(prefix)) {
    path.push({ prefix, name, indexes: NO_INDEXES });
    return;
  }
  const last = path.at(-1);
  if (prefix !== "rdf" || last === undefined) return;
  if (index !== undefined) path[path.length - 1] = { ...last, indexes: [...last.indexes, index] };
  else if (/^_\d+$/.test(name)) path[path.length - 1] = { ...last, name: last.name + name };
}

function prefixOf(name: string, prefixes: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(":");
  if (colon < 0) return "";
  const own = name.slice(0, colon);
  return prefixes.size === 0 ? own : (prefixes.get(own) ?? own);
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** Attributes, but declarations, by their name with the prefix it stands for. Of two with one name, the later wins. */
function qualified(attributes: readonly string[], prefixes: ReadonlyMap<string, string>): Map<string, string> {
  const byName = new Map<string, string>();
  for (let i = 0; i + 1 < attributes.length; i += 2) {
    const own = attributes[i] ?? "";
    if (own.startsWith("xmlns:")) continue;
    const translated = prefixes.size > 0 && own.includes(":");
    byName.set(translated ? `${prefixOf(own, prefixes)}:${localName(own)}` : own, attributes[i + 1] ?? "");
  }
  return byName;
}
