/**
 * Boxes of HEIF and AVIF files: names, texts and layouts as ExifTool 13.59 QuickTime.pm has them.
 * Layouts from ISO/IEC 14496-12 and 14496-15, ISO/IEC 23008-12, ITU-T H.273 and the AV1 ISOBMFF binding.
 */

import type { TagInput } from "../contracts.ts";
import { bits, type Lookup } from "./conversion.ts";
import { Layout, Tag } from "./row.ts";

/** Brands of `ftyp` and what they stand for. */
const brands: Lookup = {
  isom: "MP4 Base Media v1 [IS0 14496-12:2003]",
  iso2: "MP4 Base Media v2 [ISO 14496-12:2005]",
  iso3: "MP4 Base Media v3",
  iso4: "MP4 Base Media v4",
  iso5: "MP4 Base Media v5",
  iso6: "MP4 Base Media v6",
  iso7: "MP4 Base Media v7",
  iso8: "MP4 Base Media v8",
  iso9: "MP4 Base Media v9",
  mp41: "MP4 v1 [ISO 14496-1:ch13]",
  mp42: "MP4 v2 [ISO 14496-14]",
  avc1: "MP4 Base w/ AVC ext [ISO 14496-12:2005]",
  "qt  ": "Apple QuickTime (.MOV/QT)",
  mjp2: "Motion JPEG 2000 [ISO 15444-3] General Profile",
  heic: "High Efficiency Image Format HEVC still image (.HEIC)",
  hevc: "High Efficiency Image Format HEVC sequence (.HEICS)",
  mif1: "High Efficiency Image Format still image (.HEIF)",
  msf1: "High Efficiency Image Format sequence (.HEIFS)",
  heix: "High Efficiency Image Format still image (.HEIF)",
  avif: "AV1 Image File Format (.AVIF)",
  avis: "AV1 Image Sequence (.AVIF)",
  avio: "AV1 Intra-Only Image (.AVIF)",
  miaf: "Multi-Image Application Format (.AVIF)",
};

const vendors: Lookup = {
  appl: "Apple",
  fe20: "Olympus (fe20)",
  FFMP: "FFmpeg",
  "GIC ": "General Imaging Co.",
  kdak: "Kodak",
  KMPI: "Konica-Minolta",
  leic: "Leica",
  mino: "Minolta",
  niko: "Nikon",
  NIKO: "Nikon",
  olym: "Olympus",
  pana: "Panasonic",
  pent: "Pentax",
  pr01: "Olympus (pr01)",
  sany: "Sanyo",
  "SMI ": "Sorenson Media Inc.",
  ZORA: "Zoran Corporation",
  "AR.D": "Parrot AR.Drone",
  " KD ": "Kodak",
};

const handlerClasses: Lookup = { mhlr: "Media Handler", dhlr: "Data Handler" };

const handlerTypes: Lookup = {
  alis: "Alias Data",
  crsm: "Clock Reference",
  hint: "Hint Track",
  ipsm: "IPMP",
  m7sm: "MPEG-7 Stream",
  meta: "NRT Metadata",
  mdir: "Metadata",
  mdta: "Metadata Tags",
  mjsm: "MPEG-J",
  ocsm: "Object Content",
  odsm: "Object Descriptor",
  priv: "Private",
  sdsm: "Scene Description",
  soun: "Audio Track",
  text: "Text",
  tmcd: "Time Code",
  "url ": "URL",
  vide: "Video Track",
  subp: "Subpicture",
  nrtm: "Non-Real Time Metadata",
  pict: "Picture",
  camm: "Camera Metadata",
  psmd: "Panasonic Static Metadata",
  data: "Data",
  sbtl: "Subtitle",
};

/** Image properties whose content is one byte (ISO/IEC 23008-12 sections 6.5.10 and 6.5.12). */
const rotations: Lookup = { 0: "Horizontal (normal)", 1: "Rotate 270 CW", 2: "Rotate 180", 3: "Rotate 90 CW" };
const mirrorings: Lookup = { 0: "Vertical", 1: "Horizontal" };

