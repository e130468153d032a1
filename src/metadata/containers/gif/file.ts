/** The blocks of a GIF: the GIF 89a specification. Sections are those of its text; XMP as the XMP specification part 3 section 1.1.2 puts it. */
import { joined } from "../../bytes/arrays.ts";
import { decodeText, latin1 } from "../../bytes/text.ts";
import { type ByteRange, ByteWindow } from "../../bytes/window.ts";
import type { Findings, TagGroup } from "../../contracts.ts";
import { putFields } from "../../tables/fixed-fields.ts";
import { extensionBlocks, extensionLayouts, gifTags, screenDescriptor } from "../../tables/gif.ts";

/**
 * Blocks that begin below this are walked through; beyond it lie frames, and their number is only looked for on request.
 * A GIF's metadata stand before its first frame or, in a small one, before its end.
 */
const HORIZON = 64 << 10;

/** Of one extension: more than 16 MiB, where they are full. */
const MOST_SUB_BLOCKS = 65_536;

const BLOCK_STEPS = 20;
/** Memory of the place of a sub-block. */
const SUB_BLOCK_BYTES = 64;

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

export function readGif(window: ByteWindow, found: Findings): void {
  const walk = new GifWalk(window, found);
  try {
    walk.run();
  } finally {
    walk.conclude();
  }
}

