/** Photoshop image resources: "Adobe Photoshop File Formats Specification", Image Resource Blocks. Big-endian. */
import { hex } from "../bytes/hex.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Block, Decoder, Findings, TagGroup } from "../contracts.ts";
import { putConverted } from "../tables/conversion.ts";
import { putFields } from "../tables/fixed-fields.ts";
import {
  CHANNEL_OPTIONS,
  channelFields,
  copyrightFlags,
  noOrYes,
  PROGRESSIVE,
  progressiveScans,
  resourceBlocks,
  resourceLayouts,
} from "../tables/photoshop.ts";
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
      if (signature === "8BIM") resource(id, block, start, end, found);
      at = end + ((end - start) & 1);
    }
  },
};

function resource(id: number, { data, context: { iptc } }: Block<"photoshop">, start: number, end: number, found: Findings): void {
  const kind = resourceBlocks.get(id);
  if (kind !== undefined) {
    const at = [{ start, end }];
    if (kind === "iptc") found.block({ kind, at, context: { standing: iptc } });
    else if (kind === "exif") found.block({ kind, at, context: { holder: "other", iptc: beneath(iptc) } });
    else found.block({ kind, at });
    return;
  }
  const group = found.tags.group("Photoshop");
  const content = data.sub(start, end - start);
  const layout = resourceLayouts[id];
  if (layout !== undefined) putFields(layout, content, group);
  switch (id) {
    case 0x0406:
      if (end - start >= 6 && content.u16(2) === PROGRESSIVE) putConverted(group, "ProgressiveScans", content.u16(4), progressiveScans);
      return;
    case 0x03ee:
      group.put("AlphaChannelsNames", pascalStrings(content.rest(), found));
      return;
    case 0x0409:
    case 0x040c:
      thumbnail(id, content, group, found);
      return;
    case 0x040a: {
      const bytes = content.rest();
      found.budget.step(bytes.length);
      const flags = [...bytes];
      putConverted(group, "CopyrightFlag", flags.length === 1 ? (flags[0] ?? 0) : flags, copyrightFlags);
      return;
    }
    case 0x040b:
      group.put("URL", decodeText(content.rest(), "utf-8"));
      return;
    case 0x041a:
      slices(content, group);
      return;
    case 0x041b:
      group.put("WorkflowURL", unicodeString(content, 0)?.text ?? "<err>");
      return;
    case 0x041e:
      group.put("URL_List", urls(content, found));
      return;
    case 0x0421:
      versionInfo(content, group);
      return;
    case 0x0425:
      group.put("IPTCDigest", hex(content.rest()));
      return;
    case 0x0435:
      channels(content, found);
      return;
    case 0x0bb7: {
      const bytes = content.rest();
      group.put("ClippingPathName", pascalStrings(bytes.subarray(0, (bytes[0] ?? 0) + 1), found));
    }
  }
}

/** Of 0x0409 the JPEG has its colours in the order blue, green, red: no browser shows it right. */
function thumbnail(id: number, content: ByteWindow, group: TagGroup, found: Findings): void {
  const length = (content.size ?? 0) - THUMBNAIL_HEADER;
  if (length < 0) return;
  group.put(id === 0x0409 ? "PhotoshopBGRThumbnail" : "PhotoshopThumbnail", { bytes: length });
  const { offsetInObject } = content;
  if (id === 0x0409 || offsetInObject === undefined || length < 4 || content.u32(0) !== 1) return;
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
  group.put("SlicesGroupName", name.text);
  if (name.end + 4 <= (content.size ?? 0)) group.put("NumSlices", content.u32(name.end));
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
  putConverted(group, "HasRealMergedData", content.u8(4), noOrYes);
  const writer = unicodeString(content, 5);
  if (writer === undefined) return;
  group.put("WriterName", writer.text);
  const reader = unicodeString(content, writer.end);
  if (reader !== undefined) group.put("ReaderName", reader.text);
}

function channels(content: ByteWindow, found: Findings): void {
  const size = content.size ?? 0;
  for (let i = 0, at = 4; at + CHANNEL_OPTIONS <= size; i++, at += CHANNEL_OPTIONS) {
    putFields(channelFields, content.sub(at, CHANNEL_OPTIONS), found.tags.group(`Channel${i}`));
  }
}
