/**
 * XML 1.0 (fifth edition), as much of it as metadata uses: elements, attributes, character data, CDATA, references.
 * No document type is read and no entity is defined, so nothing is fetched and nothing expands. Text that is not well-formed
 * (stray or missing end tags, bare ampersands, junk around the root, several roots) is read as far as it makes sense,
 * because the XMP of real files is often so and a strict parser would lose all of it.
 */
import { platform } from "#platform";
import type { Budget } from "../budget.ts";
import { decodeText, latin1 } from "../bytes/text.ts";

/** Receives the elements in the order of the document. An element without an end tag is left out, unless elements lie in it. */
export interface XmlHandler {
  /** An element that has elements in it begins. */
  open(element: XmlElement): void;
  /** The innermost element that was opened ends. */
  close(): void;
  /** An element without elements in it. */
  leaf(element: XmlElement): void;
  /** The first damage of each kind. */
  damage(damage: XmlDamage): void;
}

export interface XmlDamage {
  readonly code: "MALFORMED" | "TRUNCATED" | "LIMIT_EXCEEDED";
  readonly message: string;
}

/** Work of a tag and an attribute; memory of a piece of text. */
const [TOKEN_STEPS, ATTRIBUTE_STEPS] = [2, 2];
const PIECE_BYTES = 40;

const EXCLAMATION = 0x21;
const QUOTATION = 0x22;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;

/** A character that ends within this distance is looked for here, one further on by the runtime's search. */
const NEAR_BYTES = 24;

/** The header of an XMP packet has a byte order mark even if all else is ASCII. */
const HEADER_BYTES = 64;

/** The bytes of a document and the same bytes as Latin-1 text, so that positions are the same in both. */
class XmlSource {
  readonly bytes: Uint8Array;
  readonly latin1: string;
  /** Where the text is ASCII from. */
  readonly #asciiFrom: number;
  readonly budget: Budget;

  constructor(bytes: Uint8Array, budget: Budget) {
    this.bytes = bytes;
    this.latin1 = latin1(bytes);
    this.budget = budget;
    this.#asciiFrom = platform.isAscii(bytes.subarray(HEADER_BYTES)) ? HEADER_BYTES : Number.POSITIVE_INFINITY;
  }

  /** True if these are the bytes of the text. */
  isWritten(written: Uint8Array, from: number, to: number): boolean {
    const { bytes } = this;
    const { length } = written;
    if (length !== to - from) return false;
    for (let i = 0; i < length; i++) if (written[i] !== bytes[from + i]) return false;
    return true;
  }

  /** The text as it is written. */
  text(from: number, to: number): string {
    const { bytes } = this;
    for (let at = from; at < to; at++) if ((bytes[at] as number) >= 0x80) return decodeText(bytes.subarray(from, to), "utf-8");
    return this.latin1.slice(from, to);
  }

  /** The text with its references resolved. */
  resolved(from: number, to: number): string {
    const { bytes } = this;
    if (to - from > NEAR_BYTES && from >= this.#asciiFrom) {
      const text = this.latin1.slice(from, to);
      return text.includes("&") ? resolveReferences(text, this.budget) : text;
    }
    let seen = 0;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x80) seen |= 1;
      else if (byte === AMPERSAND) seen |= 2;
    }
    if (seen === 0) return this.latin1.slice(from, to);
    const text = seen & 1 ? decodeText(bytes.subarray(from, to), "utf-8") : this.latin1.slice(from, to);
    return seen & 2 ? resolveReferences(text, this.budget) : text;
  }
}

/** Positions of an attribute or declaration: where its name and its value start and end, then the hash of its name. */
const POSITIONS = 5;

/** An element while its tags are read. It is used again for a later one at the same depth. */
export class XmlElement {
  readonly #source: XmlSource;
  nameStart = 0;
  nameEnd = 0;
  /** Of the bytes of its name. A file may choose names with one hash. */
  nameHash = 0;
  readonly attributePositions: number[] = [];
  attributeCount = 0;
  /** Of namespace declarations; the names are without `xmlns:`. */
  readonly declarationPositions: number[] = [];
  declarationCount = 0;
  textStart = 0;
  textEnd = 0;
  /** Text that comes in several pieces. */
  pieces: string | undefined;

  constructor(source: XmlSource) {
    this.#source = source;
  }

  /** With its prefix, as written. */
  get name(): string {
    return this.#source.text(this.nameStart, this.nameEnd);
  }