/** Boxes of the file itself: ISO/IEC 14496-12 sections 4.3 and 8.1.1. */
export const fileTags = {
  brand: new Tag(["ftyp", "MajorBrand", { print: brands }]),
  version: new Tag(["ftyp", "MinorVersion"]),
  brands: new Tag(["ftyp", "CompatibleBrands"]),
  dataSize: new Tag(["mdat", "MediaDataSize"]),
  dataOffset: new Tag(["mdat", "MediaDataOffset"]),
  motionPhoto: new Tag(["mpvd", "MotionPhotoVideo"]),
};

/** `meta`: ISO/IEC 14496-12 section 8.11. */
export const metaTags = {
  primary: new Tag(["pitm", "PrimaryItemReference"]),
  imageSize: new Tag(["idat", "MetaImageSize", { print: gridSize }]),
  version: new Tag(["uuid", "MetaVersion"]),
};

/** Of a grid, the third and fourth number are the size of the image. */
function gridSize(list: TagInput): TagInput {
  if (!Array.isArray(list) || list.length < 4) return list;
  const [, , width, height, ...more] = list;
  return [`${width}x${height}`, ...more].join(" ");
}

/** `hdlr`: ISO/IEC 14496-12 section 8.4.3. */
export const handlerTags = {
  class: new Tag([4, "HandlerClass", { print: handlerClasses }]),
  type: new Tag([8, "HandlerType", { print: handlerTypes }]),
  vendor: new Tag([12, "HandlerVendorID", { print: vendors }]),
  description: new Tag([24, "HandlerDescription"]),
};

/** Of a sample entry, what is more than numbers at fixed offsets: ISO/IEC 14496-12 section 12. */
export const sampleEntryTags = {
  hint: new Tag([4, "HintFormat"]),
  meta: new Tag([4, "MetaFormat"]),
  other: new Tag([4, "OtherFormat"]),
  audio: new Tag([4, "AudioFormat"]),
  audioVendor: new Tag([20, "AudioVendorID", { print: vendors }]),
  compressor: new Tag([4, "CompressorID"]),
  vendor: new Tag([20, "VendorID", { print: vendors }]),
  compressorName: new Tag([50, "CompressorName"]),
};

/** Properties of items: ISO/IEC 23008-12 section 6.5. */
export const propertyTags = {
  width: new Tag(["ispe", "ImageWidth"]),
  height: new Tag(["ispe", "ImageHeight"]),
  extent: new Tag(["ispe", "ImageSpatialExtent", { print: (sides: readonly number[]) => sides.join("x") }]),
  rotation: new Tag(["irot", "Rotation", { print: rotations }]),
  mirroring: new Tag(["imir", "Mirroring", { print: mirrorings }]),
  depth: new Tag(["pixi", "ImagePixelDepth"]),
  auxiliary: new Tag(["auxC", "AuxiliaryImageType"]),
  aspect: new Tag(["pasp", "PixelAspectRatio"]),
  location: new Tag(["rloc", "RelativeLocation"]),
  aperture: new Tag(["clap", "CleanAperture"]),
  profiles: new Tag(["colr", "ColorProfiles"]),
};

