/** Fields of ICONDIR and ICONDIRENTRY (Microsoft, "Icons", 1995). Names and texts: ExifTool 13.59 ICO.pm. */
import { Layout, type Row } from "./row.ts";

/** The directory. ExifTool leaves out its type, which the format says. */
export const directoryFields = new Layout([[4, "ImageCount", { read: "int16u" }]]);

/** Zero stands for 256. */
const pixels = { value: (value: number) => value || 256 };

const sizeRows: readonly Row[] = [
  [0, "ImageWidth", pixels],
  [1, "ImageHeight", pixels],
  [2, "NumColors"],
];

export const iconFields = new Layout([
  ...sizeRows,
  [4, "ColorPlanes", { read: "int16u" }],
  [6, "BitsPerPixel", { read: "int16u" }],
  [8, "ImageLength", { read: "int32u" }],
]);

export const cursorFields = new Layout([
  ...sizeRows,
  [4, "HotspotX", { read: "int16u" }],
  [6, "HotspotY", { read: "int16u" }],
  [8, "ImageLength", { read: "int32u" }],
]);
