/**
 * Dates as Exif, XMP, IPTC and PNG write them, to ISO 8601: exact ones, and those that programs write in other ways but that
 * have only one meaning. A date that could mean two things, such as `01/02/2003`, is not read.
 */
import { zoneOffset } from "./zones.ts";

export interface Moment {
  /** Local date, with time if it is known: `2019`, `2019-03`, `2019-03-13`, `2019-03-13T11:04`, `2019-03-13T11:04:13.710`. */
  readonly local: string;
  /** `+02:00`, `-04:00`, `Z`; undefined if nothing gives it. */
  readonly offset: string | undefined;
}

/** A longer text is not a date. */
const MAX_DATE_CHARACTERS = 64;

/** How far the time of a GPS fix may be from that of the capture. */
const MAX_FIX_AGE_MINUTES = 1.5;

/** Years, months and days with a separator; each part may have one digit, or blanks in place of digits. */
const DATE = /^(\d{4})(?:[:\-/.]( ?\d{1,2}| {2})(?:[:\-/.]( ?\d{1,2}| {2}))?)?(?!\d)/;
/** `20130620`, with or without the time right behind it. */
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)(?=\d{4}(?:\d\d)?(?!\d)|\D|$)/;

/** What stands between a date and its time. Blanks before a separator are those of an unknown hour. */
const BETWEEN = /^(?:[_:]| *T| +)? */i;

/** Two or three parts with the same separator; of `-` three, because `10-05` is an hour and an offset. */
const TIME = /^(\d{0,2})(?:([:.])( ?\d{1,2}| {2})(?:\2( ?\d{1,2}| {2}))?|-(\d\d)-(\d\d))(?!\d)/;
const COMPACT_TIME = /^(\d\d)(\d\d)(\d\d)?(?!\d)/;
const FRACTION = /^[.,](\d*)/;
/** What may stand behind a date without a month or a day. */
const TIME_OF_NO_DAY = /^(?:[ T][ T:.\d+Z-]*|[ :.-]*)$/i;

const HALF_OF_DAY = /^ *(?:([ap])\.? ?m\b\.?|(上午|午前|오전)|(下午|午後|오후))/i;

const OFFSET = /^(?:UTC|GMT)? ?([+\-−]) ?(?:(\d\d)(\d\d)|(\d{1,2})(?::(\d\d| \d|0))?(?::00)?):?$/i;
const UTC = /^(?:Z|UTC|GMT)$/i;
/** `CEST`, `IST`: names of zones do not settle an offset, and the local time is none the worse for them. */
const ZONE_NAME = /^[A-Z]{3,5}$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0));
const two = (part: number): string => String(part).padStart(2, "0");

/** The moment that a text gives; undefined if it is not a date, or one that cannot be. It ends before an unknown (zero or blank) part. */
export function parseMoment(text: string): Moment | undefined {
  const exact = exactMoment(text);
  if (exact !== undefined) return exact;
  if (text.trim().length > MAX_DATE_CHARACTERS) return undefined;
  // Blanks at the end may stand for an unknown month or second.
  const written = text.trimStart().slice(0, MAX_DATE_CHARACTERS);
  const match = COMPACT_DATE.exec(written) ?? DATE.exec(written);
  if (match === null) return undefined;
  const [whole, year = "", monthText, dayText] = match;
  const [month, day] = [Number(monthText ?? 0), Number(dayText ?? 0)];
  if (Number(year) === 0 || month > 12) return undefined;
  const rest = written.slice(whole.length);
  if (month === 0 || day === 0) {
    if (!TIME_OF_NO_DAY.test(rest)) return undefined;
    return { local: month === 0 ? year : `${year}-${two(month)}`, offset: undefined };
  }
  if (day > daysIn(Number(year), month)) return undefined;
  return withTime(`${year}-${two(month)}-${two(day)}`, rest);
}

/** `2019:03:13 11:04:13`, as nearly all cameras write it, without an expression. */
function exactMoment(text: string): Moment | undefined {
  if (text.length !== 19) return undefined;
  for (let at = 0; at < 19; at++) {
    const character = text.charCodeAt(at);
    if (at === 10 ? character !== 0x20 : at === 4 || at === 7 || at === 13 || at === 16 ? character !== 0x3a : !isDigit(character))
      return undefined;
  }
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const isTime = text.slice(11, 13) < "24" && text.slice(14, 16) < "60" && text.slice(17, 19) <= "60";
  if (year === 0 || month === 0 || month > 12 || day === 0 || day > daysIn(year, month) || !isTime) return undefined;
  return { local: `${text.slice(0, 4)}-${text.slice(5, 7)}-${text.slice(8, 10)}T${text.slice(11)}`, offset: undefined };
}

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

/** The date with the time and the offset that `rest` gives. */
function withTime(date: string, rest: string): Moment | undefined {
  const dateOnly = { local: date, offset: undefined };
  const behindDate = rest.replace(BETWEEN, "");
  if (behindDate.trim() === "" || parseOffset(behindDate) !== undefined) return dateOnly;
  const before = HALF_OF_DAY.exec(behindDate);
  const timeText = before === null ? behindDate.replace(/^-/, "") : behindDate.slice(before[0].length).trimStart();
  const time = parseTime(timeText);
  if (time === undefined) return undefined;
  const after = HALF_OF_DAY.exec(time.rest);
  const zone = zoneText(after === null ? time.rest : time.rest.slice(after[0].length));
  const offset = parseOffset(zone);
  if (offset === undefined && zone !== "" && !ZONE_NAME.test(zone)) return undefined;
  if (time.hour === undefined || time.minute === undefined) return dateOnly;
  const hour = hourOfDay(time.hour, before ?? after);
  if (hour === undefined || hour > 24 || time.minute > 59 || (time.second ?? 0) > 60) return undefined;
  const seconds = time.second === undefined ? "" : `:${two(time.second)}${time.fraction === "" ? "" : `.${time.fraction}`}`;
  // ISO 8601 ends a day with 24:00:00. Phones that count hours from 1 to 24 write 24:08:19 for 00:08:19 of the day that begins.
  const isEndOfDay = hour === 24 && time.minute === 0 && (time.second ?? 0) === 0;
  return { local: `${isEndOfDay ? dayAfter(date) : date}T${two(hour % 24)}:${two(time.minute)}${seconds}`, offset };
}

