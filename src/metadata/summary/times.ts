/**
 * When an image was taken and changed. The offset of the time of capture is what an offset tag states for it, else what GPS time
 * settles, else what another block states for the same local time.
 */
import type { Summary, TagValue } from "../../record/types.ts";
import type { Sink } from "../sink.ts";
import { isSameLocalTime, type Moment, offsetFromGps, offsetText, parseMoment, parseOffset, withSubSeconds } from "./dates.ts";
import { at, type Place } from "./place.ts";
import { exif } from "./sources.ts";
import { first, number } from "./values.ts";

type Warn = (message: string) => void;
type Block = "exif" | "xmp" | "iptc" | "png";

/** A time that a block gives. */
interface Source {
  readonly block: Block;
  readonly tag: Place;
  /** The tag of its time, if the date stands alone. */
  readonly time?: Place;
  readonly subSeconds?: readonly Place[];
  readonly offset?: readonly Place[];
  /** The place of its offset in TIFF/EP's TimeZoneOffset. */
  readonly zone?: 0 | 1;
}

const original = (tag: Place): Source => ({
  block: "exif",
  tag,
  subSeconds: exif("SubSecTimeOriginal"),
  offset: exif("OffsetTimeOriginal"),
  zone: 0,
});
const digitized = (tag: Place): Source => ({
  block: "exif",
  tag,
  subSeconds: exif("SubSecTimeDigitized"),
  offset: exif("OffsetTimeDigitized"),
});
const modified: Source = {
  block: "exif",
  tag: at("IFD0", "ModifyDate"),
  subSeconds: exif("SubSecTime"),
  offset: exif("OffsetTime"),
  zone: 1,
};

/** Times of the capture: the first that is one is taken. */
const takenSources: readonly Source[] = [
  ...exif("DateTimeOriginal").map(original),
  ...exif("CreateDate").map(digitized),
  { block: "xmp", tag: at("XMP-exif", "DateTimeOriginal") },
  { block: "xmp", tag: at("XMP-photoshop", "DateCreated") },
  { block: "xmp", tag: at("XMP-xmp", "CreateDate") },
  { block: "iptc", tag: at("IPTC", "DateCreated"), time: at("IPTC", "TimeCreated") },
  { block: "iptc", tag: at("IPTC", "DigitalCreationDate"), time: at("IPTC", "DigitalCreationTime") },
  { block: "png", tag: at("PNG", "CreationTime") },
];

/** Times that may state the offset of the same local time. */
const offsetSources: readonly Source[] = [
  ...takenSources,
  modified,
  { block: "xmp", tag: at("XMP-exif", "DateTimeDigitized") },
  { block: "xmp", tag: at("XMP-xmp", "ModifyDate") },
];

const modifiedSources: readonly Source[] = [
  modified,
  { block: "xmp", tag: at("XMP-xmp", "ModifyDate") },
  { block: "png", tag: at("PNG", "ModifyDate") },
];

const timeZoneOffset = exif("TimeZoneOffset");
const gpsDate = at("GPS", "GPSDateStamp");
const gpsTime = at("GPS", "GPSTimeStamp");
const gpsDateTime = at("XMP-exif", "GPSDateTime");

export const timeNames: readonly string[] = [
  ...[...offsetSources, ...modifiedSources].flatMap(({ tag, time, subSeconds = [], offset = [] }) => [
    ...[tag, ...(time === undefined ? [] : [time]), ...subSeconds, ...offset].map(({ name }) => name),
  ]),
  ...[...timeZoneOffset, gpsDate, gpsTime, gpsDateTime].map(({ name }) => name),
];

export interface TakenAt {
  readonly moment: Moment;
  readonly offsetFrom: Summary["takenAtOffsetFrom"];
}

/** `warn` hears of dates that cannot be meant. */
export function takenAt(tags: Sink, warn: Warn): TakenAt | undefined {
  const { source, moment } = firstMoment(tags, takenSources, warn) ?? {};
  const fixes = gpsFixes(tags, warn);
  if (source === undefined || moment === undefined) {
    const [fix] = fixes;
    return fix === undefined ? undefined : { moment: fix, offsetFrom: "gps" };
  }
  if (!moment.local.includes("T")) return { moment, offsetFrom: undefined };
  if (moment.offset !== undefined) return { moment, offsetFrom: "stated" };
  const of = (offset: string | undefined, offsetFrom: Summary["takenAtOffsetFrom"]): TakenAt | undefined =>
    offset === undefined ? undefined : { moment: { local: moment.local, offset }, offsetFrom };
  return (
    of(
      statedElsewhere(tags, moment, ({ block }) => block === source.block),
      "stated",
    ) ??
    of(
      fixes.map((fix) => offsetFromGps(moment, fix)).find((offset) => offset !== undefined),
      "gps",
    ) ??
    of(
      statedElsewhere(tags, moment, ({ block }) => block !== source.block),
      "other-metadata",
    ) ?? { moment, offsetFrom: undefined }
  );
}

