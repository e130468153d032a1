/** Dates in text chunks of PNG, as Exif writes them: RFC 1123 section 5.2.14 and RFC 822 section 5, ISO 8601. */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Hours from UTC by name of the zone, RFC 822 section 5.1; the military letters run A–I, K–M to the west, N–Y to the east there. */
const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    UT: 0,
    GMT: 0,
    UTC: 0,
    EST: -5,
    EDT: -4,
    CST: -6,
    CDT: -5,
    MST: -7,
    MDT: -6,
    PST: -8,
    PDT: -7,
    Z: 0,
    ...Object.fromEntries([..."ABCDEFGHIKLM"].map((letter, i) => [letter, -(i + 1)])),
    ...Object.fromEntries([..."NOPQRSTUVWXY"].map((letter, i) => [letter, i + 1])),
  }),
);

const RFC_1123 = /(\d{1,2})\s*([a-z]{3})\s*(\d{1,4})\s+(\d{1,2}):(\d{2})(:\d{2})?\s*(\S*)/i;

/** `Mon, 1 Jan 2018 12:10:22 EST` → `2018:01:01 12:10:22-05:00`; what is no such date stays as it is. */
export function rfc1123Date(text: string): string {
  const match = RFC_1123.exec(text.slice(0, 256));
  if (match === null) return text;
  const [, day = "", month = "", year = "", hour = "", minute = "", second = ":00", zone = ""] = match;
  const offset = zoneOffset(zone);
  const monthNumber = MONTHS.indexOf(month.toLowerCase()) + 1;
  if (offset === undefined || monthNumber === 0) return text;
  const short = Number(year);
  const full = short < 100 ? short + (short > 70 ? 1900 : 2000) : short;
  const two = (value: string | number) => String(Number(value)).padStart(2, "0");
  const date = `${String(full).padStart(4, "0")}:${two(monthNumber)}:${two(day)}`;
  return `${date} ${two(hour)}:${two(minute)}${second}${offset}`;
}

function zoneOffset(zone: string): string | undefined {
  if (zone === "") return "";
  const hours = ZONES.get(zone.toUpperCase());
  if (hours !== undefined) return `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
  const numeric = /^([-+]\d+):?(\d{2})/.exec(zone);
  return numeric === null ? undefined : `${numeric[1]}:${numeric[2]}`;
}

/** `2015-11-21T17:28:33.5-05:00` → `2015:11:21 17:28:33.5-05:00`. */
export function isoDate(text: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2})(:\d{2})?\s*(\S*)$/.exec(text);
  if (match === null) return text.replace(/^(\d{4})(-\d{2}){0,2}/, (date) => date.replaceAll("-", ":"));
  const [, year, month, day, time, second = "", rest = ""] = match;
  return `${year}:${month}:${day} ${time}${second}${rest}`;
}
