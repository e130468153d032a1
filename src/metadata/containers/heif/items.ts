/**
 * Items of a meta box: ISO/IEC 14496-12 sections 8.11.3 (iloc), 8.11.4 (pitm), 8.11.6 (iinf), 8.11.12 (iref), 8.11.14 (iprp, ipma).
 * What ISO/IEC 23008-12 (HEIF) builds on: which item is the image, what describes it, where its bytes lie.
 */

import { numberKey } from "../../bytes/number-key.ts";
import { decodeText } from "../../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../../bytes/window.ts";
import type { Findings } from "../../contracts.ts";
import { type Box, boxes } from "../../grammar/box.ts";

/** Work and memory of an item, an extent, and a number in a list. */
const [ITEM_STEPS, EXTENT_STEPS, NUMBER_STEPS] = [30, 6, 3];
const [ITEM_BYTES, EXTENT_BYTES, NUMBER_BYTES] = [256, 64, 16];

export interface Extent {
  /** 1-based, into the `iloc` references of the item; for construction method 2. */
  readonly index: number;
  readonly offset: number;
  /** 0: all of it. */
  readonly length: number;
}

export interface Item {
  readonly id: number;
  /** FourCC: `hvc1`, `Exif`, `mime` … Absent in entries of version 0 and 1. */
  type?: string;
  name?: string;
  contentType?: string;
  contentEncoding?: string;
  protected?: boolean;
  /** 0 file, 1 the meta box's idat, 2 another item. */
  constructionMethod?: number;
  /** Other than 0: the bytes lie in another file. */
  dataReference?: number;
  baseOffset?: number;
  extents?: readonly Extent[];
  /** 1-based numbers of properties in ipco, in the order in which they apply. */
  properties?: readonly number[];
}

export interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/** The items of one meta box. */
export class Items {
  readonly references: Reference[] = [];
  primary: number | undefined;
  /** The content of the item data box. */
  idat: ByteRange | undefined;
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #byId = new Map<string, Item>();
  readonly #bySource = new Map<string, Reference[]>();

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
  }

  get all(): Iterable<Item> {
    return this.#byId.values();
  }

  /** The item of this number, if there is one. */
  known(id: number): Item | undefined {
    return this.#byId.get(numberKey(id));
  }

  /** The item of this number, made if there is none. */
  item(id: number): Item {
    const key = numberKey(id);
    let item = this.#byId.get(key);
    if (item === undefined) {
      this.#found.budget.step(ITEM_STEPS);
      this.#found.budget.keep(ITEM_BYTES);
      item = { id };
      this.#byId.set(key, item);
    }
    return item;
  }

  /** Items by rising id. */
  sorted(): Item[] {
    return [...this.#byId.values()].sort((a, b) => a.id - b.id);
  }

  /** What `from` refers to by references of this type. */
  refersTo(from: number, type: string): readonly number[] {
    const references = this.#bySource.get(numberKey(from)) ?? [];
    this.#found.budget.step(references.length);
    const referred = references.filter((reference) => reference.type === type).flatMap(({ to }) => to);
    this.#found.budget.step(referred.length);
    return referred;
  }

  /** 8.11.4; false where the box is too short. */
  pitm(box: Box): boolean {
    const length = box.end - box.data;
    const wide = length > 0 && this.#window.u8(box.data) > 0;
    if (length < (wide ? 8 : 6)) {
      this.#found.warn("TRUNCATED", "the primary item box is cut", box.start);
      return false;
    }
    this.primary = wide ? this.#window.u32(box.data + 4) : this.#window.u16(box.data + 4);
    return true;
  }

  /** 8.11.6 */
  iinf(box: Box): void {
    if (box.end - box.data < 6) return;
    const start = box.data + (this.#window.u8(box.data) === 0 ? 6 : 8);
    for (const entry of boxes(this.#window, { start, end: box.end }, this.#found))
      if (entry.type === "infe" && !entry.cut) this.#infe(entry);
  }

  #infe(box: Box): void {
    const window = this.#window;
    const { data, end } = box;
    if (end - data < 8) return;
    const version = window.u8(data);
    if (version > 3) {
      this.#found.warn("MALFORMED", `item information of version ${version} is not known`, box.start);
      return;
    }
    const wide = version === 3 ? 2 : 0;
    const item = this.item(wide ? window.u32(data + 4) : window.u16(data + 4));
    item.protected = window.u16(data + 6 + wide) !== 0;
    let at = data + 8 + wide;
    const text = (): string => {
      const bytes = window.bytes(Math.min(at, end), Math.max(0, end - at));
      const zero = bytes.indexOf(0);
      at += zero < 0 ? bytes.length : zero + 1;
      return decodeText(zero < 0 ? bytes : bytes.subarray(0, zero), "utf-8");
    };
    if (version < 2) {
      item.name = text();
      item.contentType = text();
      item.contentEncoding = text();
      return;
    }
    if (at + 4 > end) return;
    item.type = window.ascii(at, 4);
    at += 4;
    item.name = text();
    if (item.type === "mime") {
      item.contentType = text();
      item.contentEncoding = text();
    }
  }

  /** 8.11.3 */
  iloc(box: Box): void {
    const window = this.#window;
    const { data, end } = box;
    if (end - data < 8) return;
    const version = window.u8(data);
    const sizes = window.u16(data + 4);
    const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version > 0 ? sizes & 15 : 0];
    const fields = new Fields(window, data + 6, end);
    const count = version < 2 ? fields.take(2) : fields.take(4);
    for (let i = 0; i < count && !fields.past; i++) {
      this.#found.budget.step(ITEM_STEPS);
      const id = fields.take(version < 2 ? 2 : 4);
      const method = version > 0 ? fields.take(2) & 15 : 0;
      const dataReference = fields.take(2);
      const baseOffset = fields.take(baseSize);
      const extentCount = fields.take(2);
      const extents: Extent[] = [];
      for (let j = 0; j < extentCount && !fields.past; j++) {
        this.#found.budget.step(EXTENT_STEPS);
        this.#found.budget.keep(EXTENT_BYTES);
        extents.push({
          index: indexSize > 0 ? fields.take(indexSize) : 1,
          offset: fields.take(offsetSize),
          length: fields.take(lengthSize),
        });
        // Extents without a field are all the same.
        if (indexSize + offsetSize + lengthSize === 0) break;
      }
      if (fields.past) break;
      Object.assign(this.item(id), { constructionMethod: method, dataReference, baseOffset, extents });
    }
    if (fields.past) this.#found.warn("TRUNCATED", "the item locations are cut", box.start);
  }

  /** 8.11.12 */
  iref(box: Box): void {
    const window = this.#window;
    if (box.end - box.data < 4) return;
    const size = window.u8(box.data) === 0 ? 2 : 4;
    for (const entry of boxes(window, { start: box.data + 4, end: box.end }, this.#found)) {
      const fields = new Fields(window, entry.data, entry.end);
      const from = fields.take(size);
      const count = fields.take(2);
      if (fields.past || entry.cut) continue;
      const to: number[] = [];
      for (let i = 0; i < count; i++) {
        this.#found.budget.step(NUMBER_STEPS);
        this.#found.budget.keep(NUMBER_BYTES);
        const id = fields.take(size);
        if (fields.past) {
          this.#found.warn("TRUNCATED", `the references '${entry.type}' of item ${from} are cut`, entry.start);
          break;
        }
        to.push(id);
      }
      const reference = { type: entry.type, from, to };
      this.references.push(reference);
      const key = numberKey(from);
      const known = this.#bySource.get(key);
      if (known === undefined) this.#bySource.set(key, [reference]);
      else known.push(reference);
    }
  }

  /** 8.11.14 */
  ipma(box: Box): void {
    const window = this.#window;
    if (box.end - box.data < 8) return;
    const [wideId, wideIndex] = [window.u8(box.data) > 0, (window.u8(box.data + 3) & 1) === 1];
    const fields = new Fields(window, box.data + 4, box.end);
    const count = fields.take(4);
    for (let i = 0; i < count && !fields.past; i++) {
      this.#found.budget.step(ITEM_STEPS);
      const id = fields.take(wideId ? 4 : 2);
      const associations = fields.take(1);
      const properties: number[] = [];
      for (let j = 0; j < associations && !fields.past; j++) {
        this.#found.budget.step(NUMBER_STEPS);
        this.#found.budget.keep(NUMBER_BYTES);
        properties.push(fields.take(wideIndex ? 2 : 1) & (wideIndex ? 0x7fff : 0x7f));
      }
      if (!fields.past) this.item(id).properties = properties;
    }
    if (fields.past) this.#found.warn("TRUNCATED", "the item property associations are cut", box.start);
  }

  /** Where an item's bytes lie in the file, in order; undefined where that cannot be said. */
  rangesOf(item: Item, depth = 0): ByteRange[] | undefined {
    if (item.extents === undefined || item.extents.length === 0 || (item.dataReference ?? 0) !== 0) return undefined;
    const base = item.baseOffset ?? 0;
    if (item.constructionMethod === 2) return this.#withinItems(item, item.extents, base, depth);
    const within = item.constructionMethod === 1 ? this.idat : { start: 0, end: this.#window.size ?? Number.MAX_SAFE_INTEGER };
    if (within === undefined) return undefined;
    this.#found.budget.step(EXTENT_STEPS * item.extents.length);
    return item.extents.map(({ offset, length }) => {
      const start = Math.min(within.start + base + offset, within.end);
      return { start, end: length === 0 ? within.end : Math.min(start + length, within.end) };
    });
  }

  /** Construction method 2: each extent is a part of an item that an `iloc` reference names. */
  #withinItems(item: Item, extents: readonly Extent[], base: number, depth: number): ByteRange[] | undefined {
    if (depth >= 4) return undefined;
    const sources = this.refersTo(item.id, "iloc");
    const ranges: ByteRange[] = [];
    for (const { index, offset, length } of extents) {
      this.#found.budget.step(EXTENT_STEPS);
      const source = this.known(sources[Math.max(1, index) - 1] ?? -1);
      const parts = source === undefined ? undefined : this.rangesOf(source, depth + 1);
      if (parts === undefined) return undefined;
      let [skip, left] = [base + offset, length === 0 ? Number.MAX_SAFE_INTEGER : length];
      for (const part of parts) {
        this.#found.budget.step(EXTENT_STEPS);
        const start = Math.min(part.start + skip, part.end);
        const end = Math.min(start + left, part.end);
        skip -= start - part.start;
        left -= end - start;
        if (end > start) ranges.push({ start, end });
      }
    }
    return ranges;
  }
}

/** Fields of any width, one after the other, big-endian. Past the end they are 0 and `past` says so. */
class Fields {
  past = false;
  readonly #window: ByteWindow;
  readonly #end: number;
  #at: number;

  constructor(window: ByteWindow, at: number, end: number) {
    this.#window = window;
    this.#at = at;
    this.#end = end;
  }

  take(size: number): number {
    const at = this.#at;
    this.#at += size;
    if (this.past || this.#at > this.#end || (size > 2 && size !== 4 && size !== 8)) {
      this.past = true;
      return 0;
    }
    if (size === 0) return 0;
    if (size === 1) return this.#window.u8(at);
    if (size === 2) return this.#window.u16(at);
    return size === 4 ? this.#window.u32(at) : Number(this.#window.u64(at));
  }
}