export function modifiedAt(tags: Sink, warn: Warn): Moment | undefined {
  return firstMoment(tags, modifiedSources, warn)?.moment;
}

function firstMoment(tags: Sink, sources: readonly Source[], warn: Warn): { source: Source; moment: Moment } | undefined {
  for (const source of sources) {
    const moment = momentOf(tags, source, warn);
    if (moment !== undefined) return { source, moment };
  }
  return undefined;
}

/** The offset that one of these sources states for the local time of `moment`. */
function statedElsewhere(tags: Sink, moment: Moment, among: (source: Source) => boolean): string | undefined {
  for (const source of offsetSources) {
    if (!among(source)) continue;
    const other = momentOf(tags, source, () => {});
    if (other?.offset !== undefined && isSameLocalTime(moment, other)) return other.offset;
  }
  return undefined;
}

/** The time that a source gives, with its sub-seconds and its offset. */
function momentOf(tags: Sink, source: Source, warn: Warn): Moment | undefined {
  const { tag } = source;
  const written = writtenDate(tags.get(tag));
  if (written === undefined) return undefined;
  const time = source.time === undefined ? undefined : tags.get(source.time);
  const moment = (typeof time === "string" ? parseMoment(`${written} ${time}`) : undefined) ?? parseMoment(written);
  if (moment === undefined) {
    warn(`${tag.group}:${tag.name} is no date: ${written.slice(0, 40)}`);
    return undefined;
  }
  const digits = source.subSeconds === undefined ? undefined : first(tags, source.subSeconds, (value) => value);
  const full = digits === undefined ? moment : withSubSeconds(moment, String(digits));
  return { local: full.local, offset: full.offset ?? offsetOf(tags, source, warn) };
}

/** The text of a date, if it has a digit: blanks stand for an unknown one. */
function writtenDate(value: TagValue | undefined): string | undefined {
  const written = Array.isArray(value) ? value[0] : value;
  return typeof written === "string" && /\d/.test(written) ? written : undefined;
}

function offsetOf(tags: Sink, { offset, zone }: Source, warn: Warn): string | undefined {
  for (const place of offset ?? []) {
    const written = tags.get(place);
    if (typeof written !== "string" || !/[\dZ]/i.test(written)) continue;
    const stated = parseOffset(written);
    if (stated !== undefined) return stated;
    if (/\d/.test(written)) warn(`${place.group}:${place.name} is no offset: ${written.slice(0, 40)}`);
  }
  return zone === undefined ? undefined : first(tags, timeZoneOffset, (value) => hoursOffset(value, zone));
}

/** TIFF/EP's TimeZoneOffset: hours of DateTimeOriginal, then of ModifyDate. */
function hoursOffset(value: TagValue | undefined, place: number): string | undefined {
  const hours = number(Array.isArray(value) ? value[place] : place === 0 ? value : undefined);
  return hours !== undefined && Number.isInteger(hours) && hours >= -12 && hours <= 14 ? offsetText(hours * 60) : undefined;
}

/** Times of GPS fixes, in UTC: of the GPS IFD, then of XMP. */
function gpsFixes(tags: Sink, warn: Warn): Moment[] {
  const fixes: Moment[] = [];
  const [date, time] = [tags.get(gpsDate), tags.get(gpsTime)];
  if (typeof date === "string" && typeof time === "string" && /\d/.test(date) && /\d/.test(time)) {
    const moment = parseMoment(`${date} ${time}Z`);
    if (moment === undefined) warn(`GPS:GPSDateStamp and GPSTimeStamp are no date: ${`${date} ${time}`.slice(0, 40)}`);
    else if (moment.local.includes("T")) fixes.push(moment);
  }
  const written = writtenDate(tags.get(gpsDateTime));
  const moment = written === undefined ? undefined : parseMoment(written);
  if (moment?.local.includes("T")) fixes.push({ local: moment.local, offset: moment.offset ?? "Z" });
  return fixes;
}
