/**
 * FlashPix extensions in APP2 of JPEG: Exif 2.2 section 4.7.3. A contents list names storages and streams; stream data follow
 * in further segments. The block is the payloads joined.
 */
import { indexOfBytes, joined, viewOf } from "../bytes/arrays.ts";
import { decodeText } from "../bytes/text.ts";
import { ByteWindow } from "../bytes/window.ts";
import type { Decoder, Findings, TagGroup } from "../contracts.ts";
import { readProperties } from "../grammar/property-set.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { commonProperties, extensionProperty, previewProperties, streamTags } from "../tables/flashpix.ts";

/** Kinds of segments. */
const CONTENTS = 1;
const STREAM = 2;
/** Bytes before stream data: signature, version, kind, index, offset. */
const STREAM_HEADER = 13;
/** What Fujifilm puts before a preview. */
const FUJI_HEADER = 47;
/** FlashPix's own header of an extension's stream. */
const EXTENSION_HEADER = 28;
/** The index that Fujifilm gives to a preview without a contents list. */
const FUJI_PREVIEW = 512;
const STORAGE = 0xffffffff;
const JPEG_START = [0xff, 0xd8, 0xff] as const;
/** Work of a segment or of an entry of the contents list. */
const SEGMENT_STEPS = 20;

interface Stream {
  readonly name: string;
  readonly size: number;
  readonly parts: Uint8Array[];
  length: number;
  done: boolean;
}

export const flashpix: Decoder<"flashpix"> = {
  kind: "flashpix",
  decode({ data, context: { lengths } }, found) {
    data.need({ start: 0, end: data.size ?? 0 });
    const group = found.tags.group("FlashPix");
    let streams: Stream[] = [];
    let preview = 0;
    let at = 0;
    for (const length of lengths) {
      found.budget.step(SEGMENT_STEPS);
      const segment = data.sub(at, length);
      at += length;
      const size = segment.size ?? 0;
      if (size < STREAM_HEADER) {
        found.warn("TRUNCATED", `a FlashPix segment of ${size} bytes`, at - length);
        continue;
      }
      const kind = segment.u8(6);
      if (kind === CONTENTS) streams = contents(segment, size, found);
      if (kind !== STREAM) continue;
      const index = segment.u16(7);
      const stream = streams[index];
      if (stream !== undefined) extend(stream, segment, group, found);
      else if (index === FUJI_PREVIEW && size > STREAM_HEADER + FUJI_HEADER && (preview > 0 || isJpeg(segment, size))) {
        preview += size - STREAM_HEADER - FUJI_HEADER;
      }
    }
    // One that is shorter than announced is read all the same.
    for (const stream of streams) if (!stream.done && stream.length > 0) give(stream, group, found);
    if (preview > 0) group.putRow(streamTags.preview, { bytes: preview });
  },
};

function isJpeg(segment: ByteWindow, size: number): boolean {
  const at = STREAM_HEADER + FUJI_HEADER;
  return size > at + 4 && segment.u32(at) === 0xffd8ffdb;
}

/** The contents list: size, default byte, path in little-endian UTF-16 with its end; a storage has its class after that. */
function contents(segment: ByteWindow, size: number, found: Findings): Stream[] {
  const count = segment.u16(7);
  const bytes = segment.bytes(0, size);
  const view = viewOf(bytes);
  const streams: Stream[] = [];
  let at = 9;
  for (let i = 0; i < count && at + 9 <= size; i++) {
    found.budget.step(SEGMENT_STEPS);
    const start = at + 5;
    let end = start;
    while (end + 1 < size && view.getUint16(end, true) !== 0) end += 2;
    found.budget.step((end - start) / 4);
    const length = view.getUint32(at);
    if (bytes[start] !== 0x2f || end + 1 >= size) {
      found.warn("MALFORMED", "a stream of the FlashPix contents list has no name", at);
      return [];
    }
    const path = decodeText(bytes.subarray(start, end), "utf-16le");
    streams.push({ name: path.slice(path.lastIndexOf("/") + 1), size: length, parts: [], length: 0, done: false });
    at = end + 2 + (length === STORAGE ? 16 : 0);
  }
  return streams;
}

function extend(stream: Stream, segment: ByteWindow, group: TagGroup, found: Findings): void {
  if (stream.done) return;
  const bytes = segment.rest(STREAM_HEADER);
  // The offset of a stream's first part is often wrong.
  const overlap = stream.length === 0 ? 0 : stream.length - segment.u32(9);
  const isPlausible = overlap >= 0 && overlap <= bytes.length;
  if (!isPlausible) found.warn("MALFORMED", "the offset of FlashPix stream data is wrong");
  const part = isPlausible ? bytes.subarray(overlap) : bytes;
  found.budget.touch(part.length);
  found.budget.keep(part.length);
  stream.parts.push(part);
  stream.length += part.length;
  if (stream.length >= stream.size) give(stream, group, found);
}

function give(stream: Stream, group: TagGroup, found: Findings): void {
  stream.done = true;
  const bytes = joined(stream.parts).subarray(0, stream.size);
  const view = viewOf(bytes);
  stream.parts.length = 0;
  // An instance number or a class may follow the name.
  const name = stream.name.replace(/ \d{6}$|_[0-9a-f]{16}$/, "");
  switch (name) {
    case "\x05Extension List":
      extensionList(bytes, group, found);
      return;
    case "\x05Screen Nail": {
      const nail = withoutHeader(bytes);
      group.putRow(streamTags.screenNail, { bytes: nail.length });
      const jpeg = indexOfBytes(nail, JPEG_START);
      if (jpeg >= 0) group.putRow(streamTags.preview, { bytes: nail.length - jpeg });
      return;
    }
    case "Audio Stream":
      group.putRow(streamTags.audio, { bytes: withoutHeader(bytes).length });
      return;
    case "ICC Profile 0001":
      found.block({ kind: "icc", bytes: bytes.subarray(EXTENSION_HEADER) });
      return;
    case "Preview":
      if (bytes.length > FUJI_HEADER + 3 && view.getUint32(FUJI_HEADER) >>> 8 === 0xffd8ff) {
        group.putRow(streamTags.preview, { bytes: bytes.length - FUJI_HEADER });
      }
      return;
    case "Property":
      putFields(previewProperties, ByteWindow.whole(bytes), group);
  }
}

function withoutHeader(bytes: Uint8Array): Uint8Array {
  return bytes.length > EXTENSION_HEADER ? bytes.subarray(EXTENSION_HEADER) : bytes;
}

function extensionList(bytes: Uint8Array, group: TagGroup, found: Findings): void {
  for (const { id, value } of readProperties(ByteWindow.whole(bytes, undefined, found.budget), found)) {
    const tag = commonProperties.first(id) ?? extensionProperty(id);
    if (tag !== undefined) group.putRaw(tag, value);
  }
}
