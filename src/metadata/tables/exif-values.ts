/**
 * What stored values of Exif, GPS and DNG stand for: Exif 3.1 section 4.6.6 and 4.6.7, DNG 1.7, CIPA DC-008.
 * Leniencies as ExifTool 13.59 Exif.pm and GPS.pm have them.
 */
import { hex } from "../bytes/hex.ts";
import { significant } from "../bytes/numbers.ts";
import { decodeText, encodeUtf8, latin1, untilNull, withoutEnd } from "../bytes/text.ts";
import type { TagInput } from "../contracts.ts";
import { rational } from "../grammar/ifd.ts";
import { leadingNumber, numberText } from "./conversion.ts";

/** Bytes as text of one character a byte. */
function latin(bytes: Uint8Array): string {
  return latin1(bytes);
}

/** Bytes as they are; of any other value, those of its text. */
function bytesOf(raw: TagInput): Uint8Array {
  return raw instanceof Uint8Array ? raw : encodeUtf8(numberText(raw));
}

function utf8(bytes: Uint8Array): string {
  return decodeText(bytes, "utf-8");
}

export function withoutTrailingNulls(raw: TagInput): TagInput {
  return raw instanceof Uint8Array || typeof raw === "string" ? withoutEnd(utf8(bytesOf(raw)), "\0") : raw;
}

export function withoutTrailingSpace(raw: TagInput): TagInput {
  const text = raw instanceof Uint8Array ? utf8(raw) : raw;
  return typeof text === "string" ? text.trimEnd() : text;
}

export function withoutTrailingBlanks(raw: TagInput): TagInput {
  const text = raw instanceof Uint8Array ? utf8(raw) : raw;
  return typeof text === "string" ? withoutEnd(text, " ") : text;
}

/** Photographer, then editor: on two lines. */
export function copyright(raw: Uint8Array): string {
  const [photographer = "", editor] = utf8(raw).split("\0", 2);
  const first = withoutEnd(photographer, " ");
  const second = editor === undefined ? "" : withoutEnd(editor, " ");
  return second === "" ? first.replace(/\n$/, "") : `${first}\n${second}`.replace(/\n$/, "");
}

/** UserComment and its like: eight bytes name the encoding (Exif 3.1 table 9). */
export function exifText(raw: TagInput, littleEndian: boolean): string {
  const bytes = bytesOf(raw);
  if (bytes.length < 8) return utf8(bytes);
  const encoding = latin(bytes.subarray(0, 8));
  const rest = bytes.subarray(8);
  if (/^(ASCII)?(\0|[\0 ]+$)/.test(encoding)) {
    const end = rest.indexOf(0);
    return withoutEnd(utf8(end < 0 ? rest : rest.subarray(0, end)), " ");
  }
  if (/^UNICODE[\0 ]$/.test(encoding)) return withoutEnd(untilNull(utf16(rest, littleEndian)), " ");
  if (/^JIS[\0 ]{5}$/.test(encoding)) return withoutEnd(untilNull(decodeText(rest, "jis")), " ");
  return withoutEnd(utf8(bytes.filter((byte) => byte !== 0)), " ");
}

/** How many different bytes stand at every other place from `start` on, and how many of them are zero. */
function variety(bytes: Uint8Array, start: number): { readonly size: number; readonly zeros: number } {
  const counts = new Uint32Array(256);
  for (let at = start; at < bytes.length - 1 + start; at += 2) {
    const byte = bytes[at] ?? 0;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  return { size: counts.filter((times) => times > 0).length, zeros: counts[0] ?? 0 };
}

/** UTF-16 of an order that is often another than the file's: the byte that varies more is the lower one. */
function utf16(bytes: Uint8Array, littleEndian: boolean): string {
  const [even, odd] = [variety(bytes, 0), variety(bytes, 1)];
  const [high, low] = littleEndian ? [odd, even] : [even, odd];
  const other = high.size > low.size || (high.size === low.size && low.zeros > high.zeros);
  return decodeText(bytes, littleEndian !== other ? "utf-16le" : "utf-16be");
}

/** Windows' XP tags: little-endian UTF-16 in every file. */
export function windowsText(raw: Uint8Array): string {
  return untilNull(decodeText(raw, "utf-16le"));
}

/** Photoshop's raw tags: `Brightness: 50`. */
export function afterColon(raw: TagInput): TagInput {
  const text = raw instanceof Uint8Array ? utf8(raw) : raw;
  return typeof text === "string" ? text.slice(text.lastIndexOf(": ") < 0 ? 0 : text.lastIndexOf(": ") + 2) : text;
}

export function unlessEmpty(raw: string): string | undefined {
  return raw === "" ? undefined : raw;
}

/** APEX shutter speed as seconds. */
export function shutterSpeed(raw: TagInput): TagInput {
  return typeof raw === "number" && Math.abs(raw) < 100 ? significant(2 ** -raw, 15) : 0;
}

/** APEX aperture as F-number. */
export function fNumberOfApex(raw: TagInput): TagInput {
  return significant(2 ** (leadingNumber(raw instanceof Uint8Array ? utf8(raw) : raw) / 2), 15);
}

export function hexadecimal(raw: Uint8Array): string {
  return hex(raw);
}

/** Columns and rows of the pattern, then its colours. Some cameras swap the bytes, one writes digits. */
export function cfaPattern(raw: TagInput, littleEndian: boolean): TagInput {
  const written = bytesOf(raw);
  if (written.length < 4) return utf8(written);
  const bytes = written.every((byte) => byte >= 0x30 && byte <= 0x36) ? written.map((byte) => byte - 0x30) : written;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const cells = bytes.subarray(4);
  const size = (little: boolean) => [view.getUint16(0, little), view.getUint16(2, little)] as const;
  const [rows, columns] = size(littleEndian);
  const [otherRows, otherColumns] = size(!littleEndian);
  const swapped = rows * columns > cells.length && otherRows * otherColumns <= cells.length;
  return [...(swapped ? [otherRows, otherColumns] : [rows, columns]), ...cells];
}

/** SourceExposureTimesOfCompositeImage: seven times, two counts, then times. */
export function compositeExposureTimes(raw: Uint8Array, littleEndian: boolean): TagInput {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const values: number[] = [];
  for (let at = 0; ; ) {
    const isCount = at === 56 || at === 58;
    const size = isCount ? 2 : 8;
    if (at + size > raw.length) return values;
    values.push(
      isCount ? view.getUint16(at, littleEndian) : rational(view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian)),
    );
    at += size;
  }
}