  /** Character data, references resolved. */
  get text(): string {
    return this.pieces ?? (this.textStart === this.textEnd ? "" : this.#source.resolved(this.textStart, this.textEnd));
  }

  /** True if its name has these bytes. */
  isNamed(written: Uint8Array): boolean {
    return this.#source.isWritten(written, this.nameStart, this.nameEnd);
  }

  attributeName(index: number): string {
    return this.#name(this.attributePositions, index);
  }

  attributeNameLength(index: number): number {
    return (this.attributePositions[POSITIONS * index + 1] as number) - (this.attributePositions[POSITIONS * index] as number);
  }

  attributeNameHash(index: number): number {
    return this.attributePositions[POSITIONS * index + 4] as number;
  }

  attributeIsNamed(index: number, written: Uint8Array): boolean {
    const at = POSITIONS * index;
    return this.#source.isWritten(written, this.attributePositions[at] as number, this.attributePositions[at + 1] as number);
  }

  attributeValue(index: number): string {
    return this.#value(this.attributePositions, index);
  }

  declaredPrefix(index: number): string {
    return this.#name(this.declarationPositions, index);
  }

  declaredUri(index: number): string {
    return this.#value(this.declarationPositions, index);
  }

  #name(positions: readonly number[], index: number): string {
    return this.#source.text(positions[POSITIONS * index] as number, positions[POSITIONS * index + 1] as number);
  }

  #value(positions: readonly number[], index: number): string {
    const start = positions[POSITIONS * index + 2] as number;
    const end = positions[POSITIONS * index + 3] as number;
    return start === end ? "" : this.#source.resolved(start, end);
  }
}

/** Reads a document in UTF-8; elements nested deeper than `depth` are left out. Its work and memory are charged to `budget`. */
export function readXml(bytes: Uint8Array, depth: number, budget: Budget, handler: XmlHandler): void {
  new XmlReader(bytes, depth, budget, handler).read();
}

class XmlReader {
  readonly #source: XmlSource;
  readonly #bytes: Uint8Array;
  readonly #text: string;
  readonly #depth: number;
  readonly #budget: Budget;
  readonly #handler: XmlHandler;
  /** Elements by their depth. */
  readonly #elements: XmlElement[] = [];
  readonly #damaged = new Set<XmlDamage["code"]>();
  #at = 0;
  /** Elements without an end tag so far. */
  #open = 0;
  /** The outer ones of them that the handler knows. The innermost is among them if it has elements in it. */
  #opened = 0;
  /** Open elements that lie too deep. */
  #tooDeep = 0;
  /** Of the name that was read last. */
  #hash = 0;
  /** No such quote comes any more: it is not searched for again. */
  #noQuotation = false;
  #noApostrophe = false;

  constructor(bytes: Uint8Array, depth: number, budget: Budget, handler: XmlHandler) {
    this.#source = new XmlSource(bytes, budget);
    this.#bytes = bytes;
    this.#text = this.#source.latin1;
    this.#depth = depth;
    this.#budget = budget;
    this.#handler = handler;
  }

  read(): void {
    const bytes = this.#bytes;
    for (;;) {
      const tag = this.#next(LESS, "<", this.#at);
      if (tag < 0) break;
      if (tag > this.#at) this.#characters(this.#at, tag, false);
      const next = bytes[tag + 1] ?? 0;
      if (next === SLASH) this.#endTag(tag + 2);
      else if (isNameCharacter(next)) this.#startTag(tag + 1);
      else this.#markup(tag, next);
    }
    if (this.#open > 0) {
      this.#warn("TRUNCATED", `the XML ends within <${this.#innermost().name}>`);
      this.#abandon();
      while (this.#open > 0) this.#close();
    }
  }

  #warn(code: XmlDamage["code"], message: string): void {
    if (this.#damaged.has(code)) return;
    this.#damaged.add(code);
    this.#handler.damage({ code, message });
  }

  #innermost(): XmlElement {
    return this.#elements[this.#open - 1] as XmlElement;
  }

  /** Where the character comes next; -1 if it does not. */
  #next(byte: number, character: string, from: number): number {
    const bytes = this.#bytes;
    const near = Math.min(bytes.length, from + NEAR_BYTES);
    for (let at = from; at < near; at++) if (bytes[at] === byte) return at;
    return this.#text.indexOf(character, near);
  }

