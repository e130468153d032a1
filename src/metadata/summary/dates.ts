/** Dates as Exif, XMP, IPTC and PNG write them (already in ExifTool's spelling) to ISO 8601. */

export interface Moment {
  /** Local date, with time where it is known: `2019`, `2019-03`, `2019-03-13`, `2019-03-13T11:04`, `2019-03-13T11:04:13.710`. */
  readonly local: string;
  /** `+02:00`, `-04:00`, `Z`; undefined where nothing gives it. */
  readonly offset: string | undefined;
}

/** A longer text is not a date. */
const MAX_DATE_CHARACTERS = 64;

const DATE =
  /^(\d{4})(?:[:\-/.](\d\d| {2}))?(?:[:\-/.](\d\d| {2}))?(?:[ T](\d\d| {2}):(\d\d| {2})(?::(\d\d| {2})(?:\.(\d+))?)?)?(?:\s*(Z|[+-]\d\d:?\d\d))?\s*$/;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/** The moment a text gives; undefined where it is no date, or one that cannot be. Unknown (zero or blank) months and days cut it there. */
export function parseMoment(text: string): Moment | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DATE_CHARACTERS) return undefined;
  // Blanks at the end may stand for an unknown month or second.
  const match = DATE.exec(text.trimStart().slice(0, MAX_DATE_CHARACTERS));
  if (match === null) return undefined;
  const [, yearText = "", monthText, dayText, hourText, minuteText, secondText, fraction, zone] = match;
  const year = Number(yearText);
  if (year === 0) return undefined;
  const month = Number(monthText ?? 0);
  if (month === 0) return { local: yearText, offset: undefined };
  if (month > 12) return undefined;
  const day = Number(dayText ?? 0);
  if (day === 0) return { local: `${yearText}-${monthText}`, offset: undefined };
  if (day > daysIn(year, month)) return undefined;
  const date = `${yearText}-${monthText}-${dayText}`;
  if (hourText === undefined || minuteText === undefined || !hourText.trim() || !minuteText.trim())
    return { local: date, offset: undefined };
  if (Number(hourText) > 23 || Number(minuteText) > 59 || Number(secondText ?? 0) > 60) return undefined;
  const time = secondText?.trim() ? `${hourText}:${minuteText}:${secondText}` : `${hourText}:${minuteText}`;
  const subSeconds = fraction !== undefined && secondText?.trim() ? `.${fraction}` : "";
  return { local: `${date}T${time}${subSeconds}`, offset: zone === undefined ? undefined : parseOffset(zone) };
}

/** `+02:00`, `+0200`, `Z` → `+02:00`, `Z`; undefined for anything else. */
export function parseOffset(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "Z") return "Z";
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(trimmed);
  if (match === null || Number(match[2]) > 15 || Number(match[3]) > 59) return undefined;
  return `${match[1]}${match[2]}:${match[3]}`;
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
  const [whole = "", fraction] = moment.local.split(".");
  const milliseconds = Date.parse(`${whole.length === 16 ? `${whole}:00` : whole}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const utc = new Date(milliseconds - offsetMinutes(moment.offset) * 60_000);
  return `${utc.toISOString().slice(0, 19)}${fraction === undefined ? "" : `.${fraction}`}Z`;
}

function offsetMinutes(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith("-") ? -minutes : minutes;
}

/**
 * The offset that GPS time settles: the local time less the UTC time, where that is within five minutes of a whole
 * quarter of an hour from −12 to +14 hours (a GPS fix may be some minutes old).
 */
export function offsetFromGps(local: Moment, utc: Moment): string | undefined {
  if (!/T\d\d:\d\d:\d\d/.test(local.local) || !/T\d\d:\d\d:\d\d/.test(utc.local)) return undefined;
  const minutes = (Date.parse(`${local.local.slice(0, 19)}Z`) - Date.parse(`${utc.local.slice(0, 19)}Z`)) / 60_000;
  const quarter = Math.round(minutes / 15) * 15;
  if (!(Math.abs(minutes - quarter) <= 5) || quarter < -720 || quarter > 840) return undefined;
  const size = Math.abs(quarter);
  return `${quarter < 0 ? "-" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
}
