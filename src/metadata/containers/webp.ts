/** WebP: RFC 9649 section 2 for the container, section 3 for the lossless header; RFC 6386 section 9.1 for the lossy one. */

import { latin1 } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Findings, TagGroup } from "../contracts.ts";
import { firstRiffChunk, type RiffChunk, riffChunkAt } from "../grammar/riff.ts";
import { behindPixels, isRest, NEAR, readAhead } from "../grammar/tail.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { alph, anim, vp8, vp8l, vp8x, webpTags } from "../tables/riff.ts";
import type { Layout } from "../tables/row.ts";
import type { Container, Format } from "./container.ts";

/** A chunk's header and that of the picture in it: this much is asked for. */
const AHEAD = 64;

const CHUNK_STEPS = 20;

/** Chunks that may stand behind the frames. */
const BEHIND_FRAMES = ["ANMF", "EXIF", "XMP ", "XMP\0", "ICCP", "C2PA", "SEAL"];

const WEBP: Format = { format: "WEBP", mimeType: "image/webp", extensions: "webp", standard: "RFC 9649, RFC 6386" };

export const webp: Container = {
  name: "webp",
  title: "WebP",
  formats: [WEBP],
  metadata: "Exif, XMP, ICC, C2PA, frames",
  coverage:
    "The frames of an animation are skipped to reach the metadata behind them. Their number is absent if counting them would take a walk " +
    "over the file, except with `--thorough`",
  detect(head) {
    const [riff, form] = [0, 8].map((at) => latin1(head.subarray(at, at + 4)));
    return riff === "RIFF" && form === "WEBP" ? WEBP : undefined;
  },
  parse(window, found) {
    const walk = new WebpWalk(window, found);
    try {
      walk.run();
    } finally {
      walk.conclude();
    }
  },
};

