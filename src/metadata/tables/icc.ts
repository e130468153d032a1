/**
 * Tags of ICC profiles: ICC.1:2022 (v4), ICC.1:2001-04 (v2), ICC.2:2019 (v5), ColorSync's and Microsoft's own.
 * Names, groups and texts: ExifTool 13.59 ICC_Profile.pm.
 */
import { hex } from "../bytes/hex.ts";
import { significant } from "../bytes/numbers.ts";
import { untilNull } from "../bytes/text.ts";
import type { TagInput } from "../contracts.ts";
import type { Lookup } from "./conversion.ts";
import { manufacturers, platforms, profileClasses } from "./icc-signatures.ts";
import { type How, Layout, Table } from "./row.ts";

export interface Structure {
  /** ExifTool's family 1 group. */
  readonly group: string;
  /** The element type that it must have, where ExifTool looks. */
  readonly type?: string;
  readonly layout: Layout;
}

const renderingIntentGamuts: Lookup = { prmg: "Perceptual Reference Medium Gamut" };

const technologies: Lookup = {
  fscn: "Film Scanner",
  dcam: "Digital Camera",
  rscn: "Reflective Scanner",
  ijet: "Ink Jet Printer",
  twax: "Thermal Wax Printer",
  epho: "Electrophotographic Printer",
  esta: "Electrostatic Printer",
  dsub: "Dye Sublimation Printer",
  rpho: "Photographic Paper Printer",
  fprn: "Film Writer",
  vidm: "Video Monitor",
  vidc: "Video Camera",
  pjtv: "Projection Television",
  "CRT ": "Cathode Ray Tube Display",
  "PMD ": "Passive Matrix Display",
  "AMD ": "Active Matrix Display",
  KPCD: "Photo CD",
  imgs: "Photo Image Setter",
  grav: "Gravure",
  offs: "Offset Lithography",
  silk: "Silkscreen",
  flex: "Flexography",
  mpfs: "Motion Picture Film Scanner",
  mpfr: "Motion Picture Film Recorder",
  dmpc: "Digital Motion Picture Camera",
  dcpj: "Digital Cinema Projector",
};

/** Text ends at its first U+0000. */
const line = (value: TagInput) => (typeof value === "string" ? untilNull(value) : value);

