/** JFIF 1.02, the APP0 marker segment, as ExifTool 13.59 ExifTool.pm names its fields. Big-endian; offsets from behind the signature. */

import { type How, Layout, Tag } from "./row.ts";

/** Two bytes: major, and minor in hundredths. */
const version: How = {
  print: ([major, minor]: readonly number[]) => Number(`${major}.${String(minor ?? 0).padStart(2, "0")}`),
};

const nonZero: How = { value: (raw: number) => raw || undefined };

export const jfifFields = new Layout([
  [0, "JFIFVersion", { count: 2, ...version }],
  [2, "ResolutionUnit", { low: true, print: { 0: "None", 1: "inches", 2: "cm" } }],
  [3, "XResolution", { read: "int16u", low: true }],
  [5, "YResolution", { read: "int16u", low: true }],
  [7, "ThumbnailWidth", nonZero],
  [8, "ThumbnailHeight", nonZero],
]);

/** Thumbnails of JFIF and of its extensions: pixels, or a JPEG. */
export const jfifThumbnails = {
  pixels: new Tag([9, "ThumbnailTIFF"]),
  jpeg: new Tag([1, "ThumbnailImage"]),
};
