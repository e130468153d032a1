/** The meta box: ISO/IEC 14496-12 section 8.11.1. Its items are the images and what is said of them (ISO/IEC 23008-12 section 6). */

import { joined, viewOf } from "../../bytes/arrays.ts";
import { hex } from "../../bytes/hex.ts";
import { decodeText, latin1 } from "../../bytes/text.ts";
import { type ByteRange, type ByteWindow, MissingBytes } from "../../bytes/window.ts";
import type { BlockContent, Findings } from "../../contracts.ts";
import { attempt } from "../../grammar/attempt.ts";
import { type Box, boxes } from "../../grammar/box.ts";
import { metaTags } from "../../tables/quicktime.ts";
import { putHandler } from "./handler.ts";
import { putItemList } from "./item-list.ts";
import { type Item, Items } from "./items.ts";
import { listProperties, putProperties } from "./properties.ts";

/** Canon's mark in the meta box of HIF files. */
const CANON = "85c0b687820f11e08111f4ce462b6a48";

const META_STEPS = 100;

/** Of a block that lies in one piece, so much is asked for before its decoder asks for more itself. */
const FIRST_PART = 64 << 10;

/** What ExifTool's MetaImageSize may be: the item data of a grid are 8 or 12 bytes. */
const LONGEST_LIST = 64 << 10;

export interface MetaPlace {
  /** At the top of the file: its items are the image. */
  readonly root: boolean;
  readonly heic: boolean;
  /** Group of tags where the box lies in a track. */
  readonly track?: string;
}

