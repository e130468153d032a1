/**
 * SMPTE 12M time codes of eight bytes, with date and zone in their binary groups (SMPTE 309M), as CinemaDNG 1.1 has them in
 * tag 0xc763. Texts as ExifTool 13.59 Exif.pm has them.
 */
import type { TagInput } from "../contracts.ts";

const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const two = (number: number) => String(number).padStart(2, "0");

/** Each code as `12.34.…`. */
export function timeCodes(raw: TagInput): TagInput {
  const bytes = Array.isArray(raw) ? raw.map(Number) : [];
  const codes: string[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const code = bytes.slice(at, at + 8);
    codes.push(code.map(hex).join("."));
  }
  return codes.join(" ");
}

export function timeCodeTexts(value: TagInput): TagInput {
  const codes = String(value).split(" ");
  return codes.map((code) => timeCodeText(code.split(".").map((byte) => Number.parseInt(byte, 16)))).join(" ");
}

function timeCodeText(code: readonly number[]): string {
  const [frames = 0, seconds = 0, minutes = 0, hours = 0, day = 0, month = 0, year = 0, flags = 0] = code;
  const time = `${hex(hours & 0x3f)}:${hex(minutes & 0x7f)}:${hex(seconds & 0x7f)}.${hex(frames & 0x3f)}`;
  if ((hours & 0x80) === 0) return time;
  const zone = zoneHours(flags & 0x3f);
  const suffix = zone === undefined ? "" : zoneText(zone);
  if ((flags & 0x80) !== 0) {
    const julianDay = Number(hex(year) + hex(month) + hex(day));
    const secondOfDay = ((Number(hex(hours & 0x3f)) + (zone ?? 0)) * 60 + Number(hex(minutes & 0x7f))) * 60 + Number(hex(seconds & 0x7f));
    const date = new Date(((julianDay - 40_587) * 86_400 + secondOfDay) * 1000);
    if (Number.isNaN(date.getTime())) return time;
    return `${date.toISOString().slice(0, 19)}.${hex(frames & 0x3f)}${suffix}`;
  }
  const century = Number(hex(year)) + 1900;
  return `${century < 1970 ? century + 100 : century}-${hex(month)}-${hex(day)}T${time}${suffix}`;
}

/** SMPTE 309M table 2: hours from UTC; undefined where the code is undefined or the user's own. */
function zoneHours(code: number): number | undefined {
  const digits = hex(code);
  const decimal = /[a-f]/.test(digits) ? 100 : Number(digits);
  if (decimal < 26) return (decimal < 13 ? 0 : 26) - decimal;
  if (decimal === 32) return 12.75;
  if (decimal >= 28 && decimal <= 31) return 0;
  if (decimal < 100) return undefined;
  if (code < 0x20) return (code < 0x10 ? 10 : 20) - code - 0.5;
  return (code < 0x30 ? 53 : 63) - code + 0.5;
}

function zoneText(hours: number): string {
  const minutes = Math.abs(Math.round(hours * 60));
  return `${hours < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
