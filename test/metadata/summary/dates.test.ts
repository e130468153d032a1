import { expect, test } from "vitest";
import {
  isoText,
  isSameLocalTime,
  offsetFromGps,
  parseMoment,
  parseOffset,
  utcText,
  withSubSeconds,
} from "../../../src/metadata/summary/dates.ts";

const iso = (text: string) => {
  const moment = parseMoment(text);
  return moment && isoText(moment);
};

test.each([
  ["2019:03:13 11:04:13", "2019-03-13T11:04:13"],
  ["2019:03:13 11:04:13.71-04:00", "2019-03-13T11:04:13.71-04:00"],
  ["2019-03-13T11:04:13Z", "2019-03-13T11:04:13Z"],
  ["2019:03:13 11:04", "2019-03-13T11:04"],
  ["2019:03:13", "2019-03-13"],
  ["2019:03", "2019-03"],
  ["2019", "2019"],
  ["2019:03:00", "2019-03"],
  ["2019:00:00", "2019"],
  ["2019:03:  ", "2019-03"],
  ["2019:03:13   :  :  ", "2019-03-13"],
  ["2020:02:29 00:00:00", "2020-02-29T00:00:00"],
  ["2020:02:29 00:00:00  +01:00 ", "2020-02-29T00:00:00+01:00"],
  [`${" ".repeat(1000)}2020:02:29${" ".repeat(1000)}`, "2020-02-29"],
])("%s is %s", (text, expected) => expect(iso(text)).toBe(expected));

test.each([
  "0000:00:00 00:00:00",
  "2019:13:01",
  "2019:02:29",
  "2019:03:13 24:61:00",
  "2019:03:13 25:00:00",
  "2019:03:13 13:00:00 am",
  "2019-2020",
  "2013:06:20101530",
  "2019:03:13 10:15:305",
  "01/02/2003 10:00:00",
  "201903",
  "2019:03:13 11:60:00",
  "yesterday",
  "",
  "    :  :     :  :  ",
  `2019${" ".repeat(1000)}x`,
  `2019:03:13 11:04:13.${"1".repeat(100)}`,
])("%j is no date", (text) => expect(iso(text)).toBeUndefined());

test.each([
  ["2010:7:02 10:4:5", "2010-07-02T10:04:05"],
  ["2010:07: 2 10: 4: 5", "2010-07-02T10:04:05"],
  ["2010:07:02  10:04:05", "2010-07-02T10:04:05"],
  ["2010:07:02:10:04:05", "2010-07-02T10:04:05"],
  ["20130620 101530", "2013-06-20T10:15:30"],
  ["20130620101530", "2013-06-20T10:15:30"],
  ["20130620T101530Z", "2013-06-20T10:15:30Z"],
  ["20111006 17:47:14.264", "2011-10-06T17:47:14.264"],
  ["20130620", "2013-06-20"],
  ["2013/06/20 10:15:30,264", "2013-06-20T10:15:30.264"],
  ["2013.06.20 10.15.30", "2013-06-20T10:15:30"],
  ["2013-06-20-10-15-30", "2013-06-20T10:15:30"],
])("reads %j, whose parts are written in another way", (text, expected) => expect(iso(text)).toBe(expected));

test.each([
  ["2020:01:18 12:02:46 am", "2020-01-18T00:02:46"],
  ["2020:01:18 12:02:46 PM", "2020-01-18T12:02:46"],
  ["2020:01:18 1:02:46pm", "2020-01-18T13:02:46"],
  ["2020:01:18 11:02:46 p. m.", "2020-01-18T23:02:46"],
  ["2020:01:18 13:02:46 pm", "2020-01-18T13:02:46"],
  ["2020:01:18 下午 3:12:00", "2020-01-18T15:12:00"],
  ["2020:01:18 오전 12:12:00", "2020-01-18T00:12:00"],
])("reads %j by the half of its day", (text, expected) => expect(iso(text)).toBe(expected));

test.each([
  ["2015:08:22 24:08:19", "2015-08-22T00:08:19"],
  ["2015:12:31 24:00:00+02:00", "2016-01-01T00:00:00+02:00"],
  ["2016:02:28 24:00", "2016-02-29T00:00"],
])("reads hour 24 of %j as the first of a day", (text, expected) => expect(iso(text)).toBe(expected));