export class MetaBox {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #items: Items;
  readonly #missing: ByteRange[] = [];

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
    this.#items = new Items(window, found);
    found.budget.step(META_STEPS);
  }

  parse(range: ByteRange, place: MetaPlace): void {
    const found = this.#found;
    let properties: readonly (Box | undefined)[] = [];
    for (const box of boxes(this.#window, range, found)) {
      if (box.cut) continue;
      attempt(found, this.#missing, () => {
        if (box.type === "iprp") properties = this.#iprp(box) ?? properties;
        else this.#box(box, place);
      });
    }
    if (place.root) {
      for (const item of this.#items.sorted()) attempt(found, this.#missing, () => this.#item(item));
      putProperties(this.#window, properties, this.#items, this.#missing, found);
    }
    if (this.#missing.length > 0) throw new MissingBytes(this.#missing);
  }

  #box(box: Box, place: MetaPlace): void {
    const window = this.#window;
    const tags = this.#found.tags;
    switch (box.type) {
      case "hdlr":
        putHandler(window, box, tags.group(place.track ?? "QuickTime"));
        return;
      case "pitm":
        if (this.#items.pitm(box)) tags.group(place.track ?? "Meta").putRow(metaTags.primary, this.#items.primary ?? 0);
        return;
      case "iinf":
        this.#items.iinf(box);
        return;
      case "iloc":
        this.#items.iloc(box);
        return;
      case "iref":
        this.#items.iref(box);
        return;
      case "idat":
        this.#items.idat = { start: box.data, end: box.end };
        if (place.heic) this.#itemData(box);
        return;
      case "ilst":
        putItemList(window, box, this.#found, place.track);
        return;
      case "uuid":
        if (box.end - box.data > 20 && hex(window.bytes(box.data, 16)) === CANON) {
          tags.group("Meta").putRow(metaTags.version, decodeText(window.bytes(box.data + 20, box.end - box.data - 20), "utf-8"));
        }
        return;
    }
  }

  #iprp(box: Box): readonly (Box | undefined)[] | undefined {
    let properties: readonly (Box | undefined)[] | undefined;
    for (const child of boxes(this.#window, { start: box.data, end: box.end }, this.#found)) {
      if (child.cut) continue;
      if (child.type === "ipco") properties = listProperties(this.#window, child, this.#found);
      if (child.type === "ipma") this.#items.ipma(child);
    }
    return properties;
  }

  /** The item data as 16-bit numbers. */
  #itemData(box: Box): void {
    const count = Math.floor((box.end - box.data) / 2);
    if (count === 0 || count > LONGEST_LIST) return;
    this.#found.budget.step(count >> 3);
    const numbers: number[] = [];
    for (let i = 0; i < count; i++) numbers.push(this.#window.u16(box.data + 2 * i));
    this.#found.group("Meta").putRow(metaTags.imageSize, count === 1 ? (numbers[0] ?? 0) : numbers);
  }

  /** Names the block that a metadata item is, or the preview. */
  #item(item: Item): void {
    this.#found.budget.step();
    const kind = kindOf(item);
    if (kind === undefined) return;
    if (item.protected) {
      this.#found.warn("NOT_DECODED", `item ${item.id} (${kind}) is protected`);
      return;
    }
    const ranges = this.#items.rangesOf(item)?.filter(({ start, end }) => end > start);
    const [first] = ranges ?? [];
    if (ranges === undefined || first === undefined) {
      this.#found.warn("MALFORMED", `item ${item.id} (${kind}) has no place in this file`);
      return;
    }
    const coding = encodings.get(item.contentEncoding ?? "");
    if (coding === undefined) {
      this.#found.warn("NOT_DECODED", `item ${item.id} (${kind}) is encoded as ${item.contentEncoding}`);
      return;
    }
    if (kind === "preview") this.#preview(ranges, first);
    else this.#metadata(kind, ranges, first, coding, this.#describesOther(item));
  }

  #metadata(kind: ItemKind, ranges: ByteRange[], first: ByteRange, coding: Coding, other: boolean): void {
    const window = this.#window;
    window.need(ranges.length === 1 ? { start: first.start, end: Math.min(first.end, first.start + FIRST_PART) } : ranges);
    const at = kind === "exif" && coding.encoding === undefined ? pastExifHeader(window, ranges, first) : ranges;
    if (at === undefined) {
      this.#found.warn("MALFORMED", "the offset of the Exif block lies past its end", first.start);
      return;
    }
    const content: BlockContent = { at, ...coding, ...(other ? { priority: "low" } : {}) };
    if (kind === "exif") this.#found.block({ kind, ...content, context: { holder: "HEIF", iptc: "free" } });
    else this.#found.block({ kind, ...content });
  }

  /** It describes items, and the primary one is not among them. */
  #describesOther(item: Item): boolean {
    const { primary } = this.#items;
    const to = [...this.#items.refersTo(item.id, "cdsc"), ...this.#items.refersTo(item.id, "dimg")];
    return primary !== undefined && to.length > 0 && !to.includes(primary);
  }

  /** A JPEG item, for viewers that know no HEVC (annex H of ISO/IEC 23008-12). Canon and Fujifilm write them. */
  #preview(ranges: readonly ByteRange[], first: ByteRange): void {
    const window = this.#window;
    const head = window.upTo(first.start, Math.min(565, first.end - first.start));
    if (head[0] !== 0xff || head[1] !== 0xd8 || head[2] !== 0xff) return;
    const size = jpegSize(head);
    const name = size?.includes(160) ? "ThumbnailImage" : size?.includes(1920) ? "OtherImage" : "PreviewImage";
    const length = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#found.tags.group("File").put(name, { bytes: length });
    if (ranges.length === 1) this.#found.thumbnail({ offset: first.start, length, mimeType: "image/jpeg" });
  }
}

type Coding = Pick<BlockContent, "encoding">;

type ItemKind = "exif" | "xmp" | "jumbf";

/** Content encodings of a mime item: those of HTTP. */
const encodings = new Map<string, Coding>([
  ["", {}],
  ["identity", {}],
  ["deflate", { encoding: "zlib" }],
  ["br", { encoding: "brotli" }],
]);

function kindOf(item: Item): ItemKind | "preview" | undefined {
  switch (item.contentType || item.type) {
    case "Exif":
      return "exif";
    case "application/rdf+xml":
      return "xmp";
    case "application/c2pa":
    case "application/jumbf":
    case "jumb":
      return "jumbf";
    case "jpeg":
      return "preview";
    default:
      return undefined;
  }
}

/** ISO/IEC 23008-12 annex A.2.1: the item begins with the offset of the TIFF header. Some writers leave that out. */
function pastExifHeader(window: ByteWindow, ranges: readonly ByteRange[], first: ByteRange): ByteRange[] | undefined {
  const head = window.upTo(first.start, Math.min(6, first.end - first.start));
  const text = latin1(head);
  let skip = 4 + viewOf(joined([head, new Uint8Array(4)])).getUint32(0);
  if (/^(MM\0\*|II\*\0)/.test(text)) skip = 0;
  else if (text === "Exif\0\0") skip = 6;
  const rest: ByteRange[] = [];
  for (const { start, end } of ranges) {
    const from = Math.min(end, start + skip);
    skip -= from - start;
    if (end > from) rest.push({ start: from, end });
  }
  return rest.length > 0 ? rest : undefined;
}

/** Height and width, where the frame header stands as Fujifilm's cameras put it. */
function jpegSize(head: Uint8Array): number[] | undefined {
  if (head.length < 565 || hex(head.subarray(556, 560)) !== "ffc00011") return undefined;
  const view = viewOf(head);
  return [view.getUint16(561), view.getUint16(563)];
}
