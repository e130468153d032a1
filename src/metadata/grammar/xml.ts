/**
 * XML 1.0 (fifth edition), as much of it as metadata uses: elements, attributes, character data, CDATA, references.
 * No document type is read and no entity is defined, so nothing is fetched and nothing expands. What is not well-formed
 * (stray or missing end tags, bare ampersands, junk around the root, several roots) is read as far as it makes sense,
 * because the XMP of real files is often so and a strict parser would lose all of it.
 */
import type { Budget } from "../budget.ts";

export interface XmlElement {
  /** With its prefix, as written. */
  readonly name: string;
  /** Names and values in turn, in the order of the document; references resolved. */
  readonly attributes: readonly string[];
  readonly children: XmlElement[];
  /** Character data where there are no child elements; references resolved. */
  text: string;
}

interface XmlDamage {
  readonly code: "MALFORMED" | "TRUNCATED" | "LIMIT_EXCEEDED";
  readonly message: string;
}

export interface XmlContent {
  /** The outermost elements: one in a document, more where packets follow each other. */
  readonly roots: readonly XmlElement[];
  /** What was wrong: the first of each kind. */
  readonly damage: readonly XmlDamage[];
}

/** Work of a tag, an attribute or a declaration; memory of an element or attribute, and of a piece of text. */
const TOKEN_STEPS = 6;
const [ELEMENT_BYTES, PIECE_BYTES] = [160, 40];

const EXCLAMATION = 0x21;
const QUOTATION = 0x22;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;

/** Parses `text`; elements nested deeper than `depth` are left out. Its work and memory are charged to `budget`. */
export function parseXml(text: string, depth: number, budget: Budget): XmlContent {
  return new XmlParser(text, depth, budget).parse();
}

class XmlParser {
  readonly #text: string;
  readonly #depth: number;
  readonly #budget: Budget;
  readonly #roots: XmlElement[] = [];
  readonly #open: XmlElement[] = [];
  readonly #damage = new Map<string, XmlDamage>();
  /** Where each delimiter was last found: one that does not come again is not searched for again. */
  readonly #found = new Map<string, number>();
  #at = 0;
  /** Open elements that lie too deep. */
  #tooDeep = 0;

  constructor(text: string, depth: number, budget: Budget) {
    this.#text = text;
    this.#depth = depth;
    this.#budget = budget;
  }

  parse(): XmlContent {
    const text = this.#text;
    for (;;) {
      const tag = text.indexOf("<", this.#at);
      if (tag < 0) break;
      this.#budget.step(TOKEN_STEPS);
      if (tag > this.#at) this.#characters(text.slice(this.#at, tag));
      const next = text.charCodeAt(tag + 1);
      if (next === SLASH) this.#endTag(tag + 2);
      else if (next === EXCLAMATION) this.#declaration(tag);
      else if (next === QUESTION) this.#skipPast("?>", tag + 2, "processing instruction");
      else if (isNameCharacter(next)) this.#startTag(tag + 1);
      else {
        this.#characters("<");
        this.#at = tag + 1;
      }
    }
    const last = this.#open.at(-1);
    if (last !== undefined) {
      this.#warn("TRUNCATED", `the XML ends within <${last.name}>`);
      this.#abandon();
    }
    return { roots: this.#roots, damage: [...this.#damage.values()] };
  }

  #warn(code: XmlDamage["code"], message: string): void {
    if (!this.#damage.has(code)) this.#damage.set(code, { code, message });
  }

  #characters(data: string, literal = false): void {
    const element = this.#open.at(-1);
    if (element === undefined || this.#tooDeep > 0 || element.children.length > 0) return;
    this.#budget.keep(PIECE_BYTES + 2 * data.length);
    element.text += literal ? data : resolveReferences(data, this.#budget);
  }

  /** Comments, CDATA sections; of a document type only its `<!` is passed, so that what lies in it is no element's text. */
  #declaration(tag: number): void {
    const text = this.#text;
    if (text.startsWith("<!--", tag)) this.#skipPast("-->", tag + 4, "comment");
    else if (text.startsWith("<![CDATA[", tag)) {
      const end = this.#find("]]>", tag + 9);
      if (end < 0) this.#stop("CDATA section");
      else {
        this.#characters(text.slice(tag + 9, end), true);
        this.#at = end + 3;
      }
    } else this.#at = tag + 2;
  }

  #skipPast(delimiter: string, from: number, what: string): void {
    const end = this.#find(delimiter, from);
    if (end < 0) this.#stop(what);
    else this.#at = end + delimiter.length;
  }

  #stop(what: string): void {
    this.#warn("MALFORMED", `a ${what} has no end`);
    this.#at = this.#text.length;
  }

  #find(delimiter: string, from: number): number {
    const before = this.#found.get(delimiter);
    if (before !== undefined && (before < 0 || before >= from)) return before;
    const at = this.#text.indexOf(delimiter, from);
    this.#found.set(delimiter, at);
    return at;
  }

