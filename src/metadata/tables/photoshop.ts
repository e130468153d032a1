/**
 * Photoshop image resources ("Adobe Photoshop File Formats Specification", Image Resources Section), by resource ID.
 * Those that ExifTool 13.59 Photoshop.pm shows, under its names. Offsets from the start of the resource's data.
 */
import { significant } from "../bytes/numbers.ts";
import type { TagInput } from "../contracts.ts";
import { type Conversion, leadingNumber, lookup } from "./conversion.ts";
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
export const resourceBlocks: ReadonlyMap<number, "iptc" | "icc" | "exif" | "xmp"> = new Map([
  [1028, "iptc"],
  [1039, "icc"],
  [1058, "exif"],
  [1060, "xmp"],
]);

export const copyrightFlags = { 0: "False", 1: "True" };
export const noOrYes = { 0: "No", 1: "Yes" };

/** What a layer has: one value a layer. */
export interface LayerField {
  readonly name: string;
  readonly value?: (raw: number) => number;
  readonly print?: (value: TagInput) => TagInput;
}

/** By the key of its block in a layer, which has four characters, or by the name of its field in the layer record. */
export const layerFields: ReadonlyMap<string, LayerField> = new Map(
  Object.entries<LayerField>({
    rectangle: { name: "LayerRectangles" },
    blendMode: {
      name: "LayerBlendModes",
      print: lookup({
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
      }),
    },
    opacity: {
      name: "LayerOpacities",
      value: (raw) => significant((100 * raw) / 255, 15),
      print: (percent) => `${Math.trunc(leadingNumber(percent))}%`,
    },
    flags: { name: "LayerVisible", value: (raw) => raw & 2, print: lookup({ 0: "Yes", 2: "No" }) },
    layerName: { name: "LayerNames" },
    luni: { name: "LayerUnicodeNames" },
    lclr: {
      name: "LayerColors",
      print: lookup({ 0: "None", 1: "Red", 2: "Orange", 3: "Yellow", 4: "Green", 5: "Blue", 6: "Violet", 7: "Gray" }),
    },
    shmd: { name: "LayerModifyDates" },
    lsct: { name: "LayerSections", print: lookup({ 0: "Layer", 1: "Folder (open)", 2: "Folder (closed)", 3: "Divider" }) },
  }),
);

/** Blocks whose length has 64 bits in documents of more than 30,000 pixels (PSB). */
export const wideBlocks: ReadonlySet<string> = new Set([
  ...["LMsk", "Lr16", "Lr32", "Layr", "Mt16", "Mt32", "Mtrn", "Alph", "FMsk", "lnk2", "FEid", "FXid", "PxSD"],
]);
