/** The item list of iTunes metadata, as ISO base media files carry it. Layout and names: ExifTool 13.59 QuickTime.pm. */
import { decodeText } from "../../bytes/text.ts";
import type { ByteWindow } from "../../bytes/window.ts";
import type { Findings, TagInput } from "../../contracts.ts";
import { type Box, boxes } from "../../grammar/box.ts";
import { itemList } from "../../tables/quicktime-media.ts";

/** Puts the tags of an `ilst` box: each entry holds `data` boxes. */
export function putItemList(window: ByteWindow, list: Box, found: Findings, track?: string): void {
  for (const entry of boxes(window, { start: list.data, end: list.end }, found)) {
    const tag = itemList.first(entry.type);
    if (tag === undefined || entry.cut) continue;
    for (const box of boxes(window, { start: entry.data, end: entry.end }, found)) {
      if (box.type !== "data" || box.cut || box.end - box.data < 8) continue;
      const value = readValue(window.u32(box.data), window.bytes(box.data + 8, box.end - box.data - 8));
      found.group(track ?? "ItemList").putRaw(tag, value);
    }
  }
}

/** The value by the type that the data box names: text in UTF-8 or UTF-16, integers of either sign, floating point, else bytes. */
function readValue(type: number, bytes: Uint8Array): TagInput {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  switch (type) {
    case 1:
    case 4:
      return decodeText(bytes, "utf-8").replace(/\0$/, "");
    case 2:
    case 5:
      return decodeText(bytes, "utf-16be").replace(/\0$/, "");
    case 0x15:
    case 0x16:
    case 0: {
      const signed = type === 0x15;
      if (length === 1) return signed ? view.getInt8(0) : view.getUint8(0);
      if (length === 2) return signed ? view.getInt16(0) : view.getUint16(0);
      if (length === 4 && type !== 0) return signed ? view.getInt32(0) : view.getUint32(0);
      if (length === 8 && type !== 0) return signed ? view.getBigInt64(0) : view.getBigUint64(0);
      return bytes;
    }
    case 0x17:
      return length >= 4 ? view.getFloat32(0) : bytes;
    case 0x18:
      return length >= 8 ? view.getFloat64(0) : bytes;
    default:
      return bytes;
  }
}