/** Tags whose elements are given as one value, by signature. */
export const profileTags = new Table<string>([
  ["A2B0", "AToB0"],
  ["A2B1", "AToB1"],
  ["A2B2", "AToB2"],
  ["A2B3", "AToB3"],
  ["A2M0", "AToM0"],
  ["B2A0", "BToA0"],
  ["B2A1", "BToA1"],
  ["B2A2", "BToA2"],
  ["B2A3", "BToA3"],
  ["B2D0", "BToD0", { binary: true }],
  ["B2D1", "BToD1", { binary: true }],
  ["B2D2", "BToD2", { binary: true }],
  ["B2D3", "BToD3", { binary: true }],
  ["bAB0", "BRDFAToB0"],
  ["bAB1", "BRDFAToB1"],
  ["bAB2", "BRDFAToB2"],
  ["bAB3", "BRDFAToB3"],
  ["bBA0", "BRDFBToA0"],
  ["bBA1", "BRDFBToA1"],
  ["bBA2", "BRDFBToA2"],
  ["bBA3", "BRDFBToA3"],
  ["bBD0", "BRDFBToD0"],
  ["bBD1", "BRDFBToD1"],
  ["bBD2", "BRDFBToD2"],
  ["bBD3", "BRDFBToD3"],
  ["bcp0", "BRDFColorimetricParam0"],
  ["bcp1", "BRDFColorimetricParam1"],
  ["bcp2", "BRDFColorimetricParam2"],
  ["bcp3", "BRDFColorimetricParam3"],
  ["bDB0", "BRDFDToB0"],
  ["bDB1", "BRDFDToB1"],
  ["bDB2", "BRDFDToB2"],
  ["bDB3", "BRDFDToB3"],
  ["bfd ", "UCRBG"],
  ["bkpt", "MediaBlackPoint"],
  ["bMB0", "BRDFMToB0"],
  ["bMB1", "BRDFMToB1"],
  ["bMB2", "BRDFMToB2"],
  ["bMB3", "BRDFMToB3"],
  ["bMS0", "BRDFMToS0"],
  ["bMS1", "BRDFMToS1"],
  ["bMS2", "BRDFMToS2"],
  ["bMS3", "BRDFMToS3"],
  ["bsp0", "BRDFSpectralParam0"],
  ["bsp1", "BRDFSpectralParam1"],
  ["bsp2", "BRDFSpectralParam2"],
  ["bsp3", "BRDFSpectralParam3"],
  ["bTRC", "BlueTRC"],
  ["bXYZ", "BlueMatrixColumn"],
  ["c2sp", "CustomToStandardPcc"],
  ["calt", "CalibrationDateTime"],
  ["cept", "ColorEncodingParams"],
  ["chad", "ChromaticAdaptation"],
  ["ciis", "ColorimetricIntentImageState"],
  ["clio", "ColorantInfoOut"],
  ["cloo", "ColorantOrderOut"],
  ["clot", "ColorantTableOut", { binary: true }],
  ["clro", "ColorantOrder"],
  ["cprt", "ProfileCopyright", { value: line }],
  ["crdi", "CRDInfo"],
  ["csnm", "ColorSpaceName"],
  ["CxF ", "CXF"],
  ["D2B0", "DToB0", { binary: true }],
  ["D2B1", "DToB1", { binary: true }],
  ["D2B2", "DToB2", { binary: true }],
  ["D2B3", "DToB3", { binary: true }],
  ["dAB0", "DirectionalAToB0"],
  ["dAB1", "DirectionalAToB1"],
  ["dAB2", "DirectionalAToB2"],
  ["dAB3", "DirectionalAToB3"],
  ["dBA0", "DirectionalBToA0"],
  ["dBA1", "DirectionalBToA1"],
  ["dBA2", "DirectionalBToA2"],
  ["dBA3", "DirectionalBToA3"],
  ["dBD0", "DirectionalBToD0"],
  ["dBD1", "DirectionalBToD1"],
  ["dBD2", "DirectionalBToD2"],
  ["dBD3", "DirectionalBToD3"],
  ["dDB0", "DirectionalDToB0"],
  ["dDB1", "DirectionalDToB1"],
  ["dDB2", "DirectionalDToB2"],
  ["dDB3", "DirectionalDToB3"],
  ["desc", "ProfileDescription"],
  ["devs", "DeviceSettings"],
  ["dmdd", "DeviceModelDesc"],
  ["dmnd", "DeviceMfgDesc"],
  ["dscm", "ProfileDescriptionML"],
  ["fpce", "FocalPlaneColorimetryEstimates"],
  ["gamt", "Gamut"],
  ["gdb0", "GamutBoundaryDescription0"],
  ["gdb1", "GamutBoundaryDescription1"],
  ["gdb2", "GamutBoundaryDescription2"],
  ["gdb3", "GamutBoundaryDescription3"],
  ["gTRC", "GreenTRC"],
  ["gXYZ", "GreenMatrixColumn"],
  ["hdgm", "HDGainMapInfo", { binary: true }],
  ["kTRC", "GrayTRC"],
  ["lumi", "Luminance"],
  ["M2A0", "MToA0"],
  ["M2B0", "MToB0"],
  ["M2B1", "MToB1"],
  ["M2B2", "MToB2"],
  ["M2B3", "MToB3"],
  ["M2S0", "MToS0"],
  ["M2S1", "MToS1"],
  ["M2S2", "MToS2"],
  ["M2S3", "MToS3"],
  ["mcta", "MultiplexTypeArray"],
  ["mdv ", "MultiplexDefaultValues"],
  ["miin", "MeasurementInputInfo"],
  ["minf", "MeasurementInfo"],
  ["mmod", "MakeAndModel"],
  ["MS00", "WCSProfiles"],
  ["ncl2", "NamedColor2"],
  ["ncol", "NamedColor"],
  ["ndin", "NativeDisplayInfo"],
  ["nmcl", "NamedColor"],
  ["pre0", "Preview0"],
  ["pre1", "Preview1"],
  ["pre2", "Preview2"],
  ["ps2i", "PS2RenderingIntent"],
  ["ps2s", "PostScript2CSA"],
  ["psd0", "PostScript2CRD0"],
  ["psd1", "PostScript2CRD1"],
  ["psd2", "PostScript2CRD2"],
  ["psd3", "PostScript2CRD3", { binary: true }],
  ["pseq", "ProfileSequenceDesc"],
  ["psid", "ProfileSequenceIdentifier", { binary: true }],
  ["psin", "ProfileSequenceInfo"],
  ["psvm", "PS2CRDVMSize"],
  ["resp", "OutputResponse"],
  ["rfnm", "ReferenceName"],
  ["rhoc", "ReflectionHardcopyOrigColorimetry"],
  ["rig0", "PerceptualRenderingIntentGamut", { print: renderingIntentGamuts }],
  ["rig2", "SaturationRenderingIntentGamut", { print: renderingIntentGamuts }],
  ["rpoc", "ReflectionPrintOutputColorimetry"],
  ["rTRC", "RedTRC"],
  ["rXYZ", "RedMatrixColumn"],
  ["s2cp", "StandardToCustomPcc"],
  ["sape", "SceneAppearanceEstimates"],
  ["scoe", "SceneColorimetryEstimates"],
  ["scrd", "ScreeningDesc"],
  ["scrn", "Screening"],
  ["smap", "SurfaceMap"],
  ["svcn", "SpectralViewingConditions"],
  ["swpt", "SpectralWhitePoint"],
  ["targ", "CharTarget", { value: line, longest: 128 }],
  ["tech", "Technology", { print: technologies }],
  ["vcgt", "VideoCardGamma"],
  ["vued", "ViewingCondDesc"],
  ["wtpt", "MediaWhitePoint"],
]);

