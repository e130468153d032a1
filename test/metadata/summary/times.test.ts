import { describe, expect, it } from "vitest";
import type { TagInput } from "../../../src/metadata/contracts.ts";
import { summaryOf } from "./summarizing.ts";

const taken = (tags: Record<string, TagInput>) => {
  const { takenAt, takenAtOffsetFrom } = summaryOf(tags).summary;
  return [takenAt, takenAtOffsetFrom];
};

const original = { "ExifIFD:DateTimeOriginal": "2019:07:14 12:20:56" };

describe("an offset that the same block states", () => {
  it.each([
    ["ExifIFD:OffsetTimeOriginal", "+2:00"],
    ["IFD0:OffsetTimeOriginal", "+02:00"],
    ["ExifIFD:OffsetTimeOriginal", "+0200"],
  ])("takes %s %s", (tag, offset) => {
    expect(taken({ ...original, [tag]: offset })).toEqual(["2019-07-14T12:20:56+02:00", "stated"]);
  });

  it("takes that of another tag only if it gives the same local time", () => {
    const digitized = { "ExifIFD:CreateDate": "2019:07:14 12:20:56", "ExifIFD:OffsetTimeDigitized": "+02:00" };
    expect(taken({ ...original, ...digitized })).toEqual(["2019-07-14T12:20:56+02:00", "stated"]);
    expect(taken({ ...original, ...digitized, "ExifIFD:CreateDate": "2019:07:14 12:20:57" })).toEqual(["2019-07-14T12:20:56", undefined]);
    const modified = { "IFD0:ModifyDate": "2019:07:14 12:20:56", "ExifIFD:OffsetTime": "-05:00" };
    expect(taken({ ...original, ...modified })).toEqual(["2019-07-14T12:20:56-05:00", "stated"]);
    expect(taken({ ...original, "ExifIFD:OffsetTime": "-05:00" })).toEqual(["2019-07-14T12:20:56", undefined]);
  });

  it("takes TIFF/EP's hours", () => {
    expect(taken({ ...original, "ExifIFD:TimeZoneOffset": -4 })).toEqual(["2019-07-14T12:20:56-04:00", "stated"]);
    expect(taken({ ...original, "ExifIFD:TimeZoneOffset": [9, 2] })).toEqual(["2019-07-14T12:20:56+09:00", "stated"]);
    expect(taken({ ...original, "ExifIFD:TimeZoneOffset": 65532 })).toEqual(["2019-07-14T12:20:56", undefined]);
  });

  it("takes that of a date in XMP that has none in Exif", () => {
    expect(taken({ "XMP-photoshop:DateCreated": "2019:07:14 12:20:56+02:00" })).toEqual(["2019-07-14T12:20:56+02:00", "stated"]);
  });

  it("leaves a blank one out, and warns of one that cannot be", () => {
    expect(summaryOf({ ...original, "ExifIFD:OffsetTimeOriginal": "   :  " }).warnings).toEqual([]);
    const { summary, warnings } = summaryOf({ ...original, "ExifIFD:OffsetTimeOriginal": "+99:00" });
    expect(summary).toEqual({ takenAt: "2019-07-14T12:20:56" });
    expect(warnings).toEqual(["ExifIFD:OffsetTimeOriginal is no offset: +99:00"]);
  });
});

describe("an offset that GPS time settles", () => {
  const fix = { "GPS:GPSDateStamp": "2019:07:14", "GPS:GPSTimeStamp": "10:20:02" };

  it("takes a fix of the GPS IFD, or else of XMP", () => {
    expect(taken({ ...original, ...fix })).toEqual(["2019-07-14T12:20:56+02:00", "gps"]);
    expect(taken({ ...original, "XMP-exif:GPSDateTime": "2019:07:14 10:20:56Z" })).toEqual(["2019-07-14T12:20:56+02:00", "gps"]);
    expect(taken({ ...original, "XMP-exif:GPSDateTime": "2019:07:14 10:20:56" })).toEqual(["2019-07-14T12:20:56+02:00", "gps"]);
    const stale = { ...fix, "GPS:GPSTimeStamp": "10:01:00" };
    expect(taken({ ...original, ...stale, "XMP-exif:GPSDateTime": "2019:07:14 10:20:56Z" })).toEqual(["2019-07-14T12:20:56+02:00", "gps"]);
  });

  it("takes none of a stale fix", () => {
    expect(taken({ ...original, ...fix, "GPS:GPSTimeStamp": "10:07:20" })).toEqual(["2019-07-14T12:20:56", undefined]);
  });

  it("takes GPS time for that of the capture if nothing else says it", () => {
    expect(taken({ ...fix, "GPS:GPSTimeStamp": "15:04:02.5" })).toEqual(["2019-07-14T15:04:02.5Z", "gps"]);
    expect(taken({ "XMP-exif:GPSDateTime": "2019:07:14 10:20:56Z" })).toEqual(["2019-07-14T10:20:56Z", "gps"]);
  });

  it("comes before what another block says", () => {
    expect(taken({ ...original, ...fix, "XMP-exif:DateTimeOriginal": "2019:07:14 12:20:56Z" })).toEqual([
      "2019-07-14T12:20:56+02:00",
      "gps",
    ]);
  });
});

describe("an offset that another block states for the same local time", () => {
  it.each<[name: string, Record<string, TagInput>]>([
    ["XMP", { "XMP-exif:DateTimeOriginal": "2019:07:14 12:20:56.71+02:00" }],
    ["XMP without seconds", { "XMP-photoshop:DateCreated": "2019:07:14 12:20+02:00" }],
    ["the creation in XMP", { "XMP-xmp:CreateDate": "2019:07:14 12:20:56+02:00" }],
    ["IPTC", { "IPTC:DateCreated": "2019:07:14", "IPTC:TimeCreated": "12:20:56+02:00" }],
    ["PNG", { "PNG:CreationTime": "2019:07:14 12:20:56+02:00" }],
  ])("takes that of %s", (_, tags) => {
    expect(taken({ ...original, ...tags })).toEqual(["2019-07-14T12:20:56+02:00", "other-metadata"]);
  });

  it("takes that of Exif for a date in XMP", () => {
    const modified = { "IFD0:ModifyDate": "2019:07:14 12:20:56", "ExifIFD:OffsetTime": "+02:00" };
    expect(taken({ "XMP-xmp:CreateDate": "2019:07:14 12:20:56", ...modified })).toEqual(["2019-07-14T12:20:56+02:00", "other-metadata"]);
  });

  it("takes none for another time", () => {
    expect(taken({ ...original, "XMP-exif:DateTimeOriginal": "2019:07:14 10:20:56Z" })).toEqual(["2019-07-14T12:20:56", undefined]);
    expect(taken({ "ExifIFD:DateTimeOriginal": "2019:07:14", "XMP-exif:DateTimeOriginal": "2019:07:14 10:20:56Z" })).toEqual([
      "2019-07-14",
      undefined,
    ]);
  });
});

it("completes the time of the last change", () => {
  const { modifiedAt } = summaryOf({
    "IFD0:ModifyDate": "2019:07:14 24:20:56",
    "ExifIFD:SubSecTime": "5",
    "ExifIFD:OffsetTime": "+2:00",
  }).summary;
  expect(modifiedAt).toBe("2019-07-14T00:20:56.5+02:00");
});
