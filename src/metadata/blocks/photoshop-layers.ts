/**
 * Layers that Photoshop keeps in a TIFF (tag 37724, ImageSourceData): "Adobe Photoshop TIFF Technical Notes" of March 2002, and
 * "Adobe Photoshop File Formats Specification", Layer and Mask Information Section. Tags as ExifTool 13.59 Photoshop.pm has them.
 */
import { viewOf } from "../bytes/arrays.ts";
import { decodeText, latin1 } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Block, Decoder, Findings, TagInput } from "../contracts.ts";
import { layerFields, wideBlocks } from "../tables/photoshop.ts";

const HEADER = /^Adobe Photoshop Document Data (Block|V0002)\0/;
const HEADER_BYTES = 36;
const SIGNATURE = /^(?:8BIM|8B64)$/;
/** Bytes that are asked for at once. Channels and effects, which are long, are hopped over. */
const AHEAD_BYTES = 32 << 10;
/** A layer's time stands near the start of its metadata. */
const MAX_METADATA_BYTES = 64 << 10;
const LAYER_STEPS = 60;
const INFORMATION_STEPS = 20;

export const photoshopLayers: Decoder<"photoshop-layers"> = {
  kind: "photoshop-layers",
  decode({ data }: Block, found: Findings): void {
    const size = data.size ?? 0;
    data.need({ start: 0, end: Math.min(size, AHEAD_BYTES) });
    const header = size < HEADER_BYTES ? null : HEADER.exec(data.ascii(0, HEADER_BYTES));
    if (header === null) {
      found.warn("MALFORMED", "no Photoshop document data", 0);
      return;
    }
    if (size < HEADER_BYTES + 12) return;
    const littleEndian = !SIGNATURE.test(data.ascii(HEADER_BYTES, 4));
    new DocumentData(data, found, littleEndian, header[1] === "V0002").read(HEADER_BYTES, size);
  },
};

/** A block of a document or of a layer. */
interface Information {
  readonly key: string;
  readonly start: number;
  readonly length: number;
}

class DocumentData {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #littleEndian: boolean;
  /** Lengths of some blocks and of channels have 64 bits. */
  readonly #wide: boolean;
  /** The values of each field, one a layer. */
  readonly #lists = new Map<string, TagInput[]>();

  constructor(window: ByteWindow, found: Findings, littleEndian: boolean, wide: boolean) {
    this.#window = window;
    this.#found = found;
    this.#littleEndian = littleEndian;
    this.#wide = wide;
  }

