/**
 * How values of Exif are printed, for the Exif decoder, XMP's exif and tiff namespaces and maker notes alike.
 * Exif 3.1 section 4.6, TIFF 6.0, DNG 1.7; texts as ExifTool 13.59 Exif.pm, GPS.pm and JPEG.pm have them.
 */
import { decimals } from "../bytes/numbers.ts";
import type { TagInput } from "../contracts.ts";
import { bits, type Lookup, leadingNumber, lookup, numberText, textFor, words } from "./conversion.ts";

export { numberText } from "./conversion.ts";

export const subfileTypes: Lookup = {
  0: "Full-resolution image",
  1: "Reduced-resolution image",
  2: "Single page of multi-page image",
  3: "Single page of multi-page reduced-resolution image",
  4: "Transparency mask",
  5: "Transparency mask of reduced-resolution image",
  6: "Transparency mask of multi-page image",
  7: "Transparency mask of reduced-resolution multi-page image",
  8: "Depth map",
  9: "Depth map of reduced-resolution image",
  16: "Enhanced image data",
  65537: "Alternate reduced-resolution image",
  65540: "Semantic Mask",
  4294967295: "invalid",
};

export const compressions: Lookup = {
  1: "Uncompressed",
  2: "CCITT 1D",
  3: "T4/Group 3 Fax",
  4: "T6/Group 4 Fax",
  5: "LZW",
  6: "JPEG (old-style)",
  7: "JPEG",
  8: "Adobe Deflate",
  9: "JBIG B&W or VC-5",
  10: "JBIG Color",
  99: "JPEG",
  262: "Kodak 262",
  32766: "NeXt or Sony ARW Compressed 2",
  32767: "Sony ARW Compressed",
  32769: "Packed RAW",
  32770: "Samsung SRW Compressed",
  32771: "CCIRLEW",
  32772: "Samsung SRW Compressed 2",
  32773: "PackBits",
  32809: "Thunderscan",
  32867: "Kodak KDC Compressed",
  32895: "IT8CTPAD",
  32896: "IT8LW",
  32897: "IT8MP",
  32898: "IT8BL",
  32908: "PixarFilm",
  32909: "PixarLog",
  32946: "Deflate",
  32947: "DCS",
  33003: "Aperio JPEG 2000 YCbCr",
  33005: "Aperio JPEG 2000 RGB",
  34661: "JBIG",
  34676: "SGILog",
  34677: "SGILog24",
  34712: "JPEG 2000",
  34713: "Nikon NEF Compressed",
  34715: "JBIG2 TIFF FX",
  34718: "Microsoft Document Imaging (MDI) Binary Level Codec",
  34719: "Microsoft Document Imaging (MDI) Progressive Transform Codec",
  34720: "Microsoft Document Imaging (MDI) Vector",
  34887: "ESRI Lerc",
  34892: "Lossy JPEG",
  34925: "LZMA2",
  34926: "Zstd (old)",
  34927: "WebP (old)",
  34933: "PNG",
  34934: "JPEG XR",
  50000: "Zstd",
  50001: "WebP",
  50002: "JPEG XL (old)",
  52546: "JPEG XL",
  65000: "Kodak DCR Compressed",
  65535: "Pentax PEF Compressed",
};

export const photometricInterpretations: Lookup = {
  0: "WhiteIsZero",
  1: "BlackIsZero",
  2: "RGB",
  3: "RGB Palette",
  4: "Transparency Mask",
  5: "CMYK",
  6: "YCbCr",
  8: "CIELab",
  9: "ICCLab",
  10: "ITULab",
  32803: "Color Filter Array",
  32844: "Pixar LogL",
  32845: "Pixar LogLuv",
  32892: "Sequential Color Filter",
  34892: "Linear Raw",
  51177: "Depth Map",
  52527: "Semantic Mask",
};

export const orientations: Lookup = {
  1: "Horizontal (normal)",
  2: "Mirror horizontal",
  3: "Rotate 180",
  4: "Mirror vertical",
  5: "Mirror horizontal and rotate 270 CW",
  6: "Rotate 90 CW",
  7: "Mirror horizontal and rotate 90 CW",
  8: "Rotate 270 CW",
};

export const planarConfigurations: Lookup = { 1: "Chunky", 2: "Planar" };

export const resolutionUnits: Lookup = { 1: "None", 2: "inches", 3: "cm" };

