/**
 * Tags of Apple's maker notes. Numbers, names and texts: ExifTool 13.59 Apple.pm. Tags that ExifTool gives only if it is asked for
 * unknown ones are left out.
 */
import { decimals } from "../../bytes/numbers.ts";
import type { TagInput } from "../../contracts.ts";
import { leadingNumber, words } from "../../tables/conversion.ts";
import { type Row, Table } from "../../tables/row.ts";
import { propertyList, runTime } from "./property-lists.ts";

const noYes = { 0: "No", 1: "Yes" };

const rows: readonly Row[] = [
  [0x0001, "MakerNoteVersion"],
  [0x0003, "RunTime", { structure: runTime }],
  [0x0004, "AEStable", { print: noYes }],
  [0x0005, "AETarget"],
  [0x0006, "AEAverage"],
  [0x0007, "AFStable", { print: noYes }],
  [0x0008, "AccelerationVector"],
  [0x000a, "HDRImageType", { print: { 3: "HDR Image", 4: "Original Image" } }],
  [0x000b, "BurstUUID"],
  [0x000c, "FocusDistanceRange", { print: distanceRange }],
  [0x000f, "OISMode"],
  [0x0011, "ContentIdentifier"],
  [0x0014, "ImageCaptureType", { print: { 1: "ProRAW", 2: "Portrait", 10: "Photo", 11: "Manual Focus", 12: "Scene" } }],
  [0x0015, "ImageUniqueID"],
  [0x0017, "LivePhotoVideoIndex"],
  [0x001d, "LuminanceNoiseAmplitude"],
  [0x001f, "PhotosAppFeatureFlags"],
  [0x0021, "HDRHeadroom"],
  [0x0023, "AFPerformance", { print: performance }],
  [0x0027, "SignalToNoiseRatio"],
  [0x002b, "PhotoIdentifier"],
  [0x002d, "ColorTemperature"],
  [0x002e, "CameraType", { print: { 0: "Back Wide Angle", 1: "Back Normal", 6: "Front" } }],
  [0x002f, "FocusPosition"],
  [0x0030, "HDRGain"],
  [0x0038, "AFMeasuredDepth"],
  [0x003d, "AFConfidence"],
  [0x0040, "SemanticStyle", { structure: propertyList("SemanticStyle") }],
  [0x0041, "SemanticStyleRenderingVer", { structure: propertyList("SemanticStyleRenderingVer") }],
  [0x0042, "SemanticStylePreset", { structure: propertyList("SemanticStylePreset") }],
];

export const appleTags = new Table(rows);

/** Metres, the nearer first. */
function distanceRange(value: TagInput): string {
  const distances = words(value).map(leadingNumber);
  const [first = 0, second = 0] = distances;
  const [near = 0, far = 0] = first <= second ? distances : distances.toReversed();
  return `${decimals(near, 2)} - ${decimals(far, 2)} m`;
}

/** The second number holds two: of 4 bits and of 28. */
function performance(value: TagInput): string {
  const [first = 0, second = 0] = words(value).map((word) => Math.trunc(leadingNumber(word)));
  // Perl takes a negative number for one of 64 bits.
  const bits64 = BigInt.asUintN(64, BigInt(second));
  return `${first} ${bits64 >> 28n} ${bits64 & 0xfffffffn}`;
}
