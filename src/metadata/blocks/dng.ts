/** Blocks within tags of DNG 1.7 and of Windows' stitched panoramas. Fields: ExifTool 13.59 DNG.pm and Microsoft.pm. */
import { latin1 } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { type FixedField, putFields } from "../tables/fixed-fields.ts";

const dynamicRangeFields: readonly FixedField[] = [
  [0, "PDRVersion", "u16"],
  [2, "DynamicRange", "u16", { 0: "Standard", 1: "High" }],
  [4, "HintMaxOutputValue", "f32"],
];

const stitchFields: readonly FixedField[] = [
  [0, "PanoramicStitchVersion", "u32"],
  [4, "PanoramicStitchCameraMotion", "u32", { 2: "Rigid Scale", 3: "Affine", 4: "3D Rotation", 5: "Homography" }],
  [
    8,
    "PanoramicStitchMapType",
    "u32",
    {
      0: "Perspective",
      1: "Horizontal Cylindrical",
      2: "Horizontal Spherical",
      257: "Vertical Cylindrical",
      258: "Vertical Spherical",
    },
  ],
  [12, "PanoramicStitchTheta0", "f32"],
  [16, "PanoramicStitchTheta1", "f32"],
  [20, "PanoramicStitchPhi0", "f32"],
  [24, "PanoramicStitchPhi1", "f32"],
];

const sequenceFields: readonly FixedField[] = [
  [0, "SeqIndex", "u32"],
  [4, "SeqCount", "u32"],
  [8, "SeqFinal", "u8", { 0: "No", 1: "Yes" }],
];

/** ProfileDynamicRange (0xcd47). */
export const dngDynamicRange: Decoder<"dng-dynamic-range"> = {
  kind: "dng-dynamic-range",
  decode({ data }, found) {
    putFields(dynamicRangeFields, data, found.tags.group("DNG"));
  },
};

/** ImageSequenceInfo (0xcd44): three texts that end at U+0000, then numbers. */
export const dngImageSequence: Decoder<"dng-image-sequence"> = {
  kind: "dng-image-sequence",
  decode({ data }, found) {
    const bytes = data.rest();
    const group = found.tags.group("DNG");
    let at = 0;
    for (const name of ["SeqID", "SeqType", "SeqFrameInfo"]) {
      if (at >= bytes.length) return;
      const end = bytes.indexOf(0, at);
      const past = end < 0 ? bytes.length : end;
      group.put(name, latin1(bytes.subarray(at, past)));
      at = past + 1;
    }
    if (at < bytes.length) putFields(sequenceFields, data.sub(at), group);
  },
};

/** StitchInfo (0x4748), little-endian in every file. */
export const microsoftStitch: Decoder<"microsoft-stitch"> = {
  kind: "microsoft-stitch",
  decode({ data }, found) {
    putFields(stitchFields, data, found.tags.group("Microsoft"), true);
  },
};
