/** DER: ITU-T X.690, as far as certificates (RFC 5280) and time stamps (RFC 3161) need it. */

import { indexOfBytes } from "../bytes/arrays.ts";
import { hex } from "../bytes/hex.ts";
import { decodeText, latin1 } from "../bytes/text.ts";

interface DerItem {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The items within `bytes`, one after the other; ends where they are not well-formed. */
function* derItems(bytes: Uint8Array): Generator<DerItem, void> {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4 || at + count > bytes.length) return;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + i] ?? 0);
      at += count;
    }
    if (at + length > bytes.length) return;
    yield { tag, content: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** The items of the first item, where that is of this tag. */
function* within(bytes: Uint8Array, tag: number): Generator<DerItem, void> {
  const [first] = derItems(bytes);
  if (first?.tag === tag) yield* derItems(first.content);
}

/** The first items, of a list that may have any number. */
function firstOf(items: Iterable<DerItem>, count: number): DerItem[] {
  const list: DerItem[] = [];
  for (const item of items) {
    list.push(item);
    if (list.length === count) break;
  }
  return list;
}

function firstTagged(items: Iterable<DerItem>, tag: number): DerItem | undefined {
  for (const item of items) if (item.tag === tag) return item;
  return undefined;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION = 0xa0;
/** Fields of a certificate up to its subject. */
const SUBJECT_FIELDS = 6;
const GENERALIZED_TIME = 0x18;

/** Object identifiers as they are encoded: id-at-commonName and id-at-organizationName (RFC 5280), id-ct-TSTInfo (RFC 3161). */
const COMMON_NAME = "550403";
const ORGANIZATION = "55040a";
const TIME_STAMP = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04] as const;

export interface Subject {
  readonly commonName?: string;
  readonly organization?: string;
}

/** Whom a certificate is for: RFC 5280 section 4.1.2.6. */
export function certificateSubject(certificate: Uint8Array): Subject {
  const [toBeSigned] = within(certificate, SEQUENCE);
  // version, serialNumber, signature, issuer, validity, subject: the first may be left out.
  const fields = toBeSigned === undefined ? [] : firstOf(derItems(toBeSigned.content), SUBJECT_FIELDS);
  const subject = fields[fields[0]?.tag === VERSION ? 5 : 4];
  const names: { commonName?: string; organization?: string } = {};
  for (const set of derItems(subject?.content ?? new Uint8Array(0))) {
    if (set.tag !== SET) continue;
    const [type, value] = within(set.content, SEQUENCE);
    if (type === undefined || value === undefined) continue;
    const oid = hex(type.content);
    if (oid === COMMON_NAME) names.commonName ??= textOf(value);
    if (oid === ORGANIZATION) names.organization ??= textOf(value);
  }
  return names;
}

/** BMPString, UniversalString, UTF8String and the one-byte kinds. */
function textOf({ tag, content }: DerItem): string {
  return decodeText(content, tag === 0x1e ? "utf-16be" : tag === 0x1c ? "utf-32be" : tag === 0x0c ? "utf-8" : "latin1");
}

/** When a time stamp token was made, as ISO 8601: genTime of its TSTInfo (RFC 3161 section 2.4.2). */
export function timeStampOf(token: Uint8Array): string | undefined {
  const at = indexOfBytes(token, TIME_STAMP);
  if (at < 0) return undefined;
  // eContent [0] EXPLICIT OCTET STRING, in it the TSTInfo.
  const [octets] = within(token.subarray(at + TIME_STAMP.length), 0xa0);
  const time = octets === undefined ? undefined : firstTagged(within(octets.content, SEQUENCE), GENERALIZED_TIME);
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(latin1(time?.content ?? new Uint8Array(0)));
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = ""] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`;
}