test.each([
  ["2019:03:13 11:04:13+8:00", "2019-03-13T11:04:13+08:00"],
  ["2019:03:13 11:04:13 UTC+8", "2019-03-13T11:04:13+08:00"],
  ["2019:03:13 11:04:13 +0200 (CEST)", "2019-03-13T11:04:13+02:00"],
  ["2019:03:13 11:04-05:00", "2019-03-13T11:04-05:00"],
  ["2019:03:13 11:04:13 CEST", "2019-03-13T11:04:13"],
  ["2019:03:13+01:00", "2019-03-13"],
  ["2019-03-13-05:00", "2019-03-13"],
])("reads %j with the offset that it states", (text, expected) => expect(iso(text)).toBe(expected));

test("keeps an unknown hour or minute unknown", () => {
  expect(iso("2019:03:13   :04:13")).toBe("2019-03-13");
  expect(iso("2019:03:13 11:  :  ")).toBe("2019-03-13");
  expect(iso("2019:03:13 11:04:  ")).toBe("2019-03-13T11:04");
});

test("sub-seconds are the digits behind the point", () => {
  const moment = parseMoment("2019:03:13 11:04:13");
  expect(moment && isoText(withSubSeconds(moment, "710 "))).toBe("2019-03-13T11:04:13.710");
  expect(moment && isoText(withSubSeconds(moment, "x"))).toBe("2019-03-13T11:04:13");
});

test("UTC needs an offset and crosses days", () => {
  const at = (text: string) => {
    const moment = parseMoment(text);
    return moment && utcText(moment);
  };
  expect(at("2019:12:31 23:30:00.123-01:00")).toBe("2020-01-01T00:30:00.123Z");
  expect(at("2019:03:13 11:04+05:45")).toBe("2019-03-13T05:19:00Z");
  expect(at("2019:03:13 11:04:13")).toBeUndefined();
  expect(at("2019:03:13")).toBeUndefined();
});

test.each([
  ["+0530", "+05:30"],
  ["+8:00", "+08:00"],
  ["-5:00", "-05:00"],
  ["+02:00:", "+02:00"],
  ["+02:00:00", "+02:00"],
  ["+ 8: 0", "+08:00"],
  ["UTC+8", "+08:00"],
  ["GMT+05:45", "+05:45"],
  ["+14", "+14:00"],
  ["−03:30", "-03:30"],
  ["-00:00", "+00:00"],
  ["z", "Z"],
  ["UTC", "Z"],
])("the offset %j is %s", (text, expected) => expect(parseOffset(text)).toBe(expected));

test.each(["+99:00", "+02:60", "   :  ", "8:00", "+800", "+5.5", "CEST", ""])("leaves out the offset %j", (text) =>
  expect(parseOffset(text)).toBeUndefined(),
);

test("a leap second is the first of the next minute in UTC", () => {
  const moment = parseMoment("2016:12:31 23:59:60Z");
  expect(moment && utcText(moment)).toBe("2017-01-01T00:00:00Z");
});

test("compares local times as far as both go", () => {
  const same = (one: string, other: string) => {
    const [a, b] = [parseMoment(one), parseMoment(other)];
    return a && b && isSameLocalTime(a, b);
  };
  expect(same("2019:07:14 12:20:56.71", "2019-07-14T12:20:56+02:00")).toBe(true);
  expect(same("2019:07:14 12:20:56", "2019-07-14T12:20+02:00")).toBe(true);
  expect(same("2019:07:14 12:20:56", "2019-07-14T10:20:56Z")).toBe(false);
  expect(same("2019:07:14", "2019-07-14")).toBe(false);
});

test("GPS time settles an offset that some zone has or had, by a fix of at most 90 seconds", () => {
  const settle = (local: string, utc: string) => {
    const [a, b] = [parseMoment(local), parseMoment(`${utc}Z`)];
    return a && b && offsetFromGps(a, b);
  };
  expect(settle("2019:03:13 11:04:13", "2019:03:13 15:02:50")).toBe("-04:00");
  expect(settle("2019:03:14 00:30:00", "2019:03:13 18:45:01")).toBe("+05:45");
  expect(settle("2014:03:14 12:00:00", "2014:03:14 16:31:30")).toBe("-04:30");
  expect(settle("2014:03:14 12:00:00", "2014:03:14 16:31:31")).toBeUndefined();
  expect(settle("2022:07:14 14:13:30", "2022:07:14 11:59:10")).toBeUndefined();
  expect(settle("2019:03:13 11:04:13", "2019:03:13 15:12:00")).toBeUndefined();
  expect(settle("2019:03:13 11:04:13", "2019:03:17 15:04:13")).toBeUndefined();
  expect(settle("2019:03:13 11:04", "2019:03:13 15:04:00")).toBeUndefined();
});
