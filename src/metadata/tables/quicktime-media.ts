/** Boxes of movies and their tracks (ISO/IEC 14496-12 sections 8 and 12): names and texts as ExifTool 13.59 QuickTime.pm has them. */

import { type Lookup, lookup } from "./conversion.ts";
import { type How, Layout, Table, Tag } from "./row.ts";

/** Entries of the iTunes item list whose values need no conversion. */
export const itemList = new Table<string>([
  ["\xa9ART", "Artist"],
  ["\xa9alb", "Album"],
  ["\xa9aut", "Author"],
  ["\xa9cmt", "Comment"],
  ["\xa9com", "Composer"],
  ["\xa9des", "Description"],
  ["\xa9enc", "EncodedBy"],
  ["\xa9gen", "Genre"],
  ["\xa9grp", "Grouping"],
  ["\xa9nam", "Title"],
  ["\xa9too", "Encoder"],
  ["\xa9wrt", "Composer"],
  ["aART", "AlbumArtist"],
  ["auth", "Author"],
  ["covr", "CoverArt"],
  ["cprt", "Copyright"],
  ["desc", "Description"],
  ["keyw", "Keyword"],
  ["ldes", "LongDescription"],
  ["perf", "Performer"],
  ["titl", "Title"],
]);

const graphicsModes: Lookup = {
  0: "srcCopy",
  1: "srcOr",
  2: "srcXor",
  3: "srcBic",
  4: "notSrcCopy",
  5: "notSrcOr",
  6: "notSrcXor",
  7: "notSrcBic",
  8: "patCopy",
  9: "patOr",
  10: "patXor",
  11: "patBic",
  12: "notPatCopy",
  13: "notPatOr",
  14: "notPatXor",
  15: "notPatBic",
  32: "blend",
  33: "addPin",
  34: "addOver",
  35: "subPin",
  36: "transparent",
  37: "addMax",
  38: "subOver",
  39: "addMin",
  49: "grayishTextOr",
  50: "hilite",
  64: "ditherCopy",
  256: "Alpha",
  257: "White Alpha",
  258: "Pre-multiplied Black Alpha",
  272: "Component Alpha",
};

const graphicsMode: How = { read: "int16u", print: lookup(graphicsModes, { hex: true }) };

/** Signed 8.8 fixed point. */
const balance: How = { read: "int16s", value: (raw: number) => Math.round((raw / 256) * 1000) / 1000 };

/** `vmhd` */
export const videoHeader = new Layout([
  [4, "GraphicsMode", graphicsMode],
  [6, "OpColor", { read: "int16u", count: 3 }],
]);

/** `smhd` */
export const audioHeader = new Layout([[4, "Balance", balance]]);

/** `hmhd` */
export const hintHeader = new Layout([
  [4, "MaxPDUSize", { read: "int16u" }],
  [6, "AvgPDUSize", { read: "int16u" }],
  [8, "MaxBitrate", { read: "int32u", print: bitrate }],
  [12, "AvgBitrate", { read: "int32u", print: bitrate }],
]);

/** `gmin`, of QuickTime's general media. */
export const generalMedia = new Layout([
  [0, "GenMediaVersion"],
  [1, "GenFlags", { count: 3 }],
  [4, "GenGraphicsMode", graphicsMode],
  [6, "GenOpColor", { read: "int16u", count: 3 }],
  [12, "GenBalance", balance],
]);

const bitRate: How = { read: "int32u", low: true };

/** `btrt` */
export const bitRates = new Layout([
  [0, "BufferSize", bitRate],
  [4, "MaxBitrate", bitRate],
  [8, "AverageBitrate", bitRate],
]);

/** Unsigned 16.16 fixed point. */
const fixedPoint: How = { read: "int32u", value: (raw: number) => fixed32(raw) };

/** Boxes within a sample entry of video. */
export const visualTags = {
  aspect: new Tag(["pasp", "PixelAspectRatio"]),
  gamma: new Tag(["gama", "Gamma", { value: (raw: number) => fixed32(raw) }]),
  profiles: new Tag(["colr", "ColorProfiles"]),
};

/** `clap`: four rational numbers, the denominator of each behind it. */
export const cleanAperture = new Layout([
  [0, "CleanApertureWidth", { read: "rational64s" }],
  [8, "CleanApertureHeight", { read: "rational64s" }],
  [16, "CleanApertureOffsetX", { read: "rational64s" }],
  [24, "CleanApertureOffsetY", { read: "rational64s" }],
]);

/** A sample entry of sound, from the start of its box. */
export const audioSampleEntry = new Layout([
  [24, "AudioChannels", { read: "int16u" }],
  [26, "AudioBitsPerSample", { read: "int16u" }],
  [32, "AudioSampleRate", fixedPoint],
]);

/** A sample entry of video, from the start of its box. */
export const visualSampleEntry = new Layout([
  [32, "SourceImageWidth", { read: "int16u" }],
  [34, "SourceImageHeight", { read: "int16u" }],
  [36, "XResolution", fixedPoint],
  [40, "YResolution", fixedPoint],
  [82, "BitDepth", { read: "int16u" }],
]);

/** `tref`: who is referred to for what. */
export const trackReferences = new Table<string>([
  ["chap", "ChapterListTrackID"],
  ["tmcd", "TimecodeTrack"],
  ["cdsc", "ContentDescribes", { print: (ids: number | readonly number[]) => `Track ${[ids].flat().join(" ")}` }],
  ["clcp", "ClosedCaptionTrack"],
  ["fall", "AlternateFormatTrack"],
  ["folw", "SubtitleTrack"],
  ["forc", "ForcedSubtitleTrack"],
  ["scpt", "TranscriptTrack"],
  ["ssrc", "Non-primarySourceTrack"],
  ["sync", "SyncronizedTrack"],
]);

const dimensions: How = { value: (sides: number[]) => sides.map(fixed32), print: (sides: number[]) => sides.join("x") };

/** `tapt`: sizes of a track, as 16.16 fixed point. */
export const trackApertures = new Table<string>([
  ["clef", "CleanApertureDimensions", dimensions],
  ["prof", "ProductionApertureDimensions", dimensions],
  ["enof", "EncodedPixelsDimensions", dimensions],
]);

/** 16.16 fixed point, as ExifTool rounds it. */
export function fixed32(raw: number): number {
  return Math.trunc((raw / 0x10000) * 1e5 + (raw > 0 ? 0.5 : -0.5)) / 1e5 + 0;
}

/** Bits a second, in the unit that leaves at most three digits before the point. */
function bitrate(value: number): string {
  const power = Math.min(3, Math.max(0, Math.floor(Math.log10(value) / 3)));
  const rate = value / 1000 ** power;
  return `${rate < 100 ? Number(rate.toPrecision(3)) : rate.toFixed(0)} ${["bps", "kbps", "Mbps", "Gbps"][power]}`;
}
