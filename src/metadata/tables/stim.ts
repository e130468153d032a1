/** Stereo Still Image format (CIPA DC-006): the directory in APP3 of JPEG, as ExifTool 13.59 Stim.pm names its tags. */
import type { TagInput } from "../contracts.ts";
import { Layout, Table } from "./row.ts";

const millimetres = { print: (value: TagInput) => `${value} mm` };
const viewpoints = { 0: "Left Viewpoint", 1: "Right Viewpoint" };

const crop = (axis: "X" | "Y") =>
  new Layout([
    [0, `Crop${axis}CommonOffset`, { read: "int16u", print: { 0: "Common Offset Setting", 1: "Individual Offset Setting" } }],
    [2, `Crop${axis}ViewpointNumber`],
    [3, `Crop${axis}Offset`, { read: "int32s" }],
    [7, `Crop${axis}ViewpointNumber2`],
    [8, `Crop${axis}Offset2`, { read: "int32s" }],
  ]);

const [cropX, cropY] = [crop("X"), crop("Y")];

export const stimTags = new Table([
  [0, "StimVersion"],
  [1, "ApplicationData", { binary: true }],
  [2, "ImageArrangement", { print: { 0: "Parallel View Alignment", 1: "Cross View Alignment" } }],
  [3, "ImageRotation", { print: { 1: "None" } }],
  [4, "ScalingFactor"],
  [5, "CropXSize"],
  [6, "CropYSize"],
  [7, "CropX", { table: () => cropX }],
  [8, "CropY", { table: () => cropY }],
  [9, "ViewType", { print: { 0: "No Pop-up Effect", 1: "Pop-up Effect" } }],
  [10, "RepresentativeImage", { print: viewpoints }],
  [11, "ConvergenceBaseImage", { print: { ...viewpoints, 255: "Equivalent for Both Viewpoints" } }],
  [12, "AssumedDisplaySize", millimetres],
  [13, "AssumedDistanceView", millimetres],
  [14, "RepresentativeDisparityNear"],
  [15, "RepresentativeDisparityFar"],
  [16, "InitialDisplayEffect", { print: { 0: "Off", 1: "On" } }],
  [17, "ConvergenceDistance", { print: (value: TagInput) => (value ? `${value} mm` : "inf") }],
  [18, "CameraArrangementInterval", millimetres],
  [19, "ShootingCount"],
]);
