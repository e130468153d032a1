/**
 * PNG (Third Edition) clause 11.3.3: the text of tEXt, zTXt and iTXt chunks, and the profiles that ImageMagick hides in it.
 * Tag names from keywords as ExifTool 13.59 PNG.pm makes them.
 */
import { digitValue } from "../bytes/hex.ts";
import { inflate } from "../bytes/inflate.ts";
import { decodeText, latin1 } from "../bytes/text.ts";
import type { Decoder, Findings, FoundBlock, TagGroup } from "../contracts.ts";
import { rawProfiles, textKeywords } from "../tables/png.ts";
import type { Table, Tag } from "../tables/row.ts";

const EXIF_HEADER = "Exif\0\0";
const XMP_HEADER = "http://ns.adobe.com/xap/1.0/\0";

export const pngText: Decoder<"png-text"> = {
  kind: "png-text",
  decode({ data, context: { group, keyword, method, language } }, found) {
    const tags = found.tags.group(group);
    const stored = data.upTo(0, data.size ?? 0);
    const bytes = method === undefined ? stored : inflated(stored, method, found);
    const profile = tagOf(rawProfiles, keyword);
    // A text that cannot be inflated, and a profile of a kind that is not known, are binary.
    if (bytes === undefined && profile !== undefined) tags.putRow(profile, stored);
    else if (bytes === undefined) tags.put(tagName(keyword), stored);
    else if (profile !== undefined) rawProfile(bytes, found, tags, profile);
    else if (keyword.startsWith("Raw profile type ")) tags.put(tagName(keyword), bytes);
    else text(bytes, found, tags, keyword, language);
  },
};

function tagOf(table: Table<string>, keyword: string): Tag<string> | undefined {
  return table.first(keyword) ?? table.first(capitalized(keyword));
}

function inflated(bytes: Uint8Array, method: number, found: Findings): Uint8Array | undefined {
  if (method !== 0) {
    found.warn("MALFORMED", `compression method ${method} is unknown`, 0);
    return undefined;
  }
  const { bytes: whole, damage } = inflate(bytes, "zlib", found.budget);
  if (damage === undefined) return whole;
  found.warn(damage.code, damage.message, 0);
  return undefined;
}

function text(bytes: Uint8Array, found: Findings, tags: TagGroup, keyword: string, language: string | undefined): void {
  const limit = found.budget.limits.textBytes;
  if (bytes.length > limit) found.warn("LIMIT_EXCEEDED", `text of ${bytes.length} bytes is cut at ${limit}`, 0);
  const value = decodeText(bytes.subarray(0, limit), language === undefined ? "latin1" : "utf-8");
  const known = tagOf(textKeywords, keyword);
  // Only a keyword that is known has alternatives in other languages.
  if (known === undefined) tags.put(tagName(keyword), value);
  else if (language) tags.put(`${known.name}-${languageTag(language)}`, known.standsFor(value, false) ?? value);
  else tags.putRaw(known, value);
}

/** White space makes the next letter a capital; what is no letter, digit, `-` or `_` is left out. */
function tagName(keyword: string): string {
  const name = capitalized(keyword.replaceAll(/\s(\S)/g, (_, next: string) => next.toUpperCase()).replaceAll(/[^-\w]/g, ""));
  return name.length < 2 || !/^[A-Z]/i.test(name) ? `Tag${name}` : name;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** RFC 3066: lower case, a second subtag of two letters in capitals. */
function languageTag(language: string): string {
  const tag = language.replaceAll("_", "-").toLowerCase();
  return tag.replace(/^([a-z]{2,3}|[xi])(-[a-z]{2})\b/, (_, first: string, second: string) => first + second.toUpperCase());
}

/** `\n`, the profile's name, `\n`, its length in decimal digits, `\n`, its bytes in hexadecimal digits and white space. */
function rawProfile(text: Uint8Array, found: Findings, tags: TagGroup, tag: Tag<string>): void {
  const { name } = tag;
  // Digits are picked out one by one.
  found.budget.step(text.length / 4);
  found.budget.keep(text.length);
  const head = /^\n([^\n]*)\n\s*(\d+)\n/.exec(latin1(text.subarray(0, 256)));
  const bytes = head === null ? undefined : hexadecimal(text.subarray(head[0].length));
  if (bytes !== undefined && bytes.length !== Number(head?.[2])) {
    found.warn("MALFORMED", `${name} should have ${head?.[2]} bytes and has ${bytes.length}`, 0);
  }
  const inner = bytes === undefined ? undefined : profileBlock(name, bytes);
  if (inner !== undefined) found.block(inner);
  else {
    found.warn("MALFORMED", `${name} is of no known kind`, 0);
    tags.putRow(tag, text);
  }
}

/** The bytes of pairs of digits, up to what is neither a digit nor white space. */
function hexadecimal(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let digits = 0;
  let high = 0;
  for (const code of text) {
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
    const value = digitValue(code);
    if (value < 0) break;
    if (digits & 1) bytes[digits >> 1] = (high << 4) | value;
    high = value;
    digits++;
  }
  return bytes.subarray(0, digits >> 1);
}

function profileBlock(name: string, bytes: Uint8Array): FoundBlock | undefined {
  const begins = (signature: string) => latin1(bytes.subarray(0, signature.length)) === signature;
  switch (name) {
    case "ICC_Profile":
      return { kind: "icc", bytes };
    case "XMP_Profile":
      return { kind: "xmp", bytes };
    case "IPTC_Profile":
      if (bytes[0] === 0x1c) return { kind: "iptc", bytes, context: { standing: "free" } };
      return { kind: "photoshop", bytes, context: { iptc: "free" } };
    case "Photoshop_Profile":
      return { kind: "photoshop", bytes, context: { iptc: "free" } };
  }
  const exif = { kind: "exif", context: { holder: "other", iptc: "free" } } as const;
  if (begins(EXIF_HEADER)) return { ...exif, bytes: bytes.subarray(EXIF_HEADER.length) };
  if (begins(XMP_HEADER)) return { kind: "xmp", bytes: bytes.subarray(XMP_HEADER.length) };
  return begins("MM\0*") || begins("II*\0") ? { ...exif, bytes } : undefined;
}
