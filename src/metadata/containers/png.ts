/** PNG (Third Edition, W3C 2025) and APNG: clause 5 for the file, clause 11 for the chunks. */
import { platform } from "#platform";
import { viewOf } from "../bytes/arrays.ts";
import { latin1 } from "../bytes/text.ts";
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Findings, TagGroup } from "../contracts.ts";
import { readAhead } from "../grammar/tail.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { binaryChunks, blockChunks, chunkLayouts, type PngLayout, pngTags, unreadTexts } from "../tables/png.ts";
import type { Tag } from "../tables/row.ts";
import type { Container, Format } from "./container.ts";
import { type Chunk, chunkAt, isPixelData, isTooLong, pastPixelData } from "./png/chunks.ts";

const CHUNK_STEPS = 30;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Chunks of metadata are short and stand together: this much is asked for with a header. */
const AHEAD = 16 << 10;

/** A keyword has up to 79 bytes; some writers go beyond. */
const LONGEST_KEYWORD = 256;

const STANDARD = "PNG Third Edition (W3C 2025), clauses 5 and 11";
const PNG: Format = { format: "PNG", mimeType: "image/png", extensions: "png", standard: STANDARD };

export const png: Container = {
  name: "png",
  title: "PNG, APNG",
  formats: [
    PNG,
    { format: "APNG", mimeType: "image/apng", extensions: "apng", standard: STANDARD },
    { format: "PNG Plus", mimeType: "image/png", extensions: "png", standard: "Microsoft PhotoDraw" },
  ],
  metadata: "Exif, XMP, ICC, IPTC, text chunks, colour, time and physical chunks, C2PA",
  coverage:
    "Chunks behind the pixels are found in the last part of the file. The CRCs of short chunks are checked; a wrong one gives a warning",
  detect: (head) => (SIGNATURE.every((byte, i) => head[i] === byte) ? PNG : undefined),
  parse(window, found) {
    new PngParse(window, found).run();
  },
};

class PngParse {
  readonly #window: ByteWindow;
  readonly #found: Findings;
  #colorType = -1;
  #transparent = false;
  #animated = false;
  /** Past IEND: what stands there goes to the group Trailer. */
  #ended = false;

  constructor(window: ByteWindow, found: Findings) {
    this.#window = window;
    this.#found = found;
  }

  run(): void {
    try {
      this.#chunks();
    } finally {
      if (this.#colorType >= 0) {
        this.#found.fact("hasAlpha", this.#transparent || this.#colorType === 4 || this.#colorType === 6);
        this.#found.fact("animated", this.#animated);
      }
    }
  }

  #chunks(): void {
    const window = this.#window;
    const found = this.#found;
    let firstPixels: Chunk | undefined;
    let headed = false;
    for (let at = SIGNATURE.length; ; ) {
      found.budget.step(CHUNK_STEPS);
      const { size } = window;
      if (size !== undefined && at + 8 > size) {
        if (!this.#ended) found.warn("TRUNCATED", "the file ends before the IEND chunk", Math.min(at, size));
        else if (at < size) found.warn("MALFORMED", "bytes after the IEND chunk", at);
        return;
      }
      readAhead(window, at, AHEAD);
      const chunk = chunkAt(window, at);
      if (this.#ended && headed) {
        found.warn("MALFORMED", "bytes after the IEND chunk", at);
        headed = false;
      }
      if (isTooLong(chunk)) {
        if (!this.#ended) found.warn("MALFORMED", `a chunk says that it has ${chunk.length} bytes`, at);
        return;
      }
      if (!headed && !this.#ended) {
        if (chunk.type === "IHDR") headed = true;
        else if (chunk.type === "CgBI") found.warn("MALFORMED", "not a standard PNG: Apple's form for the iPhone", at);
        else if (at === SIGNATURE.length) found.warn("MALFORMED", "the first chunk is not IHDR", at);
      }
      if (chunk.type === "IEND") {
        this.#ended = true;
        at += 12;
      } else if (isPixelData(chunk.type)) {
        firstPixels ??= chunk;
        at = pastPixelData(window, firstPixels, chunk, found);
      } else {
        if (size !== undefined && chunk.end > size) {
          if (!this.#ended) found.warn("TRUNCATED", `${safeType(chunk)} chunk is cut off`, at);
          return;
        }
        this.#chunk(chunk);
        at = chunk.end;
      }
    }
  }

  #group(name: string): TagGroup {
    return this.#found.tags.group(this.#ended ? "Trailer" : name);
  }

  #chunk(chunk: Chunk): void {
    const found = this.#found;
    const { type, data, length, end } = chunk;
    const layout = chunkLayouts.get(type);
    const binary = binaryChunks.first(type);
    const kind = blockChunks.get(type);
    if (layout !== undefined) this.#layout(chunk, layout);
    else if (binary !== undefined) this.#group("PNG").putRow(binary, { bytes: length });
    else if (kind !== undefined) {
      if (type === "cpIp") found.fact("format", "PNG Plus");
      found.block({ kind, at: [{ start: data, end: end - 4 }] });
    } else if (/^[ez]xif$/i.test(type)) this.#exif(chunk);
    else this.#reader(type)?.(chunk);
  }

