/**
 * SVG, known and not read: an XML 1.0 document whose root element is `svg` (SVG 2 section 5.1.1), in any encoding that XML has, or
 * compressed by gzip (RFC 1952). Only what may stand before the root is looked at: nothing is expanded or fetched.
 */
import { defaultLimits } from "../../record/limits.ts";
import { Budget } from "../budget.ts";
import { inflate } from "../bytes/inflate.ts";
import { decodeText } from "../bytes/text.ts";
import { type Container, type Format, LONG_HEAD_BYTES } from "./container.ts";

const SVG: Format = { format: "SVG", mimeType: "image/svg+xml", extensions: "svg svgz", standard: "SVG 2 (W3C)" };

/** The namespace, older ones that drafts had, or an entity that stands for one of them. */
const NAMESPACE = /^(?:&|https?:\/\/www\.w3\.org\/.*svg)/i;

/** Compressed bytes that are inflated: to some kilobytes of text, and to 2 MiB at most. */
const DEFLATED_BYTES = 2048;

export const svg: Container = {
  name: "svg",
  title: "SVG",
  formats: [SVG],
  firstRead: LONG_HEAD_BYTES,
  detect(head, longer) {
    const isCompressed = head[0] === 0x1f && head[1] === 0x8b;
    const text = xmlText(isCompressed ? inflatedHead(head) : head);
    if (text === undefined) return undefined;
    let root = rootIn(text);
    if (root === "cut" && !isCompressed && longer !== undefined) root = rootIn(xmlText(longer()) ?? "");
    return root === "svg" ? SVG : undefined;
  },
};

/** The text of what may be XML; undefined if it cannot be. */
function xmlText(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return decodeText(head.subarray(2), "utf-16le");
  if (first === 0xfe && second === 0xff) return decodeText(head.subarray(2), "utf-16be");
  if (first === 0x3c && second === 0) return decodeText(head, "utf-16le");
  if (first === 0 && second === 0x3c) return decodeText(head, "utf-16be");
  const text = decodeText(head, "latin1");
  const start = text.startsWith("\xef\xbb\xbf") ? 3 : 0;
  return (text[pastSpace(text, start)] ?? "<") === "<" ? text.slice(start) : undefined;
}

/** RFC 1952 section 2.3: the header, then raw DEFLATE. */
function inflatedHead(head: Uint8Array): Uint8Array {
  const flags = head[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (head[at] ?? 0) + ((head[at + 1] ?? 0) << 8);
  for (const flag of [8, 16]) if (flags & flag) at = head.indexOf(0, at) + 1 || head.length;
  if (flags & 2) at += 2;
  return inflate(head.subarray(at, at + DEFLATED_BYTES), "deflate", new Budget(defaultLimits)).bytes.subarray(0, LONG_HEAD_BYTES);
}

/** `cut` if the text ends before it is known. */
type Root = "svg" | "other" | "cut";

/** XML 1.0 section 2.8: the prolog, then the root element. */
function rootIn(text: string): Root {
  for (let at = 0; ; ) {
    at = pastSpace(text, at);
    if (at === text.length) return "cut";
    let end: number;
    if (text.startsWith("<!--", at)) end = past(text, "-->", at + 4);
    else if (text.startsWith("<?", at)) end = past(text, "?>", at + 2);
    else if (text.startsWith("<!DOCTYPE", at)) {
      const [declared = "", name = ""] = /^<!DOCTYPE\s*([^\s[>]*)/.exec(text.slice(at, at + 256)) ?? [];
      // It has the name of the root.
      if (at + declared.length < text.length && !/^(?:[^:]+:)?svg$/.test(name)) return "other";
      end = pastDoctype(text, at + declared.length);
    } else return rootAt(text, at);
    if (end < 0) return "cut";
    at = end;
  }
}

function rootAt(text: string, at: number): Root {
  const name = /^<(?:([^\s:<>/"'=]+):)?svg(?=[\s/>])/.exec(text.slice(at, at + 256));
  if (name === null) return text.length < at + 256 && /^<[^\s<>/"'=]*$/.test(text.slice(at)) ? "cut" : "other";
  const [tag, prefix] = name;
  const namespace = attributeOf(text, at + tag.length, prefix === undefined ? "xmlns" : `xmlns:${prefix}`);
  if (namespace !== undefined && namespace !== "") return NAMESPACE.test(namespace) ? "svg" : "other";
  if (prefix === undefined) return "svg";
  return text.indexOf(">", at) < 0 ? "cut" : "other";
}

/** The value of an attribute of the start tag whose attributes begin at `start`. */
function attributeOf(text: string, start: number, wanted: string): string | undefined {
  for (let at = pastSpace(text, start); at < text.length && text[at] !== ">" && text[at] !== "/"; ) {
    const equals = text.indexOf("=", at);
    if (equals < 0) return undefined;
    const opening = pastSpace(text, equals + 1);
    const quote = text[opening];
    if (quote !== '"' && quote !== "'") return undefined;
    const closing = text.indexOf(quote, opening + 1);
    if (closing < 0) return undefined;
    if (text.slice(at, equals).trim() === wanted) return text.slice(opening + 1, closing);
    at = pastSpace(text, closing + 1);
  }
  return undefined;
}

/** Section 2.8: quoted identifiers and an internal subset, whose declarations hold quotes and comments. -1 if it does not end. */
function pastDoctype(text: string, start: number): number {
  let isSubset = false;
  for (let at = start; at >= 0 && at < text.length; ) {
    const character = text[at];
    if (character === ">" && !isSubset) return at + 1;
    if (character === '"' || character === "'") at = past(text, character, at + 1);
    else if (text.startsWith("<!--", at)) at = past(text, "-->", at + 4);
    else if (text.startsWith("<?", at)) at = past(text, "?>", at + 2);
    else {
      if (character === "[") isSubset = true;
      else if (character === "]") isSubset = false;
      at++;
    }
  }
  return -1;
}

/** Behind the next `what` from `at` on; -1 if there is none. */
function past(text: string, what: string, at: number): number {
  const start = text.indexOf(what, at);
  return start < 0 ? -1 : start + what.length;
}

function pastSpace(text: string, start: number): number {
  let at = start;
  while (" \t\r\n".includes(text[at] ?? "<")) at++;
  return at;
}
