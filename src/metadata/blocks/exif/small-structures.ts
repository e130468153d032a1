/**
 * Small structures of TIFF form that are not Exif, each in a segment of JPEG behind its identifier: Multi-Picture Format (CIPA DC-007-2021
 * section 5), Stereo Still Image format (CIPA DC-006), Kodak's "Meta", and EPPIM, which holds Print Image Matching in Toshiba's files.
 */
import { type ByteWindow, PastEnd } from "../../bytes/window.ts";
import type { Decoder, Findings, PlainKind } from "../../contracts.ts";
import { readTiffHeader } from "../../grammar/ifd.ts";
import { eppimTags } from "../../tables/eppim.ts";
import { metaTags } from "../../tables/kodak-meta.ts";
import { mpfTags } from "../../tables/mpf.ts";
import type { Table } from "../../tables/row.ts";
import { stimTags } from "../../tables/stim.ts";
import { DirectoryReader } from "./directories.ts";
import { ImageFacts } from "./image.ts";

export const mpf = small("mpf", "MPF0", mpfTags, 2);
export const stim = small("stim", "Stim", stimTags);
export const kodakMeta = small("kodak-meta", "MetaIFD", metaTags);
export const eppim = small("eppim", "EPPIM", eppimTags);

/** @param most directories, one behind the other */
function small<K extends PlainKind>(kind: K, group: string, table: Table, most = 1): Decoder<K> {
  return { kind, decode: ({ data }, found) => read(data, group, table, most, found) };
}

function read(window: ByteWindow, group: string, table: Table, most: number, found: Findings): void {
  const header = headerOf(window);
  if (header?.magic !== 42) {
    found.warn("MALFORMED", "no TIFF header", 0);
    return;
  }
  const structure = { window, header, holder: "other", iptc: "elsewhere", origin: 0 } as const;
  const reader = new DirectoryReader(structure, found, new ImageFacts(window, "other", found));
  let at = header.firstDirectory;
  for (let i = 0; i < most && at !== 0; i++) at = reader.read(group, at, table);
}

function headerOf(window: ByteWindow): ReturnType<typeof readTiffHeader> {
  try {
    return readTiffHeader(window);
  } catch (thrown) {
    if (thrown instanceof PastEnd) return undefined;
    throw thrown;
  }
}
