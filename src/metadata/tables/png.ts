/**
 * PNG (Third Edition, W3C 2025) clauses 11.2 and 11.3: the chunks of fixed layout and the keywords of text chunks.
 * Names, groups and texts as ExifTool 13.59 PNG.pm has them.
 */
import type { PlainKind } from "../contracts.ts";
import { isoDate, rfc1123Date } from "./png-dates.ts";
import { type How, Layout, Table, Tag } from "./row.ts";

export interface PngLayout {
  readonly group: string;
  readonly layout: Layout;
}

const chromaticity: How = { read: "int32u", value: (raw: number) => raw / 100_000 };

/** Chunks whose data are numbers at fixed offsets. */
export const chunkLayouts: ReadonlyMap<string, PngLayout> = new Map(
  Object.entries<PngLayout>({
    IHDR: {
      group: "PNG",
      layout: new Layout([
        [0, "ImageWidth", { read: "int32u" }],
        [4, "ImageHeight", { read: "int32u" }],
        [8, "BitDepth"],
        [9, "ColorType", { print: { 0: "Grayscale", 2: "RGB", 3: "Palette", 4: "Grayscale with Alpha", 6: "RGB with Alpha" } }],
        [10, "Compression", { print: { 0: "Deflate/Inflate" } }],
        [11, "Filter", { print: { 0: "Adaptive" } }],
        [12, "Interlace", { print: { 0: "Noninterlaced", 1: "Adam7 Interlace" } }],
      ]),
    },
    cHRM: {
      group: "PNG",
      layout: new Layout([
        [0, "WhitePointX", chromaticity],
        [4, "WhitePointY", chromaticity],
        [8, "RedX", chromaticity],
        [12, "RedY", chromaticity],
        [16, "GreenX", chromaticity],
        [20, "GreenY", chromaticity],
        [24, "BlueX", chromaticity],
        [28, "BlueY", chromaticity],
      ]),
    },
    pHYs: {
      group: "PNG-pHYs",
      layout: new Layout([
        [0, "PixelsPerUnitX", { read: "int32u" }],
        [4, "PixelsPerUnitY", { read: "int32u" }],
        [8, "PixelUnits", { print: { 0: "Unknown", 1: "meters" } }],
      ]),
    },
    cICP: {
      group: "PNG-cICP",
      layout: new Layout([
        [
          0,
          "ColorPrimaries",
          {
            print: {
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
          },
        ],
        [
          1,
          "TransferCharacteristics",
          {
            print: {
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
          },
        ],
        [
          2,
          "MatrixCoefficients",
          {
            print: {
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
          },
        ],
        [3, "VideoFullRangeFlag"],
      ]),
    },
    vpAg: {
      group: "PNG",
      layout: new Layout([
        [0, "VirtualImageWidth", { read: "int32u" }],
        [4, "VirtualImageHeight", { read: "int32u" }],
        [8, "VirtualPageUnits"],
      ]),
    },
    sTER: { group: "PNG", layout: new Layout([[0, "StereoMode", { print: { 0: "Cross-fuse Layout", 1: "Diverging-fuse Layout" } }]]) },
    acTL: {
      group: "PNG",
      layout: new Layout([
        [0, "AnimationFrames", { read: "int32u" }],
        [4, "AnimationPlays", { read: "int32u", print: (plays: number) => plays || "inf" }],
      ]),
    },
  }),
);

/** Chunks that are given as how long they are. */
export const binaryChunks = new Table<string>([
  ["dSIG", "DigitalSignature"],
  ["fRAc", "FractalParameters"],
  ["gIFg", "GIFGraphicControlExtension"],
  ["gIFt", "GIFPlainTextExtension"],
  ["gIFx", "GIFApplicationExtension"],
  ["hIST", "PaletteHistogram"],
  ["pCAL", "PixelCalibration"],
  ["iDOT", "AppleDataOffsets"],
  ["gdAT", "GainMapImage"],
  ["sPLT", "SuggestedPalette"],
]);

/** What a text chunk is called whose keyword cannot be told from its text. */
export const unreadTexts = new Table<string>([
  ["tEXt", "TextualData"],
  ["zTXt", "CompressedText"],
  ["iTXt", "InternationalText"],
]);

/** Chunks that are one block each. */
export const blockChunks: ReadonlyMap<string, PlainKind> = new Map(
  Object.entries<PlainKind>({
    tXMP: "xmp",
    caBX: "jumbf",
    cpIp: "compound-file",
    seAl: "seal",
  }),
);

/** What the chunks say whose data are more than numbers at fixed offsets. */
export const pngTags = {
  palette: new Tag(["PLTE", "Palette"]),
  transparency: new Tag(["tRNS", "Transparency"]),
  background: new Tag(["bKGD", "BackgroundColor"]),
  significantBits: new Tag(["sBIT", "SignificantBits"]),
  gamma: new Tag(["gAMA", "Gamma"]),
  rendering: new Tag([
    "sRGB",
    "SRGBRendering",
    { print: { 0: "Perceptual", 1: "Relative Colorimetric", 2: "Saturation", 3: "Absolute Colorimetric" } },
  ]),
  time: new Tag(["tIME", "ModifyDate"]),
  offset: new Tag(["oFFs", "ImageOffset"]),
  scaleUnits: new Tag(["sCAL", "SubjectUnits", { print: { 1: "meters", 2: "radians" } }]),
  scaleWidth: new Tag(["sCAL", "SubjectPixelWidth"]),
  scaleHeight: new Tag(["sCAL", "SubjectPixelHeight"]),
  profileName: new Tag(["iCCP", "ProfileName"]),
};

/**
 * The keywords that are known: their text may come in several languages, some have another name than the keyword gives
 * or hold a date. Any other keyword becomes a tag as well.
 */
export const textKeywords = new Table<string>([
  ["Title", "Title"],
  ["Author", "Author"],
  ["Description", "Description"],
  ["Copyright", "Copyright"],
  ["Creation Time", "CreationTime", { value: rfc1123Date }],
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
  ["create-date", "CreateDate", { value: isoDate }],
  ["modify-date", "ModDate", { value: isoDate }],
  ["TimeStamp", "TimeStamp"],
  ["URL", "URL"],
]);

/** Text chunks of ImageMagick that hold a profile in hexadecimal, by their keyword: what it is given as if it cannot be read. */
export const rawProfiles = new Table<string>([
  ["Raw profile type APP1", "APP1_Profile"],
  ["Raw profile type exif", "EXIF_Profile"],
  ["Raw profile type icc", "ICC_Profile"],
  ["Raw profile type icm", "ICC_Profile"],
  ["Raw profile type iptc", "IPTC_Profile"],
  ["Raw profile type xmp", "XMP_Profile"],
  ["Raw profile type 8bim", "Photoshop_Profile"],
]);