export const yCbCrSubSamplings: Lookup = {
  "1 1": "YCbCr4:4:4 (1 1)",
  "1 2": "YCbCr4:4:0 (1 2)",
  "1 4": "YCbCr4:4:1 (1 4)",
  "2 1": "YCbCr4:2:2 (2 1)",
  "2 2": "YCbCr4:2:0 (2 2)",
  "2 4": "YCbCr4:2:1 (2 4)",
  "4 1": "YCbCr4:1:1 (4 1)",
  "4 2": "YCbCr4:1:0 (4 2)",
};

export const yCbCrPositionings: Lookup = { 1: "Centered", 2: "Co-sited" };

export const exposurePrograms: Lookup = {
  0: "Not Defined",
  1: "Manual",
  2: "Program AE",
  3: "Aperture-priority AE",
  4: "Shutter speed priority AE",
  5: "Creative (Slow speed)",
  6: "Action (High speed)",
  7: "Portrait",
  8: "Landscape",
  9: "Bulb",
};

export const sensitivityTypes: Lookup = {
  0: "Unknown",
  1: "Standard Output Sensitivity",
  2: "Recommended Exposure Index",
  3: "ISO Speed",
  4: "Standard Output Sensitivity and Recommended Exposure Index",
  5: "Standard Output Sensitivity and ISO Speed",
  6: "Recommended Exposure Index and ISO Speed",
  7: "Standard Output Sensitivity, Recommended Exposure Index and ISO Speed",
};

export const meteringModes: Lookup = {
  0: "Unknown",
  1: "Average",
  2: "Center-weighted average",
  3: "Spot",
  4: "Multi-spot",
  5: "Multi-segment",
  6: "Partial",
  255: "Other",
};

export const lightSources: Lookup = {
  0: "Unknown",
  1: "Daylight",
  2: "Fluorescent",
  3: "Tungsten (Incandescent)",
  4: "Flash",
  9: "Fine Weather",
  10: "Cloudy",
  11: "Shade",
  12: "Daylight Fluorescent",
  13: "Day White Fluorescent",
  14: "Cool White Fluorescent",
  15: "White Fluorescent",
  16: "Warm White Fluorescent",
  17: "Standard Light A",
  18: "Standard Light B",
  19: "Standard Light C",
  20: "D55",
  21: "D65",
  22: "D75",
  23: "D50",
  24: "ISO Studio Tungsten",
  25: "Daylight",
  26: "Day White",
  27: "Cool White",
  28: "White",
  29: "Warm White",
  30: "Daylight LED",
  31: "Day White LED",
  32: "Cool White LED",
  33: "White LED",
  34: "Warm White LED",
  255: "Other",
};

export const flashes: Lookup = {
  0: "No Flash",
  1: "Fired",
  5: "Fired, Return not detected",
  7: "Fired, Return detected",
  8: "On, Did not fire",
  9: "On, Fired",
  13: "On, Return not detected",
  15: "On, Return detected",
  16: "Off, Did not fire",
  20: "Off, Did not fire, Return not detected",
  24: "Auto, Did not fire",
  25: "Auto, Fired",
  29: "Auto, Fired, Return not detected",
  31: "Auto, Fired, Return detected",
  32: "No flash function",
  48: "Off, No flash function",
  65: "Fired, Red-eye reduction",
  69: "Fired, Red-eye reduction, Return not detected",
  71: "Fired, Red-eye reduction, Return detected",
  73: "On, Red-eye reduction",
  77: "On, Red-eye reduction, Return not detected",
  79: "On, Red-eye reduction, Return detected",
  80: "Off, Red-eye reduction",
  88: "Auto, Did not fire, Red-eye reduction",
  89: "Auto, Fired, Red-eye reduction",
  93: "Auto, Fired, Red-eye reduction, Return not detected",
  95: "Auto, Fired, Red-eye reduction, Return detected",
};

export const colorSpaces: Lookup = { 1: "sRGB", 2: "Adobe RGB", 65533: "Wide Gamut RGB", 65534: "ICC Profile", 65535: "Uncalibrated" };

export const focalPlaneResolutionUnits: Lookup = { 1: "None", 2: "inches", 3: "cm", 4: "mm", 5: "um" };

export const sensingMethods: Lookup = {
  1: "Not defined",
  2: "One-chip color area",
  3: "Two-chip color area",
  4: "Three-chip color area",
  5: "Color sequential area",
  7: "Trilinear",
  8: "Color sequential linear",
};

export const fileSources: Lookup = {
  1: "Film Scanner",
  2: "Reflection Print Scanner",
  3: "Digital Camera",
  "\u0003\u0000\u0000\u0000": "Sigma Digital Camera",
};

export const sceneTypes: Lookup = { 1: "Directly photographed" };

