/** Kodak's "Meta" directories in APP3 of JPEG, as ExifTool 13.59 Kodak.pm names them. */

import type { TagInput } from "../contracts.ts";
import { binary, directoryRows } from "../grammar/tag-directory.ts";
import { exifText } from "./exif-values.ts";

/** Eight bytes that name the encoding, then the text, as in Exif's UserComment. */
const name = { print: (stored: TagInput) => (typeof stored === "string" ? exifText(stored, false) : stored) };

/** Texts that begin with eight bytes that name their encoding. */
export const encodedTexts: Readonly<Record<number, string>> = { 50003: "CameraOwner", 50004: "SerialNumber" };

export const metaRows = directoryRows([
  [0xc350, "FilmProductCode"],
  [0xc351, "ImageSourceEK"],
  [0xc352, "CaptureConditionsPAR"],
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
  [0xc361, "SBAExposureRecord", binary],
  [0xc362, "UserAdjSBA_RGBShifts", binary],
  [0xc363, "ImageRotationStatus"],
  [0xc364, "RollGuidElements"],
  [0xc365, "MetadataNumber"],
  [0xc366, "EditTagArray"],
  [0xc367, "Magnification"],
  [0xc36c, "NativeXResolution"],
  [0xc36d, "NativeYResolution"],
  [0xc37a, "NativeResolutionUnit"],
  [0xc418, "SourceImageDirectory"],
  [0xc419, "SourceImageFileName"],
  [0xc41a, "SourceImageVolumeName"],
  [0xc46c, "PrintQuality"],
  [0xc46e, "ImagePrintStatus"],
]);

/** Directories within, by the tag that points at them. */
export const metaDirectories = {
  50030: {
    group: "KodakEffectsIFD",
    rows: directoryRows([
      [0, "DigitalEffectsVersion"],
      [1, "DigitalEffectsName", name],
      [2, "DigitalEffectsType"],
    ]),
  },
  50031: {
    group: "KodakBordersIFD",
    rows: directoryRows([
      [0, "BordersVersion"],
      [1, "BorderName", name],
      [2, "BorderID"],
      [3, "BorderLocation"],
      [4, "BorderType"],
      [8, "WatermarkType"],
    ]),
  },
} as const;