class GifWalk {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #tags: TagGroup;
  #frames = 0;
  /** Hundredths of a second. */
  #duration = 0;
  #transparent = false;
  #loops = false;
  /** Stopped at the horizon: frames may follow that were not counted. */
  #stopped = false;

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
    this.#tags = found.tags.group("GIF");
  }

  run(): void {
    const window = this.#window;
    const found = this.#found;
    let at = this.#screen();
    for (;;) {
      found.budget.step(BLOCK_STEPS);
      const { size } = window;
      if (size !== undefined && at >= size) {
        found.warn("TRUNCATED", "the file ends before its trailer", size);
        return;
      }
      this.#stopped = !found.thorough && at >= HORIZON;
      if (this.#stopped) return;
      const label = this.#byte(at);
      let next: number | undefined;
      if (label === IMAGE) next = this.#image(at);
      else if (label === EXTENSION) next = this.#extension(at);
      else {
        if (label !== TRAILER) found.warn("MALFORMED", `no block begins with ${label}`, at);
        return;
      }
      if (next === undefined) return;
      at = next;
    }
  }

  conclude(): void {
    const found = this.#found;
    if (!this.#stopped) {
      if (this.#frames > 1) this.#tags.putRow(gifTags.frames, this.#frames);
      if (this.#duration > 0) this.#tags.putRow(gifTags.duration, this.#duration / 100);
      if (this.#frames > 0) found.fact("frames", this.#frames);
    }
    if (!this.#stopped || this.#frames > 1 || this.#loops) found.fact("animated", this.#frames > 1 || (this.#stopped && this.#loops));
    if (!this.#stopped || this.#transparent) found.fact("hasAlpha", this.#transparent);
  }

  /** Sections 17 to 19: header, logical screen descriptor, global colour table. */
  #screen(): number {
    const window = this.#window;
    const found = this.#found;
    this.#tags.putRow(gifTags.version, window.ascii(3, 3));
    const [width, height, flags] = [window.u16(6, true), window.u16(8, true), window.u8(10)];
    putFields(screenDescriptor, window.sub(6, 7), this.#tags, true);
    found.fact("width", width);
    found.fact("height", height);
    found.fact("bitsPerSample", (flags & 7) + 1);
    found.fact("channels", 1);
    return 13 + colourTable(flags);
  }

  /** Section 20 to 22: image descriptor, local colour table, pixels. */
  #image(at: number): number | undefined {
    this.#frames++;
    const flags = this.#byte(at + 9);
    return this.#pastSubBlocks(at + 11 + colourTable(flags));
  }

  /** Sections 23 to 26. */
  #extension(at: number): number | undefined {
    const label = this.#byte(at + 1);
    const length = this.#byte(at + 2);
    if (label === 0xfe) return this.#comment(at + 2);
    if (label === 0xf9 && length === 4) this.#control(at + 3);
    if (label === 0xff && length === 11) return this.#application(at);
    if (label === 0x01 && length === 12) return this.#text(at + 15);
    return this.#pastSubBlocks(at + 2);
  }

  #comment(at: number): number | undefined {
    const blocks = this.#subBlocks(at);
    if (blocks === undefined) return undefined;
    const text = this.#textOf(blocks.ranges, at);
    // The first comment counts.
    if (text !== "") this.#found.group("File").putRaw(gifTags.comment, text);
    return blocks.next;
  }

  #text(at: number): number | undefined {
    const blocks = this.#subBlocks(at);
    if (blocks !== undefined) this.#tags.putRow(gifTags.text, this.#textOf(blocks.ranges, at));
    return blocks?.next;
  }

  #control(at: number): void {
    const flags = this.#byte(at);
    this.#duration += this.#byte(at + 1) | (this.#byte(at + 2) << 8);
    if ((flags & 1) === 0) return;
    this.#transparent = true;
    this.#tags.putRow(gifTags.transparentColor, this.#byte(at + 3));
  }

  #application(at: number): number | undefined {
    this.#byte(at + 13);
    const id = this.#window.ascii(at + 3, 8);
    const code = this.#window.ascii(at + 11, 3);
    const name = `${id}/${code}`.replaceAll(/[\0-\x1f]/g, "");
    const data = at + 14;
    const blocks = this.#subBlocks(data);
    if (blocks === undefined) return undefined;
    const { ranges, next } = blocks;
    const kind = extensionBlocks.get(name);
    const layout = extensionLayouts.get(name);
    if (name === "XMP Data/XMP") this.#xmp(data, next - 1);
    else if (kind !== undefined && ranges.length > 0) this.#found.block({ kind, at: ranges });
    else if (name === "MIDISONG/Dm7")
      this.#tags.putRow(gifTags.song, { bytes: ranges.reduce((sum, { start, end }) => sum + end - start, 0) });
    else if (layout !== undefined) {
      this.#loops ||= name === "NETSCAPE/2.0";
      putFields(layout, ByteWindow.whole(this.#joined(ranges)), this.#tags, true);
    }
    return next;
  }

  /** The packet lies there as it is, its text taken for sub-blocks; a magic trailer of falling numbers leads every walk to its end. */
  #xmp(start: number, end: number): void {
    const bytes = this.#window.bytes(start, end - start);
    this.#found.budget.step(bytes.length >> 4);
    const text = latin1(bytes);
    const wrapper = /<\?xpacket end=['"][wr]['"]\?>/.exec(text);
    const zero = bytes.indexOf(0);
    const length = wrapper !== null ? wrapper.index + wrapper[0].length : zero >= 0 ? zero : bytes.length;
    this.#found.block({ kind: "xmp", at: [{ start, end: start + length }] });
  }

  /** Section 15: the data sub-blocks from the first length byte on, and where the next block begins; undefined where the file ends. */
  #subBlocks(at: number): { ranges: ByteRange[]; next: number } | undefined {
    const ranges: ByteRange[] = [];
    const { size } = this.#window;
    for (let length = at; ; ) {
      this.#found.budget.step();
      const count = size !== undefined && length >= size ? undefined : this.#byte(length);
      const end = length + 1 + (count ?? 0);
      if (count === undefined || (size !== undefined && end > size)) {
        this.#found.warn("TRUNCATED", "the file ends within an extension", size);
        return undefined;
      }
      if (count === 0) return { ranges, next: end };
      if (ranges.length === MOST_SUB_BLOCKS) {
        this.#found.warn("LIMIT_EXCEEDED", `an extension has more than ${MOST_SUB_BLOCKS} sub-blocks`, at);
        return undefined;
      }
      this.#found.budget.keep(SUB_BLOCK_BYTES);
      ranges.push({ start: length + 1, end });
      length = end;
    }
  }

  /** Where the next block begins, or undefined beyond the horizon or the end of the file. */
  #pastSubBlocks(at: number): number | undefined {
    const { size } = this.#window;
    for (let length = at; size === undefined || length < size; ) {
      this.#found.budget.step();
      this.#stopped = !this.#found.thorough && length >= HORIZON;
      if (this.#stopped) return undefined;
      const count = this.#byte(length);
      length += 1 + count;
      if (count === 0) return length;
    }
    this.#found.warn("TRUNCATED", "the file ends within a block", size);
    return undefined;
  }

  /** The data of a text extension, cut at the limit. */
  #textOf(ranges: readonly ByteRange[], at: number): string {
    const { textBytes } = this.#found.budget.limits;
    const bytes = this.#joined(ranges);
    if (bytes.length > textBytes) this.#found.warn("LIMIT_EXCEEDED", `text of ${bytes.length} bytes is cut at ${textBytes}`, at);
    return decodeText(bytes.subarray(0, textBytes), "utf-8");
  }

  #joined(ranges: readonly ByteRange[]): Uint8Array {
    return joined(ranges.map(({ start, end }) => this.#window.bytes(start, end - start)));
  }

  /** A byte; where it is not there, what the walk will come to is asked for with it. */
  #byte(at: number): number {
    const window = this.#window;
    if (!window.has(at, at + 1)) {
      const end = this.#found.thorough ? Number.MAX_SAFE_INTEGER : at < HORIZON ? HORIZON : at + HORIZON;
      if (window.size !== undefined) window.need({ start: at, end });
    }
    return window.u8(at);
  }
}

function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * (2 << (flags & 7)) : 0;
}
