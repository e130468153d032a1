/** GIF 89a sections 18 (logical screen descriptor) and 26 (application extension). Names and texts as ExifTool 13.59 GIF.pm has them. */
import type { PlainKind } from "../contracts.ts";
import type { Conversion } from "./conversion.ts";

/** Bits of a byte of the logical screen descriptor: `[offset from its start, mask, name, conversion]`. */
export const screenDescriptor: readonly (readonly [offset: number, mask: number, name: string, conversion?: Conversion])[] = [
  [4, 0x80, "HasColorMap", { print: { 0: "No", 1: "Yes" } }],
  [4, 0x70, "ColorResolutionDepth", { value: (raw: number) => raw + 1 }],
  [4, 0x07, "BitsPerPixel", { value: (raw: number) => raw + 1 }],
  [5, 0xff, "BackgroundColor"],
  [6, 0xff, "PixelAspectRatio", { value: (raw: number) => (raw === 0 ? undefined : (raw + 15) / 64) }],
];

/** Numbers of an application extension's data, little-endian: `[offset, size in bytes, name, conversion]`. */
export type ExtensionField = readonly [offset: number, size: 1 | 2, name: string, conversion?: Conversion];

/** By application identifier and authentication code, with `/` between. */
export const extensionFields: ReadonlyMap<string, readonly ExtensionField[]> = new Map(
  Object.entries<readonly ExtensionField[]>({
    "NETSCAPE/2.0": [[1, 2, "AnimationIterations", { print: (times: number) => times || "Infinite" }]],
    "MIDICTRL/Jon": [
      [0, 1, "MIDIControlVersion"],
      [1, 1, "SequenceNumber"],
      [2, 1, "MelodicPolyphony"],
      [3, 1, "PercussivePolyphony"],
      [4, 2, "ChannelUsage", { print: (channels: number) => `0x${channels.toString(16).padStart(4, "0")}` }],
      [6, 2, "DelayTime", { value: (raw: number) => raw / 100, print: (delay: number) => `${delay} s` }],
    ],
  }),
);

/** Application extensions that are one block each: their sub-blocks joined. */
export const extensionBlocks: ReadonlyMap<string, PlainKind> = new Map(
  Object.entries<PlainKind>({
    "ICCRGBG1/012": "icc",
    "C2PA_GIF/": "jumbf",
  }),
);
