/** Where and in which direction an image was taken: Exif 3.1 section 4.6.8, else XMP. Exif keeps signs apart from their numbers. */
import type { Summary, TagValue } from "../../record/types.ts";
import type { Sink } from "../sink.ts";
import { number } from "./values.ts";

type Position = Partial<Pick<Summary, "latitude" | "longitude" | "altitude" | "direction">>;

export const positionNames: readonly string[] = ["GPSLatitude", "GPSLongitude", "GPSAltitude", "GPSImgDirection"].flatMap((name) => [
  name,
  `${name}Ref`,
]);

/** `warn` hears of a position that is not on Earth. */
export function position(tags: Sink, warn: (message: string) => void): Position {
  const found: Position = {};
  const latitude = coordinate(tags, "GPSLatitude", "S");
  const longitude = coordinate(tags, "GPSLongitude", "W");
  if (latitude !== undefined && longitude !== undefined) {
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
      found.latitude = latitude;
      found.longitude = longitude;
    } else warn(`GPS position is not on Earth: ${latitude}, ${longitude}`);
  }
  const altitude = altitudeIn(tags, "GPS") ?? altitudeIn(tags, "XMP-exif");
  if (altitude !== undefined) found.altitude = altitude;
  for (const group of ["GPS", "XMP-exif"]) {
    const direction = number(tags.get(group, "GPSImgDirection"));
    if (direction === undefined || letter(tags.get(group, "GPSImgDirectionRef")) !== "T") continue;
    if (direction >= 0 && direction <= 360) found.direction = direction;
    else warn(`${group}:GPSImgDirection is no direction: ${direction}`);
    break;
  }
  return found;
}

/** Signed degrees: the GPS IFD keeps the sign apart, XMP does not. */
function coordinate(tags: Sink, name: string, negative: string): number | undefined {
  const degrees = number(tags.get("GPS", name));
  if (degrees === undefined) return number(tags.get("XMP-exif", name));
  return letter(tags.get("GPS", `${name}Ref`)) === negative ? -degrees : degrees;
}

/** Metres. Reference 1 is below sea level, and so is 3, of Exif 3.0. */
function altitudeIn(tags: Sink, group: string): number | undefined {
  const altitude = number(tags.get(group, "GPSAltitude"));
  const reference = digit(tags.get(group, "GPSAltitudeRef"));
  return altitude !== undefined && (reference === 1 || reference === 3) ? -Math.abs(altitude) : altitude;
}

/** The letter that a reference is or begins with, whatever type it is written in. */
function letter(reference: TagValue | undefined): string | undefined {
  const start = Array.isArray(reference) ? reference[0] : reference;
  if (typeof start === "number") return String.fromCharCode(start & 0xff).toUpperCase();
  return typeof start === "string" ? start.trimStart().charAt(0).toUpperCase() : undefined;
}

/** The digit that a reference is or begins with. Some programs write its code in ASCII. */
function digit(reference: TagValue | undefined): number | undefined {
  const start = Array.isArray(reference) ? reference[0] : reference;
  if (typeof start === "string") return /^[0-3](?!\d)/.test(start.trimStart()) ? Number(start.trimStart().charAt(0)) : undefined;
  if (typeof start !== "number") return undefined;
  return start >= 0x30 && start <= 0x33 ? start - 0x30 : start;
}
