import { expect, test } from "vitest";
import { isoText, offsetFromGps, parseMoment, parseOffset, utcText, withSubSeconds } from "../../../src/metadata/summary/dates.ts";

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
  "2019:03:13 24:00:00",
  "2019:03:13 11:60:00",
  "yesterday",
  "",
  "    :  :     :  :  ",
  `2019${" ".repeat(1000)}x`,
  `2019:03:13 11:04:13.${"1".repeat(100)}`,
])("%j is no date", (text) => expect(iso(text)).toBeUndefined());

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

test("offsets that cannot be are left out", () => {
  expect(parseOffset("+0530")).toBe("+05:30");
  expect(parseOffset("+99:00")).toBeUndefined();
  expect(parseOffset("   :  ")).toBeUndefined();
});

test("GPS time settles the offset to a quarter of an hour", () => {
  const settle = (local: string, utc: string) => {
    const [a, b] = [parseMoment(local), parseMoment(`${utc}Z`)];
    return a && b && offsetFromGps(a, b);
  };
  expect(settle("2019:03:13 11:04:13", "2019:03:13 15:02:50")).toBe("-04:00");
  expect(settle("2019:03:14 00:30:00", "2019:03:13 18:45:01")).toBe("+05:45");
  expect(settle("2019:03:13 11:04:13", "2019:03:13 15:12:00")).toBeUndefined();
  expect(settle("2019:03:13 11:04:13", "2019:03:17 15:04:13")).toBeUndefined();
});
