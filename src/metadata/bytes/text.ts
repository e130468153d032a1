/**
 * Text encodings of metadata: UTF-8 with ExifTool's leniency, Latin-1 as Windows writes it, Mac Roman, UTF-16, UTF-32,
 * JIS X 0208. Sources: Unicode 16.0 section 3.9 and its mapping tables; ExifTool 13.59 Charset.pm and XMP.pm for what bad bytes become.
 */
import { isAscii, isUtf8 } from "node:buffer";

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

/** The text of `bytes`. Never throws. U+0000 is kept: see `untilNull`. */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (charset) {
    case "utf-8":
      return utf8(buffer);
    case "latin1":
      return singleBytes(buffer, WINDOWS_1252);
    case "mac-roman":
      return singleBytes(buffer, MAC_ROMAN);
    case "utf-16be":
    case "utf-16le":
      return utf16(buffer, charset === "utf-16le");
    case "utf-32be":
    case "utf-32le":
      return utf32(buffer, charset === "utf-32le");
    case "jis":
      return jis(buffer);
  }
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
  return isUtf8(bytes) ? bytes : repaired(bytes);
}

function utf8(buffer: Buffer): string {
  const text = isUtf8(buffer) ? buffer.toString("utf8") : Buffer.from(repaired(buffer)).toString("utf8");
  // U+FFFE and U+FFFF are no characters: each of their three bytes is a bad one.
  return text.includes("\ufffe") || text.includes("\uffff") ? text.replace(/[\ufffe\uffff]/g, "???") : text;
}

/** Text of one byte a character, whose bytes from 0x80 on are `high`, as far as it goes. */
function singleBytes(bytes: Buffer, high: string): string {
  if (isAscii(bytes)) return bytes.toString("latin1");
  const units = Buffer.alloc(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const unit = byte < 0x80 || byte >= 0x80 + high.length ? byte : high.charCodeAt(byte - 0x80);
    units[2 * at] = unit & 0xff;
    units[2 * at + 1] = unit >> 8;
  }
  return units.toString("utf16le");
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

function utf16(buffer: Buffer, littleEndian: boolean): string {
  const mark = buffer.length >= 2 ? buffer.readUInt16BE(0) : 0;
  const [marked, little] = mark === 0xfeff ? [true, false] : mark === 0xfffe ? [true, true] : [false, littleEndian];
  const even = buffer.subarray(marked ? 2 : 0, buffer.length & ~1);
  return little ? even.toString("utf16le") : Buffer.from(even).swap16().toString("utf16le");
}

function utf32(buffer: Buffer, littleEndian: boolean): string {
  const mark = buffer.length >= 4 ? buffer.readUInt32BE(0) : 0;
  const [marked, little] = mark === 0xfeff ? [true, false] : mark === 0xfffe0000 ? [true, true] : [false, littleEndian];
  // No character takes more bytes in UTF-16 than here.
  const units = Buffer.alloc(buffer.length);
  let end = 0;
  for (let at = marked ? 4 : 0; at + 4 <= buffer.length; at += 4) {
    const point = little ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
    if (point >= 0x10000 && point <= 0x10ffff) end = units.writeUInt16LE(0xd7c0 + (point >> 10), end);
    end = units.writeUInt16LE(point < 0x10000 ? point : point > 0x10ffff ? 0xfffd : 0xdc00 + (point & 0x3ff), end);
  }
  return units.toString("utf16le", 0, end);
}

const eucJp = new TextDecoder("euc-jp");

/** JIS X 0208 is EUC-JP with the high bits clear. */
function jis(buffer: Buffer): string {
  const pairs = Buffer.from(buffer.subarray(0, buffer.length & ~1));
  for (let at = 0; at < pairs.length; at += 2) {
    const [row, cell] = [pairs[at] ?? 0, pairs[at + 1] ?? 0];
    if (row !== 0 || cell >= 0x80) {
      pairs[at] = row | 0x80;
      pairs[at + 1] = cell | 0x80;
    }
  }
  return eucJp.decode(pairs).replaceAll("\0", "");
}