export const customRenderings: Lookup = {
  0: "Normal",
  1: "Custom",
  2: "HDR (no original saved)",
  3: "HDR (original saved)",
  4: "Original (for HDR)",
  6: "Panorama",
  7: "Portrait HDR",
  8: "Portrait",
};

export const exposureModes: Lookup = { 0: "Auto", 1: "Manual", 2: "Auto bracket" };

export const whiteBalances: Lookup = { 0: "Auto", 1: "Manual" };

export const sceneCaptureTypes: Lookup = { 0: "Standard", 1: "Landscape", 2: "Portrait", 3: "Night", 4: "Other" };

export const gainControls: Lookup = { 0: "None", 1: "Low gain up", 2: "High gain up", 3: "Low gain down", 4: "High gain down" };

export const contrasts: Lookup = { 0: "Normal", 1: "Low", 2: "High" };

export const sharpnesses: Lookup = { 0: "Normal", 1: "Soft", 2: "Hard" };

export const subjectDistanceRanges: Lookup = { 0: "Unknown", 1: "Macro", 2: "Close", 3: "Distant" };

export const compositeImages: Lookup = {
  0: "Unknown",
  1: "Not a Composite Image",
  2: "General Composite Image",
  3: "Composite Image Captured While Shooting",
};

export const componentNames: Lookup = { 0: "-", 1: "Y", 2: "Cb", 3: "Cr", 4: "R", 5: "G", 6: "B" };

export const sampleFormats: Lookup = { 1: "Unsigned", 2: "Signed", 3: "Float", 4: "Undefined", 5: "Complex int", 6: "Complex float" };

export const subfileTypeBits: Lookup = {
  0: "Reduced resolution",
  1: "Single page",
  2: "Transparency mask",
  3: "TIFF/IT final page",
  4: "TIFF-FX mixed raster content",
};

export const gpsLatitudeRefs: Lookup = { N: "North", S: "South" };

export const gpsLongitudeRefs: Lookup = { E: "East", W: "West" };

export const gpsAltitudeRefs: Lookup = {
  0: "Above Sea Level",
  1: "Below Sea Level",
  2: "Positive Sea Level (sea-level ref)",
  3: "Negative Sea Level (sea-level ref)",
};

export const gpsStatuses: Lookup = { A: "Measurement Active", V: "Measurement Void" };

export const gpsMeasureModes: Lookup = { 2: "2-Dimensional Measurement", 3: "3-Dimensional Measurement" };

export const gpsSpeedRefs: Lookup = { K: "km/h", M: "mph", N: "knots" };

export const gpsDirectionRefs: Lookup = { M: "Magnetic North", T: "True North" };

export const gpsDistanceRefs: Lookup = { K: "Kilometers", M: "Miles", N: "Nautical Miles" };

export const gpsDifferentials: Lookup = { 0: "No Correction", 1: "Differential Corrected" };

export const opcodes: Lookup = {
  1: "WarpRectilinear",
  2: "WarpFisheye",
  3: "FixVignetteRadial",
  4: "FixBadPixelsConstant",
  5: "FixBadPixelsList",
  6: "TrimBounds",
  7: "MapTable",
  8: "MapPolynomial",
  9: "GainMap",
  10: "DeltaPerRow",
  11: "DeltaPerColumn",
  12: "ScalePerRow",
  13: "ScalePerColumn",
  14: "WarpRectilinear2",
};

export const developmentTypes = (value: readonly number[]): string => {
  const processings: Lookup = { 1: "Accurate Reproduction", 2: "Small Differences", 4: "Extreme Differences" };
  const settings: Lookup = { 1: "Factory Default Settings", 2: "Not Default Settings", 4: "Unknown Settings" };
  return `${lookup(processings)(value[0] ?? 0)}; ${lookup(settings)(value[1] ?? 0)}`;
};

/** Several values as one text. */
export function joined(separator: string): (value: TagInput) => TagInput {
  return (value) => (Array.isArray(value) || typeof value === "string" ? numberText(value).replaceAll(" ", separator) : value);
}

/** The value followed by its unit, whatever it is. */
export function withUnit(unit: string): (value: TagInput) => string {
  return (value) => numberText(value) + unit;
}

/** Metres; infinite and undefined distances have no unit. */
export function metres(value: TagInput): TagInput {
  const text = numberText(value);
  return text === "inf" || text === "undef" ? text : `${text} m`;
}

/** The first number of the value as `%.{digits}f`, with its unit. */
export function fixedNumber(digits: number, unit = ""): (value: TagInput) => TagInput {
  return (value) => {
    const number = leadingNumber(value);
    return (Number.isFinite(number) ? decimals(number, digits) : numberText(number, true)) + unit;
  };
}