  #characters(from: number, to: number, isLiteral: boolean): void {
    const open = this.#open;
    if (open === 0 || this.#opened === open || this.#tooDeep > 0) return;
    const element = this.#innermost();
    if (!isLiteral && element.pieces === undefined && element.textStart === element.textEnd) {
      element.textStart = from;
      element.textEnd = to;
      return;
    }
    this.#budget.keep(PIECE_BYTES + 2 * (to - from));
    element.pieces = element.text + (isLiteral ? this.#source.text(from, to) : this.#source.resolved(from, to));
  }

  #markup(tag: number, next: number): void {
    this.#budget.step(TOKEN_STEPS);
    if (next === EXCLAMATION) this.#declaration(tag);
    else if (next === QUESTION) this.#skipPast("?>", tag + 2, "processing instruction");
    else {
      this.#characters(tag, tag + 1, true);
      this.#at = tag + 1;
    }
  }

  /** Comments, CDATA sections; only the `<!` of a document type is passed, so that its content is no element's text. */
  #declaration(tag: number): void {
    const text = this.#text;
    if (text.startsWith("<!--", tag)) this.#skipPast("-->", tag + 4, "comment");
    else if (text.startsWith("<![CDATA[", tag)) {
      const end = text.indexOf("]]>", tag + 9);
      if (end < 0) this.#stop("CDATA section");
      else {
        this.#characters(tag + 9, end, true);
        this.#at = end + 3;
      }
    } else this.#at = tag + 2;
  }

  #skipPast(delimiter: string, from: number, what: string): void {
    const end = this.#text.indexOf(delimiter, from);
    if (end < 0) this.#stop(what);
    else this.#at = end + delimiter.length;
  }

  #stop(what: string): void {
    this.#warn("MALFORMED", `a ${what} has no end`);
    this.#at = this.#text.length;
  }

  #endTag(from: number): void {
    const to = this.#nameEnd(from);
    const end = this.#next(GREATER, ">", to);
    this.#at = end < 0 ? this.#text.length : end + 1;
    if (end < 0) return;
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    const open = this.#open;
    if (open > 0 && this.#isNamed(this.#innermost(), from, to)) {
      this.#close();
      return;
    }
    this.#warn("MALFORMED", `</${this.#source.text(from, to)}> does not match the element that is open`);
    let index = open - 1;
    this.#budget.step(TOKEN_STEPS + open + ((to - from) >> 3));
    while (index >= 0 && !this.#isNamed(this.#elements[index] as XmlElement, from, to)) index--;
    if (index >= 0) {
      while (this.#open > index + 1) this.#abandon();
      this.#close();
      // A stray end tag, or the misspelt end of a text.
    } else if (open > 0 && this.#opened < open) this.#close();
  }

  #isNamed({ nameStart, nameEnd }: XmlElement, from: number, to: number): boolean {
    if (nameEnd - nameStart !== to - from) return false;
    const bytes = this.#bytes;
    for (let at = from, other = nameStart; at < to; at++, other++) if (bytes[at] !== bytes[other]) return false;
    return true;
  }

  /** The end of the innermost element. */
  #close(): void {
    const element = this.#innermost();
    this.#open--;
    if (this.#opened > this.#open) {
      this.#opened = this.#open;
      this.#handler.close();
    } else this.#leaf(element);
  }

  /** Leaves an element that has no end tag. Its text may be cut or run on: without elements in it, it has no value. */
  #abandon(): void {
    this.#open--;
    if (this.#opened > this.#open) {
      this.#opened = this.#open;
      this.#handler.close();
    }
  }

  #leaf(element: XmlElement): void {
    while (this.#opened < this.#open) {
      const outer = this.#elements[this.#opened] as XmlElement;
      this.#opened++;
      this.#handler.open(outer);
    }
    this.#handler.leaf(element);
  }

  #nameEnd(from: number): number {
    const bytes = this.#bytes;
    let end = from;
    let hash = 0;
    for (; end < bytes.length; end++) {
      const byte = bytes[end] as number;
      if (!isNameCharacter(byte)) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.#hash = hash;
    return end;
  }

  #startTag(from: number): void {
    const to = this.#nameEnd(from);
    const level = Math.min(this.#open, this.#depth);
    let element = this.#elements[level];
    if (element === undefined) {
      element = new XmlElement(this.#source);
      this.#elements.push(element);
    }
    element.nameStart = from;
    element.nameEnd = to;
    element.nameHash = this.#hash;
    element.textStart = 0;
    element.textEnd = 0;
    element.pieces = undefined;
    const isEmpty = this.#attributes(to, element);
    // End tags that match are paid for here.
    this.#budget.step(2 * TOKEN_STEPS + ATTRIBUTE_STEPS * (element.attributeCount + element.declarationCount));
    if (isEmpty === undefined) return;
    if (this.#tooDeep > 0 || this.#open >= this.#depth) {
      this.#warn("LIMIT_EXCEEDED", `elements nested deeper than ${this.#depth}`);
      if (!isEmpty) this.#tooDeep++;
    } else if (isEmpty) this.#leaf(element);
    else this.#open++;
  }

  /** Reads attributes up to the end of the tag: true if it is an empty element's, undefined if the text ends before. */
  #attributes(from: number, element: XmlElement): boolean | undefined {
    const bytes = this.#bytes;
    const { length } = bytes;
    element.attributeCount = 0;
    element.declarationCount = 0;
    let at = from;
    for (;;) {
      while (at < length && isSpace(bytes[at] as number)) at++;
      if (at >= length) break;
      const char = bytes[at] as number;
      if (char === GREATER) {
        this.#at = at + 1;
        return false;
      }
      if (char === SLASH && at + 1 < length && bytes[at + 1] === GREATER) {
        this.#at = at + 2;
        return true;
      }
      const start = at;
      at = this.#attributeNameEnd(at);
      const end = at;
      while (at < length && isSpace(bytes[at] as number)) at++;
      if (at >= length || bytes[at] !== EQUALS) continue;
      at++;
      while (at < length && isSpace(bytes[at] as number)) at++;
      const quote = at < length ? bytes[at] : 0;
      if (quote !== QUOTATION && quote !== APOSTROPHE) continue;
      const valueEnd = this.#quoteAfter(quote, at + 1);
      if (valueEnd < 0) {
        this.#warn("MALFORMED", `the value of attribute ${this.#source.text(start, end)} has no end`);
        at++;
        continue;
      }
      if (end > start) this.#attribute(element, start, end, at + 1, valueEnd);
      at = valueEnd + 1;
    }
    this.#at = length;
    this.#warn("TRUNCATED", "the XML ends within a tag");
    return undefined;
  }

  #attribute(element: XmlElement, start: number, end: number, valueStart: number, valueEnd: number): void {
    const isDeclaration = end - start >= 6 && this.#bytes[start] === 0x78 && this.#text.startsWith("xmlns:", start);
    const positions = isDeclaration ? element.declarationPositions : element.attributePositions;
    const index = POSITIONS * (isDeclaration ? element.declarationCount++ : element.attributeCount++);
    // Positions stay from the element before: only what is beyond them is new memory.
    if (index >= positions.length) this.#budget.keep(PIECE_BYTES);
    positions[index] = isDeclaration ? start + 6 : start;
    positions[index + 1] = end;
    positions[index + 2] = valueStart;
    positions[index + 3] = valueEnd;
    positions[index + 4] = this.#hash;
  }

  #quoteAfter(quote: number, from: number): number {
    if (quote === QUOTATION) {
      if (this.#noQuotation) return -1;
      const end = this.#next(QUOTATION, '"', from);
      this.#noQuotation = end < 0;
      return end;
    }
    if (this.#noApostrophe) return -1;
    const end = this.#next(APOSTROPHE, "'", from);
    this.#noApostrophe = end < 0;
    return end;
  }

  /** At least one character is passed, unless it is the equals sign of a name that is missing. */
  #attributeNameEnd(from: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    let at = from;
    let hash = 0;
    for (; at < length; at++) {
      const char = bytes[at] as number;
      if (char === EQUALS || char === GREATER || isSpace(char)) break;
      if (char === SLASH && at > from && bytes[at + 1] === GREATER) break;
      hash = (Math.imul(hash, 31) + char) | 0;
    }
    this.#hash = hash;
    return at;
  }
}

function isSpace(char: number): boolean {
  return char === 0x20 || (char >= 0x09 && char <= 0x0d);
}

/** 1 for the bytes of names: letters, digits, `-`, `.`, `:`, `_`, and all beyond ASCII. */
const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x80 || /[-.:\w]/.test(String.fromCharCode(byte)) ? 1 : 0));

function isNameCharacter(byte: number): boolean {
  return NAME_BYTES[byte] === 1;
}

const NAMED: ReadonlyMap<string, string> = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

const REFERENCE = /^&(?:(amp|lt|gt|quot|apos)|#x([0-9a-fA-F]{1,8})|#(\d{1,10}));/;
const LONGEST_REFERENCE = 13;

/** Character references and the five predefined entities; all else stays as it is. */
function resolveReferences(text: string, budget: Budget): string {
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
