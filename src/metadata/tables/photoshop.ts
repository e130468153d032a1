/**
 * Photoshop image resources ("Adobe Photoshop File Formats Specification", Image Resources Section), by resource ID.
 * Those that ExifTool 13.59 Photoshop.pm shows, under its names. Offsets from the start of the resource's data.
 */

import type { Conversion } from "./conversion.ts";
import type { FixedField } from "./fixed-fields.ts";

const units = { 1: "inches", 2: "cm" };

/** 16.16 fixed point, pixels an inch. */
const resolution: Conversion = {
  value: (raw: number) => raw / 0x10000,
  print: (value: number) => Math.floor(value * 100 + 0.5) / 100,
};

/** Resources whose data are values at fixed offsets. */
export const resourceLayouts: Readonly<Record<number, readonly FixedField[]>> = {
  1005: [
    [0, "XResolution", "u32", resolution, { low: true }],
    [4, "DisplayedUnitsX", "u16", units],
    [8, "YResolution", "u32", resolution, { low: true }],
    [12, "DisplayedUnitsY", "u16", units],
  ],
  1030: [
    [0, "PhotoshopQuality", "i16", { print: (value: number) => value + 4 }],
    [2, "PhotoshopFormat", "i16", { 0: "Standard", 1: "Optimized", 257: "Progressive" }],
  ],
  1037: [[0, "GlobalAngle", "u32"]],
  1049: [[0, "GlobalAltitude", "u32"]],
  1062: [
    [0, "PrintStyle", "u16", { 0: "Centered", 1: "Size to Fit", 2: "User Defined" }],
    [2, "PrintPosition", "f32", undefined, { count: 2 }],
    [10, "PrintScale", "f32"],
  ],
  1064: [[4, "PixelAspectRatio", "f64"]],
};

export const PROGRESSIVE = 0x101;
export const progressiveScans = { 1: "3 Scans", 2: "4 Scans", 3: "5 Scans" };

/** Bytes of one channel's options. */
export const CHANNEL_OPTIONS = 13;
export const channelFields: readonly FixedField[] = [
  [0, "ChannelColorSpace", "u16", { 0: "RGB", 1: "HSB", 2: "CMYK", 7: "Lab", 8: "Grayscale" }],
  [2, "ChannelColorData", "u16", undefined, { count: 4 }],
  [11, "ChannelOpacity", "u8", { print: (value: number) => `${value}%` }],
  [12, "ChannelColorIndicates", "u8", { 0: "Selected Areas", 1: "Masked Areas", 2: "Spot Color" }],
];

/** Resources that hold a block of another kind. */
export const resourceBlocks: Readonly<Record<number, string>> = {
  1028: "iptc",
  1039: "icc",
  1058: "exif",
  1060: "xmp",
};

export const copyrightFlags = { 0: "False", 1: "True" };
export const noOrYes = { 0: "No", 1: "Yes" };