/** F-numbers: one decimal, two below 1. */
export function fNumber(value: TagInput): TagInput {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? decimals(value, value < 1 ? 2 : 1) : value;
}

/** Exposure compensation: `0`, `+1`, `-1/2`, `+2/3`, else three significant digits. */
export function fraction(value: TagInput): TagInput {
  const near = leadingNumber(value) * 1.00001;
  if (!Number.isFinite(near)) return "+Inf";
  if (near === 0) return "0";
  const sign = near < 0 ? "-" : "+";
  for (const part of [1, 2, 3]) {
    const whole = Math.trunc(near * part);
    if (whole / (near * part) > 0.999) return sign + Math.abs(whole) + (part === 1 ? "" : `/${part}`);
  }
  return sign + numberText(Number(Math.abs(near).toPrecision(3)));
}

/** A lookup whose other values are bit masks. */
export function bitmask(table: Lookup, names: Lookup): (value: TagInput) => string {
  const named = bits(names);
  return (value) => textFor(table, numberText(value)) ?? named(value);
}

/** Each of several values looked up for itself. */
export function each(table: Lookup): (value: TagInput) => string {
  const one = lookup(table);
  return (value) => {
    const values = words(value);
    return values.length === 0 ? one("") : [...values.slice(0, 4).map(one), ...values.slice(4)].join("; ");
  };
}

export function componentsConfiguration(value: TagInput): TagInput {
  return words(value)
    .map((component) => textFor(componentNames, component) ?? `Err (${component})`)
    .join(", ");
}

/** `12-20mm f/3.8-4.5` or `50mm f/1.4`: shortest, longest focal length, F-number at each. */
export function lensInfo(value: TagInput): TagInput {
  const text = Array.isArray(value) ? numberText(value) : value;
  const parts = typeof text === "string" ? text.split(" ") : [];
  if (parts.length !== 4 || !parts.every((part) => part === "inf" || part === "undef" || (part !== "" && Number.isFinite(Number(part)))))
    return text;
  const [shortest, longest, wide, tele] = parts.map((part) => (part === "inf" || part === "undef" ? "?" : part));
  const range = (from: string | undefined, to: string | undefined) => (to !== "0" && to !== from ? `${from}-${to}` : `${from}`);
  return `${range(shortest, longest)}mm f/${range(wide, tele)}`;
}

const filterColors = ["Red", "Green", "Blue", "Cyan", "Magenta", "Yellow", "White"];

/** Colour filter arrays: columns, rows, then the colours: `[Red,Green][Green,Blue]`. */
export function cfaColors(value: TagInput): TagInput {
  const numbers = Array.isArray(value) ? value.map(Number) : [];
  const [rows, columns, ...cells] = numbers;
  if (rows === undefined || columns === undefined) return "<truncated data>";
  if (rows === 0 || columns === 0) return "<zero pattern size>";
  if (rows * columns > cells.length) return "<invalid pattern size>";
  let text = "";
  for (let row = 0; row < rows; row++) {
    const line = cells.slice(row * columns, (row + 1) * columns);
    text += `[${line.map((cell) => filterColors[cell] ?? "Unknown").join(",")}]`;
  }
  return text;
}

/** Colours of the planes of a colour filter array. */
export function planeColors(value: TagInput): TagInput {
  return words(value)
    .map((plane) => filterColors.at(leadingNumber(plane)) ?? `Unknown(${plane})`)
    .join(",");
}

/** Degrees as `40 deg 42' 31.34"`. The sign is left to the reference. */
export function degreesMinutesSeconds(value: TagInput): TagInput {
  if (typeof value !== "number") return value;
  const all = Math.abs(value);
  let degrees = Math.floor(all);
  let minutes = Math.floor((all - degrees) * 60);
  let rest = ((all - degrees - minutes / 60) * 3600).toFixed(2);
  if (Number(rest) >= 60) {
    rest = (Number(rest) - 60).toFixed(2);
    if (++minutes >= 60) {
      minutes -= 60;
      degrees++;
    }
  }
  if (Number(rest) === 0) rest = rest.replace("-", "");
  return `${degrees} deg ${minutes}' ${rest}"`;
}

/** A time of day of at most six decimals. */
export function timeStamp(value: TagInput): TagInput {
  if (typeof value !== "string") return value;
  const at = value.lastIndexOf(":");
  const seconds = value.slice(at + 1);
  if (at < 0 || !seconds.includes(".")) return value;
  const rounded = Math.floor(Number(seconds) * 1e6 + 0.5) / 1e6;
  return `${value.slice(0, at)}:${rounded < 10 ? "0" : ""}${numberText(rounded)}`;
}
