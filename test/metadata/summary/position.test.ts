import { expect, test } from "vitest";
import type { TagInput } from "../../../src/metadata/contracts.ts";
import { summaryOf } from "./summarizing.ts";

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

const place = { "GPS:GPSLatitude": 36.2, "GPS:GPSLongitude": 116.8, "GPS:GPSAltitude": 85 };

test.each<[reference: TagInput]>([["S"], ["s"], ["South"], [" S"], [0x53], [[0x53, 0]]])(
  "takes the latitude's reference %j for south",
  (reference) => {
    expect(summaryOf({ ...place, "GPS:GPSLatitudeRef": reference }).summary.latitude).toBe(-36.2);
  },
);

test.each<[reference: TagInput]>([["W"], ["West of Greenwich"], [0x57], [[0x77, 0]]])(
  "takes the longitude's reference %j for west",
  (reference) => {
    expect(summaryOf({ ...place, "GPS:GPSLongitudeRef": reference }).summary.longitude).toBe(-116.8);
  },
);

test.each<[reference: TagInput]>([[1], ["1"], [0x31], [[1, 0]], ["1 below sea level"], [3]])(
  "takes the altitude's reference %j for below sea level",
  (reference) => expect(summaryOf({ ...place, "GPS:GPSAltitudeRef": reference }).summary.altitude).toBe(-85),
);

test.each<[reference: TagInput]>([["N"], [0], ["0"], ["10"], [Number.NaN], [[]], ["undef"]])(
  "takes the references %j for north, east, above",
  (reference) => {
    const references = { "GPS:GPSLatitudeRef": reference, "GPS:GPSLongitudeRef": reference, "GPS:GPSAltitudeRef": reference };
    expect(summaryOf({ ...place, ...references }).summary).toEqual({ latitude: 36.2, longitude: 116.8, altitude: 85 });
  },
);

test("takes a direction's reference in another type", () => {
  expect(summaryOf({ "GPS:GPSImgDirection": 90, "GPS:GPSImgDirectionRef": 0x54 }).summary.direction).toBe(90);
  expect(summaryOf({ "GPS:GPSImgDirection": 90, "GPS:GPSImgDirectionRef": "True north" }).summary.direction).toBe(90);
});

test("takes what the GPS IFD lacks from XMP", () => {
  const { summary } = summaryOf({
    "XMP-exif:GPSLatitude": -12.5,
    "XMP-exif:GPSLongitude": 7,
    "XMP-exif:GPSAltitude": 10,
    "XMP-exif:GPSAltitudeRef": 1,
  });
  expect(summary).toEqual({ latitude: -12.5, longitude: 7, altitude: -10 });
});
