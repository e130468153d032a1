/**
 * What XMP properties stand for and how they are printed, where a type is not enough. Sources: ExifTool 13.59 XMP.pm,
 * GPS.pm, Exif.pm, PDF.pm, Google.pm, Nikon.pm and PLUS.pm; ISO 16684-1:2019 section 8.2 for coordinates and dates.
 */
import { platform } from "#platform";
import { viewOf } from "../../bytes/arrays.ts";
import { significant } from "../../bytes/numbers.ts";
import type { TagInput } from "../../contracts.ts";
import { type Lookup, seconds, textFor } from "../conversion.ts";
import { fNumberOfApex, shutterSpeed } from "../exif-values.ts";
import { photoMechanic } from "../iptc.ts";
import {
  fixedNumber,
  fraction,
  degreesMinutesSeconds as magnitude,
  fNumber as printFNumber,
  lensInfo as printLensInfo,
  metres as printMetres,
  withUnit,
} from "../prints.ts";
import { rational, text, type XmpHow } from "./row.ts";

/** Text that is a number in JSON: no sign but minus, no leading zeros, no more than 15 digits before the point. */
const NUMBER = /^-?(?:\d|[1-9]\d{1,14})(?:\.\d{1,16})?(?:[eE][-+]?\d{1,3})?$/;

const LONGEST_NUMBER = 40;
/** An integer of as many digits is exact. */
const LONGEST_INTEGER = 15;

/** The number that the text is, or the text. */
export function numberOrText(text: string): number | string {
  if (text.length > LONGEST_NUMBER || !startsNumber(text.charCodeAt(0))) return text;
  return NUMBER.test(text) ? Number(text) : text;
}

function startsNumber(char: number): boolean {
  return (char >= 0x30 && char <= 0x39) || char === 0x2d;
}

/** `1/250` as its quotient, infinite for `n/0` and NaN for `0/0`; undefined if it is not a fraction. */
export function quotient(text: string): number | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const over = signedInteger(text, 0, slash);
  const under = signedInteger(text, slash + 1, text.length);
  if (over === undefined || under === undefined) return undefined;
  if (under === 0) return over !== 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  const value = over / under;
  // Most are integers, which rounding would not change.
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value + 0 : significant(value, 15);
}

/** The integer in decimal digits that stands there, and nothing else. */
function signedInteger(text: string, from: number, to: number): number | undefined {
  const first = text.charCodeAt(from) === 0x2d ? from + 1 : from;
  if (first >= to) return undefined;
  let value = 0;
  for (let at = first; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = 10 * value + digit;
  }
  if (to - first > LONGEST_INTEGER) value = Number(text.slice(first, to));
  return first > from ? -value : value;
}

/** The number that a value begins with, else 0: `0.33 EV` is 0.33. */
function leadingNumber(value: TagInput): number {
  return typeof value === "number" ? value : Number.parseFloat(String(value)) || 0;
}

/** An ISO 8601 date and time as Exif writes it; undefined where it is none. */
export function exifDateTime(text: string): string | undefined {
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return undefined;
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2})(:\d{2})?\s*(\S*)$/.exec(text);
  return match === null ? undefined : `${match[1]}:${match[2]}:${match[3]} ${match[4]}${match[5] ?? ""}${match[6]}`;
}

/** An ISO 8601 date, with or without time, as Exif writes it. */
export function exifDate(text: string): string {
  return exifDateTime(text) ?? (/^\d{4}(-\d{2}){0,2}/.test(text) ? text.replaceAll("-", ":") : text);
}

/** Bytes of base64 text, up to the first character that does not belong to it. */
export function base64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const length = text.length - padding;
  const bytes = platform.base64(text.slice(0, length));
  // Nothing was passed over, and none of the characters is of another base64 (RFC 4648 section 5).
  if (bytes.length === (length * 3) >> 2 && length % 4 !== 1 && !text.includes("-") && !text.includes("_")) return bytes;
  const end = text.search(/[^A-Za-z0-9+/= \t\n\r\f]/);
  return platform.base64((end < 0 ? text : text.slice(0, end)).replace(/=/g, ""));
}

/** `40,42.5N`, `40.7083`, `40 42 30 N` and the like as signed degrees. */
function degrees(text: string): TagInput {
  if (/\b(?:inf|undef)\b/.test(text)) return "";
  const [d, m, s] = text.match(/[+-]?(?=\d|\.\d)\d*(?:\.\d*)?(?:[Ee][+-]\d+)?/g) ?? [];
  if (d === undefined) return "";
  const value = Number(d) + (Number(m ?? 0) + Number(s ?? 0) / 60) / 60;
  return significant(/[^A-Z](?:S(?:outh)?|W(?:est)?)\s*$/i.test(text) ? -value : value, 15);
}

