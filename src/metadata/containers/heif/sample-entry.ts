/** Sample descriptions: ISO/IEC 14496-12 section 8.5.2, sample entries of section 12. */

import { decodeText, untilNull } from "../../bytes/text.ts";
import type { ByteWindow } from "../../bytes/window.ts";
import type { Findings, TagGroup } from "../../contracts.ts";
import { type Box, boxes, contentOf } from "../../grammar/box.ts";
import { putFields } from "../../tables/fixed-fields.ts";
import { colourRepresentation, sampleEntryTags } from "../../tables/quicktime.ts";
import { audioSampleEntry, bitRates, cleanAperture, visualSampleEntry, visualTags } from "../../tables/quicktime-media.ts";
import { pascalOrC } from "./handler.ts";

/** Where the boxes within a visual sample entry begin, from its own start. */
const VISUAL_HEADER = 86;

/** Puts the tags of each entry of an `stsd` box, by the handler of its track. */
export function putSampleEntries(window: ByteWindow, stsd: Box, handler: string | undefined, group: TagGroup, found: Findings): void {
  for (const box of boxes(window, { start: stsd.data + 8, end: stsd.end }, found)) {
    if (box.cut) continue;
    const entry = window.sub(box.start, box.end - box.start);
    if (handler === "soun") audio(entry, box, group);
    else if (handler === "vide") visual(window, entry, box, group, found);
    else if (handler === "hint") group.putRow(sampleEntryTags.hint, box.type);
    else if (handler === "meta") group.putRow(sampleEntryTags.meta, box.type);
    else group.putRow(sampleEntryTags.other, box.type);
  }
}

function audio(entry: ByteWindow, box: Box, group: TagGroup): void {
  if (/^[\w ]{4}$/.test(box.type)) group.putRow(sampleEntryTags.audio, box.type);
  const size = entry.size ?? 0;
  if (size >= 24 && box.type !== "mp4s" && entry.u32(20) !== 0) group.putRow(sampleEntryTags.audioVendor, entry.ascii(20, 4));
  putFields(audioSampleEntry, entry, group);
}

function visual(window: ByteWindow, entry: ByteWindow, box: Box, group: TagGroup, found: Findings): void {
  const size = entry.size ?? 0;
  const text = (at: number, length: number) => entry.upTo(at, length);
  group.putRow(sampleEntryTags.compressor, box.type);
  const vendor = untilNull(decodeText(text(20, 4), "latin1"));
  if (vendor !== "") group.putRow(sampleEntryTags.vendor, vendor);
  const compressor = pascalOrC(text(50, 32));
  if (compressor !== "") group.putRow(sampleEntryTags.compressorName, compressor);
  putFields(visualSampleEntry, entry, group);
  if (size <= VISUAL_HEADER) return;
  for (const child of boxes(window, { start: box.start + VISUAL_HEADER, end: box.end }, found)) {
    if (child.cut) continue;
    const content = contentOf(window, child);
    const length = content.size ?? 0;
    if (child.type === "btrt") putFields(bitRates, content, group);
    else if (child.type === "pasp" && length >= 8) group.putRow(visualTags.aspect, `${content.u32(0)}:${content.u32(4)}`);
    else if (child.type === "gama" && length >= 4) group.putRaw(visualTags.gamma, content.u32(0));
    else if (child.type === "colr" && length >= 4) {
      group.putRow(visualTags.profiles, content.ascii(0, 4));
      putFields(colourRepresentation, content, group);
    } else if (child.type === "clap") putFields(cleanAperture, content, group);
  }
}