  #endTag(from: number): void {
    const name = this.#name(from);
    const end = this.#find(">", from + name.length);
    this.#at = end < 0 ? this.#text.length : end + 1;
    if (end < 0) return;
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    const open = this.#open;
    this.#budget.touch(name.length);
    if (open.at(-1)?.name === name) {
      open.pop();
      return;
    }
    this.#warn("MALFORMED", `</${name}> does not match the element that is open`);
    this.#budget.step(open.length);
    const index = open.findLastIndex((element) => element.name === name);
    if (index >= 0) {
      while (open.length > index + 1) this.#abandon();
      open.pop();
      // Of no open element: stray, or the misspelt end of a text.
    } else if (open.at(-1)?.children.length === 0) open.pop();
  }

  /** Leaves an element that has no end tag. Its text may be cut or run on: without child elements it is no value. */
  #abandon(): void {
    const element = this.#open.pop();
    if (element?.children.length === 0) (this.#open.at(-1)?.children ?? this.#roots).pop();
  }

  #name(from: number): string {
    let end = from;
    while (isNameCharacter(this.#text.charCodeAt(end))) end++;
    return this.#text.slice(from, end);
  }

  #startTag(from: number): void {
    const name = this.#name(from);
    this.#budget.step(TOKEN_STEPS);
    this.#budget.keep(ELEMENT_BYTES);
    const attributes: string[] = [];
    const empty = this.#attributes(from + name.length, attributes);
    if (empty === undefined) return;
    if (this.#tooDeep > 0 || this.#open.length >= this.#depth) {
      this.#warn("LIMIT_EXCEEDED", `elements nested deeper than ${this.#depth}`);
      if (!empty) this.#tooDeep++;
      return;
    }
    const element: XmlElement = { name, attributes, children: [], text: "" };
    (this.#open.at(-1)?.children ?? this.#roots).push(element);
    if (!empty) this.#open.push(element);
  }

  /** Reads attributes up to the end of the tag: true where it is an empty element's, undefined where the text ends before. */
  #attributes(from: number, attributes: string[]): boolean | undefined {
    const text = this.#text;
    let at = from;
    for (;;) {
      while (isSpace(text.charCodeAt(at))) at++;
      const char = text.charCodeAt(at);
      if (Number.isNaN(char)) break;
      if (char === GREATER) {
        this.#at = at + 1;
        return false;
      }
      if (char === SLASH && text.charCodeAt(at + 1) === GREATER) {
        this.#at = at + 2;
        return true;
      }
      this.#budget.step(TOKEN_STEPS);
      const start = at;
      at = this.#attributeNameEnd(at);
      const name = text.slice(start, at);
      while (isSpace(text.charCodeAt(at))) at++;
      if (text.charCodeAt(at) !== EQUALS) continue;
      at++;
      while (isSpace(text.charCodeAt(at))) at++;
      const quote = text.charCodeAt(at);
      if (quote !== QUOTATION && quote !== APOSTROPHE) continue;
      const end = this.#find(quote === QUOTATION ? '"' : "'", at + 1);
      if (end < 0) {
        this.#warn("MALFORMED", `the value of attribute ${name} has no end`);
        at++;
        continue;
      }
      if (name === "") {
        at = end + 1;
        continue;
      }
      this.#budget.keep(ELEMENT_BYTES + 2 * (end - start));
      attributes.push(name, resolveReferences(text.slice(at + 1, end), this.#budget));
      at = end + 1;
    }
    this.#at = text.length;
    this.#warn("TRUNCATED", "the XML ends within a tag");
    return undefined;
  }

  /** At least one character is passed, unless it is the equals sign of a name that is missing. */
  #attributeNameEnd(from: number): number {
    const text = this.#text;
    let at = from;
    for (;;) {
      const char = text.charCodeAt(at);
      if (Number.isNaN(char) || char === EQUALS || char === GREATER || isSpace(char)) return at;
      if (char === SLASH && at > from && text.charCodeAt(at + 1) === GREATER) return at;
      at++;
    }
  }
}

function isSpace(char: number): boolean {
  return char === 0x20 || (char >= 0x09 && char <= 0x0d);
}

/** Letters, digits, `-`, `.`, `:`, `_`, and all beyond ASCII. */
function isNameCharacter(char: number): boolean {
  return (
    (char >= 0x61 && char <= 0x7a) ||
    (char >= 0x41 && char <= 0x5a) ||
    (char >= 0x30 && char <= 0x3a) ||
    char === 0x2d ||
    char === 0x2e ||
    char === 0x5f ||
    char >= 0x80
  );
}

const NAMED: ReadonlyMap<string, string> = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

const REFERENCE = /^&(?:(amp|lt|gt|quot|apos)|#x([0-9a-fA-F]{1,8})|#(\d{1,10}));/;
const LONGEST_REFERENCE = 13;

/** Character references and the five predefined entities; all else stays as it is. */
function resolveReferences(text: string, budget: Budget): string {
  if (!text.includes("&")) return text;
  let resolved = "";
  let from = 0;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", Math.max(from, at + 1))) {
    budget.step(8);
    const match = REFERENCE.exec(text.slice(at, at + LONGEST_REFERENCE));
    const character = match === null ? undefined : referred(match);
    if (match === null || character === undefined) continue;
    resolved += text.slice(from, at) + character;
    from = at + match[0].length;
  }
  return resolved + text.slice(from);
}

function referred([, named, hex, decimal]: RegExpExecArray): string | undefined {
  if (named !== undefined) return NAMED.get(named);
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