  #reader(type: string): ((chunk: Chunk) => void) | undefined {
    switch (type) {
      case "tEXt":
        return (chunk) => this.#text(chunk);
      case "zTXt":
        return (chunk) => this.#compressedText(chunk);
      case "iTXt":
        return (chunk) => this.#internationalText(chunk);
      case "iCCP":
        return (chunk) => this.#profile(chunk);
      case "PLTE":
        return (chunk) => this.#palette(chunk);
      case "tRNS":
        return (chunk) => this.#transparency(chunk);
      case "bKGD":
        return (chunk) => this.#numbers(pngTags.background, chunk.length < 2 ? numbers(this.#bytes(chunk)) : words(this.#bytes(chunk)));
      case "sBIT":
        return (chunk) => this.#numbers(pngTags.significantBits, numbers(this.#bytes(chunk)));
      case "gAMA":
        return (chunk) => this.#gamma(chunk);
      case "sRGB":
        return (chunk) => this.#renderingIntent(chunk);
      case "tIME":
        return (chunk) => this.#time(chunk);
      case "oFFs":
        return (chunk) => this.#offset(chunk);
      case "sCAL":
        return (chunk) => this.#scale(chunk);
      default:
        return undefined;
    }
  }

  /** The data of a short chunk, its CRC looked at. */
  #bytes(chunk: Chunk): Uint8Array {
    const whole = this.#window.bytes(chunk.at, chunk.length + 12);
    this.#found.budget.step(whole.length >> 4);
    const stored = this.#window.u32(chunk.end - 4);
    if (platform.crc32(whole.subarray(4, whole.length - 4)) !== stored) {
      this.#found.warn("MALFORMED", `the CRC of the ${safeType(chunk)} chunk is wrong`, chunk.at);
    }
    return whole.subarray(8, whole.length - 4);
  }

  #layout(chunk: Chunk, layout: PngLayout): void {
    const found = this.#found;
    const bytes = this.#bytes(chunk);
    const view = viewOf(bytes);
    putFields(layout.layout, this.#window.sub(chunk.data, chunk.length), this.#group(layout.group));
    if (chunk.type === "IHDR" && !this.#ended && bytes.length >= 10) {
      this.#colorType = view.getUint8(9);
      found.fact("width", view.getUint32(0));
      found.fact("height", view.getUint32(4));
      found.fact("bitsPerSample", view.getUint8(8));
      found.fact("channels", [1, 0, 3, 1, 2, 0, 4][this.#colorType] || 1);
    } else if (chunk.type === "acTL" && !this.#ended && bytes.length >= 4) {
      this.#animated = true;
      found.fact("format", "APNG");
      found.fact("mimeType", "image/apng");
      found.fact("frames", view.getUint32(0));
    }
  }

  #numbers(tag: Tag<string>, values: readonly number[]): void {
    if (values.length > 0) this.#group("PNG").putRow(tag, single(values));
  }

  #palette(chunk: Chunk): void {
    if (chunk.length > 3) this.#group("PNG").putRow(pngTags.palette, { bytes: chunk.length });
    else this.#numbers(pngTags.palette, numbers(this.#bytes(chunk)));
  }

  #renderingIntent(chunk: Chunk): void {
    const [intent] = this.#bytes(chunk);
    if (intent !== undefined) this.#group("PNG").putRow(pngTags.rendering, intent);
  }

  #transparency(chunk: Chunk): void {
    this.#transparent = true;
    if (chunk.length > 6) this.#group("PNG").putRow(pngTags.transparency, { bytes: chunk.length });
    else this.#numbers(pngTags.transparency, this.#colorType === 3 ? numbers(this.#bytes(chunk)) : words(this.#bytes(chunk)));
  }

  #gamma(chunk: Chunk): void {
    if (chunk.length < 4) return;
    const gamma = viewOf(this.#bytes(chunk)).getUint32(0);
    // The gamma to decode the image with, which is the inverse of what is stored.
    if (gamma === 0) this.#found.warn("IMPLAUSIBLE", "gamma is zero", chunk.at);
    else this.#group("PNG").putRow(pngTags.gamma, Math.floor(1e9 / gamma + 0.5) / 1e4);
  }

  #time(chunk: Chunk): void {
    const bytes = this.#bytes(chunk);
    const [year, month, day, hour, minute, second] = [((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0), ...bytes.subarray(2, 7)];
    const two = (value: number | undefined) => String(value ?? 0).padStart(2, "0");
    const date = `${String(year).padStart(4, "0")}:${two(month)}:${two(day)}`;
    this.#group("PNG").putRow(pngTags.time, `${date} ${two(hour)}:${two(minute)}:${two(second)}`);
  }

  #offset(chunk: Chunk): void {
    if (chunk.length < 8) return;
    const bytes = this.#bytes(chunk);
    const view = viewOf(bytes);
    this.#group("PNG").putRow(pngTags.offset, `${view.getUint32(0)}, ${view.getUint32(4)} (${bytes[8] ? "microns" : "pixels"})`);
  }

  #scale(chunk: Chunk): void {
    if (chunk.length === 0 || chunk.length > 1024) return;
    const bytes = this.#bytes(chunk);
    const group = this.#group("PNG");
    group.putRow(pngTags.scaleUnits, bytes[0] ?? 0);
    const [width, height] = latin1(bytes.subarray(1)).split("\0");
    if (width) group.putRow(pngTags.scaleWidth, width);
    if (height) group.putRow(pngTags.scaleHeight, height);
  }

  /** Clause 11.3.3.2: keyword, NUL, Latin-1 text. */
  #text(chunk: Chunk): void {
    const keyword = this.#keyword(chunk);
    if (keyword !== undefined) this.#textBlock(keyword, { start: chunk.data + keyword.length + 1, end: chunk.end - 4 });
  }

  /** Clause 11.3.3.3: keyword, NUL, method, deflated Latin-1 text. */
  #compressedText(chunk: Chunk): void {
    const keyword = this.#keyword(chunk);
    if (keyword === undefined) return;
    const method = chunk.data + keyword.length + 1;
    if (method >= chunk.end - 4) return;
    this.#textBlock(keyword, { start: method + 1, end: chunk.end - 4 }, this.#window.u8(method));
  }

  /** Clause 11.3.3.4: keyword, NUL, flag, method, language, NUL, translated keyword, NUL, UTF-8 text. */
  #internationalText(chunk: Chunk): void {
    const keyword = this.#keyword(chunk);
    if (keyword === undefined) return;
    const flag = chunk.data + keyword.length + 1;
    const end = chunk.end - 4;
    if (flag + 4 > end) return;
    const head = this.#window.upTo(flag, Math.min(end - flag, 4 * LONGEST_KEYWORD));
    const language = head.indexOf(0, 2);
    const translated = language < 0 ? -1 : head.indexOf(0, language + 1);
    if (translated < 0) {
      this.#found.warn("MALFORMED", "iTXt chunk without text", chunk.at);
      this.#unreadText(chunk);
      return;
    }
    const range = { start: flag + translated + 1, end };
    this.#textBlock(keyword, range, head[0] ? head[1] : undefined, latin1(head.subarray(2, language)));
  }

  /** `method` is 0 for deflate, undefined where nothing is compressed. A language, even an empty one, says that the text is UTF-8. */
  #textBlock(keyword: string, range: ByteRange, method?: number, language?: string): void {
    if (keyword === "XML:com.adobe.xmp" && (method ?? 0) === 0) {
      this.#found.block({ kind: "xmp", at: [range], ...(method === 0 ? { encoding: "zlib" } : {}) });
      return;
    }
    const group = this.#ended ? "Trailer" : "PNG";
    this.#found.block({ kind: "png-text", at: [range], context: { group, keyword, method, language } });
  }

  /** A text chunk whose parts cannot be told from each other is given as how long it is. */
  #unreadText(chunk: Chunk): void {
    const tag = unreadTexts.first(chunk.type);
    if (tag !== undefined) this.#group("PNG").putRow(tag, { bytes: chunk.length });
  }

  #keyword(chunk: Chunk): string | undefined {
    const head = this.#window.upTo(chunk.data, Math.min(chunk.length, LONGEST_KEYWORD));
    const end = head.indexOf(0);
    if (end < 0) {
      this.#found.warn("MALFORMED", `${safeType(chunk)} chunk without a keyword`, chunk.at);
      this.#unreadText(chunk);
      return undefined;
    }
    return latin1(head.subarray(0, end));
  }

  /** Clause 11.3.2.3: profile name, NUL, method, deflated ICC profile. */
  #profile(chunk: Chunk): void {
    const name = this.#keyword(chunk);
    if (name === undefined) return;
    if (name !== "") this.#group("PNG").putRow(pngTags.profileName, name);
    const method = chunk.data + name.length + 1;
    if (method >= chunk.end - 4) return;
    if (this.#window.u8(method) !== 0) this.#found.warn("MALFORMED", "the compression of the ICC profile is unknown", method);
    else {
      this.#found.block({ kind: "icc", at: [{ start: method + 1, end: chunk.end - 4 }], encoding: "zlib" });
    }
  }

  /** Clause 11.3.4.5, and zxIf, which was proposed once: a NUL and the length, then deflated. */
  #exif(chunk: Chunk): void {
    if (chunk.type !== "eXIf" && chunk.type !== "zxIf") {
      this.#found.warn("MALFORMED", `${safeType(chunk)} chunk, which should be ${/^e/i.test(chunk.type) ? "eXIf" : "zxIf"}`, chunk.at);
    }
    let start = chunk.data;
    const end = chunk.end - 4;
    const improper = latin1(this.#window.upTo(start, Math.min(6, chunk.length))) === "Exif\0\0";
    if (improper) {
      this.#found.warn("MALFORMED", "eXIf chunk begins with the header of a JPEG's Exif segment", chunk.at);
      start += 6;
    }
    const order = latin1(this.#window.upTo(start, Math.min(2, end - start)));
    const exif = { kind: "exif", context: { holder: "other", iptc: "free" } } as const;
    if (order === "II" || order === "MM") this.#found.block({ ...exif, at: [{ start, end }] });
    else if (order.startsWith("\0") && start + 5 < end) {
      this.#found.block({ ...exif, at: [{ start: start + 5, end }], encoding: "zlib" });
    } else this.#found.warn("MALFORMED", "eXIf chunk holds no Exif", chunk.at);
  }
}

function numbers(bytes: Uint8Array): number[] {
  return [...bytes];
}

function words(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
}

function single(values: readonly number[]): number | number[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : [...values];
}

/** A chunk type for a message. */
function safeType(chunk: Chunk): string {
  return chunk.type.replaceAll(/[^A-Za-z]/g, "?");
}
