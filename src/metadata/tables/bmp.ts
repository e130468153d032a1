/**
 * Fields of bitmap headers: BITMAPINFOHEADER, BITMAPV4HEADER and BITMAPV5HEADER (Microsoft, wingdi.h), BITMAPCOREHEADER and
 * OS/2's BITMAPINFOHEADER2. Offsets are from the header's size field. Names and texts: ExifTool 13.59 BMP.pm.
 */

import { significant } from "../bytes/numbers.ts";
import { BLANKS, withoutEnd } from "../bytes/text.ts";
import { type Lookup, lookup, textFor } from "./conversion.ts";
import type { FixedField } from "./fixed-fields.ts";

const versions: Lookup = {
  12: "OS/2 V1",
  40: "Windows V3",
  64: "OS/2 V2",
  68: "AVI BMP structure?",
  108: "Windows V4",
  124: "Windows V5",
};

/** A compression that is more than a small number is the fourCC of a codec. */
const compressions: Lookup = { 0: "None", 1: "8-Bit RLE", 2: "4-Bit RLE", 3: "Bitfields", 4: "JPEG", 5: "PNG" };

const compression = {
  value: (value: number) => (value > 256 ? withoutEnd(fourCC(value), BLANKS) : value),
  print: (value: number | string) =>
    textFor(compressions, String(value)) ??
    String(value).replace(/[\0-\x1f\x7f-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`),
};

/** Its bytes in file order. */
function fourCC(value: number): string {
  return String.fromCharCode(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
}

/** OS/2 version 1, with sizes of 16 bits. */
export const coreHeader: readonly FixedField[] = [
  [0, "BMPVersion", "u32", versions],
  [4, "ImageWidth", "u16"],
  [6, "ImageHeight", "u16"],
  [8, "Planes", "u16"],
  [10, "BitDepth", "u16"],
];

/** What all other headers begin with, OS/2 version 2 of 16 or 64 bytes among them. */
export const sizeFields: readonly FixedField[] = [
  [0, "BMPVersion", "u32", versions],
  [4, "ImageWidth", "u32"],
  [8, "ImageHeight", "i32", { value: Math.abs }],
  [12, "Planes", "u16"],
  [14, "BitDepth", "u16"],
];

export const infoFields: readonly FixedField[] = [
  [16, "Compression", "u32", compression],
  [20, "ImageLength", "u32"],
  [24, "PixelsPerMeterX", "u32"],
  [28, "PixelsPerMeterY", "u32"],
  [32, "NumColors", "u32", { print: (value: number) => value || "Use BitDepth" }],
  [36, "NumImportantColors", "u32", { print: (value: number) => value || "All" }],
];

const mask = { print: (value: number) => `0x${value.toString(16).padStart(8, "0")}` };

const colorSpaces: Lookup = {
  0: "Calibrated RGB",
  1: "Device RGB",
  2: "Device CMYK",
  LINK: "Linked Color Profile",
  MBED: "Embedded Color Profile",
  sRGB: "sRGB",
  "Win ": "Windows Color Space",
};

/** LCS_… constants are four letters in a number; the older ones are small numbers. */
export function colorSpace(value: number): string | number {
  const text = [...fourCC(value)].reverse().join("");
  return text.includes("\0") ? value : text;
}

export const colorFields: readonly FixedField[] = [
  [40, "RedMask", "u32", mask],
  [44, "GreenMask", "u32", mask],
  [48, "BlueMask", "u32", mask],
  [52, "AlphaMask", "u32", mask],
  [56, "ColorSpace", "u32", { value: colorSpace, print: lookup(colorSpaces) }],
];

/** CIEXYZ in 2.30 fixed point. */
const endpoint = {
  value: (values: number[]) => values.map((value) => significant(value / 0x40000000, 15)),
  print: (values: number[]) => values.map((value) => value.toFixed(6)).join(" "),
};

const gamma = { value: (value: number) => Math.floor((value / 0x10000) * 1e5 + 0.5) / 1e5 };

/** Only where the colour space is calibrated RGB. */
export const calibrationFields: readonly FixedField[] = [
  [60, "RedEndpoint", "u32", endpoint, { count: 3 }],
  [72, "GreenEndpoint", "u32", endpoint, { count: 3 }],
  [84, "BlueEndpoint", "u32", endpoint, { count: 3 }],
  [96, "GammaRed", "u32", gamma],
  [100, "GammaGreen", "u32", gamma],
  [104, "GammaBlue", "u32", gamma],
];

export const intentFields: readonly FixedField[] = [
  [
    108,
    "RenderingIntent",
    "u32",
    {
      1: "Graphic (LCS_GM_BUSINESS)",
      2: "Proof (LCS_GM_GRAPHICS)",
      4: "Picture (LCS_GM_IMAGES)",
      8: "Absolute Colorimetric (LCS_GM_ABS_COLORIMETRIC)",
    },
  ],
];

/** Only where the profile is linked or embedded. */
export const profileFields: readonly FixedField[] = [
  [112, "ProfileDataOffset", "u32"],
  [116, "ProfileSize", "u32"],
];