/** SpatialFrequencyResponse and its like: columns with their names, then the rows of each. */
export function spatialFrequencyResponse(bytes: Uint8Array, littleEndian: boolean): TagInput {
  const plain = utf8(bytes);
  if (bytes.length <= 4) return plain;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [columns, rows] = [view.getUint16(0, littleEndian), view.getUint16(2, littleEndian)];
  const start = bytes.length - 8 * columns * rows;
  const names = utf8(bytes.subarray(4)).split("\0", columns);
  if (start < 4 || names.length !== columns) return plain;
  return names
    .map((name, column) => {
      const values: string[] = [];
      for (let row = 0; row < rows; row++) {
        const at = start + 8 * (column + row * columns);
        const value = rational(view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian));
        values.push(Number.isNaN(value) ? "undef" : Number.isFinite(value) ? String(value) : "inf");
      }
      return `${name}=${values.join(",")}`;
    })
    .join("; ");
}

/** XMP's date as Exif writes it. */
export function xmpDate(raw: TagInput): TagInput {
  if (typeof raw !== "string") return raw;
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2})(:\d{2})?\s*(\S*)$/.exec(raw);
  if (match !== null) return `${match[1]}:${match[2]}:${match[3]} ${match[4]}${match[5] ?? ":00"}${match[6] ?? ""}`;
  return /^(\d{4})(-\d{2}){0,2}/.test(raw) ? raw.replaceAll("-", ":") : raw;
}

/** Coordinates and times are looked for in this much of a text. */
const MAX_COORDINATE_CHARACTERS = 256;

function coordinateText(value: TagInput): TagInput {
  const text = value instanceof Uint8Array ? latin(value.subarray(0, MAX_COORDINATE_CHARACTERS)) : value;
  return typeof text === "string" ? text.slice(0, MAX_COORDINATE_CHARACTERS) : text;
}

/** Degrees, minutes, seconds as degrees; an undefined one is empty. */
export function degrees(value: TagInput): TagInput {
  const raw = coordinateText(value);
  const parts = Array.isArray(raw)
    ? raw
    : typeof raw === "string"
      ? (raw.match(/[+-]?(?=\d|\.\d)\d*(?:\.\d*)?(?:[Ee][+-]\d+)?/g) ?? [])
      : [raw];
  const [whole, minutes = 0, seconds = 0] = parts.map(Number);
  if (whole === undefined || parts.some((part) => !Number.isFinite(Number(part)))) return "";
  return significant(Math.abs(whole + (minutes + seconds / 60) / 60), 15);
}

/** Hours, minutes, seconds as `15:04:02.5`. */
export function clock(value: TagInput): TagInput {
  const raw = coordinateText(value);
  const parts = (Array.isArray(raw) ? raw : typeof raw === "string" ? raw.split(" ") : [raw]).map(
    (part) => (typeof part === "string" ? Number.parseFloat(part) : Number(part)) || 0,
  );
  const [hours = 0, minutes = 0, seconds = 0] = parts;
  const all = (hours * 60 + minutes) * 60 + seconds;
  if (!Number.isFinite(all)) return "";
  let h = Math.floor(all / 3600);
  let m = Math.floor((all - h * 3600) / 60);
  let s = (all - h * 3600 - m * 60).toFixed(9);
  if (Number(s) >= 60) {
    s = "00";
    if (++m >= 60) {
      m -= 60;
      h++;
    }
  } else {
    s = withoutEnd(withoutEnd(s, "0"), ".");
    if (s.split(".")[0]?.length === 1) s = `0${s}`;
  }
  return `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}:${s}`;
}

/** A date with colons, whatever separates it. */
export function gpsDate(raw: TagInput): string {
  const text = withoutEnd(utf8(bytesOf(raw)), "\0");
  return text.replace(/(\d{4})[^\d]*(\d{2})[^\d]*(\d{2})$/, "$1:$2:$3");
}
