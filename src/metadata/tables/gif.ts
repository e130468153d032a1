/** GIF 89a sections 18 (logical screen descriptor) and 26 (application extension). Names and texts as ExifTool 13.59 GIF.pm has them. */
import type { PlainKind } from "../contracts.ts";
import { Layout, Tag } from "./row.ts";

/** The logical screen descriptor, from its start. */
export const screenDescriptor = new Layout([
  [0, "ImageWidth", { read: "int16u" }],
  [2, "ImageHeight", { read: "int16u" }],
  [4, "HasColorMap", { mask: 0x80, print: { 0: "No", 1: "Yes" } }],
  [4, "ColorResolutionDepth", { mask: 0x70, value: (raw: number) => raw + 1 }],
  [4, "BitsPerPixel", { mask: 0x07, value: (raw: number) => raw + 1 }],
  [5, "BackgroundColor"],
  [6, "PixelAspectRatio", { value: (raw: number) => (raw === 0 ? undefined : (raw + 15) / 64) }],
]);

/** What the other blocks say. */
export const gifTags = {
  version: new Tag([0, "GIFVersion"]),
  transparentColor: new Tag([0, "TransparentColor"]),
  comment: new Tag([0, "Comment", { low: true }]),
  text: new Tag([0, "Text"]),
  song: new Tag([0, "MIDISong"]),
  frames: new Tag([0, "FrameCount"]),
  duration: new Tag([0, "Duration", { print: (seconds: number) => `${seconds.toFixed(2)} s` }]),
};

/** Data of application extensions, by application identifier and authentication code, with `/` between. */
export const extensionLayouts: ReadonlyMap<string, Layout> = new Map(
  Object.entries({
    "NETSCAPE/2.0": new Layout([[1, "AnimationIterations", { read: "int16u", print: (times: number) => times || "Infinite" }]]),
    "MIDICTRL/Jon": new Layout([
      [0, "MIDIControlVersion"],
      [1, "SequenceNumber"],
      [2, "MelodicPolyphony"],
      [3, "PercussivePolyphony"],
      [4, "ChannelUsage", { read: "int16u", print: (channels: number) => `0x${channels.toString(16).padStart(4, "0")}` }],
      [6, "DelayTime", { read: "int16u", value: (raw: number) => raw / 100, print: (delay: number) => `${delay} s` }],
    ]),
  }),
);

/** Application extensions that are one block each: their sub-blocks joined. */
export const extensionBlocks: ReadonlyMap<string, PlainKind> = new Map(
  Object.entries<PlainKind>({
    "ICCRGBG1/012": "icc",
    "C2PA_GIF/": "jumbf",
  }),
);
