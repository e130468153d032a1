/**
 * Fields of bitmap headers: BITMAPINFOHEADER, BITMAPV4HEADER and BITMAPV5HEADER (Microsoft, wingdi.h), BITMAPCOREHEADER and
 * OS/2's BITMAPINFOHEADER2. Offsets are from the header's size field. Names and texts: ExifTool 13.59 BMP.pm.
 */

import { significant } from "../bytes/numbers.ts";
import { BLANKS, withoutEnd } from "../bytes/text.ts";
import { type Lookup, lookup, textFor } from "./conversion.ts";
import { type How, Layout } from "./row.ts";

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

const compression: How = {
  read: "int32u",
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
export const coreHeader = new Layout([
  [0, "BMPVersion", { read: "int32u", print: versions }],
  [4, "ImageWidth", { read: "int16u" }],
  [6, "ImageHeight", { read: "int16u" }],
  [8, "Planes", { read: "int16u" }],
  [10, "BitDepth", { read: "int16u" }],
]);

/** What all other headers begin with, OS/2 version 2 of 16 or 64 bytes among them. */
export const sizeFields = new Layout([
  [0, "BMPVersion", { read: "int32u", print: versions }],
  [4, "ImageWidth", { read: "int32u" }],
  [8, "ImageHeight", { read: "int32s", value: Math.abs }],
  [12, "Planes", { read: "int16u" }],
  [14, "BitDepth", { read: "int16u" }],
]);

export const infoFields = new Layout([
  [16, "Compression", compression],
  [20, "ImageLength", { read: "int32u" }],
  [24, "PixelsPerMeterX", { read: "int32u" }],
  [28, "PixelsPerMeterY", { read: "int32u" }],
  [32, "NumColors", { read: "int32u", print: (value: number) => value || "Use BitDepth" }],
  [36, "NumImportantColors", { read: "int32u", print: (value: number) => value || "All" }],
]);

const mask: How = { read: "int32u", print: (value: number) => `0x${value.toString(16).padStart(8, "0")}` };

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

export const colorFields = new Layout([
  [40, "RedMask", mask],
  [44, "GreenMask", mask],
  [48, "BlueMask", mask],
  [52, "AlphaMask", mask],
  [56, "ColorSpace", { read: "int32u", value: colorSpace, print: lookup(colorSpaces) }],
]);

/** CIEXYZ in 2.30 fixed point. */
const endpoint: How = {
  read: "int32u",
  count: 3,
  value: (values: number[]) => values.map((value) => significant(value / 0x40000000, 15)),
  print: (values: number[]) => values.map((value) => value.toFixed(6)).join(" "),
};

const gamma: How = { read: "int32u", value: (value: number) => Math.floor((value / 0x10000) * 1e5 + 0.5) / 1e5 };

/** Only where the colour space is calibrated RGB. */
export const calibrationFields = new Layout([
  [60, "RedEndpoint", endpoint],
  [72, "GreenEndpoint", endpoint],
  [84, "BlueEndpoint", endpoint],
  [96, "GammaRed", gamma],
  [100, "GammaGreen", gamma],
  [104, "GammaBlue", gamma],
]);

export const intentFields = new Layout([
  [
    108,
    "RenderingIntent",
    {
      read: "int32u",
      print: {
        1: "Graphic (LCS_GM_BUSINESS)",
        2: "Proof (LCS_GM_GRAPHICS)",
        4: "Picture (LCS_GM_IMAGES)",
        8: "Absolute Colorimetric (LCS_GM_ABS_COLORIMETRIC)",
      },
    },
  ],
]);

/** Only where the profile is linked or embedded. */
export const profileFields = new Layout([
  [112, "ProfileDataOffset", { read: "int32u" }],
  [116, "ProfileSize", { read: "int32u" }],
]);
