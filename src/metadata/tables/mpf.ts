/** Multi-Picture Format (CIPA DC-007-2021): the MP Index IFD, the MP Attribute IFD and the MP Entry. Names as ExifTool 13.59 MPF.pm has them. */

import { bits, type Lookup, lookup } from "./conversion.ts";
import { type How, Layout, Table } from "./row.ts";

const orientations: Lookup = {
  0: "[unused]",
  1: "Start at top right",
  2: "Start at top left",
  3: "Start at bottom left",
  4: "Start at bottom right",
};

const directions: Lookup = {
  1: "Left to right",
  2: "Right to left",
  3: "Top to bottom",
  4: "Bottom to top",
  16: "Clockwise",
  32: "Counter clockwise",
  48: "Zigzag (row start)",
  64: "Zigzag (column start)",
};

/** Rows, columns, where it starts, which way it goes: a byte each. */
const panorama: How = {
  value: (raw: number) => [raw >>> 24, (raw >>> 16) & 0xff, (raw >>> 8) & 0xff, raw & 0xff],
  print: ([rows = 0, columns = 0, start = 0, direction = 0]: readonly number[]) =>
    [`${rows} rows`, `${columns} columns`, lookup(orientations, { hex: true })(start), lookup(directions, { hex: true })(direction)].join(
      "; ",
    ),
};

export const mpfTags = new Table([
  [0xb000, "MPFVersion"],
  [0xb001, "NumberOfImages"],
  [0xb002, "MPEntries", { block: "mp-entries" }],
  [0xb003, "ImageUIDList", { binary: true }],
  [0xb004, "TotalFrames"],
  [0xb101, "MPIndividualNum"],
  [0xb201, "PanOrientation", panorama],
  [0xb202, "PanOverlapH"],
  [0xb203, "PanOverlapV"],
  [0xb204, "BaseViewpointNum"],
  [0xb205, "ConvergenceAngle"],
  [0xb206, "BaselineLength"],
  [0xb207, "VerticalDivergence"],
  [0xb208, "AxisDistanceX"],
  [0xb209, "AxisDistanceY"],
  [0xb20a, "AxisDistanceZ"],
  [0xb20b, "YawAngle"],
  [0xb20c, "PitchAngle"],
  [0xb20d, "RollAngle"],
]);

/** Bytes of one MP entry. */
export const MP_ENTRY = 16;

const imageTypes: Lookup = {
  0: "Undefined",
  65537: "Large Thumbnail (VGA equivalent)",
  65538: "Large Thumbnail (full HD equivalent)",
  65539: "Large Thumbnail (4K equivalent)",
  65540: "Large Thumbnail (8K equivalent)",
  65541: "Large Thumbnail (16K equivalent)",
  131073: "Multi-frame Panorama",
  131074: "Multi-frame Disparity",
  131075: "Multi-angle",
  196608: "Baseline MP Primary Image",
  262144: "Original Preservation Image",
  327680: "Gain Map Image",
};

/** The first word of an entry: what the image is to the others, its format, its type. */
export const mpEntryFields = new Layout([
  [
    0,
    "MPImageFlags",
    {
      read: "int32u",
      mask: 0xf8000000,
      print: bits({ 2: "Representative image", 3: "Dependent child image", 4: "Dependent parent image" }),
    },
  ],
  [0, "MPImageFormat", { read: "int32u", mask: 0x07000000, print: { 0: "JPEG" } }],
  [0, "MPImageType", { read: "int32u", mask: 0x00ffffff, print: lookup(imageTypes, { hex: true }) }],
  [4, "MPImageLength", { read: "int32u" }],
]);

export const mpDependentFields = new Layout([
  [12, "DependentImage1EntryNumber", { read: "int16u" }],
  [14, "DependentImage2EntryNumber", { read: "int16u" }],
]);
