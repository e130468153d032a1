/**
 * PNG (Third Edition, W3C 2025) clauses 11.2 and 11.3: the chunks of fixed layout and the keywords of text chunks.
 * Names, groups and texts as ExifTool 13.59 PNG.pm has them.
 */
import type { PlainKind } from "../contracts.ts";
import type { Conversion, Lookup } from "./conversion.ts";

/** A number at a fixed offset of a chunk's data: `[offset, name, size in bytes, conversion]`, big-endian. */
type PngField = readonly [offset: number, name: string, size: 1 | 4, conversion?: Conversion | Lookup];

export interface PngLayout {
  readonly group: string;
  readonly fields: readonly PngField[];
}

const chromaticity: Conversion = { value: (raw: number) => raw / 100_000 };

/** Chunks whose data are numbers at fixed offsets. */
export const chunkLayouts: ReadonlyMap<string, PngLayout> = new Map(
  Object.entries<PngLayout>({
    IHDR: {
      group: "PNG",
      fields: [
        [0, "ImageWidth", 4],
        [4, "ImageHeight", 4],
        [8, "BitDepth", 1],
        [9, "ColorType", 1, { 0: "Grayscale", 2: "RGB", 3: "Palette", 4: "Grayscale with Alpha", 6: "RGB with Alpha" }],
        [10, "Compression", 1, { 0: "Deflate/Inflate" }],
        [11, "Filter", 1, { 0: "Adaptive" }],
        [12, "Interlace", 1, { 0: "Noninterlaced", 1: "Adam7 Interlace" }],
      ],
    },
    cHRM: {
      group: "PNG",
      fields: [
        [0, "WhitePointX", 4, chromaticity],
        [4, "WhitePointY", 4, chromaticity],
        [8, "RedX", 4, chromaticity],
        [12, "RedY", 4, chromaticity],
        [16, "GreenX", 4, chromaticity],
        [20, "GreenY", 4, chromaticity],
        [24, "BlueX", 4, chromaticity],
        [28, "BlueY", 4, chromaticity],
      ],
    },
    pHYs: {
      group: "PNG-pHYs",
      fields: [
        [0, "PixelsPerUnitX", 4],
        [4, "PixelsPerUnitY", 4],
        [8, "PixelUnits", 1, { 0: "Unknown", 1: "meters" }],
      ],
    },
    cICP: {
      group: "PNG-cICP",
      fields: [
        [
          0,
          "ColorPrimaries",
          1,
          {
            1: "BT.709",
            2: "Unspecified",
            4: "BT.470 System M (historical)",
            5: "BT.470 System B, G (historical)",
            6: "BT.601",
            7: "SMPTE 240",
            8: "Generic film (color filters using illuminant C)",
            9: "BT.2020, BT.2100",
            10: "SMPTE 428 (CIE 1921 XYZ)",
            11: "SMPTE RP 431-2",
            12: "SMPTE EG 432-1",
            22: "EBU Tech. 3213-E",
          },
        ],
        [
          1,
          "TransferCharacteristics",
          1,
          {
            0: "For future use (0)",
            1: "BT.709",
            2: "Unspecified",
            3: "For future use (3)",
            4: "BT.470 System M (historical)",
            5: "BT.470 System B, G (historical)",
            6: "BT.601",
            7: "SMPTE 240 M",
            8: "Linear",
            9: "Logarithmic (100 : 1 range)",
            10: "Logarithmic (100 * Sqrt(10) : 1 range)",
            11: "IEC 61966-2-4",
            12: "BT.1361",
            13: "sRGB or sYCC",
            14: "BT.2020 10-bit systems",
            15: "BT.2020 12-bit systems",
            16: "SMPTE ST 2084, ITU BT.2100 PQ",
            17: "SMPTE ST 428",
            18: "BT.2100 HLG, ARIB STD-B67",
          },
        ],
        [
          2,
          "MatrixCoefficients",
          1,
          {
            0: "Identity matrix",
            1: "BT.709",
            2: "Unspecified",
            3: "For future use (3)",
            4: "US FCC 73.628",
            5: "BT.470 System B, G (historical)",
            6: "BT.601",
            7: "SMPTE 240 M",
            8: "YCgCo",
            9: "BT.2020 non-constant luminance, BT.2100 YCbCr",
            10: "BT.2020 constant luminance",
            11: "SMPTE ST 2085 YDzDx",
            12: "Chromaticity-derived non-constant luminance",
            13: "Chromaticity-derived constant luminance",
            14: "BT.2100 ICtCp",
          },
        ],
        [3, "VideoFullRangeFlag", 1],
      ],
    },
    vpAg: {
      group: "PNG",
      fields: [
        [0, "VirtualImageWidth", 4],
        [4, "VirtualImageHeight", 4],
        [8, "VirtualPageUnits", 1],
      ],
    },
    sTER: { group: "PNG", fields: [[0, "StereoMode", 1, { 0: "Cross-fuse Layout", 1: "Diverging-fuse Layout" }]] },
    acTL: {
      group: "PNG",
      fields: [
        [0, "AnimationFrames", 4],
        [4, "AnimationPlays", 4, { print: (plays: number) => plays || "inf" }],
      ],
    },
  }),
);

