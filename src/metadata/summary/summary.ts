/**
 * Which tag wins for each field of the summary: one table.
 * The order is that of the Metadata Working Group's guidance 2.0: Exif, then IPTC, then XMP for facts of the capture;
 * for descriptions IPTC and XMP are weighed by the digest (§3.3): a digest that no longer fits means IPTC was edited last.
 */
import type { Summary, TagValue } from "../../record/types.ts";
import type { ImageFacts } from "../findings.ts";
import { jsonValue } from "../json-value.ts";
import type { Sink } from "../sink.ts";
import { isoText, type Moment, offsetFromGps, parseMoment, parseOffset, utcText, withSubSeconds } from "./dates.ts";
import { aiGenerated, sourceTypeName } from "./provenance.ts";

type Tag = readonly [group: string, name: string];
type Warn = (message: string) => void;

const camera = {
  make: [
    ["IFD0", "Make"],
    ["XMP-tiff", "Make"],
  ],
  model: [
    ["IFD0", "Model"],
    ["IFD0", "UniqueCameraModel"],
    ["XMP-tiff", "Model"],
  ],
  serialNumber: [
    ["ExifIFD", "SerialNumber"],
    ["IFD0", "CameraSerialNumber"],
    ["XMP-exifEX", "SerialNumber"],
    ["XMP-aux", "SerialNumber"],
  ],
  lens: [
    ["ExifIFD", "LensModel"],
    ["XMP-exifEX", "LensModel"],
    ["XMP-aux", "Lens"],
  ],
  lensSerialNumber: [
    ["ExifIFD", "LensSerialNumber"],
    ["XMP-exifEX", "LensSerialNumber"],
    ["XMP-aux", "LensSerialNumber"],
  ],
  software: [
    ["IFD0", "Software"],
    ["XMP-tiff", "Software"],
    ["XMP-xmp", "CreatorTool"],
    ["PNG", "Software"],
  ],
  colorProfile: [
    ["ICC_Profile", "ProfileDescription"],
    ["XMP-photoshop", "ICCProfileName"],
    ["PNG", "ProfileName"],
  ],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

const capture = {
  exposureTime: [
    ["ExifIFD", "ExposureTime"],
    ["XMP-exif", "ExposureTime"],
  ],
  fNumber: [
    ["ExifIFD", "FNumber"],
    ["XMP-exif", "FNumber"],
  ],
  focalLength: [
    ["ExifIFD", "FocalLength"],
    ["XMP-exif", "FocalLength"],
  ],
  focalLength35mm: [
    ["ExifIFD", "FocalLengthIn35mmFormat"],
    ["XMP-exif", "FocalLengthIn35mmFormat"],
  ],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

const numeric = {
  exposureBias: [
    ["ExifIFD", "ExposureCompensation"],
    ["XMP-exif", "ExposureCompensation"],
  ],
  iso: [
    ["ExifIFD", "ISO"],
    ["XMP-exif", "ISO"],
    ["XMP-exifEX", "PhotographicSensitivity"],
  ],
  rating: [
    ["XMP-xmp", "Rating"],
    ["IFD0", "Rating"],
  ],
  colorSpace: [
    ["ExifIFD", "ColorSpace"],
    ["XMP-exif", "ColorSpace"],
  ],
} as const satisfies Partial<Record<keyof Summary, readonly Tag[]>>;

const wideSensitivity: readonly Tag[] = [
  ["ExifIFD", "RecommendedExposureIndex"],
  ["ExifIFD", "StandardOutputSensitivity"],
  ["ExifIFD", "ISOSpeed"],
];

const digitalSourceType: readonly Tag[] = [["XMP-iptcExt", "DigitalSourceType"]];

interface Described {
  readonly exif: readonly Tag[];
  readonly iptc: readonly Tag[];
  readonly xmp: readonly Tag[];
  readonly other: readonly Tag[];
}

const descriptive = {
  title: {
    exif: [],
    iptc: [["IPTC", "ObjectName"]],
    xmp: [["XMP-dc", "Title"]],
    other: [
      ["PNG", "Title"],
      ["IFD0", "XPTitle"],
    ],
  },
  description: {
    exif: [["IFD0", "ImageDescription"]],
    iptc: [["IPTC", "Caption-Abstract"]],
    xmp: [["XMP-dc", "Description"]],
    other: [
      ["PNG", "Description"],
      ["IFD0", "XPComment"],
    ],
  },
  credit: { exif: [], iptc: [["IPTC", "Credit"]], xmp: [["XMP-photoshop", "Credit"]], other: [] },
  copyright: {
    exif: [["IFD0", "Copyright"]],
    iptc: [["IPTC", "CopyrightNotice"]],
    xmp: [["XMP-dc", "Rights"]],
    other: [["PNG", "Copyright"]],
  },
  city: { exif: [], iptc: [["IPTC", "City"]], xmp: [["XMP-photoshop", "City"]], other: [] },
  state: { exif: [], iptc: [["IPTC", "Province-State"]], xmp: [["XMP-photoshop", "State"]], other: [] },
  country: { exif: [], iptc: [["IPTC", "Country-PrimaryLocationName"]], xmp: [["XMP-photoshop", "Country"]], other: [] },
} as const satisfies Partial<Record<keyof Summary, Described>>;

const creators: Described = {
  exif: [["IFD0", "Artist"]],
  iptc: [["IPTC", "By-line"]],
  xmp: [["XMP-dc", "Creator"]],
  other: [
    ["PNG", "Author"],
    ["IFD0", "XPAuthor"],
  ],
};

const keywords: Described = {
  exif: [],
  iptc: [["IPTC", "Keywords"]],
  xmp: [["XMP-dc", "Subject"]],
  other: [["IFD0", "XPKeywords"]],
};

/** Both orders of a descriptive field, for either answer of the digest. */
function ordersOf({ exif, iptc, xmp, other }: Described): { readonly xmpFirst: readonly Tag[]; readonly iptcFirst: readonly Tag[] } {
  return { xmpFirst: [...exif, ...xmp, ...iptc, ...other], iptcFirst: [...exif, ...iptc, ...xmp, ...other] };
}

const cameraFields = entries(camera);
const captureFields = entries(capture);
const descriptiveFields = entries(descriptive).map(([field, from]) => [field, ordersOf(from)] as const);
const creatorOrders = ordersOf(creators);
const keywordOrders = ordersOf(keywords);

/** What cameras put into ImageDescription when nobody described anything. */
const PLACEHOLDERS = new Set([
  "OLYMPUS DIGITAL CAMERA",
  "SONY DSC",
  "EXIF_JPEG_PICTURE",
  "KONICA MINOLTA DIGITAL CAMERA",
  "MINOLTA DIGITAL CAMERA",
  "SAMSUNG DIGITAL CAMERA",
  "SAMSUNG",
  "DIGITAL CAMERA",
  "USER COMMENTS",
  "UNTITLED",
]);
const PLACEHOLDER_START = /^(DCIM\\|<?Digimax).*$/i;

const COLOR_SPACES: Readonly<Record<number, string>> = {
  1: "sRGB",
  2: "Adobe RGB",
  65535: "Uncalibrated",
  65534: "ICC Profile",
  65533: "Wide Gamut RGB",
};

/** The summary of what was read. `warn` hears of values that cannot be meant. */
export function summarize(tags: Sink, facts: ImageFacts, warn: Warn): Summary {
  const fields: [keyof Summary, Summary[keyof Summary]][] = [];
  const set = <K extends keyof Summary>(field: K, value: Summary[K] | undefined): Summary[K] | undefined => {
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return undefined;
    // JSON keeps no negative zero, and what a container states is any text.
    const safe = (typeof value === "number" ? value + 0 : jsonValue(value as TagValue)) as Summary[K];
    fields.push([field, safe]);
    return safe;
  };

  const gpsTime = momentOf(tags, "GPS", "GPSTimeStamp", warn);
  const taken = takenAt(tags, gpsTime, warn);
  if (taken !== undefined) {
    set("takenAt", isoText(taken));
    set("takenAtUtc", utcText(taken));
  }
  const modified = modifiedAt(tags, warn);
  if (modified !== undefined) set("modifiedAt", isoText(modified));

  for (const [field, from] of cameraFields) set(field, first(tags, from, text));
  for (const [field, from] of captureFields) set(field, first(tags, from, positive));
  set("iso", iso(tags));
  set("exposureBias", first(tags, numeric.exposureBias, number));
  set("flashFired", flashFired(tags));

  position(tags, set, warn);

  const iptcIsNewer = digestDiffers(tags);
  const byAge = iptcIsNewer ? "iptcFirst" : "xmpFirst";
  for (const [field, orders] of descriptiveFields) set(field, first(tags, orders[byAge], field === "description" ? described : text));
  set("creators", names(tags, creatorOrders[byAge]));
  set("keywords", names(tags, keywordOrders[byAge]));
  set("rating", first(tags, numeric.rating, number));

  set("colorSpace", colorSpace(tags));
  set("bitsPerSample", facts.bitsPerSample);
  set("channels", facts.channels);
  set("hasAlpha", facts.hasAlpha);
  set("animated", facts.animated);
  set("frames", facts.frames);

  const sourceType = first(tags, digitalSourceType, text) ?? facts.digitalSourceType;
  const typeName = set("digitalSourceType", sourceType === undefined ? undefined : sourceTypeName(sourceType));
  set("aiGenerated", aiGenerated(tags, typeName));
  set("contentCredentials", facts.contentCredentials);
  return Object.fromEntries(fields);
}

function takenAt(tags: Sink, gpsTime: Moment | undefined, warn: Warn): Moment | undefined {
  const moment =
    exifMoment(tags, "DateTimeOriginal", "SubSecTimeOriginal", "OffsetTimeOriginal", warn) ??
    exifMoment(tags, "CreateDate", "SubSecTimeDigitized", "OffsetTimeDigitized", warn) ??
    momentOf(tags, "XMP-exif", "DateTimeOriginal", warn) ??
    momentOf(tags, "XMP-photoshop", "DateCreated", warn) ??
    momentOf(tags, "XMP-xmp", "CreateDate", warn) ??
    iptcMoment(tags, "DateCreated", "TimeCreated", warn) ??
    iptcMoment(tags, "DigitalCreationDate", "DigitalCreationTime", warn) ??
    momentOf(tags, "PNG", "CreationTime", warn);
  const gps = gpsTime === undefined ? undefined : gpsMoment(tags, gpsTime, warn);
  if (moment === undefined) return gps;
  if (moment.offset !== undefined || gps === undefined) return moment;
  return { local: moment.local, offset: offsetFromGps(moment, gps) };
}

function modifiedAt(tags: Sink, warn: Warn): Moment | undefined {
  const moment = momentOf(tags, "IFD0", "ModifyDate", warn);
  if (moment === undefined) return momentOf(tags, "XMP-xmp", "ModifyDate", warn) ?? momentOf(tags, "PNG", "ModifyDate", warn);
  return completed(moment, tags, "SubSecTime", "OffsetTime");
}

/** A date of the Exif IFD with its sub-seconds and offset. */
function exifMoment(tags: Sink, name: string, subSeconds: string, offset: string, warn: Warn): Moment | undefined {
  const moment = momentOf(tags, "ExifIFD", name, warn);
  return moment === undefined ? undefined : completed(moment, tags, subSeconds, offset);
}

function completed(moment: Moment, tags: Sink, subSeconds: string, offset: string): Moment {
  const digits = tags.get("ExifIFD", subSeconds);
  const zone = tags.get("ExifIFD", offset);
  const full = digits === undefined ? moment : withSubSeconds(moment, String(digits));
  return { local: full.local, offset: full.offset ?? (typeof zone === "string" ? parseOffset(zone) : undefined) };
}

function momentOf(tags: Sink, group: string, name: string, warn: Warn): Moment | undefined {
  const value = tags.get(group, name);
  const written = Array.isArray(value) ? value[0] : value;
  // GPSTimeStamp is a bare time; it becomes a moment with its date.
  if (typeof written !== "string" || !/\d/.test(written)) return undefined;
  if (name === "GPSTimeStamp") return { local: written, offset: "Z" };
  const moment = parseMoment(written);
  if (moment === undefined) warn(`${group}:${name} is no date: ${written.slice(0, 40)}`);
  return moment;
}

function gpsMoment(tags: Sink, time: Moment, warn: Warn): Moment | undefined {
  const date = tags.get("GPS", "GPSDateStamp");
  if (typeof date !== "string" || !/\d/.test(date)) return undefined;
  const moment = parseMoment(`${date} ${time.local}Z`);
  if (moment === undefined) warn(`GPS:GPSDateStamp and GPSTimeStamp are no date: ${`${date} ${time.local}`.slice(0, 40)}`);
  return moment;
}

function iptcMoment(tags: Sink, dateName: string, timeName: string, warn: Warn): Moment | undefined {
  const date = tags.get("IPTC", dateName);
  if (typeof date !== "string") return undefined;
  const time = tags.get("IPTC", timeName);
  const moment = (typeof time === "string" ? parseMoment(`${date} ${time}`) : undefined) ?? parseMoment(date);
  if (moment === undefined) warn(`IPTC:${dateName} is no date: ${date.slice(0, 40)}`);
  return moment;
}

function iso(tags: Sink): number | undefined {
  const value = first(tags, numeric.iso, positive);
  // 65535 stands for "more than 16 bits hold" (Exif 3.1 §4.6.5): another tag has it.
  return value === 65535 ? (first(tags, wideSensitivity, positive) ?? value) : value;
}

function flashFired(tags: Sink): boolean | undefined {
  const flash = tags.get("ExifIFD", "Flash");
  if (typeof flash === "number") return (flash & 1) === 1;
  const structure = tags.get("XMP-exif", "Flash");
  if (typeof structure !== "object" || Array.isArray(structure) || !("Fired" in structure)) return undefined;
  return typeof structure.Fired === "boolean" ? structure.Fired : undefined;
}

function position(tags: Sink, set: <K extends keyof Summary>(field: K, value: Summary[K]) => void, warn: Warn): void {
  const latitude = coordinate(tags, "GPSLatitude", "S");
  const longitude = coordinate(tags, "GPSLongitude", "W");
  if (latitude !== undefined && longitude !== undefined) {
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
      set("latitude", latitude);
      set("longitude", longitude);
    } else warn(`GPS position is not on Earth: ${latitude}, ${longitude}`);
  }
  const altitude = number(tags.get("GPS", "GPSAltitude"));
  const below = tags.get("GPS", "GPSAltitudeRef");
  const xmpAltitude = number(tags.get("XMP-exif", "GPSAltitude"));
  if (altitude !== undefined) set("altitude", below === 1 || below === 3 ? -Math.abs(altitude) : altitude);
  else if (xmpAltitude !== undefined) set("altitude", tags.get("XMP-exif", "GPSAltitudeRef") === 1 ? -xmpAltitude : xmpAltitude);
  for (const group of ["GPS", "XMP-exif"]) {
    const direction = number(tags.get(group, "GPSImgDirection"));
    if (direction === undefined || tags.get(group, "GPSImgDirectionRef") !== "T") continue;
    if (direction >= 0 && direction <= 360) set("direction", direction);
    else warn(`${group}:GPSImgDirection is no direction: ${direction}`);
    return;
  }
}

/** Signed degrees: the GPS IFD keeps the sign apart, XMP does not. */
function coordinate(tags: Sink, name: string, negative: string): number | undefined {
  const degrees = number(tags.get("GPS", name));
  if (degrees === undefined) return number(tags.get("XMP-exif", name));
  const reference = tags.get("GPS", `${name}Ref`);
  return typeof reference === "string" && reference.toUpperCase().startsWith(negative) ? -degrees : degrees;
}

function colorSpace(tags: Sink): string | undefined {
  const value = first(tags, numeric.colorSpace, number);
  if (value === 65535 && tags.get("InteropIFD", "InteropIndex") === "R03") return "Adobe RGB";
  if (value !== undefined) return COLOR_SPACES[value];
  return tags.get("PNG", "SRGBRendering") === undefined ? undefined : "sRGB";
}

/** Photoshop keeps an MD5 of the IPTC block it wrote: when it no longer fits, another program edited IPTC since. */
function digestDiffers(tags: Sink): boolean {
  const kept = tags.get("Photoshop", "IPTCDigest");
  const current = tags.get("File", "CurrentIPTCDigest");
  return typeof kept === "string" && typeof current === "string" && !/^0+$/.test(kept) && kept !== current;
}

function first<T>(tags: Sink, from: readonly Tag[], take: (value: TagValue | undefined) => T | undefined): T | undefined {
  for (const [group, name] of from) {
    const value = take(tags.get(group, name));
    if (value !== undefined) return value;
  }
  return undefined;
}

function text(value: TagValue | undefined): string | undefined {
  if (Array.isArray(value)) return text(value[0]);
  if (typeof value === "number") return String(value);
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

function described(value: TagValue | undefined): string | undefined {
  const written = text(value);
  return written === undefined || PLACEHOLDER_START.test(written) || PLACEHOLDERS.has(written.toUpperCase()) ? undefined : written;
}

function number(value: TagValue | undefined): number | undefined {
  if (Array.isArray(value)) return number(value[0]);
  if (typeof value === "string" && /^[+-]?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function positive(value: TagValue | undefined): number | undefined {
  const measured = number(value);
  return measured !== undefined && measured > 0 ? measured : undefined;
}

/** Names from the first tag that has any: Exif and Windows separate them by `;`. */
function names(tags: Sink, from: readonly Tag[]): string[] | undefined {
  return first(tags, from, (value) => {
    const parts = Array.isArray(value) ? value : typeof value === "string" ? value.split(";") : [];
    const found = parts.map((part) => text(part)).filter((part) => part !== undefined);
    return found.length === 0 ? undefined : [...new Set(found)];
  });
}

function entries<K extends string, V>(table: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(table) as [K, V][];
}
