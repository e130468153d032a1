/** Blocks within tags of DNG 1.7 and of Windows' stitched panoramas. Fields: ExifTool 13.59 DNG.pm and Microsoft.pm. */
import { latin1 } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { Layout } from "../tables/row.ts";

const dynamicRangeFields = new Layout([
  [0, "PDRVersion", { read: "int16u" }],
  [2, "DynamicRange", { read: "int16u", print: { 0: "Standard", 1: "High" } }],
  [4, "HintMaxOutputValue", { read: "float" }],
]);

const stitchFields = new Layout([
  [0, "PanoramicStitchVersion", { read: "int32u" }],
  [4, "PanoramicStitchCameraMotion", { read: "int32u", print: { 2: "Rigid Scale", 3: "Affine", 4: "3D Rotation", 5: "Homography" } }],
  [
    8,
    "PanoramicStitchMapType",
    {
      read: "int32u",
      print: {
        0: "Perspective",
        1: "Horizontal Cylindrical",
        2: "Horizontal Spherical",
        257: "Vertical Cylindrical",
        258: "Vertical Spherical",
      },
    },
  ],
  [12, "PanoramicStitchTheta0", { read: "float" }],
  [16, "PanoramicStitchTheta1", { read: "float" }],
  [20, "PanoramicStitchPhi0", { read: "float" }],
  [24, "PanoramicStitchPhi1", { read: "float" }],
]);

const sequenceFields = new Layout([
  [0, "SeqIndex", { read: "int32u" }],
  [4, "SeqCount", { read: "int32u" }],
  [8, "SeqFinal", { print: { 0: "No", 1: "Yes" } }],
]);

/** ProfileDynamicRange (0xcd47). */
export const dngDynamicRange: Decoder = {
  kind: "dng-dynamic-range",
  decode({ data }, found) {
    putFields(dynamicRangeFields, data, found.tags.group("DNG"));
  },
};

/** ImageSequenceInfo (0xcd44): three texts that end at U+0000, then numbers. */
export const dngImageSequence: Decoder = {
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
export const microsoftStitch: Decoder = {
  kind: "microsoft-stitch",
  decode({ data }, found) {
    putFields(stitchFields, data, found.tags.group("Microsoft"), true);
  },
};
