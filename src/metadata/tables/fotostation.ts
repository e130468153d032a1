/** The crop in FotoStation's trailer: names as ExifTool 13.59 FotoStation.pm has them. */
import { type How, Layout } from "./row.ts";

const percent: How = { read: "int32s", value: (raw: number) => raw / 1000, print: (value: number) => `${value}%` };

export const softEdit = new Layout([
  [0, "OriginalImageWidth", { read: "int32s" }],
  [4, "OriginalImageHeight", { read: "int32s" }],
  [8, "ColorPlanes", { read: "int32s" }],
  [12, "XYResolution", { read: "int32s", value: (raw: number) => raw / 1000 }],
  [16, "Rotation", { read: "int32s", value: (raw: number) => (raw === 0 ? 0 : 360 - raw / 100) }],
  [24, "CropLeft", percent],
  [28, "CropTop", percent],
  [32, "CropRight", percent],
  [36, "CropBottom", percent],
  [44, "CropRotation", { read: "int32s", value: (raw: number) => (raw === 0 ? 0 : -raw / 100) }],
]);
