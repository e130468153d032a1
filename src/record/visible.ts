/**
 * Texts of strangers in what people look at: names of objects, metadata, messages of servers. A character that a terminal or an editor
 * would obey stands there as its escape. Records in a store keep it.
 */

/** DEL, C1 controls, line and paragraph separators, bidirectional controls (Unicode Standard Annex 9), the byte order mark. */
const OBEYED = String.raw`\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff`;
/** JSON.stringify escapes C0 controls and lone surrogates by itself; a raw C0 control in its text is the indentation. */
const OBEYED_IN_JSON = new RegExp(`[${OBEYED}]`, "g");
/** A carriage return before a line feed ends a line; alone, it has the line written over. */
const OBEYED_IN_CELL = new RegExp(String.raw`[\0-\x08\x0b\x0c\x0e-\x1f${OBEYED}\p{Cs}]|\r(?!\n)`, "gu");
/** In one line nothing is a control, and nothing is invisible. */
const OBEYED_IN_LINE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The value as JSON (RFC 8259) with escapes, which says the same. */
export function safeJson(value: unknown, indent?: number): string {
  return escapedJson(JSON.stringify(value, undefined, indent));
}

/** A JSON text with escapes. The characters occur only inside its strings, where an escape is always right. */
export function escapedJson(json: string): string {
  return json.replace(OBEYED_IN_JSON, unicodeEscape);
}

/** A text for a cell of CSV: tabs and ends of lines stay. */
export function visibleCell(text: string): string {
  return text.replace(OBEYED_IN_CELL, unicodeEscape);
}

/** A text for one line of a terminal. */
export function visibly(text: string): string {
  return text.replace(OBEYED_IN_LINE, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same of several lines. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visibly).join("\n");
}

function unicodeEscape(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
