/**
 * Small application segments of JPEG with values at fixed offsets, named as ExifTool 13.59 JPEG.pm names them:
 * Adobe (Technical Note 5116), AVI1, SPIFF (ITU-T T.84 annex F), NITF (MIL-STD-188-198A), JPS, Adobe's colour management, HDR gain curve.
 * Big-endian; offsets from behind the signature.
 */

import { bits, type Conversion } from "./conversion.ts";
import type { FixedField } from "./fixed-fields.ts";

const flags = (names: Readonly<Record<number, string>>): Conversion => ({ print: bits(names) });

export interface SegmentLayout {
  readonly group: string;
  readonly fields: readonly FixedField[];
  /** A payload of another length is of another kind. */
  readonly length?: number;
}

export const segmentLayouts = {
  adobe: {
    group: "Adobe",
    fields: [
      [0, "DCTEncodeVersion", "u16"],
      [2, "APP14Flags0", "u16", flags({ 15: "Encoded with Blend=1 downsampling" })],
      [4, "APP14Flags1", "u16", flags({})],
      [6, "ColorTransform", "u8", { 0: "Unknown (RGB or CMYK)", 1: "YCbCr", 2: "YCCK" }],
    ],
  },
  adobeCm: { group: "AdobeCM", fields: [[0, "AdobeCMType", "u16"]] },
  avi1: { group: "AVI1", fields: [[0, "InterleavedField", "u8", { 0: "Not Interleaved", 1: "Odd", 2: "Even" }]] },
  spiff: {
    group: "SPIFF",
    // The standard has 24 bytes here; the files that are known have two more before the height.
    length: 26,
    fields: [
      [0, "SPIFFVersion", "u8", { print: (value: readonly number[]) => value.join(".") }, { count: 2 }],
      [
        2,
        "ProfileID",
        "u8",
        {
          0: "Not Specified",
          1: "Continuous-tone Base",
          2: "Continuous-tone Progressive",
          3: "Bi-level Facsimile",
          4: "Continuous-tone Facsimile",
        },
      ],
      [3, "ColorComponents", "u8"],
      [6, "ImageHeight", "u32"],
      [10, "ImageWidth", "u32"],
      [
        14,
        "ColorSpace",
        "u8",
        {
          0: "Bi-level",
          1: "YCbCr, ITU-R BT 709, video",
          2: "No color space specified",
          3: "YCbCr, ITU-R BT 601-1, RGB",
          4: "YCbCr, ITU-R BT 601-1, video",
          8: "Gray-scale",
          9: "PhotoYCC",
          10: "RGB",
          11: "CMY",
          12: "CMYK",
          13: "YCCK",
          14: "CIELab",
        },
      ],
      [15, "BitsPerSample", "u8"],
      [
        16,
        "Compression",
        "u8",
        {
          0: "Uncompressed, interleaved, 8 bits per sample",
          1: "Modified Huffman",
          2: "Modified READ",
          3: "Modified Modified READ",
          4: "JBIG",
          5: "JPEG",
        },
      ],
      [17, "ResolutionUnit", "u8", { 0: "None", 1: "inches", 2: "cm" }],
      [18, "YResolution", "u32"],
      [22, "XResolution", "u32"],
    ],
  },
  nitf: {
    group: "NITF",
    fields: [
      [
        0,
        "NITFVersion",
        "u8",
        { value: ([major, minor]: readonly number[]) => `${major}.${String(minor ?? 0).padStart(2, "0")}` },
        { count: 2 },
      ],
      [2, "ImageFormat", "u8", { value: (raw: number) => String.fromCharCode(raw), print: { B: "IMode B" } }],
      [3, "BlocksPerRow", "u16"],
      [5, "BlocksPerColumn", "u16"],
      [7, "ImageColor", "u8", { 0: "Monochrome" }],
      [8, "BitDepth", "u8"],
      [9, "ImageClass", "u8", { 0: "General Purpose", 4: "Tactical Imagery" }],
      [
        10,
        "JPEGProcess",
        "u8",
        {
          1: "Baseline sequential DCT, Huffman coding, 8-bit samples",
          4: "Extended sequential DCT, Huffman coding, 12-bit samples",
        },
      ],
      [11, "Quality", "u8"],
      [12, "StreamColor", "u8", { 0: "Monochrome" }],
      [13, "StreamBitDepth", "u8"],
      [14, "Flags", "u32", { print: (value: number) => `0x${value.toString(16)}` }],
    ],
  },
} satisfies Readonly<Record<string, SegmentLayout>>;

export const jpsFlags = flags({ 0: "Half height", 1: "Half width", 2: "Left field first" });
export const jpsMonoLayouts = { 0: "Both Eyes", 1: "Left Eye", 2: "Right Eye" };
export const jpsStereoLayouts = { 1: "Interleaved", 2: "Side By Side", 3: "Over Under", 4: "Anaglyph" };
export const jpsTypes = { 0: "Mono", 1: "Stereo" };
