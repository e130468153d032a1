/** WebP container (RFC 9649 section 2.7), VP8 (RFC 6386 section 9.1). Names and texts as ExifTool 13.59 RIFF.pm has them. */
import { bits, duration } from "./conversion.ts";
import { type How, Layout, Tag } from "./row.ts";

/** A size that only stands if VP8X gives none. */
const size: How = { read: "int16u", mask: 0x3fff, low: true };
const scale: How = { read: "int16u", mask: 0xc000 };

export const vp8 = new Layout([
  [
    0,
    "VP8Version",
    {
      mask: 0x0e,
      print: {
        0: "0 (bicubic reconstruction, normal loop)",
        1: "1 (bilinear reconstruction, simple loop)",
        2: "2 (bilinear reconstruction, no loop)",
        3: "3 (no reconstruction, no loop)",
      },
    },
  ],
  [6, "ImageWidth", size],
  [6, "HorizontalScale", scale],
  [8, "ImageHeight", size],
  [8, "VerticalScale", scale],
]);

const plusOne: How = { read: "int32u", value: (raw: number) => raw + 1 };

export const vp8l = new Layout([
  [1, "ImageWidth", { ...plusOne, mask: 0x3fff, low: true }],
  [1, "ImageHeight", { ...plusOne, mask: 0xfffc000, low: true }],
  [4, "AlphaIsUsed", { mask: 0x10, print: { 0: "No", 1: "Yes" } }],
]);

export const vp8x = new Layout([
  [0, "WebP_Flags", { read: "int32u", print: bits({ 1: "Animation", 2: "XMP", 3: "EXIF", 4: "Alpha", 5: "ICC Profile" }) }],
  [4, "ImageWidth", { ...plusOne, mask: 0xffffff }],
  [6, "ImageHeight", { ...plusOne, mask: 0xffffff00 }],
]);

export const alph = new Layout([
  [0, "AlphaPreprocessing", { mask: 0x03, print: { 0: "none", 1: "Level Reduction" } }],
  [0, "AlphaFiltering", { mask: 0x03, print: { 0: "none", 1: "Horizontal", 2: "Vertical", 3: "Gradient" } }],
  [0, "AlphaCompression", { mask: 0x03, print: { 0: "none", 1: "Lossless" } }],
]);

/** ANIM, and how long all frames take. */
export const anim = new Layout([
  [0, "BackgroundColor", { count: 4 }],
  [4, "AnimationLoopCount", { print: (times: number) => times || "inf" }],
]);

export const webpTags = {
  duration: new Tag([0, "Duration", { print: duration }]),
  unknownExif: new Tag([0, "UnknownEXIF"]),
};