interface WrittenTime {
  /** Parts that are blank are undefined. */
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  readonly second: number | undefined;
  /** Digits behind the point. */
  readonly fraction: string;
  readonly rest: string;
}

function parseTime(text: string): WrittenTime | undefined {
  const compact = COMPACT_TIME.exec(text);
  const match = compact ?? TIME.exec(text);
  if (match === null) return undefined;
  const parts = compact === null ? [match[1], match[3] ?? match[5], match[4] ?? match[6]] : match.slice(1);
  const [hour, minute, second] = parts.map((part) => (part?.trim() ? Number(part) : undefined));
  const rest = text.slice(match[0].length);
  const fraction = FRACTION.exec(rest);
  return { hour, minute, second, fraction: fraction?.[1] ?? "", rest: rest.slice(fraction?.[0].length ?? 0) };
}

/** What stands behind a time, without the name of a zone in brackets. */
function zoneText(rest: string): string {
  const bracket = rest.indexOf("(");
  const zone = (bracket < 0 ? rest : rest.slice(0, bracket)).trim();
  return zone === ":" ? "" : zone;
}

/** The hour of 24 from one of 12; undefined if both contradict each other. */
function hourOfDay(hour: number, half: RegExpExecArray | null): number | undefined {
  if (half === null) return hour;
  const isMorning = half[1]?.toLowerCase() === "a" || half[2] !== undefined;
  if (hour > 12) return isMorning ? undefined : hour;
  return (hour % 12) + (isMorning ? 0 : 12);
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/**
 * `+02:00`, `Z`, and what means the same: `+0200`, `+2:00`, `+02:00:`, `+2`, `UTC+2`, `+ 2: 0`. Undefined for anything else.
 * An offset without a sign, or one of three digits, can mean two things.
 */
export function parseOffset(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DATE_CHARACTERS) return undefined;
  if (UTC.test(trimmed)) return "Z";
  const match = OFFSET.exec(trimmed);
  if (match === null) return undefined;
  const [hours, minutes] = [Number(match[2] ?? match[4]), Number(match[3] ?? match[5] ?? 0)];
  if (hours > 15 || minutes > 59) return undefined;
  return offsetText((match[1] === "+" ? 1 : -1) * (hours * 60 + minutes));
}

/** `+05:45` from minutes. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Adds sub-seconds (Exif SubSecTime: the digits behind the point) to a moment that has seconds and no fraction. */
export function withSubSeconds(moment: Moment, digits: string): Moment {
  const clean = digits.trim();
  if (clean.length > MAX_DATE_CHARACTERS || !/^\d+$/.test(clean) || !/T\d\d:\d\d:\d\d$/.test(moment.local)) return moment;
  return { local: `${moment.local}.${clean}`, offset: moment.offset };
}

export function isoText(moment: Moment): string {
  return moment.local.includes("T") ? moment.local + (moment.offset ?? "") : moment.local;
}

/** The same moment in UTC; undefined without a time or an offset. Sub-seconds are kept as written. */
export function utcText(moment: Moment): string | undefined {
  if (moment.offset === undefined || !moment.local.includes("T")) return undefined;
  const [, fraction] = moment.local.split(".");
  const utc = new Date(localMilliseconds(moment) - offsetMinutes(moment.offset) * 60_000);
  return `${utc.toISOString().slice(0, 19)}${fraction === undefined ? "" : `.${fraction}`}Z`;
}

/** True if both give the same local time, as far as the coarser one goes; sub-seconds do not count. */
export function isSameLocalTime(one: Moment, other: Moment): boolean {
  const [a, b] = [one.local.slice(0, 19), other.local.slice(0, 19)];
  return a.includes("T") && b.includes("T") && (a.startsWith(b) || b.startsWith(a));
}

/**
 * The offset that GPS time settles: the local time less the time of the fix in UTC, if that is the offset of a zone
 * within the age that a fix may have.
 */
export function offsetFromGps(local: Moment, fix: Moment): string | undefined {
  if (!hasSeconds(local) || !hasSeconds(fix) || fix.offset === undefined) return undefined;
  const utc = localMilliseconds(fix) - offsetMinutes(fix.offset) * 60_000;
  const offset = zoneOffset((localMilliseconds(local) - utc) / 60_000, MAX_FIX_AGE_MINUTES);
  return offset === undefined ? undefined : offsetText(offset);
}

function hasSeconds(moment: Moment): boolean {
  return moment.local.length >= "2019-03-13T11:04:13".length;
}

/** The local time to the second, as if it were UTC. A second 60 is the first of the next minute. */
function localMilliseconds({ local }: Moment): number {
  const second = Number(local.slice(17, 19));
  return Date.parse(`${local.slice(0, 16)}:00Z`) + second * 1000;
}

function offsetMinutes(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith("-") ? -minutes : minutes;
}
