/**
 * Payloads that span several JPEG segments, put in order: ICC.1:2022 annex B.4, ISO 16684-3 section 3.1.3 (extended XMP),
 * ISO 19566-5 annex D (JUMBF).
 */
import { joined } from "../../bytes/arrays.ts";
import { latin1 } from "../../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../../bytes/window.ts";
import type { Findings } from "../../contracts.ts";
import { AHEAD, rangeOf, type Segment } from "./segments.ts";

/** Signature, number of this part, number of all parts. */
const PROFILE_HEADER = 14;

/** The parts of an ICC profile, by their number. */
export class ProfileParts {
  readonly #parts = new Map<number, ByteRange[]>();
  #total = -1;
  #count = 0;
  #done = false;

  /** Adds a part, and gives the block once it is whole. Returns about how many bytes are to come. */
  add(segment: Segment, number: number, total: number, found: Findings): number {
    if (this.#total < 0) this.#total = total;
    if (this.#done || total !== this.#total) {
      found.warn("MALFORMED", `ICC profile part ${number} of ${total} belongs to no others`, segment.at);
      return 0;
    }
    const same = this.#parts.get(number);
    if (same !== undefined) found.warn("MALFORMED", `ICC profile part ${number} comes twice`, segment.at);
    found.budget.step(same?.length);
    this.#parts.set(number, [...(same ?? []), rangeOf(segment, PROFILE_HEADER)]);
    if (++this.#count >= this.#total) this.#give(found);
    return Math.max(0, this.#total - this.#count) * (segment.end - segment.at);
  }

  /**
   * Writers fill every part but the last. So the first part and the length that the profile states tell where all others lie:
   * where the last is found there, the profile is given without a look at those between, which are mostly tables that nobody asks for.
   * Returns where the last part ends; undefined where it is not so.
   */
  foretell(first: Segment, total: number, window: ByteWindow, found: Findings): number | undefined {
    const { at, data, end } = first;
    if (this.#total >= 0 || total < 3 || end - data < PROFILE_HEADER + 4) return undefined;
    const [stride, filled] = [end - at, end - data - PROFILE_HEADER];
    const length = window.u32(data + PROFILE_HEADER);
    const remaining = length - filled * (total - 1);
    if (remaining < 1 || remaining > filled) return undefined;
    const last = at + stride * (total - 1);
    const lastEnd = last + data - at + PROFILE_HEADER + remaining;
    if (window.size === undefined || lastEnd + 2 > window.size) return undefined;
    window.need([
      { start: last, end: last + data - at + PROFILE_HEADER },
      { start: lastEnd, end: lastEnd + AHEAD },
    ]);
    const isLast =
      window.u16(last) === window.u16(at) &&
      last + 2 + window.u16(last + 2) === lastEnd &&
      window.ascii(last + 4, 12) === "ICC_PROFILE\0" &&
      window.u8(last + 16) === total &&
      window.u8(last + 17) === total &&
      window.u8(lastEnd) === 0xff;
    if (!isLast) return undefined;
    this.#total = this.#count = total;
    for (let number = 1; number <= total; number++) {
      const start = data + PROFILE_HEADER + stride * (number - 1);
      this.#parts.set(number, [{ start, end: number === total ? lastEnd : start + filled }]);
    }
    this.#give(found);
    return lastEnd;
  }

  finish(found: Findings): void {
    if (this.#count > 0 && !this.#done) found.warn("TRUNCATED", `ICC profile: ${this.#count} of ${this.#total} parts are there`);
  }

  #give(found: Findings): void {
    this.#done = true;
    const at = [...this.#parts].sort(([a], [b]) => a - b).flatMap(([, ranges]) => ranges);
    found.block({ kind: "icc", at });
  }
}

/** Signature, GUID of 32 characters, whole size, offset of this part. */
const EXTENDED_XMP_HEADER = 75;

/** A file has one main packet; so many are looked through for the GUID. */
const MOST_MAINS = 16;

interface ExtendedPacket {
  size: number;
  readonly parts: Map<number, ByteRange>;
}

/** Extended XMP: the packets by GUID, their parts by offset. Only the one that the main packet names is given. */
export class ExtendedXmp {
  readonly #packets = new Map<string, ExtendedPacket>();
  readonly #mains: ByteRange[] = [];

  main(range: ByteRange): void {
    if (this.#mains.length < MOST_MAINS) this.#mains.push(range);
  }

  /** Adds a part. Returns how many bytes of the packet are to come. */
  add(segment: Segment, window: ByteWindow, found: Findings): number {
    const { data, end, at } = segment;
    if (end - data <= EXTENDED_XMP_HEADER) {
      found.warn("MALFORMED", "extended XMP segment without a part", at);
      return 0;
    }
    const guid = window.ascii(data + 35, 32);
    if (!/^[A-Za-z0-9]{32}$/.test(guid)) {
      found.warn("MALFORMED", "extended XMP with an invalid GUID", at);
      return 0;
    }
    const size = window.u32(data + 67);
    const packet = this.#packets.get(guid) ?? { size, parts: new Map() };
    if (packet.size !== size) found.warn("MALFORMED", "the parts of extended XMP differ in what size they name", at);
    packet.size = size;
    const offset = window.u32(data + 71);
    const part = rangeOf(segment, EXTENDED_XMP_HEADER);
    packet.parts.set(offset, part);
    this.#packets.set(guid, packet);
    return Math.max(0, size - offset - (part.end - part.start));
  }

  finish(window: ByteWindow, found: Findings): void {
    if (this.#packets.size === 0) return;
    const named = this.#named(window);
    for (const [guid, packet] of this.#packets) {
      if (guid !== named) {
        found.warn("NOT_DECODED", `extended XMP ${guid} is not the one that the main packet names`);
        continue;
      }
      const at: ByteRange[] = [];
      let size = 0;
      for (let part = packet.parts.get(0); part !== undefined && part.end > part.start; part = packet.parts.get(size)) {
        at.push(part);
        size += part.end - part.start;
        if (size >= packet.size) break;
      }
      if (size === packet.size) found.block({ kind: "xmp", at });
      else found.warn("TRUNCATED", `extended XMP: ${size} of ${packet.size} bytes are there`);
    }
  }

  /** `xmpNote:HasExtendedXMP` of the last main packet that has one. */
  #named(window: ByteWindow): string | undefined {
    window.need(this.#mains);
    for (const { start, end } of this.#mains.toReversed()) {
      const match = /HasExtendedXMP\s*(?:=\s*["']|>)\s*([A-Za-z0-9]{32})/.exec(latin1(window.bytes(start, end - start)));
      if (match?.[1] !== undefined) return match[1];
    }
    return undefined;
  }
}

interface PartialBox {
  /** Bytes that are there, the header included. */
  size: number;
  /** Length of the whole box, its header included. */
  readonly length: number;
  readonly headerLength: number;
  readonly parts: Map<number, ByteRange>;
  /** The header, where its bytes must be put right. */
  readonly header?: Uint8Array;
}

/** JUMBF boxes in APP11: joined by box instance number and packet sequence number. */
export class JumbfBoxes {
  readonly #boxes = new Map<string, PartialBox>();

  /** Adds a part. Returns how many bytes of its box are to come. */
  add(segment: Segment, window: ByteWindow, found: Findings): number {
    const { data, end, at } = segment;
    if (end - data < 16) return 0;
    const sequence = window.u32(data + 4);
    const reversed = window.ascii(data + 12, 4) === "bmuj";
    const type = reversed ? "jumb" : window.ascii(data + 12, 4);
    const short = window.u32(data + 8, reversed);
    const long = short === 1 && end - data >= 24;
    const length = long ? Number(window.u64(data + 16)) : short;
    const headerLength = long ? 16 : 8;
    if (length < headerLength) {
      found.warn("MALFORMED", `JUMBF box of ${length} bytes`, at);
      return 0;
    }
    const key = `${window.u16(data + 2)} ${type}`;
    const box = this.#boxes.get(key) ?? {
      size: headerLength,
      length,
      headerLength,
      parts: new Map(),
      ...(reversed ? { header: forward(length) } : {}),
    };
    if (reversed) found.warn("MALFORMED", "the header of a JUMBF box is little-endian", at);
    if (box.parts.has(sequence)) {
      found.warn("MALFORMED", `JUMBF part ${sequence} comes twice`, at);
      return 0;
    }
    const part = rangeOf(segment, 8 + headerLength);
    box.parts.set(sequence, part);
    box.size += part.end - part.start;
    this.#boxes.set(key, box);
    if (box.size === box.length) this.#give(key, box, window, found);
    return Math.max(0, box.length - box.size);
  }

  finish(found: Findings): void {
    for (const [key, { length }] of this.#boxes) found.warn("TRUNCATED", `JUMBF box ${key} of ${length} bytes lacks parts`);
  }

  #give(key: string, box: PartialBox, window: ByteWindow, found: Findings): void {
    const ordered = [...box.parts].sort(([a], [b]) => a - b).map(([, range]) => range);
    const [first] = ordered;
    this.#boxes.delete(key);
    if (first === undefined) return;
    if (box.header === undefined) {
      found.block({ kind: "jumbf", at: [{ start: first.start - box.headerLength, end: first.end }, ...ordered.slice(1)] });
      return;
    }
    window.need(ordered);
    found.block({
      kind: "jumbf",
      bytes: joined([box.header, ...ordered.map(({ start, end }) => window.bytes(start, end - start))]),
    });
  }
}

/** `jumb` */
const JUMB = 0x6a756d62;

/** A box header of 8 bytes in the right order. */
function forward(length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, length);
  header.setUint32(4, JUMB);
  return new Uint8Array(header.buffer);
}
