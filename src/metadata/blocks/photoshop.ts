/** Photoshop image resources: "Adobe Photoshop File Formats Specification", Image Resource Blocks. Big-endian. */
import { hex } from "../bytes/hex.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Block, Decoder, Findings, TagGroup } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import {
  CHANNEL_OPTIONS,
  channelFields,
  PROGRESSIVE,
  type ResourceBlock,
  resourceBlocks,
  resources,
  resourceTags,
} from "../tables/photoshop.ts";
import type { Tag } from "../tables/row.ts";
import { beneath } from "./kinds.ts";

/** What a resource may begin with; all but the first are of other programs, and not known. */
const SIGNATURE = /^(8BIM|PHUT|DCSR|AgHg|MeSa)$/;

/** So much is asked for at once: all that one JPEG segment can hold. */
const SMALL = 64 << 10;

/** Work of a resource or of a text in it. */
const RESOURCE_STEPS = 20;

/** What stands before the JPEG in a thumbnail resource. */
const THUMBNAIL_HEADER = 28;

export const photoshop: Decoder<"photoshop"> = {
  kind: "photoshop",
  decode(block, found) {
    const { data } = block;
    const size = data.size ?? 0;
    data.need({ start: 0, end: Math.min(size, SMALL) });
    for (let at = 0; at + 8 < size; ) {
      found.budget.step(RESOURCE_STEPS);
      const signature = data.ascii(at, 4);
      if (!SIGNATURE.test(signature)) {
        found.warn("MALFORMED", "bytes that are no image resource", at);
        return;
      }
      const id = data.u16(at + 4);
      // The name is padded with its length byte to an even number.
      const length = at + 6 + ((data.u8(at + 6) + 2) & ~1);
      const start = length + 4;
      const end = start > size ? start : start + data.u32(length);
      if (end > size) {
        found.warn("TRUNCATED", `resource 0x${id.toString(16)} ends past the block`, at);
        return;
      }
      const kind = signature === "8BIM" ? resourceBlocks.get(id) : undefined;
      const tag = signature === "8BIM" ? resources.first(id) : undefined;
      if (kind !== undefined) inner(kind, block, { start, end }, found);
      else if (tag !== undefined) resource(tag, data, start, end, found);
      at = end + ((end - start) & 1);
    }
  },
};

/** A resource that is a block of another kind. */
function inner(kind: ResourceBlock, { context: { iptc } }: Block<"photoshop">, range: ByteRange, found: Findings): void {
  const at = [range];
  if (kind === "iptc") found.block({ kind, at, context: { standing: iptc } });
  else if (kind === "exif") found.block({ kind, at, context: { holder: "other", iptc: beneath(iptc) } });
  else found.block({ kind, at });
}

function resource(tag: Tag, data: ByteWindow, start: number, end: number, found: Findings): void {
  const group = found.group("Photoshop");
  const content = data.sub(start, end - start);
  if (tag.table !== undefined) putFields(tag.table(), content, group);
  switch (tag.id) {
    case 0x0406:
      if (end - start >= 6 && content.u16(2) === PROGRESSIVE) group.putRaw(resourceTags.scans, content.u16(4));
      return;
    case 0x03ee:
      group.putRaw(tag, pascalStrings(content.rest(), found));
      return;
    case 0x0409:
    case 0x040c:
      thumbnail(tag, content, group, found);
      return;
    case 0x040a: {
      const bytes = content.rest();
      found.budget.step(bytes.length);
      const flags = [...bytes];
      group.putRaw(tag, flags.length === 1 ? (flags[0] ?? 0) : flags);
      return;
    }
    case 0x040b:
      group.putRaw(tag, decodeText(content.rest(), "utf-8"));
      return;
    case 0x041a:
      slices(content, group);
      return;
    case 0x041b:
      group.putRaw(tag, unicodeString(content, 0)?.text ?? "<err>");
      return;
    case 0x041e:
      group.putRaw(tag, urls(content, found));
      return;
    case 0x0421:
      versionInfo(content, group);
      return;
    case 0x0425:
      group.putRaw(tag, hex(content.rest()));
      return;
    case 0x0435:
      channels(content, found);
      return;
    case 0x0bb7: {
      const bytes = content.rest();
      group.putRaw(tag, pascalStrings(bytes.subarray(0, (bytes[0] ?? 0) + 1), found));
    }
  }
}

/** Of 0x0409 the JPEG has its colours in the order blue, green, red: no browser shows it right. */
function thumbnail(tag: Tag, content: ByteWindow, group: TagGroup, found: Findings): void {
  const length = (content.size ?? 0) - THUMBNAIL_HEADER;
  if (length < 0) return;
  group.putRaw(tag, { bytes: length });
  const { offsetInObject } = content;
  if (tag.id === 0x0409 || offsetInObject === undefined || length < 4 || content.u32(0) !== 1) return;
  found.thumbnail({ offset: offsetInObject + THUMBNAIL_HEADER, length, mimeType: "image/jpeg" });
}

/** Strings of a length byte and Latin-1 text. */
function pascalStrings(bytes: Uint8Array, found: Findings): string {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    found.budget.step(RESOURCE_STEPS);
    const length = bytes[at] ?? 0;
    if (at + length >= bytes.length) break;
    texts.push(decodeText(bytes.subarray(at + 1, at + 1 + length), "latin1"));
    at += length + 1;
  }
  return texts.join(", ");
}

/** A count of 32 bits, then so many UTF-16 units. */
function unicodeString(content: ByteWindow, at: number): { text: string; end: number } | undefined {
  const size = content.size ?? 0;
  if (at + 4 > size) return undefined;
  const end = at + 4 + 2 * content.u32(at);
  return end > size ? undefined : { text: decodeText(content.bytes(at + 4, end - at - 4), "utf-16be"), end };
}

function slices(content: ByteWindow, group: TagGroup): void {
  const name = unicodeString(content, 20);
  if (name === undefined) return;
  group.putRaw(resourceTags.slicesName, name.text);
  if (name.end + 4 <= (content.size ?? 0)) group.putRaw(resourceTags.slices, content.u32(name.end));
}

function urls(content: ByteWindow, found: Findings): string[] {
  const size = content.size ?? 0;
  if (size < 4) return ["<err>"];
  const all: string[] = [];
  const count = content.u32(0);
  // Each with a type and an ID of 32 bits before it.
  for (let at = 4; all.length < count; ) {
    found.budget.step(RESOURCE_STEPS);
    const url = unicodeString(content, at + 8);
    if (url === undefined) break;
    all.push(url.text);
    at = url.end;
  }
  return all;
}

function versionInfo(content: ByteWindow, group: TagGroup): void {
  if ((content.size ?? 0) < 5) return;
  group.putRaw(resourceTags.merged, content.u8(4));
  const writer = unicodeString(content, 5);
  if (writer === undefined) return;
  group.putRaw(resourceTags.writer, writer.text);
  const reader = unicodeString(content, writer.end);
  if (reader !== undefined) group.putRaw(resourceTags.reader, reader.text);
}

function channels(content: ByteWindow, found: Findings): void {
  const size = content.size ?? 0;
  for (let i = 0, at = 4; at + CHANNEL_OPTIONS <= size; i++, at += CHANNEL_OPTIONS) {
    putFields(channelFields, content.sub(at, CHANNEL_OPTIONS), found.tags.group(`Channel${i}`));
  }
}
