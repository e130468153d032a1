/** Boxes of movies and their tracks (ISO/IEC 14496-12 sections 8 and 12): names and texts as ExifTool 13.59 QuickTime.pm has them. */

import { type Conversion, type Lookup, lookup } from "./conversion.ts";
import type { FixedField } from "./fixed-fields.ts";

/** Entries of the iTunes item list whose values need no conversion. */
export const itemListNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "\xa9ART": "Artist",
    "\xa9alb": "Album",
    "\xa9aut": "Author",
    "\xa9cmt": "Comment",
    "\xa9com": "Composer",
    "\xa9des": "Description",
    "\xa9enc": "EncodedBy",
    "\xa9gen": "Genre",
    "\xa9grp": "Grouping",
    "\xa9nam": "Title",
    "\xa9too": "Encoder",
    "\xa9wrt": "Composer",
    aART: "AlbumArtist",
    auth: "Author",
    covr: "CoverArt",
    cprt: "Copyright",
    desc: "Description",
    keyw: "Keyword",
    ldes: "LongDescription",
    perf: "Performer",
    titl: "Title",
  }),
);

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

const graphicsMode: Conversion = { print: lookup(graphicsModes, { hex: true }) };

/** Signed 8.8 fixed point. */
const balance: Conversion = { value: (raw: number) => Math.round((raw / 256) * 1000) / 1000 };

/** `vmhd` */
export const videoHeader: readonly FixedField[] = [
  [4, "GraphicsMode", "u16", graphicsMode],
  [6, "OpColor", "u16", undefined, { count: 3 }],
];

/** `smhd` */
export const audioHeader: readonly FixedField[] = [[4, "Balance", "i16", balance]];

/** `hmhd` */
export const hintHeader: readonly FixedField[] = [
  [4, "MaxPDUSize", "u16"],
  [6, "AvgPDUSize", "u16"],
  [8, "MaxBitrate", "u32", { print: bitrate }],
  [12, "AvgBitrate", "u32", { print: bitrate }],
];

/** `gmin`, of QuickTime's general media. */
export const generalMedia: readonly FixedField[] = [
  [0, "GenMediaVersion", "u8"],
  [1, "GenFlags", "u8", undefined, { count: 3 }],
  [4, "GenGraphicsMode", "u16", graphicsMode],
  [6, "GenOpColor", "u16", undefined, { count: 3 }],
  [12, "GenBalance", "i16", balance],
];

/** `btrt` */
export const bitRates: readonly FixedField[] = [
  [0, "BufferSize", "u32", undefined, { low: true }],
  [4, "MaxBitrate", "u32", undefined, { low: true }],
  [8, "AverageBitrate", "u32", undefined, { low: true }],
];

/** Unsigned 16.16 fixed point. */
const fixedPoint: Conversion = { value: (raw: number) => fixed32(raw) };

/** A sample entry of sound, from the start of its box. */
export const audioSampleEntry: readonly FixedField[] = [
  [24, "AudioChannels", "u16"],
  [26, "AudioBitsPerSample", "u16"],
  [32, "AudioSampleRate", "u32", fixedPoint],
];

/** A sample entry of video, from the start of its box. */
export const visualSampleEntry: readonly FixedField[] = [
  [32, "SourceImageWidth", "u16"],
  [34, "SourceImageHeight", "u16"],
  [36, "XResolution", "u32", fixedPoint],
  [40, "YResolution", "u32", fixedPoint],
  [82, "BitDepth", "u16"],
];

/** `tref`: who is referred to for what. */
export const trackReferences: ReadonlyMap<string, string> = new Map(
  Object.entries({
    chap: "ChapterListTrackID",
    tmcd: "TimecodeTrack",
    cdsc: "ContentDescribes",
    clcp: "ClosedCaptionTrack",
    fall: "AlternateFormatTrack",
    folw: "SubtitleTrack",
    forc: "ForcedSubtitleTrack",
    scpt: "TranscriptTrack",
    ssrc: "Non-primarySourceTrack",
    sync: "SyncronizedTrack",
  }),
);

/** `tapt`: sizes of a track, as 16.16 fixed point. */
export const trackApertures: ReadonlyMap<string, string> = new Map(
  Object.entries({
    clef: "CleanApertureDimensions",
    prof: "ProductionApertureDimensions",
    enof: "EncodedPixelsDimensions",
  }),
);

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
