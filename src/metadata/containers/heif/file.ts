/**
 * The boxes of a HEIF or AVIF file: ISO/IEC 23008-12 over ISO/IEC 14496-12, AV1 Image File Format 1.1, MIAF (ISO/IEC 23000-22).
 * C2PA in a `uuid` box: C2PA 2.1 section A.4.
 */
import { hex } from "../../bytes/hex.ts";
import { type ByteRange, type ByteWindow, MissingBytes } from "../../bytes/window.ts";
import type { Findings } from "../../contracts.ts";
import { attempt } from "../../grammar/attempt.ts";
import { type Box, boxes } from "../../grammar/box.ts";
import { fileTags } from "../../tables/quicktime.ts";
import { HEAD_BYTES } from "../container.ts";
import { brandedFormat } from "./brands.ts";
import { MetaBox } from "./meta.ts";
import { Movie } from "./movie.ts";

/** Bytes that are asked for where the next box begins beyond what was read: what comes after the pixels is small, unless it is all there is. */
const AHEAD = 8 << 10;
const AHEAD_TO_META = 64 << 10;
/** After the pixels, a rest of so few bytes holds nothing that is looked for here: it is not worth a request. */
const REST = 16;
/** A meta or movie box up to this size is fetched whole; headers are hopped to in a larger one. */
const WHOLE = 4 << 20;

const XMP = "be7acfcb97a942e89c71999491e3afac";
const C2PA = "d8fec3d61b0e483c92975828877ec481";

export function readHeif(window: ByteWindow, found: Findings): void {
  new File(window, found).parse();
}

class File {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #missing: ByteRange[] = [];
  #described = false;

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
  }

  parse(): void {
    const window = this.#window;
    const top = { start: 0, end: window.size ?? Number.MAX_SAFE_INTEGER };
    const heic = brandedFormat(window.upTo(0, HEAD_BYTES))?.format === "HEIC";
    let movie: Movie | undefined;
    attempt(this.#found, this.#missing, () => {
      for (const box of boxes(window, top, this.#found)) {
        this.#described ||= box.type === "meta" || box.type === "moov";
        if (box.type === "moov" && !box.cut) movie = this.#movie(box);
        else attempt(this.#found, this.#missing, () => this.#box(box, heic));
        const rest = (window.size ?? Number.MAX_SAFE_INTEGER) - box.end;
        if (box.type === "mdat" && rest > 0 && rest <= REST) break;
        this.#ahead(box.end);
      }
    });
    movie?.state();
    // Without a sequence it is a still image.
    if (movie === undefined && this.#missing.length === 0) this.#found.fact("animated", false);
    if (this.#missing.length > 0) throw new MissingBytes(this.#missing);
  }

  /** The header of the next box, with what is likely to follow. */
  #ahead(at: number): void {
    const { size } = this.#window;
    const end = size === undefined ? at + 16 : Math.min(at + 16, size);
    if (end > at && !this.#window.has(at, end)) this.#window.need({ start: at, end: at + (this.#described ? AHEAD : AHEAD_TO_META) });
  }

  #box(box: Box, heic: boolean): void {
    const group = this.#found.tags.group("QuickTime");
    switch (box.type) {
      case "ftyp":
        this.#fileType(box);
        return;
      case "meta":
        this.#whole(box);
        new MetaBox(this.#window, this.#found).parse({ start: box.data + 4, end: box.end }, { root: true, heic });
        return;
      case "mdat":
        group.putRow(fileTags.dataSize, box.end - box.data + (box.cut ? this.#announced(box) : 0));
        group.putRow(fileTags.dataOffset, box.data);
        return;
      case "mpvd":
        if (!box.cut) group.putRow(fileTags.motionPhoto, { bytes: box.end - box.data });
        return;
      case "uuid":
        this.#uuid(box);
        return;
      case "SEAL":
        if (!box.cut) this.#found.block({ kind: "seal", at: [{ start: box.data, end: box.end }] });
        return;
    }
  }

  /** How much more than is there the box says it has. */
  #announced(box: Box): number {
    const size = this.#window.u32(box.start);
    const length = size === 1 ? Number(this.#window.u64(box.start + 8)) : size;
    return box.start + length - box.end;
  }

  /** ISO/IEC 14496-12 section 4.3 */
  #fileType(box: Box): void {
    const window = this.#window;
    const size = box.end - box.data;
    if (size < 8) {
      this.#found.warn("TRUNCATED", "the file type box has no brand", box.start);
      return;
    }
    const group = this.#found.tags.group("QuickTime");
    group.putRow(fileTags.brand, window.ascii(box.data, 4));
    group.putRow(
      fileTags.version,
      [window.u16(box.data + 4), window.u8(box.data + 6), window.u8(box.data + 7)].map((n) => n.toString(16)).join("."),
    );
    const list: string[] = [];
    for (let at = box.data + 8; at + 4 <= box.end; at += 4) {
      this.#found.budget.step();
      const brand = window.ascii(at, 4);
      if (!brand.includes("\0")) list.push(brand);
    }
    if (size > 8) group.putRow(fileTags.brands, list);
  }

  #uuid(box: Box): void {
    const size = box.end - box.data;
    if (box.cut || size < 24) return;
    const uuid = hex(this.#window.bytes(box.data, 16));
    if (uuid === XMP) this.#found.block({ kind: "xmp", at: [{ start: box.data + 16, end: box.end }] });
    if (uuid !== C2PA) return;
    const purpose = this.#window.ascii(box.data + 20, Math.min(9, size - 20));
    if (purpose === "manifest\0" && size > 37) this.#found.block({ kind: "jumbf", at: [{ start: box.data + 37, end: box.end }] });
    else if (purpose.startsWith("merkle\0") && size > 27) this.#found.block({ kind: "cbor", at: [{ start: box.data + 27, end: box.end }] });
  }

  #movie(box: Box): Movie | undefined {
    let movie: Movie | undefined;
    attempt(this.#found, this.#missing, () => {
      this.#whole(box);
      movie = new Movie(this.#window, this.#found);
      movie.parse(box);
    });
    return movie;
  }

  #whole(box: Box): void {
    if (box.end - box.data <= WHOLE) this.#window.need({ start: box.data, end: box.end });
  }
}
