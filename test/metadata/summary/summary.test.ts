import { expect, test } from "vitest";
import type { Facts, TagInput } from "../../../src/metadata/contracts.ts";
import { summaryOf } from "./summarizing.ts";

test("the time of the capture comes with sub-seconds and offset, and in UTC", () => {
  const { summary } = summaryOf({
    "ExifIFD:DateTimeOriginal": "2019:03:13 11:04:13",
    "ExifIFD:SubSecTimeOriginal": "710",
    "ExifIFD:OffsetTimeOriginal": "-04:00",
    "XMP-photoshop:DateCreated": "2001:01:01",
  });
  expect(summary).toEqual({
    takenAt: "2019-03-13T11:04:13.710-04:00",
    takenAtUtc: "2019-03-13T15:04:13.710Z",
    takenAtOffsetFrom: "stated",
  });
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

test("takes capture facts from IFD0 if the Exif IFD has none", () => {
  const { summary } = summaryOf({
    "IFD0:ExposureTime": 0.004,
    "IFD0:FNumber": 5.6,
    "ExifIFD:FNumber": 8,
    "IFD0:ISO": 160,
    "IFD0:FocalLength": 35,
    "IFD0:FocalLengthIn35mmFormat": 52,
    "IFD0:ExposureCompensation": -0.5,
    "IFD0:Flash": 9,
    "IFD0:LensModel": "50mm",
    "IFD0:SerialNumber": "123",
    "IFD0:ColorSpace": 1,
  });
  expect(summary).toEqual({
    exposureTime: 0.004,
    fNumber: 8,
    iso: 160,
    focalLength: 35,
    focalLength35mm: 52,
    exposureBias: -0.5,
    flashFired: true,
    lens: "50mm",
    serialNumber: "123",
    colorSpace: "sRGB",
  });
});

test("takes a text in another language if there is none in the default one", () => {
  const { summary } = summaryOf({
    "XMP-dc:Title-de": "Titel",
    "XMP-dc:Title-fr": "Titre",
    "XMP-dc:Description": "A boat",
    "XMP-dc:Description-de": "Ein Boot",
    "XMP-dc:Rights-ja": "私",
    "PNG:Copyright": "nobody",
  });
  expect(summary).toEqual({ title: "Titel", description: "A boat", copyright: "私" });
});

test("leaves texts that no person wrote out, and asks the next tag", () => {
  const { summary } = summaryOf({
    "IFD0:ImageDescription": "OLYMPUS DIGITAL CAMERA",
    "XMP-dc:Description": "A boat",
    "XMP-dc:Title": "SONY DSC",
    "ExifIFD:LensModel": "----",
    "XMP-aux:Lens": "24.0-70.0 mm f/2.8",
    "ExifIFD:SerialNumber": "00000000",
    "ExifIFD:LensSerialNumber": "XXXXXXXX",
  });
  expect(summary).toEqual({ description: "A boat", lens: "24.0-70.0 mm f/2.8" });
});

test("leaves a description out that is the name of the camera", () => {
  const camera = { "IFD0:Make": "Acme", "IFD0:Model": "Cam 3" };
  for (const name of ["ACME", "Cam 3", "Acme Cam 3"])
    expect(summaryOf({ ...camera, "IFD0:ImageDescription": name }).summary.description).toBeUndefined();
  expect(summaryOf({ ...camera, "IFD0:ImageDescription": "Cam 3 in the snow" }).summary.description).toBe("Cam 3 in the snow");
});

test("gives no number of a text tag that is none", () => {
  const none = { "IFD0:Make": Number.NaN, "ExifIFD:LensModel": Number.POSITIVE_INFINITY, "ExifIFD:SerialNumber": "undef undef" };
  expect(summaryOf({ ...none, "IFD0:Copyright": "undef", "IFD0:Artist": "undef" }).summary).toEqual({});
  expect(summaryOf({ "ExifIFD:SerialNumber": "1 2.5 undef", "ExifIFD:LensModel": "-1.79769313486232e+308 NaN -Inf" }).summary).toEqual({});
  expect(summaryOf({ "ExifIFD:SerialNumber": [1, 2, 3] }).summary.serialNumber).toBe("1 2 3");
  expect(summaryOf({ "XMP-dc:Title": "undef and inf", "XMP-aux:Lens": "0/0" }).summary).toEqual({ title: "undef and inf" });
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
