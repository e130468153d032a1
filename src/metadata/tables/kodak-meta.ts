/** Kodak's "Meta" directories in APP3 of JPEG, as ExifTool 13.59 Kodak.pm names them. */

import type { TagInput } from "../contracts.ts";
import { exifText } from "./exif-values.ts";
import { type How, Table } from "./row.ts";

/** Eight bytes that name the encoding, then the text, as in Exif's UserComment. */
const name = { print: (stored: TagInput) => (typeof stored === "string" ? exifText(stored, false) : stored) };

const encoded: How = { read: "undef", value: exifText };

const effects = new Table([
  [0, "DigitalEffectsVersion"],
  [1, "DigitalEffectsName", name],
  [2, "DigitalEffectsType"],
]);

const borders = new Table([
  [0, "BordersVersion"],
  [1, "BorderName", name],
  [2, "BorderID"],
  [3, "BorderLocation"],
  [4, "BorderType"],
  [8, "WatermarkType"],
]);

export const metaTags = new Table([
  [0xc350, "FilmProductCode"],
  [0xc351, "ImageSourceEK"],
  [0xc352, "CaptureConditionsPAR"],
  [0xc353, "CameraOwner", encoded],
  [0xc354, "SerialNumber", encoded],
  [0xc355, "UserSelectGroupTitle"],
  [0xc356, "DealerIDNumber"],
  [0xc357, "CaptureDeviceFID"],
  [0xc358, "EnvelopeNumber"],
  [0xc359, "FrameNumber"],
  [0xc35a, "FilmCategory"],
  [0xc35b, "FilmGencode"],
  [0xc35c, "ModelAndVersion"],
  [0xc35d, "FilmSize"],
  [0xc35e, "SBA_RGBShifts"],
  [0xc35f, "SBAInputImageColorspace"],
  [0xc360, "SBAInputImageBitDepth"],
  [0xc361, "SBAExposureRecord", { binary: true }],
  [0xc362, "UserAdjSBA_RGBShifts", { binary: true }],
  [0xc363, "ImageRotationStatus"],
  [0xc364, "RollGuidElements"],
  [0xc365, "MetadataNumber"],
  [0xc366, "EditTagArray"],
  [0xc367, "Magnification"],
  [0xc36c, "NativeXResolution"],
  [0xc36d, "NativeYResolution"],
  [0xc36e, "KodakEffectsIFD", { directory: { name: "KodakEffectsIFD", table: () => effects } }],
  [0xc36f, "KodakBordersIFD", { directory: { name: "KodakBordersIFD", table: () => borders } }],
  [0xc37a, "NativeResolutionUnit"],
  [0xc418, "SourceImageDirectory"],
  [0xc419, "SourceImageFileName"],
  [0xc41a, "SourceImageVolumeName"],
  [0xc46c, "PrintQuality"],
  [0xc46e, "ImagePrintStatus"],
]);