/** Signed degrees as `40 deg 42' 31.34" N`. */
function direction(positive: string, negative: string): (value: TagInput) => TagInput {
  return (value) => {
    if (value === "") return value;
    const signed = leadingNumber(value);
    return `${String(magnitude(signed))} ${signed < 0 ? negative : positive}`;
  };
}

export const latitude: XmpHow = { value: degrees, print: direction("N", "S") };
export const longitude: XmpHow = { value: degrees, print: direction("E", "W") };
/** Decimal degrees, printed with their direction. */
export const decimalLatitude: XmpHow = { value: numberOrText, print: direction("N", "S") };
export const decimalLongitude: XmpHow = { value: numberOrText, print: direction("E", "W") };

/** Metres, whatever the value is. */
export function inMetres(of: XmpHow = text): XmpHow {
  return { ...of, print: withUnit(" m") };
}

export const metres: XmpHow = { type: "rational", print: printMetres };
export const millimetres: XmpHow = { type: "integer", print: withUnit(" mm") };
export const focalLength: XmpHow = { type: "rational", print: (value) => fixedNumber(1, " mm")(Number.isNaN(value) ? 0 : value) };
export const exposureTime: XmpHow = { type: "rational", print: seconds };
export const fNumber: XmpHow = { type: "rational", print: printFNumber };

/** An undefined one counts as 0. */
function apex(text: string): number {
  const value = quotient(text) ?? leadingNumber(text);
  return Number.isNaN(value) ? 0 : value;
}

/** APEX time value (Exif 3.0 annex C). */
export const shutterSpeedValue: XmpHow = {
  type: "rational",
  value: (text) => shutterSpeed(apex(text)),
  print: seconds,
};

/** APEX aperture value. */
export const apertureValue: XmpHow = {
  type: "rational",
  value: (text) => fNumberOfApex(apex(text)),
  print: fixedNumber(1),
};

/** Exposure compensation: `+1/3`, `-2`, `+0.7`. */
export const exposureBias: XmpHow = { type: "rational", print: (value) => fraction(leadingNumber(value)) };

/** Four rationals: shortest and longest focal length, smallest F-number at each. */
export const lensInfo: XmpHow = {
  value: (text) => {
    const values = text.trim().split(/\s+/).map(quotient);
    if (values.length !== 4 || values.includes(undefined)) return text;
    return values.every((value) => Number.isFinite(value)) ? values.map(Number) : values.map(rationalText).join(" ");
  },
  print: (value) => {
    const parts = Array.isArray(value) ? value : String(value).trim().split(/\s+/).map(rationalNumber);
    return parts.length === 4 && parts.every((part) => typeof part === "number") ? printLensInfo(parts) : value;
  },
};

function rationalText(value: number | undefined): string {
  return Number.isNaN(value) ? "undef" : value === Number.POSITIVE_INFINITY ? "inf" : String(value);
}

function rationalNumber(text: string): number | string {
  return text === "undef" ? Number.NaN : text === "inf" ? Number.POSITIVE_INFINITY : numberOrText(text);
}

export const joinedLensInfo: XmpHow = { ...lensInfo, list: true, joined: true };

const COLOR_SPACES: Lookup = { 1: "sRGB", 2: "Adobe RGB", 65535: "Uncalibrated" };

export const colorSpace: XmpHow = {
  type: "integer",
  value: (text) => (text === "4294967295" ? 65535 : numberOrText(text)),
  print: COLOR_SPACES,
};

export const focusDistance: XmpHow = { ...rational, print: (value) => (value === 4294967295 ? "infinity" : value) };

