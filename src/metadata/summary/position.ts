/** Where and in which direction an image was taken: Exif 3.1 section 4.6.8, else XMP. Exif keeps signs apart from their numbers. */
import type { Summary, TagValue } from "../../record/types.ts";
import type { Sink } from "../sink.ts";
import { at, type Place } from "./place.ts";
import { number } from "./values.ts";

type Position = Partial<Pick<Summary, "latitude" | "longitude" | "altitude" | "direction">>;

/** A number and its reference, in the GPS IFD and in XMP. */
function places(name: string): readonly { readonly value: Place; readonly reference: Place }[] {
  return ["GPS", "XMP-exif"].map((group) => ({ value: at(group, name), reference: at(group, `${name}Ref`) }));
}

const latitudes = places("GPSLatitude");
const longitudes = places("GPSLongitude");
const altitudes = places("GPSAltitude");
const directions = places("GPSImgDirection");

export const positionNames: readonly string[] = [latitudes, longitudes, altitudes, directions].flatMap((all) =>
  all.flatMap(({ value, reference }) => [value.name, reference.name]),
);

/** `warn` hears of a position that is not on Earth. */
export function position(tags: Sink, warn: (message: string) => void): Position {
  const found: Position = {};
  const latitude = coordinate(tags, latitudes, "S");
  const longitude = coordinate(tags, longitudes, "W");
  if (latitude !== undefined && longitude !== undefined) {
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
      found.latitude = latitude;
      found.longitude = longitude;
    } else warn(`GPS position is not on Earth: ${latitude}, ${longitude}`);
  }
  const altitude = altitudeIn(tags);
  if (altitude !== undefined) found.altitude = altitude;
  for (const { value, reference } of directions) {
    const direction = number(tags.get(value));
    if (direction === undefined || letter(tags.get(reference)) !== "T") continue;
    if (direction >= 0 && direction <= 360) found.direction = direction;
    else warn(`${value.group}:GPSImgDirection is no direction: ${direction}`);
    break;
  }
  return found;
}

/** Signed degrees: the GPS IFD keeps the sign apart, XMP does not. */
function coordinate(tags: Sink, [exif, xmp]: ReturnType<typeof places>, negative: string): number | undefined {
  const degrees = exif && number(tags.get(exif.value));
  if (exif === undefined || degrees === undefined) return xmp && number(tags.get(xmp.value));
  return letter(tags.get(exif.reference)) === negative ? -degrees : degrees;
}

/** Metres. Reference 1 is below sea level, and so is 3, of Exif 3.0. */
function altitudeIn(tags: Sink): number | undefined {
  for (const { value, reference } of altitudes) {
    const altitude = number(tags.get(value));
    if (altitude === undefined) continue;
    const below = digit(tags.get(reference));
    return below === 1 || below === 3 ? -Math.abs(altitude) : altitude;
  }
  return undefined;
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
