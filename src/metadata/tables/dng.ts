/** Structures within tags of DNG 1.7 and of Windows' stitched panoramas: names and texts as ExifTool 13.59 DNG.pm and Microsoft.pm have them. */
import { Layout, Tag } from "./row.ts";

export const dynamicRangeFields = new Layout([
  [0, "PDRVersion", { read: "int16u" }],
  [2, "DynamicRange", { read: "int16u", print: { 0: "Standard", 1: "High" } }],
  [4, "HintMaxOutputValue", { read: "float" }],
]);

export const stitchFields = new Layout([
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

export const sequenceTexts = ["SeqID", "SeqType", "SeqFrameInfo"].map((name) => new Tag([0xcd44, name]));

export const sequenceFields = new Layout([
  [0, "SeqIndex", { read: "int32u" }],
  [4, "SeqCount", { read: "int32u" }],
  [8, "SeqFinal", { print: { 0: "No", 1: "Yes" } }],
]);
