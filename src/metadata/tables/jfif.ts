/** JFIF 1.02, the APP0 marker segment, as ExifTool 13.59 ExifTool.pm names its fields. Big-endian; offsets from behind the signature. */

import type { Conversion } from "./conversion.ts";
import type { FixedField } from "./fixed-fields.ts";

/** Two bytes: major, and minor in hundredths. */
const version: Conversion = {
  print: ([major, minor]: readonly number[]) => Number(`${major}.${String(minor ?? 0).padStart(2, "0")}`),
};

const nonZero: Conversion = { value: (raw: number) => raw || undefined };

export const jfifFields: readonly FixedField[] = [
  [0, "JFIFVersion", "u8", version, { count: 2 }],
  [2, "ResolutionUnit", "u8", { 0: "None", 1: "inches", 2: "cm" }, { low: true }],
  [3, "XResolution", "u16", undefined, { low: true }],
  [5, "YResolution", "u16", undefined, { low: true }],
  [7, "ThumbnailWidth", "u8", nonZero],
  [8, "ThumbnailHeight", "u8", nonZero],
];
