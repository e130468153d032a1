/** WebP container (RFC 9649 section 2.7), VP8 (RFC 6386 section 9.1). Names and texts as ExifTool 13.59 RIFF.pm has them. */
import { bits, type Conversion } from "./conversion.ts";

/** Bits of a number of a chunk's data, little-endian: `[offset, size in bytes, mask, name, conversion]`. */
export type RiffField = readonly [offset: number, size: 1 | 2 | 4, mask: number, name: string, conversion?: Conversion];

const ALL = 0xffffffff;

export const vp8: readonly RiffField[] = [
  [
    0,
    1,
    0x0e,
    "VP8Version",
    {
      print: {
        0: "0 (bicubic reconstruction, normal loop)",
        1: "1 (bilinear reconstruction, simple loop)",
        2: "2 (bilinear reconstruction, no loop)",
        3: "3 (no reconstruction, no loop)",
      },
    },
  ],
  [6, 2, 0x3fff, "ImageWidth"],
  [6, 2, 0xc000, "HorizontalScale"],
  [8, 2, 0x3fff, "ImageHeight"],
  [8, 2, 0xc000, "VerticalScale"],
];

const plusOne: Conversion = { value: (raw: number) => raw + 1 };

export const vp8l: readonly RiffField[] = [
  [1, 4, 0x3fff, "ImageWidth", plusOne],
  [1, 4, 0xfffc000, "ImageHeight", plusOne],
  [4, 1, 0x10, "AlphaIsUsed", { print: { 0: "No", 1: "Yes" } }],
];

export const vp8x: readonly RiffField[] = [
  [0, 4, ALL, "WebP_Flags", { print: bits({ 1: "Animation", 2: "XMP", 3: "EXIF", 4: "Alpha", 5: "ICC Profile" }) }],
  [4, 4, 0xffffff, "ImageWidth", plusOne],
  [6, 4, 0xffffff00, "ImageHeight", plusOne],
];

export const alph: readonly RiffField[] = [
  [0, 1, 0x03, "AlphaPreprocessing", { print: { 0: "none", 1: "Level Reduction" } }],
  [0, 1, 0x03, "AlphaFiltering", { print: { 0: "none", 1: "Horizontal", 2: "Vertical", 3: "Gradient" } }],
  [0, 1, 0x03, "AlphaCompression", { print: { 0: "none", 1: "Lossless" } }],
];