/** Chunks that are given as how long they are. */
export const binaryChunks: ReadonlyMap<string, string> = new Map(
  Object.entries({
    dSIG: "DigitalSignature",
    fRAc: "FractalParameters",
    gIFg: "GIFGraphicControlExtension",
    gIFt: "GIFPlainTextExtension",
    gIFx: "GIFApplicationExtension",
    hIST: "PaletteHistogram",
    pCAL: "PixelCalibration",
    iDOT: "AppleDataOffsets",
    gdAT: "GainMapImage",
  }),
);

/** What a text chunk is called whose keyword cannot be told from its text. */
export const unreadTexts: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tEXt: "TextualData",
    zTXt: "CompressedText",
    iTXt: "InternationalText",
  }),
);

/** Chunks that are one block each. */
export const blockChunks: ReadonlyMap<string, PlainKind> = new Map(
  Object.entries<PlainKind>({
    tXMP: "xmp",
    caBX: "jumbf",
    cpIp: "compound-file",
    seAl: "seal",
  }),
);

export const renderingIntents: Lookup = { 0: "Perceptual", 1: "Relative Colorimetric", 2: "Saturation", 3: "Absolute Colorimetric" };

export const scaleUnits: Lookup = { 1: "meters", 2: "radians" };

/**
 * The keywords that are known: their text may come in several languages, some have another name than the keyword gives
 * or hold a date. Any other keyword becomes a tag as well.
 */
export const textKeywords: readonly (readonly [keyword: string, name: string, date?: "RFC 1123" | "ISO 8601"])[] = [
  ["Title", "Title"],
  ["Author", "Author"],
  ["Description", "Description"],
  ["Copyright", "Copyright"],
  ["Creation Time", "CreationTime", "RFC 1123"],
  ["Software", "Software"],
  ["Disclaimer", "Disclaimer"],
  ["Warning", "PNGWarning"],
  ["Source", "Source"],
  ["Comment", "Comment"],
  ["Collection", "Collection"],
  // Not of the standard: ImageMagick, Stable Diffusion.
  ["Artist", "Artist"],
  ["Document", "Document"],
  ["Label", "Label"],
  ["Make", "Make"],
  ["Model", "Model"],
  ["parameters", "Parameters"],
  ["aesthetic_score", "AestheticScore"],
  ["create-date", "CreateDate", "ISO 8601"],
  ["modify-date", "ModDate", "ISO 8601"],
  ["TimeStamp", "TimeStamp"],
  ["URL", "URL"],
];

/** Text chunks of ImageMagick that hold a profile in hexadecimal: `[keyword, what it is stored as where it cannot be read]`. */
export const rawProfiles: readonly (readonly [keyword: string, name: string])[] = [
  ["Raw profile type APP1", "APP1_Profile"],
  ["Raw profile type exif", "EXIF_Profile"],
  ["Raw profile type icc", "ICC_Profile"],
  ["Raw profile type icm", "ICC_Profile"],
  ["Raw profile type iptc", "IPTC_Profile"],
  ["Raw profile type xmp", "XMP_Profile"],
  ["Raw profile type 8bim", "Photoshop_Profile"],
];
