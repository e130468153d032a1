/** Fields of ICONDIR and ICONDIRENTRY (Microsoft, "Icons", 1995). Names and texts: ExifTool 13.59 ICO.pm. */
import type { FixedField } from "./fixed-fields.ts";

/** The directory. ExifTool leaves out its type, which the format says. */
export const directoryFields: readonly FixedField[] = [[4, "ImageCount", "u16"]];

/** Zero stands for 256. */
const pixels = { value: (value: number) => value || 256 };

const sizeFields: readonly FixedField[] = [
  [0, "ImageWidth", "u8", pixels],
  [1, "ImageHeight", "u8", pixels],
  [2, "NumColors", "u8"],
];

export const iconFields: readonly FixedField[] = [
  ...sizeFields,
  [4, "ColorPlanes", "u16"],
  [6, "BitsPerPixel", "u16"],
  [8, "ImageLength", "u32"],
];

export const cursorFields: readonly FixedField[] = [
  ...sizeFields,
  [4, "HotspotX", "u16"],
  [6, "HotspotY", "u16"],
  [8, "ImageLength", "u32"],
];