  read(start: number, end: number): void {
    try {
      for (let at = start; at + 12 <= end; ) {
        const block = this.#information(at, end);
        if (block === undefined) {
          this.#found.warn("MALFORMED", "bytes that are no block of Photoshop document data", at);
          return;
        }
        if (block.start + block.length > end) {
          this.#found.warn("TRUNCATED", `block ${block.key} ends past the document data`, at);
          return;
        }
        if (block.key === "Layr" || block.key === "Lr16") this.#layers(block.start, block.start + block.length);
        at = padded(block.start + block.length, block.length);
      }
    } finally {
      // Also of what was read before damage, or before bytes that were not fetched.
      for (const [key, values] of this.#lists) this.#put(key, values);
    }
  }

  /** The head of the block at `at`; undefined if there is none. */
  #information(at: number, end: number): Information | undefined {
    this.#found.budget.step(INFORMATION_STEPS);
    this.#ahead(at, 16, end);
    if (!SIGNATURE.test(this.#fourCharacters(at))) return undefined;
    const key = this.#fourCharacters(at + 4);
    const isWide = this.#wide && wideBlocks.has(key);
    if (isWide && at + 16 > end) return undefined;
    const length = isWide ? Number(this.#window.u64(at + 8, this.#littleEndian)) : this.#u32(at + 8);
    return { key, start: at + (isWide ? 16 : 12), length };
  }

  #layers(start: number, end: number): void {
    if (start + 2 > end) return;
    this.#ahead(start, 2, end);
    // Negative if the first channel is the transparency of the merged image.
    const signed = (this.#u16(start) << 16) >> 16;
    const count = Math.abs(signed);
    this.#found.tags.group("Photoshop").put("LayerCount", count);
    const before = new Map([...this.#lists].map(([key, list]) => [key, list.length]));
    let at = start + 2;
    for (let index = 0; index < count; index++) {
      const next = this.#layer(at, end, index, before);
      if (next === undefined) {
        this.#found.warn("MALFORMED", `only ${index} of ${count} layers can be read`, at);
        break;
      }
      at = next;
    }
    for (const key of this.#lists.keys()) if (key.length === 4) this.#fill(key, (before.get(key) ?? 0) + count);
  }

  /** Reads the layer record at `at`; returns where the next begins, or undefined if it is damaged. */
  #layer(at: number, end: number, index: number, before: ReadonlyMap<string, number>): number | undefined {
    this.#found.budget.step(LAYER_STEPS);
    if (at + 18 > end) return undefined;
    this.#ahead(at, 18, end);
    this.#add(
      "rectangle",
      [0, 4, 8, 12].map((offset) => this.#u32(at + offset)),
    );
    const blend = at + 18 + (this.#wide ? 10 : 6) * this.#u16(at + 16);
    if (blend + 20 > end) return undefined;
    this.#ahead(blend, 20, end);
    if (this.#fourCharacters(blend) !== "8BIM") return undefined;
    this.#add("blendMode", this.#fourCharacters(blend + 4));
    this.#add("opacity", this.#window.u8(blend + 8));
    this.#add("flags", this.#window.u8(blend + 10));
    const next = blend + 16 + this.#u32(blend + 12);
    const ranges = blend + 20 + this.#u32(blend + 16);
    if (ranges + 4 > end) return undefined;
    this.#ahead(ranges, 4, end);
    const name = ranges + 4 + this.#u32(ranges);
    if (name + 1 > end) return undefined;
    this.#ahead(name, 1, end);
    const length = this.#window.u8(name);
    if (name + 1 + length > end) return undefined;
    this.#ahead(name, 1 + length, end);
    this.#add("layerName", decodeText(this.#window.bytes(name + 1, length), "latin1"));
    const last = Math.min(next, end);
    for (let info = name + ((length + 4) & ~3); info + 12 <= last; ) {
      const block = this.#information(info, last);
      if (block === undefined || block.start + block.length > last) break;
      if (layerFields.first(block.key) !== undefined) {
        this.#fill(block.key, (before.get(block.key) ?? 0) + index);
        this.#add(block.key, this.#value(block));
      }
      info = padded(block.start + block.length, block.length);
    }
    return next;
  }

  #value({ key, start, length }: Information): TagInput {
    const wanted = Math.min(length, key === "shmd" ? MAX_METADATA_BYTES : this.#found.budget.limits.textBytes);
    this.#ahead(start, wanted, start + length);
    switch (key) {
      case "lclr":
        return length < 2 ? "" : this.#u16(start);
      case "lsct":
        return length < 4 ? "" : this.#u32(start);
      case "shmd":
        return layerTime(this.#window.bytes(start, wanted), this.#littleEndian);
      default: {
        if (length < 4) return "";
        const bytes = this.#window.bytes(start + 4, Math.min(2 * this.#u32(start), wanted - 4));
        return decodeText(bytes, this.#littleEndian ? "utf-16le" : "utf-16be");
      }
    }
  }

  #add(key: string, raw: TagInput): void {
    this.#list(key).push(layerFields.first(key)?.standsFor(raw, this.#littleEndian) ?? raw);
  }

  /** Layers without a value have an empty one, so that each list has one value a layer. */
  #fill(key: string, length: number): void {
    const list = this.#list(key);
    this.#found.budget.step(Math.max(0, length - list.length));
    while (list.length < length) list.push(key === "lsct" ? 0 : "");
  }

  #list(key: string): TagInput[] {
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = [];
      this.#lists.set(key, list);
    }
    return list;
  }

  #put(key: string, values: readonly TagInput[]): void {
    const tag = layerFields.first(key);
    if (tag !== undefined) this.#found.group("Photoshop").putRow(tag, values);
  }

  #ahead(at: number, size: number, end: number): void {
    if (!this.#window.has(at, at + size)) this.#window.need({ start: at, end: Math.min(end, at + Math.max(size, AHEAD_BYTES)) });
  }

  #fourCharacters(at: number): string {
    const text = this.#window.ascii(at, 4);
    return this.#littleEndian ? [...text].reverse().join("") : text;
  }

  #u16(at: number): number {
    return this.#window.u16(at, this.#littleEndian);
  }

  #u32(at: number): number {
    return this.#window.u32(at, this.#littleEndian);
  }
}

/** Blocks end at a multiple of four bytes from their start. */
function padded(end: number, length: number): number {
  return end + (-length & 3);
}

/** When a layer was changed: seconds since 1970, as a double behind its name. Empty if it does not say. */
function layerTime(metadata: Uint8Array, littleEndian: boolean): string {
  const text = latin1(metadata);
  const at = text.indexOf("layerTime");
  if (at < 0 || at + 21 > text.length || !/^(?:doub|buod)$/.test(text.slice(at + 9, at + 13))) return "";
  const seconds = Math.trunc(viewOf(metadata).getFloat64(at + 13, littleEndian) + 1e-6);
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : `${date.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ")}+00:00`;
}
