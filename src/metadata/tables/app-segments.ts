/**
 * Small application segments of JPEG with values at fixed offsets, named as ExifTool 13.59 JPEG.pm names them:
 * Adobe (Technical Note 5116), AVI1, SPIFF (ITU-T T.84 annex F), NITF (MIL-STD-188-198A), JPS, Adobe's colour management, HDR gain curve.
 * Big-endian; offsets from behind the signature.
 */

import { bits } from "./conversion.ts";
import { type How, Layout, Tag } from "./row.ts";

const flags = (names: Readonly<Record<number, string>>): How => ({ read: "int16u", print: bits(names) });

export interface SegmentLayout {
  readonly group: string;
  readonly layout: Layout;
  /** A payload of another length is of another kind. */
  readonly length?: number;
}

export const segmentLayouts = {
  adobe: {
    group: "Adobe",
    layout: new Layout([
      [0, "DCTEncodeVersion", { read: "int16u" }],
      [2, "APP14Flags0", flags({ 15: "Encoded with Blend=1 downsampling" })],
      [4, "APP14Flags1", flags({})],
      [6, "ColorTransform", { print: { 0: "Unknown (RGB or CMYK)", 1: "YCbCr", 2: "YCCK" } }],
    ]),
  },
  adobeCm: { group: "AdobeCM", layout: new Layout([[0, "AdobeCMType", { read: "int16u" }]]) },
  avi1: { group: "AVI1", layout: new Layout([[0, "InterleavedField", { print: { 0: "Not Interleaved", 1: "Odd", 2: "Even" } }]]) },
  spiff: {
    group: "SPIFF",
    // The standard has 24 bytes here; the files that are known have two more before the height.
    length: 26,
    layout: new Layout([
      [0, "SPIFFVersion", { count: 2, print: (value: readonly number[]) => value.join(".") }],
      [
        2,
        "ProfileID",
        {
          print: {
            0: "Not Specified",
            1: "Continuous-tone Base",
            2: "Continuous-tone Progressive",
            3: "Bi-level Facsimile",
            4: "Continuous-tone Facsimile",
          },
        },
      ],
      [3, "ColorComponents"],
      [6, "ImageHeight", { read: "int32u" }],
      [10, "ImageWidth", { read: "int32u" }],
      [
        14,
        "ColorSpace",
        {
          print: {
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
        },
      ],
      [15, "BitsPerSample"],
      [
        16,
        "Compression",
        {
          print: {
            0: "Uncompressed, interleaved, 8 bits per sample",
            1: "Modified Huffman",
            2: "Modified READ",
            3: "Modified Modified READ",
            4: "JBIG",
            5: "JPEG",
          },
        },
      ],
      [17, "ResolutionUnit", { print: { 0: "None", 1: "inches", 2: "cm" } }],
      [18, "YResolution", { read: "int32u" }],
      [22, "XResolution", { read: "int32u" }],
    ]),
  },
  nitf: {
    group: "NITF",
    layout: new Layout([
      [0, "NITFVersion", { count: 2, value: ([major, minor]: readonly number[]) => `${major}.${String(minor ?? 0).padStart(2, "0")}` }],
      [2, "ImageFormat", { value: (raw: number) => String.fromCharCode(raw), print: { B: "IMode B" } }],
      [3, "BlocksPerRow", { read: "int16u" }],
      [5, "BlocksPerColumn", { read: "int16u" }],
      [7, "ImageColor", { print: { 0: "Monochrome" } }],
      [8, "BitDepth"],
      [9, "ImageClass", { print: { 0: "General Purpose", 4: "Tactical Imagery" } }],
      [
        10,
        "JPEGProcess",
        {
          print: {
            1: "Baseline sequential DCT, Huffman coding, 8-bit samples",
            4: "Extended sequential DCT, Huffman coding, 12-bit samples",
          },
        },
      ],
      [11, "Quality"],
      [12, "StreamColor", { print: { 0: "Monochrome" } }],
      [13, "StreamBitDepth"],
      [14, "Flags", { read: "int32u", print: (value: number) => `0x${value.toString(16)}` }],
    ]),
  },
} satisfies Readonly<Record<string, SegmentLayout>>;

/** JPS, from behind the segment's length. What its layout is called depends on its type. */
export const jps = {
  separation: new Tag([10, "JPSSeparation"]),
  flags: new Tag([11, "JPSFlags", { print: bits({ 0: "Half height", 1: "Half width", 2: "Left field first" }) }]),
  monoLayout: new Tag([12, "JPSLayout", { print: { 0: "Both Eyes", 1: "Left Eye", 2: "Right Eye" } }]),
  stereoLayout: new Tag([12, "JPSLayout", { print: { 1: "Interleaved", 2: "Side By Side", 3: "Over Under", 4: "Anaglyph" } }]),
  type: new Tag([13, "JPSType", { print: { 0: "Mono", 1: "Stereo" } }]),
  comment: new Tag([16, "JPSComment"]),
};
