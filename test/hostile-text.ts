/** Texts that a terminal or an editor obeys instead of showing them. */

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));

/** What nothing that is printed may hold, tabs and line feeds aside. */
export const RAW = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

/** The characters: C0 and C1 controls, DEL, separators, bidirectional controls (Unicode Standard Annex 9), lone surrogates. */
export const OBEYED: readonly string[] = [
  ...[...range(0, 0x1f), ...range(0x7f, 0x9f)].filter((c) => c !== "\t" && c !== "\n"),
  ...["\u061c", "\u200e", "\u200f", ...range(0x2028, 0x202e), ...range(0x2066, 0x2069), "\ufeff", "\ud800", "\udfff"],
];

/** A part of a name: sets the title of a terminal, clears it, writes backwards. An object can be called so. */
export const HOSTILE_NAME = `\u001b]0;owned\u0007\u001b[2J\b\u007f\u0085\u009b31m${"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}\ufeffgpj`;

/** The same as a text may be that is no name. */
export const HOSTILE_TEXT = `${HOSTILE_NAME}\r\u0000end`;
