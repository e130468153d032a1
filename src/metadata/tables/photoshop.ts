/**
 * Photoshop image resources ("Adobe Photoshop File Formats Specification", Image Resources Section), by resource ID.
 * Those that ExifTool 13.59 Photoshop.pm shows, under its names. Offsets from the start of the resource's data.
 */
import { significant } from "../bytes/numbers.ts";
import type { TagInput } from "../contracts.ts";
import { leadingNumber } from "./conversion.ts";
import { type How, Layout, Table, Tag } from "./row.ts";

const units = { 1: "inches", 2: "cm" };

/** 16.16 fixed point, pixels an inch. */
const resolution: How = {
  read: "int32u",
  low: true,
  value: (raw: number) => raw / 0x10000,
  print: (value: number) => Math.floor(value * 100 + 0.5) / 100,
};

const resolutionInfo = new Layout([
  [0, "XResolution", resolution],
  [4, "DisplayedUnitsX", { read: "int16u", print: units }],
  [8, "YResolution", resolution],
  [12, "DisplayedUnitsY", { read: "int16u", print: units }],
]);

const jpegQuality = new Layout([
  [0, "PhotoshopQuality", { read: "int16s", print: (value: number) => value + 4 }],
  [2, "PhotoshopFormat", { read: "int16s", print: { 0: "Standard", 1: "Optimized", 257: "Progressive" } }],
]);

const globalAngle = new Layout([[0, "GlobalAngle", { read: "int32u" }]]);
const globalAltitude = new Layout([[0, "GlobalAltitude", { read: "int32u" }]]);

const printScale = new Layout([
  [0, "PrintStyle", { read: "int16u", print: { 0: "Centered", 1: "Size to Fit", 2: "User Defined" } }],
  [2, "PrintPosition", { read: "float", count: 2 }],
  [10, "PrintScale", { read: "float" }],
]);

const pixelAspect = new Layout([[4, "PixelAspectRatio", { read: "double" }]]);

/** By resource ID. */
export const resources = new Table([
  [0x03ed, "ResolutionInfo", { table: () => resolutionInfo }],
  [0x03ee, "AlphaChannelsNames"],
  [0x0406, "JPEG_Quality", { table: () => jpegQuality }],
  [0x0409, "PhotoshopBGRThumbnail"],
  [0x040a, "CopyrightFlag", { print: { 0: "False", 1: "True" } }],
  [0x040b, "URL"],
  [0x040c, "PhotoshopThumbnail"],
  [0x040d, "GlobalAngle", { table: () => globalAngle }],
  [0x0419, "GlobalAltitude", { table: () => globalAltitude }],
  [0x041a, "SliceInfo"],
  [0x041b, "WorkflowURL"],
  [0x041e, "URL_List"],
  [0x0421, "VersionInfo"],
  [0x0425, "IPTCDigest"],
  [0x0426, "PrintScaleInfo", { table: () => printScale }],
  [0x0428, "PixelInfo", { table: () => pixelAspect }],
  [0x0435, "ChannelOptions"],
  [0x0bb7, "ClippingPathName"],
]);

/** What stands in resources behind texts, or only in some. */
export const resourceTags = {
  scans: new Tag([0x0406, "ProgressiveScans", { print: { 1: "3 Scans", 2: "4 Scans", 3: "5 Scans" } }]),
  slicesName: new Tag([0x041a, "SlicesGroupName"]),
  slices: new Tag([0x041a, "NumSlices"]),
  merged: new Tag([0x0421, "HasRealMergedData", { print: { 0: "No", 1: "Yes" } }]),
  writer: new Tag([0x0421, "WriterName"]),
  reader: new Tag([0x0421, "ReaderName"]),
};

export const PROGRESSIVE = 0x101;

/** Bytes of one channel's options. */
export const CHANNEL_OPTIONS = 13;
export const channelFields = new Layout([
  [0, "ChannelColorSpace", { read: "int16u", print: { 0: "RGB", 1: "HSB", 2: "CMYK", 7: "Lab", 8: "Grayscale" } }],
  [2, "ChannelColorData", { read: "int16u", count: 4 }],
  [11, "ChannelOpacity", { print: (value: number) => `${value}%` }],
  [12, "ChannelColorIndicates", { print: { 0: "Selected Areas", 1: "Masked Areas", 2: "Spot Color" } }],
]);

export type ResourceBlock = "iptc" | "icc" | "exif" | "xmp";

/** Resources that hold a block of another kind. */
export const resourceBlocks: ReadonlyMap<number, ResourceBlock> = new Map([
  [1028, "iptc"],
  [1039, "icc"],
  [1058, "exif"],
  [1060, "xmp"],
]);

/** What a layer has, by the key of its block in a layer, which has four characters, or by the name of its field in the layer record. */
export const layerFields = new Table<string>([
  ["rectangle", "LayerRectangles", { list: true }],
  [
    "blendMode",
    "LayerBlendModes",
    {
      list: true,
      print: {
        pass: "Pass Through",
        norm: "Normal",
        diss: "Dissolve",
        dark: "Darken",
        "mul ": "Multiply",
        idiv: "Color Burn",
        lbrn: "Linear Burn",
        dkCl: "Darker Color",
        lite: "Lighten",
        scrn: "Screen",
        "div ": "Color Dodge",
        lddg: "Linear Dodge",
        lgCl: "Lighter Color",
        over: "Overlay",
        sLit: "Soft Light",
        hLit: "Hard Light",
        vLit: "Vivid Light",
        lLit: "Linear Light",
        pLit: "Pin Light",
        hMix: "Hard Mix",
        diff: "Difference",
        smud: "Exclusion",
        fsub: "Subtract",
        fdiv: "Divide",
        "hue ": "Hue",
        "sat ": "Saturation",
        colr: "Color",
        "lum ": "Luminosity",
      },
    },
  ],
  [
    "opacity",
    "LayerOpacities",
    {
      list: true,
      value: (raw: number) => significant((100 * raw) / 255, 15),
      print: (percent: TagInput) => `${Math.trunc(leadingNumber(percent))}%`,
    },
  ],
  ["flags", "LayerVisible", { list: true, value: (raw: number) => raw & 2, print: { 0: "Yes", 2: "No" } }],
  ["layerName", "LayerNames", { list: true }],
  ["luni", "LayerUnicodeNames", { list: true }],
  [
    "lclr",
    "LayerColors",
    { list: true, print: { 0: "None", 1: "Red", 2: "Orange", 3: "Yellow", 4: "Green", 5: "Blue", 6: "Violet", 7: "Gray" } },
  ],
  ["shmd", "LayerModifyDates", { list: true }],
  ["lsct", "LayerSections", { list: true, print: { 0: "Layer", 1: "Folder (open)", 2: "Folder (closed)", 3: "Divider" } }],
]);

/** Blocks whose length has 64 bits in documents of more than 30,000 pixels (PSB). */
export const wideBlocks: ReadonlySet<string> = new Set([
  ...["LMsk", "Lr16", "Lr32", "Layr", "Mt16", "Mt32", "Mtrn", "Alph", "FMsk", "lnk2", "FEid", "FXid", "PxSD"],
]);
