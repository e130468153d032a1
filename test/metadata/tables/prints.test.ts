import { expect, test } from "vitest";
import { decimals, significant } from "../../../src/metadata/bytes/numbers.ts";
import { bits, lookup, seconds } from "../../../src/metadata/tables/conversion.ts";
import {
  bitmask,
  cfaColors,
  componentsConfiguration,
  degreesMinutesSeconds,
  each,
  fixedNumber,
  fraction,
  joined,
  lensInfo,
  metres,
  numberText,
  planeColors,
  timeStamp,
} from "../../../src/metadata/tables/prints.ts";

test.each([
  [3.25, 1, "3.2"],
  [3.75, 1, "3.8"],
  [-0.25, 1, "-0.2"],
  [2.675, 2, "2.67"],
  [0.5, 0, "0"],
  [1.5, 0, "2"],
  [7.125, 2, "7.12"],
])("%d with %d decimals is %s, as C writes it", (value, digits, text) => {
  expect(decimals(value, digits)).toBe(text);
});

test.each([
  [0, "0"],
  [1, "+1"],
  [-0.5, "-1/2"],
  [0.6666666667, "+2/3"],
  [-1.3333333333, "-4/3"],
  [0.123456, "+0.123"],
  [Number.NaN, "0"],
])("the compensation %d is %s", (value, text) => {
  expect(fraction(value)).toBe(text);
});

test.each([
  [[24, 70, 2.8, 4], "24-70mm f/2.8-4"],
  [[50, 50, 1.4, 1.4], "50mm f/1.4"],
  [[8.5, 0, 1.9, 0], "8.5mm f/1.9"],
  [[Number.NaN, Number.NaN, 2, Number.NaN], "?mm f/2-?"],
  [[1, 2, 3], "1 2 3"],
])("the lens %j is %s", (value, text) => {
  expect(lensInfo(value)).toBe(text);
});

test("degrees carry seconds and minutes that round up", () => {
  expect(degreesMinutesSeconds(40.7087055555556)).toBe("40 deg 42' 31.34\"");
  expect(degreesMinutesSeconds(72.99999999)).toBe("73 deg 0' 0.00\"");
  expect(degreesMinutesSeconds("")).toBe("");
});

test("times of day keep at most six decimals", () => {
  expect(timeStamp("15:04:02.123456789")).toBe("15:04:02.123457");
  expect(timeStamp("15:04:02")).toBe("15:04:02");
});

test("colour filters that do not fit are said to", () => {
  expect(cfaColors([2, 2, 1, 0, 2, 1])).toBe("[Green,Red][Blue,Green]");
  expect(cfaColors([2, 2, 1])).toBe("<invalid pattern size>");
  expect(cfaColors([0, 2])).toBe("<zero pattern size>");
  expect(cfaColors([1])).toBe("<truncated data>");
});

test("numbers in texts are those of C's %.15g", () => {
  expect(numberText([0.00001, 1e15, Number.POSITIVE_INFINITY, Number.NaN, 0.5])).toBe("1e-05 1e+15 inf undef 0.5");
});

test("a lookup takes several numbers together, and only its own keys", () => {
  const subSampling = lookup({ "2 1": "YCbCr4:2:2 (2 1)" });
  expect(subSampling([2, 1])).toBe("YCbCr4:2:2 (2 1)");
  expect(subSampling([9, 9])).toBe("Unknown (9 9)");
  expect(subSampling("constructor")).toBe("Unknown (constructor)");
  expect(lookup({}, { hex: true })(255)).toBe("Unknown (0xff)");
});

test("exposure times", () => {
  expect([0.0003539823009, 0.25, 0.3, 30, Number.POSITIVE_INFINITY].map(seconds)).toEqual([
    "1/2825",
    "1/4",
    0.3,
    30,
    Number.POSITIVE_INFINITY,
  ]);
  expect(significant(Number.MAX_VALUE, 15)).toBe(Number.MAX_VALUE);
});

const [nothing, infinite] = [Number.NaN, Number.POSITIVE_INFINITY];

test.each([
  [nothing, "Unknown (undef)"],
  [infinite, "Unknown (inf)"],
  [[1, 2, nothing], "Unknown (1 2 undef)"],
  [1.5, "Unknown (1.5)"],
  [999, "Unknown (0x3e7)"],
  [-1, "Unknown (0xffffffffffffffff)"],
  ["abc", "Unknown (abc)"],
  ["1", "one"],
])("an enumerated value %j that is not in its table prints as ExifTool has it", (value, text) => {
  expect(lookup({ 1: "one" }, { hex: true })(value)).toBe(text);
});

test.each([
  [nothing, "0.0 mm"],
  [[nothing, nothing], "0.0 mm"],
  [infinite, "Inf mm"],
  [[24, 70], "24.0 mm"],
  ["2.5", "2.5 mm"],
  ["abc", "0.0 mm"],
  ["", "0.0 mm"],
])("a measure %j prints its first number, or 0", (value, text) => {
  expect(fixedNumber(1, " mm")(value)).toBe(text);
});

test.each([
  ["", "0"],
  ["1 2.5 undef", "+1"],
  [[0.5, 1], "+1/2"],
  [infinite, "+Inf"],
])("the compensation %j of another type is %s", (value, text) => expect(fraction(value)).toBe(text));

test("lists prints what it can of lists, texts and numbers that are none", () => {
  expect(each({ 1: "one" })("1 2")).toBe("one; Unknown (2)");
  expect(each({ 1: "one" })([nothing, 1])).toBe("Unknown (undef); one");
  expect(each({ 1: "one" })("")).toBe("Unknown ()");
  expect(joined(".")("1 2.5 undef")).toBe("1.2.5.undef");
  expect(joined(", ")([100, nothing])).toBe("100, undef");
  expect(componentsConfiguration([1, 9])).toBe("Y, Err (9)");
  expect(componentsConfiguration("")).toBe("");
  expect(planeColors("1 2.5 undef")).toBe("Green,Blue,Red");
  expect(planeColors([-1, 24])).toBe("White,Unknown(24)");
  expect(lensInfo("   ")).toBe("   ");
  expect(metres("undef")).toBe("undef");
});

test("bits of several numbers are numbered on", () => {
  const named = bits({ 0: "first", 32: "second" });
  expect(named([1, 1, 2])).toBe("first, second, [65]");
  expect(named("1 3")).toBe("first, second, [33]");
  expect(named(nothing)).toBe("(none)");
  expect(named(-1).split(", ")).toHaveLength(32);
  expect(named(new Array(1000).fill(1)).split(", ")).toHaveLength(64);
  expect(bitmask({ "1 2": "both" }, { 0: "first" })([1, 2])).toBe("both");
});