/** Signatures of elements that may only be tables (ICC.1:2022 section 9.2), which are given as their length if they are large. */
export const elementsOfTables: ReadonlySet<string> = new Set([
  ...["A2B0", "A2B1", "A2B2", "A2B3", "B2A0", "B2A1", "B2A2", "B2A3", "gamt", "pre0", "pre1", "pre2"],
]);

/** What 16 bits of fraction are worth: s15Fixed16Number and u16Fixed16Number, ICC.1:2022 section 4. */
export function fixedPoint(value: number): number {
  return Math.trunc((value / 0x10000) * 1e5 + (value > 0 ? 0.5 : -0.5)) / 1e5 + 0;
}

const fixedPoints: How = { value: (values: number[]) => values.map(fixedPoint) };

/** Four letters. */
const signature: How = { read: "string", count: 4 };
const colorant: How = { read: "string", count: 32 };

/** A date and time, section 4.2. */
export function dateTime([year = 0, ...rest]: readonly number[]): string {
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"));
  return `${String(year).padStart(4, "0")}:${month}:${day} ${hour}:${minute}:${second}`;
}

const illuminants: Lookup = { 1: "D50", 2: "D65", 3: "D93", 4: "F2", 5: "D55", 6: "A", 7: "Equi-Power (E)", 8: "F8" };

/** The first 128 bytes: ICC.1:2022 section 7.2. */
export const header: Structure = {
  group: "ICC-header",
  layout: new Layout([
    [4, "ProfileCMMType", { ...signature, print: manufacturers }],
    [8, "ProfileVersion", { read: "int16s", print: (value: number) => `${value >> 8}.${(value & 0xf0) >> 4}.${value & 0x0f}` }],
    [12, "ProfileClass", { ...signature, print: profileClasses }],
    [16, "ColorSpaceData", signature],
    [20, "ProfileConnectionSpace", signature],
    [24, "ProfileDateTime", { read: "int16u", count: 6, value: dateTime }],
    [36, "ProfileFileSignature", signature],
    [40, "PrimaryPlatform", { ...signature, print: platforms }],
    [
      44,
      "CMMFlags",
      {
        read: "int32u",
        print: (value: number) => `${value & 1 ? "Embedded" : "Not Embedded"}, ${value & 2 ? "Not Independent" : "Independent"}`,
      },
    ],
    [48, "DeviceManufacturer", { ...signature, print: manufacturers }],
    [52, "DeviceModel", signature],
    [56, "DeviceAttributes", { read: "int32u", count: 2, print: ([, low]: number[]) => deviceAttributes(low ?? 0) }],
    [
      64,
      "RenderingIntent",
      { read: "int32u", print: { 0: "Perceptual", 1: "Media-Relative Colorimetric", 2: "Saturation", 3: "ICC-Absolute Colorimetric" } },
    ],
    [68, "ConnectionSpaceIlluminant", { read: "int32s", count: 3, ...fixedPoints }],
    [80, "ProfileCreator", { ...signature, print: manufacturers }],
    [84, "ProfileID", { count: 16, print: (md5: number[]) => (md5.some((byte) => byte !== 0) ? hex(md5) : 0) }],
  ]),
};

