/**
 * Text encodings of metadata: UTF-8 with ExifTool's leniency, Latin-1 as Windows writes it, Mac Roman, UTF-16, UTF-32,
 * JIS X 0208. Sources: Unicode 16.0 section 3.9 and its mapping tables; ExifTool 13.59 Charset.pm and XMP.pm for what bad bytes become.
 */
import { platform } from "#platform";
import { viewOf } from "./arrays.ts";
import { characters } from "./characters.ts";

export type Charset =
  /** A byte that belongs to no character becomes `?`. */
  | "utf-8"
  /** ISO 8859-1, with Windows-1252 in 0x80–0x9f. */
  | "latin1"
  | "mac-roman"
  /** A byte order mark wins over the order named. */
  | "utf-16be"
  | "utf-16le"
  | "utf-32be"
  | "utf-32le"
  /** Pairs of JIS X 0208:1990, big-endian. */
  | "jis";

/** Windows-1252 in 0x80–0x9f; what it leaves out stands for itself. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Mac Roman from 0x80 on. */
const MAC_ROMAN =
  "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\xa0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/** Up to this length a call of the platform's decoder takes longer than to make the text here. Most texts of metadata are as short. */
const SHORT_BYTES = 16;

/** The text of `bytes`. Never throws. U+0000 is kept: see `untilNull`. */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  switch (charset) {
    case "utf-8":
      return utf8(bytes);
    case "latin1":
      return singleBytes(bytes, WINDOWS_1252);
    case "mac-roman":
      return singleBytes(bytes, MAC_ROMAN);
    case "utf-16be":
    case "utf-16le":
      return utf16(bytes, charset === "utf-16le");
    case "utf-32be":
    case "utf-32le":
      return utf32(bytes, charset === "utf-32le");
    case "jis":
      return jis(bytes);
  }
}

/** One character a byte, whatever it stands for: signatures, and text that is searched before it is decoded. */
export function latin1(bytes: Uint8Array): string {
  return bytes.length <= SHORT_BYTES ? characters(bytes) : platform.latin1(bytes, 0, bytes.length);
}

const encoder = new TextEncoder();

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** What comes before the first U+0000: text fields are padded or ended with it. */
export function untilNull(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** The text without the `characters` that it ends with. An expression like `/\0+$/` would take quadratic time. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

/** White space of Latin-1, and U+0000. */
export const BLANKS = "\0\t\n\v\f\r \xa0";

/** The bytes if they are UTF-8, else a copy in which every byte that is part of no character is `?`. */
export function wellFormedUtf8(bytes: Uint8Array): Uint8Array {
  return platform.isUtf8(bytes) ? bytes : repaired(bytes);
}

function utf8(bytes: Uint8Array): string {
  if (bytes.length <= SHORT_BYTES && isShortAscii(bytes)) return characters(bytes);
  const text = platform.utf8(bytes) ?? platform.utf8(repaired(bytes)) ?? "";
  // U+FFFE and U+FFFF are no characters: each of their three bytes is a bad one.
  return text.includes("\ufffe") || text.includes("\uffff") ? text.replace(/[\ufffe\uffff]/g, "???") : text;
}

function isShortAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) >= 0x80) return false;
  return true;
}

/** Text of one byte a character, whose bytes from 0x80 on are `high`, as far as it goes. */
function singleBytes(bytes: Uint8Array, high: string): string {
  if (platform.isAscii(bytes)) return latin1(bytes);
  const units = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const unit = byte < 0x80 || byte >= 0x80 + high.length ? byte : high.charCodeAt(byte - 0x80);
    units[2 * at] = unit & 0xff;
    units[2 * at + 1] = unit >> 8;
  }
  return platform.utf16le(units);
}

/** A copy in which every byte that is part of no character is `?`. */
function repaired(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = 0; at < copy.length; ) {
    // Most of it is ASCII.
    if ((copy[at] as number) < 0x80) {
      at++;
      continue;
    }
    const length = characterLength(copy, at);
    if (length === 0) copy[at] = 0x3f;
    at += length || 1;
  }
  return copy;
}

/** Bytes of the UTF-8 character at `at`; 0 where there is none (Unicode 16.0, table 3-7). */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function utf16(bytes: Uint8Array, littleEndian: boolean): string {
  const mark = bytes.length >= 2 ? viewOf(bytes).getUint16(0) : 0;
  const [marked, little] = mark === 0xfeff ? [true, false] : mark === 0xfffe ? [true, true] : [false, littleEndian];
  const even = bytes.subarray(marked ? 2 : 0, bytes.length & ~1);
  return platform.utf16le(little ? even : swapped(even));
}

/** A copy with the bytes of each pair swapped. */
function swapped(pairs: Uint8Array): Uint8Array {
  const copy = new Uint8Array(pairs.length);
  for (let at = 0; at < pairs.length; at += 2) {
    copy[at] = pairs[at + 1] as number;
    copy[at + 1] = pairs[at] as number;
  }
  return copy;
}

function utf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = viewOf(bytes);
  const mark = bytes.length >= 4 ? view.getUint32(0) : 0;
  const [marked, little] = mark === 0xfeff ? [true, false] : mark === 0xfffe0000 ? [true, true] : [false, littleEndian];
  // No character takes more bytes in UTF-16 than here.
  const units = new Uint8Array(bytes.length);
  const unitsView = viewOf(units);
  let end = 0;
  const put = (unit: number) => {
    unitsView.setUint16(end, unit, true);
    end += 2;
  };
  for (let at = marked ? 4 : 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little);
    if (point >= 0x10000 && point <= 0x10ffff) put(0xd7c0 + (point >> 10));
    put(point < 0x10000 ? point : point > 0x10ffff ? 0xfffd : 0xdc00 + (point & 0x3ff));
  }
  return platform.utf16le(units.subarray(0, end));
}

/** Made for the first text that needs it: some edge runtimes know no encoding but UTF-8. */
let eucJp: InstanceType<typeof TextDecoder> | undefined;

/** JIS X 0208 is EUC-JP with the high bits clear. */
function jis(bytes: Uint8Array): string {
  const pairs = Uint8Array.from(bytes.subarray(0, bytes.length & ~1));
  for (let at = 0; at < pairs.length; at += 2) {
    const [row, cell] = [pairs[at] ?? 0, pairs[at + 1] ?? 0];
    if (row !== 0 || cell >= 0x80) {
      pairs[at] = row | 0x80;
      pairs[at + 1] = cell | 0x80;
    }
  }
  eucJp ??= new TextDecoder("euc-jp");
  return eucJp.decode(pairs).replaceAll("\0", "");
}
