import { expect, it } from "vitest";
import { tagPattern } from "../../src/record/tag-pattern.ts";

it.each([
  ["Make", "IFD0", "make", true],
  ["Make", "IFD0", "MakerNote", false],
  ["IFD*:*", "ifd1", "Model", true],
  ["IFD*:*", "ExifIFD", "Model", false],
  ["*date*", "IFD0", "GPSDateStamp", true],
  ["*:*Date*Original", "ExifIFD", "DateTimeOriginal", true],
  ["*:*Date*Original", "ExifIFD", "DateTime", false],
  ["a*a", "XMP-x", "a", false],
  ["a*a", "XMP-x", "aa", true],
  ["*ab*b", "XMP-x", "ab", false],
  ["*ab*b", "XMP-x", "ab\nb", true],
  ["a.c", "XMP-x", "abc", false],
])("%s of %s:%s is %s", (pattern, group, name, expected) => {
  const { group: ofGroup, name: ofName } = tagPattern(pattern);
  expect(ofGroup(group) && ofName(name)).toBe(expected);
});

it("looks at a long name once, not once for each way to divide it", () => {
  // A pattern that backtracks takes the cube of the length.
  expect(tagPattern("*a*a*b").name("a".repeat(100_000))).toBe(false);
});