/** `colr` of kind `nclx`, from the byte after the kind (ITU-T H.273). */
export const colourRepresentation = new Layout([
  [
    4,
    "ColorPrimaries",
    {
      read: "int16u",
      print: {
        1: "BT.709",
        2: "Unspecified",
        4: "BT.470 System M (historical)",
        5: "BT.470 System B, G (historical)",
        6: "BT.601",
        7: "SMPTE 240",
        8: "Generic film (color filters using illuminant C)",
        9: "BT.2020, BT.2100",
        10: "SMPTE 428 (CIE 1931 XYZ)",
        11: "SMPTE RP 431-2",
        12: "SMPTE EG 432-1",
        22: "EBU Tech. 3213-E",
      },
    },
  ],
  [
    6,
    "TransferCharacteristics",
    {
      read: "int16u",
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
    8,
    "MatrixCoefficients",
    {
      read: "int16u",
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
  [10, "VideoFullRangeFlag", { mask: 0x80, print: { 0: "Limited", 1: "Full" } }],
]);

/** `hvcC`: ISO/IEC 14496-15 section 8.3.3.1. */
export const hevcConfiguration = new Layout([
  [0, "HEVCConfigurationVersion"],
  [1, "GeneralProfileSpace", { mask: 0xc0, print: { 0: "Conforming" } }],
  [1, "GeneralTierFlag", { mask: 0x20, print: { 0: "Main Tier", 1: "High Tier" } }],
  [
    1,
    "GeneralProfileIDC",
    {
      mask: 0x1f,
      print: {
        0: "No Profile",
        1: "Main",
        2: "Main 10",
        3: "Main Still Picture",
        4: "Format Range Extensions",
        5: "High Throughput",
        6: "Multiview Main",
        7: "Scalable Main",
        8: "3D Main",
        9: "Screen Content Coding Extensions",
        10: "Scalable Format Range Extensions",
        11: "High Throughput Screen Content Coding Extensions",
      },
    },
  ],
  [
    2,
    "GenProfileCompatibilityFlags",
    {
      read: "int32u",
      print: bits({
        31: "No Profile",
        30: "Main",
        29: "Main 10",
        28: "Main Still Picture",
        27: "Format Range Extensions",
        26: "High Throughput",
        25: "Multiview Main",
        24: "Scalable Main",
        23: "3D Main",
        22: "Screen Content Coding Extensions",
        21: "Scalable Format Range Extensions",
        20: "High Throughput Screen Content Coding Extensions",
      }),
    },
  ],
  [6, "ConstraintIndicatorFlags", { count: 6 }],
  [12, "GeneralLevelIDC", { print: (level: number) => `${level} (level ${(level / 30).toFixed(1)})` }],
  [13, "MinSpatialSegmentationIDC", { read: "int16u", mask: 0x0fff }],
  [15, "ParallelismType", { mask: 0x03 }],
  [16, "ChromaFormat", { mask: 0x03, print: { 0: "Monochrome", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4" } }],
  [17, "BitDepthLuma", { mask: 0x07, value: (raw: number) => raw + 8 }],
  [18, "BitDepthChroma", { mask: 0x07, value: (raw: number) => raw + 8 }],
  [19, "AverageFrameRate", { read: "int16u", value: (raw: number) => raw / 256 }],
  [
    21,
    "ConstantFrameRate",
    { mask: 0xc0, print: { 0: "Unknown", 1: "Constant Frame Rate", 2: "Each Temporal Layer is Constant Frame Rate" } },
  ],
  [21, "NumTemporalLayers", { mask: 0x38 }],
  [21, "TemporalIDNested", { mask: 0x04, print: { 0: "No", 1: "Yes" } }],
]);

/** `av1C`: AV1 Codec ISO Media File Format Binding section 2.3. */
export const av1Configuration = new Layout([
  [0, "AV1ConfigurationVersion", { mask: 0x7f }],
  [2, "ChromaFormat", { mask: 0x1c, print: { 0: "YUV 4:4:4", 2: "YUV 4:2:2", 3: "YUV 4:2:0", 7: "Monochrome 4:0:0" } }],
  [2, "ChromaSamplePosition", { mask: 0x03, print: { 0: "Unknown", 1: "Vertical", 2: "Colocated", 3: "(reserved)" } }],
]);

/** `clli`: ISO/IEC 14496-12 section 12.1.6. */
export const contentLightLevel = new Layout([
  [0, "MaxContentLightLevel", { read: "int16u" }],
  [2, "MaxPicAverageLightLevel", { read: "int16u" }],
]);
