import { expect, test } from "vitest";
import { Budget } from "../../../src/metadata/budget.ts";
import type { Facts, TagInput } from "../../../src/metadata/contracts.ts";
import { factsOf } from "../../../src/metadata/findings.ts";
import { Sink } from "../../../src/metadata/sink.ts";
import { summarize } from "../../../src/metadata/summary/summary.ts";
import { defaultLimits } from "../../../src/record/limits.ts";

function summaryOf(stored: Record<string, TagInput>, facts: Partial<Facts> = {}) {
  const tags = new Sink();
  tags.begin(new Budget(defaultLimits));
  for (const [key, value] of Object.entries(stored)) {
    const at = key.indexOf(":");
    tags.put(tags.groupNumber(key.slice(0, at)), tags.numberOf(key.slice(at + 1)), value, undefined, false, false);
  }
  const warnings: string[] = [];
  return { summary: summarize(tags, { ...factsOf([]), ...facts }, (message) => warnings.push(message)), warnings };
}

test("the time of the capture comes with sub-seconds and offset, and in UTC", () => {
  const { summary } = summaryOf({
    "ExifIFD:DateTimeOriginal": "2019:03:13 11:04:13",
    "ExifIFD:SubSecTimeOriginal": "710",
    "ExifIFD:OffsetTimeOriginal": "-04:00",
    "XMP-photoshop:DateCreated": "2001:01:01",
  });
  expect(summary).toEqual({ takenAt: "2019-03-13T11:04:13.710-04:00", takenAtUtc: "2019-03-13T15:04:13.710Z" });
});

test("GPS time settles the offset that Exif lacks", () => {
  const { summary } = summaryOf({
    "ExifIFD:DateTimeOriginal": "2019:03:13 11:04:13",
    "GPS:GPSDateStamp": "2019:03:13",
    "GPS:GPSTimeStamp": "15:04:02",
  });
  expect(summary.takenAt).toBe("2019-03-13T11:04:13-04:00");
});

test("an impossible date is left out with a warning, and the next tag is asked", () => {
  const { summary, warnings } = summaryOf({ "ExifIFD:DateTimeOriginal": "0000:00:00 00:00:00", "XMP-xmp:CreateDate": "2019:03" });
  expect(summary.takenAt).toBe("2019-03");
  expect(warnings).toEqual(["ExifIFD:DateTimeOriginal is no date: 0000:00:00 00:00:00"]);
});

test("IPTC date and time are joined; GPS alone gives UTC", () => {
  expect(summaryOf({ "IPTC:DateCreated": "2019:03:13", "IPTC:TimeCreated": "11:04:13+01:00" }).summary.takenAtUtc).toBe(
    "2019-03-13T10:04:13Z",
  );
  expect(summaryOf({ "GPS:GPSDateStamp": "2019:03:13", "GPS:GPSTimeStamp": "15:04:02.5" }).summary.takenAt).toBe("2019-03-13T15:04:02.5Z");
});

test("the GPS IFD keeps the sign apart", () => {
  const { summary } = summaryOf({
    "GPS:GPSLatitude": 40.7087,
    "GPS:GPSLatitudeRef": "S",
    "GPS:GPSLongitude": 73.9,
    "GPS:GPSLongitudeRef": "W",
    "GPS:GPSAltitude": 12.5,
    "GPS:GPSAltitudeRef": 1,
    "GPS:GPSImgDirection": 270.5,
    "GPS:GPSImgDirectionRef": "T",
  });
  expect(summary).toEqual({ latitude: -40.7087, longitude: -73.9, altitude: -12.5, direction: 270.5 });
});

test("a position that is not on Earth is warned of; magnetic directions are no true ones", () => {
  const { summary, warnings } = summaryOf({
    "GPS:GPSLatitude": 140,
    "GPS:GPSLongitude": 10,
    "GPS:GPSImgDirection": 3,
    "GPS:GPSImgDirectionRef": "M",
  });
  expect(summary).toEqual({});
  expect(warnings).toHaveLength(1);
});

test("XMP wins over IPTC unless the digest says that IPTC was edited since", () => {
  const tags = {
    "IPTC:City": "Athens",
    "XMP-photoshop:City": "Sparta",
    "File:CurrentIPTCDigest": "ab",
    "IPTC:Keywords": ["a"],
    "XMP-dc:Subject": ["b"],
  };
  expect(summaryOf(tags).summary).toEqual({ city: "Sparta", keywords: ["b"] });
  expect(summaryOf({ ...tags, "Photoshop:IPTCDigest": "ab" }).summary.city).toBe("Sparta");
  expect(summaryOf({ ...tags, "Photoshop:IPTCDigest": "cd" }).summary).toEqual({ city: "Athens", keywords: ["a"] });
});

test("what cameras write when nobody described anything is no description", () => {
  expect(summaryOf({ "IFD0:ImageDescription": "OLYMPUS DIGITAL CAMERA", "XMP-dc:Description": "A boat" }).summary.description).toBe(
    "A boat",
  );
});

test("several artists are separate creators", () => {
  expect(summaryOf({ "IFD0:Artist": "Ann; Bob;Ann" }).summary.creators).toEqual(["Ann", "Bob"]);
});

test("rationals without a value are absent", () => {
  expect(summaryOf({ "ExifIFD:FNumber": "undef", "ExifIFD:FocalLength": 0, "ExifIFD:ExposureTime": "inf" }).summary).toEqual({});
});

test("a place on the equator has no negative zero", () => {
  const { summary } = summaryOf({
    "GPS:GPSLatitude": 0,
    "GPS:GPSLatitudeRef": "S",
    "GPS:GPSLongitude": 0,
    "GPS:GPSLongitudeRef": "W",
    "ExifIFD:ExposureCompensation": -0,
  });
  expect(summary).toEqual({ latitude: 0, longitude: 0, exposureBias: 0 });
});

test("ISO beyond 16 bits is in another tag", () => {
  expect(summaryOf({ "ExifIFD:ISO": 65535, "ExifIFD:RecommendedExposureIndex": 102400 }).summary.iso).toBe(102400);
  expect(summaryOf({ "ExifIFD:ISO": [200, 0] }).summary.iso).toBe(200);
});

test("AI is said only with evidence", () => {
  const ai = (tags: Record<string, TagInput>, facts: Partial<Facts> = {}) => summaryOf(tags, facts).summary.aiGenerated;
  const type = "http://cv.iptc.org/newscodes/digitalsourcetype/";
  expect(ai({ "XMP-iptcExt:DigitalSourceType": `${type}trainedAlgorithmicMedia` })).toBe(true);
  expect(ai({}, { digitalSourceType: `${type}compositeWithTrainedAlgorithmicMedia` })).toBe(true);
  expect(ai({ "XMP-iptcExt:DigitalSourceType": `${type}digitalCapture` })).toBe(false);
  expect(ai({ "PNG:Parameters": "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7" })).toBe(true);
  expect(ai({ "PNG:Prompt": '{"3": {"class_type": "KSampler"}}' })).toBe(true);
  expect(ai({ "PNG:Software": "Inkscape", "IFD0:Software": "Adobe Photoshop" })).toBeUndefined();
});