class WebpWalk {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  readonly #tags: TagGroup;
  #extended = false;
  #lossless = false;
  #animated = false;
  #alpha: boolean | undefined;
  #frames = 0;
  /** Milliseconds. */
  #duration = 0;
  /** Some frames were not hopped over. */
  #uncounted = false;

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
    this.#tags = found.tags.group("RIFF");
  }

  run(): void {
    const window = this.#window;
    const found = this.#found;
    for (let at = 12; ; ) {
      found.budget.step(CHUNK_STEPS);
      const { size } = window;
      if (size !== undefined && at + 8 > size) {
        // The padding of the last chunk is missing in some files.
        if (at > size + 1 || at + 1 < size) found.warn("TRUNCATED", "the file ends within a chunk", Math.min(at, size));
        return;
      }
      readAhead(window, at, AHEAD);
      const chunk = riffChunkAt(window, at);
      if (chunk.length === 0 && chunk.id === "\0\0\0\0") {
        found.warn("MALFORMED", "an empty chunk without a name", at);
        return;
      }
      this.#chunk(chunk, size === undefined ? chunk.length : Math.min(chunk.length, size - chunk.data));
      at = this.#next(chunk);
    }
  }

  conclude(): void {
    const found = this.#found;
    const format = `${this.#extended ? "Extended " : ""}WEBP${this.#lossless ? " (lossless)" : ""}`;
    found.fact("format", format);
    found.fact("bitsPerSample", 8);
    if (this.#alpha !== undefined) {
      found.fact("hasAlpha", this.#alpha);
      found.fact("channels", this.#alpha ? 4 : 3);
    }
    found.fact("animated", this.#animated);
    if (this.#frames > 0 && !this.#uncounted) {
      if (this.#animated) found.fact("frames", this.#frames);
      this.#tags.putRow(webpTags.duration, this.#duration / 1000);
    }
  }

  /** `there` is how many bytes of the data the file has. */
  #chunk(chunk: RiffChunk, there: number): void {
    const { id, data, length } = chunk;
    const block = { start: data, end: data + length };
    const cut = there < length;
    switch (id) {
      case "VP8X":
        this.#extended = true;
        this.#fields(vp8x, data, there);
        if (there >= 1) this.#canvas(data, there);
        return;
      case "VP8 ":
        if (there >= 10 && this.#window.u24(data + 3) === 0x9d012a) this.#lossy(data);
        return;
      case "VP8L":
        if (there >= 6 && this.#window.u8(data) === 0x2f) this.#losslessPicture(data);
        return;
      case "ALPH":
        this.#alpha = true;
        this.#fields(alph, data, there);
        return;
      case "ANIM":
        this.#fields(anim, data, there);
        return;
      case "ANMF":
        this.#frames++;
        if (there >= 16) this.#duration += this.#window.u32(data + 12, true) & 0xfff;
        return;
      case "EXIF":
        if (!cut) this.#exif(chunk);
        return;
      case "XMP\0":
      case "XMP ":
        if (id === "XMP\0") this.#found.warn("MALFORMED", "XMP chunk with a wrong name", chunk.at);
        if (!cut) this.#found.block({ kind: "xmp", at: [block] });
        return;
      case "ICCP":
        if (!cut) this.#found.block({ kind: "icc", at: [block] });
        return;
      case "C2PA":
        if (!cut) this.#found.block({ kind: "jumbf", at: [block] });
        return;
      case "SEAL":
        if (!cut) this.#found.block({ kind: "seal", at: [block] });
        return;
    }
  }

  #fields(layout: Layout, data: number, there: number): void {
    putFields(layout, this.#window.sub(data, there), this.#tags, true);
  }

  /** Section 2.7. */
  #canvas(data: number, there: number): void {
    const flags = this.#window.u8(data);
    this.#animated ||= (flags & 0x02) !== 0;
    this.#alpha ??= (flags & 0x10) !== 0;
    if (there < 10) return;
    this.#found.fact("width", this.#window.u24(data + 4, true) + 1);
    this.#found.fact("height", this.#window.u24(data + 7, true) + 1);
  }

  #lossy(data: number): void {
    this.#fields(vp8, data, 10);
    this.#alpha ??= false;
    this.#found.fact("width", this.#window.u16(data + 6, true) & 0x3fff);
    this.#found.fact("height", this.#window.u16(data + 8, true) & 0x3fff);
  }

  /** Section 3.4. */
  #losslessPicture(data: number): void {
    this.#lossless = true;
    this.#fields(vp8l, data, 6);
    const header = this.#window.u32(data + 1, true);
    this.#alpha ??= (header & 0x10000000) !== 0;
    this.#found.fact("width", (header & 0x3fff) + 1);
    this.#found.fact("height", ((header >>> 14) & 0x3fff) + 1);
  }

  #exif(chunk: RiffChunk): void {
    const { data, length } = chunk;
    const head = latin1(this.#window.upTo(data, Math.min(length, 10)));
    const improper = head.startsWith("Exif\0\0");
    if (improper) this.#found.warn("MALFORMED", "EXIF chunk begins with the header of a JPEG's Exif segment", chunk.at);
    const start = improper ? 6 : 0;
    if (head.startsWith("II*\0", start) || head.startsWith("MM\0*", start)) {
      const at = [{ start: data + start, end: data + length }];
      this.#found.block({ kind: "exif", at, context: { holder: "RIFF", iptc: "free" } });
    } else {
      this.#tags.putRow(webpTags.unknownExif, { bytes: length });
    }
  }

  /**
   * Where to go on after a chunk: at the next one, but behind a frame that lies far from both ends of the file, unless
   * all frames are asked for, at the first one in the tail.
   */
  #next(chunk: RiffChunk): number {
    const window = this.#window;
    const found = this.#found;
    const { size } = window;
    const next = chunk.end;
    const frame = chunk.id === "ANMF";
    if (size === undefined || next >= size || !(frame || /^VP8[ L]$/.test(chunk.id)) || isRest(window, next)) return next;
    if (frame && found.thorough) window.need({ start: next, end: size });
    if (!frame || found.thorough || next < NEAR) return next;
    const resumed = behindPixels(window, size, next, found, {
      find(tail, start) {
        const offset = firstRiffChunk(tail, BEHIND_FRAMES, found);
        return offset === undefined ? undefined : { at: start + offset, inPixels: window.ascii(start + offset, 4) === "ANMF" };
      },
    });
    this.#uncounted ||= resumed !== next;
    return resumed;
  }
}