function deviceAttributes(low: number): string {
  const names = [
    ["Reflective", "Transparency"],
    ["Glossy", "Matte"],
    ["Positive", "Negative"],
    ["Color", "B&W"],
  ];
  return names.map((pair, bit) => pair[(low >>> bit) & 1]).join(", ");
}

const colorPrimaries: Lookup = {
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
};

const transferCharacteristics: Lookup = {
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
};

const matrixCoefficients: Lookup = {
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
};

const geometries: Lookup = { 0: "Unknown", 1: "0/45 or 45/0", 2: "0/d or d/0" };

/** Tags whose elements are structures, by signature: their fields are tags of a group of their own. */
export const structures: ReadonlyMap<string, Structure> = new Map<string, Structure>([
  [
    "chrm",
    {
      group: "ICC-chrm",
      type: "chrm",
      layout: new Layout([
        [8, "ChromaticityChannels", { read: "int16u" }],
        [
          10,
          "ChromaticityColorant",
          { read: "int16u", print: { 0: "Unknown", 1: "ITU-R BT.709", 2: "SMPTE RP145-1994", 3: "EBU Tech.3213-E", 4: "P22" } },
        ],
        [12, "ChromaticityChannel1", { read: "int32u", count: 2, ...fixedPoints }],
        [20, "ChromaticityChannel2", { read: "int32u", count: 2, ...fixedPoints }],
        [28, "ChromaticityChannel3", { read: "int32u", count: 2, ...fixedPoints }],
        [36, "ChromaticityChannel4", { read: "int32u", count: 2, ...fixedPoints }],
      ]),
    },
  ],
  [
    "clrt",
    {
      group: "ICC-clrt",
      type: "clrt",
      layout: new Layout([
        [8, "ColorantCount", { read: "int32u" }],
        [12, "Colorant1Name", colorant],
        [44, "Colorant1Coordinates", { read: "int16u", count: 3 }],
        [50, "Colorant2Name", colorant],
        [82, "Colorant2Coordinates", { read: "int16u", count: 3 }],
        [88, "Colorant3Name", colorant],
        [120, "Colorant3Coordinates", { read: "int16u", count: 3 }],
      ]),
    },
  ],
  [
    "meas",
    {
      group: "ICC-meas",
      type: "meas",
      layout: new Layout([
        [8, "MeasurementObserver", { read: "int32u", print: { 1: "CIE 1931", 2: "CIE 1964" } }],
        [12, "MeasurementBacking", { read: "int32s", count: 3, ...fixedPoints }],
        [24, "MeasurementGeometry", { read: "int32u", print: geometries }],
        [28, "MeasurementFlare", { read: "int32u", value: fixedPoint, print: (value: number) => `${significant(value * 100, 15)}%` }],
        [32, "MeasurementIlluminant", { read: "int32u", print: illuminants }],
      ]),
    },
  ],
  [
    "view",
    {
      group: "ICC-view",
      type: "view",
      layout: new Layout([
        [8, "ViewingCondIlluminant", { read: "int32s", count: 3, ...fixedPoints }],
        [20, "ViewingCondSurround", { read: "int32s", count: 3, ...fixedPoints }],
        [32, "ViewingCondIlluminantType", { read: "int32u", print: illuminants }],
      ]),
    },
  ],
  [
    "cicp",
    {
      group: "ICC-cicp",
      layout: new Layout([
        [8, "ColorPrimaries", { print: colorPrimaries }],
        [9, "TransferCharacteristics", { print: transferCharacteristics }],
        [10, "MatrixCoefficients", { print: matrixCoefficients }],
        [11, "VideoFullRangeFlag", { print: { 0: "Limited", 1: "Full" } }],
      ]),
    },
  ],
]);