/** `/True`, as PDF writes names. */
export const trapped: XmpHow = {
  value: (text) => text.replace(/^\//, ""),
  print: { True: "True", False: "False", Unknown: "Unknown" },
};

/** `D:20190313110413-04'00'` (ISO 32000-1 section 7.9.4). */
export const pdfDate: XmpHow = {
  value: (text) => {
    const digits = text.replace(/^D:/, "");
    const whole = digits.length < 14 ? digits + "00000101000000".slice(digits.length) : digits;
    const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(.*)/s.exec(whole);
    if (match === null) return whole;
    const [, year, month, day, hour, minute, second, rest = ""] = match;
    const zone = /^\s*([-+])\s*(\d+)[': ]+(\d*)/.exec(rest);
    const offset = /^\s*Z/i.test(rest) ? "Z" : zone === null ? "" : `${zone[1]}${zone[2]}:${zone[3] || "00"}`;
    return `${year}:${month}:${day} ${hour}:${minute}:${second}${offset}`;
  },
};

/** A time with or without colons. */
export const exifTime: XmpHow = {
  value: (text) =>
    text
      .replaceAll(" ", ":")
      .replace(/^(\d{2})(\d{2})(\d{2})/, "$1:$2:$3")
      .replace(/([+-]\d{2})(\d{2})\s*$/, "$1:$2"),
};

export const dateOrTime: XmpHow = { value: exifDate };

/** Seconds since 1970, times `unit`, in universal time. */
function unixTime(unit: number, decimals: number, zone: string): (text: string) => TagInput {
  return (text) => {
    const value = leadingNumber(text) * unit;
    if (value === 0) return "0000:00:00 00:00:00";
    const time = new Date(Math.round(value * 1000));
    if (Number.isNaN(time.getTime())) return text;
    const iso = time.toISOString();
    return `${iso.slice(0, 10).replaceAll("-", ":")} ${iso.slice(11, decimals === 0 ? 19 : 20 + decimals)}${zone}`;
  };
}

export const unixSeconds: XmpHow = { value: unixTime(1, 0, "") };
/** Milliseconds since 1970. ExifTool gives them in the reader's own time zone; here they are in universal time, marked so. */
export const unixMilliseconds: XmpHow = { value: unixTime(0.001, 3, "+00:00") };

/** The last part of an identifier of the PLUS vocabulary. */
export function plusChoice(texts: Lookup, of: XmpHow = {}): XmpHow {
  return { ...of, value: (text) => text.replace("http://ns.useplus.org/ldf/vocab/", ""), print: texts };
}

export const base64Bytes: XmpHow = { value: base64 };

/** Little-endian doubles in base64: one number, or degrees, minutes and seconds. */
function base64Doubles(text: string): number[] {
  const bytes = viewOf(base64(text));
  const doubles: number[] = [];
  for (let at = 0; at + 8 <= bytes.byteLength && doubles.length < 3; at += 8) doubles.push(bytes.getFloat64(at, true));
  return doubles;
}

const nikonDegrees = (text: string): TagInput => base64Doubles(text).reduce((sum, part, i) => sum + part / 60 ** i, 0);
const nikonNumber = (text: string): TagInput => base64Doubles(text)[0] ?? "";

export const nikonCoordinate: XmpHow = { value: nikonDegrees, print: magnitude };
export const nikonAltitude: XmpHow = { value: nikonNumber, print: withUnit(" m") };
export const nikonDirection: XmpHow = { value: nikonNumber, print: fixedNumber(2) };
export const nikonVersion: XmpHow = { value: (text) => base64(text).join(".") };

export function nikonByteChoice(texts: Lookup): XmpHow {
  return { value: (text) => base64(text).join("."), print: texts };
}

export function nikonChoice(texts: Lookup): XmpHow {
  return {
    value: (text) => {
      const bytes = viewOf(base64(text));
      return bytes.byteLength >= 4 ? bytes.getUint32(0, true) : "";
    },
    print: texts,
  };
}

/** A version of four bytes in one integer. */
export const dottedVersion: XmpHow = {
  type: "integer",
  print: (value) => (/^[+-]?\d+$/.test(String(value)) ? [24, 16, 8, 0].map((shift) => (Number(value) >>> shift) & 0xff).join(".") : value),
};

/** A four-character code in one integer. */
export const fourCC: XmpHow = {
  type: "integer",
  print: (value) => {
    if (typeof value !== "number") return value;
    const code = String.fromCharCode(...[24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
    return /^\w{4}$/.test(code) ? code : value;
  },
};

export const photoMechanicPrefs: XmpHow = { print: (value) => photoMechanic(String(value)) };

/** A PLUS media summary code with each of its usages named. */
export function mediaSummary(makeMatrix: () => Lookup): XmpHow {
  let matrix: Lookup | undefined;
  return {
    print: (value) => {
      matrix ??= makeMatrix();
      const text = String(value);
      const whole = textFor(matrix, text);
      if (whole !== undefined) return whole;
      const match = /^\|PLUS\|(.*?)\|(.*?)\|(.*)/s.exec(text.toUpperCase());
      if (match === null) return text.toUpperCase();
      const [, version = "", count = "", codes = ""] = match;
      const numbers = /V0{0,8}(\d{1,8})(\d{2})$/.exec(version);
      const usages = /U0*(\d+)/.exec(count);
      let printed = `PLUS ${version}${numbers === null ? "" : ` (LDF Version ${numbers[1]}.${numbers[2]})`}`;
      printed += ` ${count}${usages === null ? "" : ` (${usages[1]} Media Usages:)`}`;
      for (const [code] of codes.replace(/[^0-9A-Z|]/g, "").matchAll(/\d[A-Z]{3}/g)) {
        const items = /^1I([A-Z])([A-Z])$/.exec(code);
        const number = /^1UN([A-Z])$/.exec(code);
        const meaning = textFor(matrix, code);
        if (meaning !== undefined) printed += ` ${code} (${meaning})`;
        else if (items !== null) printed += `; ${code} (${usageItems(items[1] ?? "", items[2] ?? "")} Usage Items:)`;
        else printed += number === null ? ` ${code}` : ` (Usage Number ${number[1]})`;
      }
      return printed;
    },
  };
}

function usageItems(high: string, low: string): number {
  return (high.charCodeAt(0) - 65) * 26 + low.charCodeAt(0) - 64;
}
