/**
 * What the directories of a TIFF structure say of the image itself: its size, pages, previews (TIFF 6.0 sections 7 and 8, DNG 1.7).
 * Which directory is the main one as ExifTool 13.59 Exif.pm decides it.
 */
import type { ByteWindow } from "../../bytes/window.ts";
import type { Findings, TagGroup } from "../../contracts.ts";
import type { StoredValue } from "../../grammar/ifd.ts";
import type { Context, Holder, Tag } from "../../tables/row.ts";

/** GeoTIFF's three tags: the keys, their numbers, their texts. */
const GEO_KEYS = 0x87af;
const GEO_DOUBLES = 0x87b0;
const GEO_TEXTS = 0x87b1;

/** Raw formats that ExifTool knows by their compression. */
const rawFormats: Readonly<Record<number, readonly [format: string, mimeType: string]>> = {
  32767: ["ARW", "image/x-sony-arw"],
  32770: ["SRW", "image/x-samsung-srw"],
  32867: ["KDC", "image/x-kodak-kdc"],
  34713: ["NEF", "image/x-nikon-nef"],
  65000: ["DCR", "image/x-kodak-dcr"],
  65535: ["PEF", "image/x-pentax-pef"],
};

/** `[name of the image, name of its offset, name of its length]` */
const embeddedImages = [
  ["ThumbnailImage", "ThumbnailOffset", "ThumbnailLength"],
  ["PreviewImage", "PreviewImageStart", "PreviewImageLength"],
  ["JpgFromRaw", "JpgFromRawStart", "JpgFromRawLength"],
  ["OtherImage", "OtherImageStart", "OtherImageLength"],
] as const;

export interface GeoTiffParts {
  readonly keys: Uint8Array;
  readonly doubles: Uint8Array;
  readonly texts: Uint8Array;
}

/** A directory being read. */
export class OpenDirectory implements Context {
  readonly directory: string;
  readonly holder: Holder;
  compression: number | undefined;
  subfileType: number | undefined;
  #pictures: Map<string, StoredValue> | undefined;

  constructor(directory: string, holder: Holder) {
    this.directory = directory;
    this.holder = holder;
  }

  /** Keeps a value that says what pictures the directory describes or embeds. */
  image({ name }: Tag, value: StoredValue): void {
    this.#pictures ??= new Map();
    this.#pictures.set(name, value);
  }

  /** Such values by the names of their tags. */
  get pictures(): ReadonlyMap<string, StoredValue> | undefined {
    return this.#pictures;
  }
}

export class ImageFacts {
  /** The directory of the full-resolution image, once one has said so. */
  priorityDirectory: string | undefined;
  /** What offsets are given from: the start of the object, but in PNG. */
  readonly base: number;
  readonly #window: ByteWindow;
  readonly #holder: Holder;
  readonly #found: Findings;
  readonly #main = new Map<number, { value: StoredValue; directory: string }>();
  readonly #geo = new Map<number, Uint8Array>();
  #pages = 0;
  #isMultiPage = false;
  #isDng = false;
  #raw: readonly [string, string] | undefined;
  #frames = 0;
  #hasThumbnail = false;

  constructor(window: ByteWindow, holder: Holder, found: Findings) {
    this.#window = window;
    this.#holder = holder;
    this.#found = found;
    this.base = holder === "other" ? 0 : (window.offsetInObject ?? 0);
  }

  /** GeoTIFF's tags are read whole if their keys become tags. */
  wants(id: number): boolean {
    return this.#holder !== "BigTIFF" && id >= GEO_KEYS && id <= GEO_TEXTS;
  }

  tag(id: number, value: StoredValue, open: OpenDirectory): void {
    switch (id) {
      case 0x00fe:
        open.subfileType = Number(value);
        this.#page(open, value === 0, value === 0 || value === 2, value === 2);
        break;
      case 0x00ff:
        this.#page(open, value === 1, value === 1 || value === 3, value === 3);
        break;
      case 0x0103:
        open.compression = Number(value);
        this.#raw ??= rawFormats[Number(value)];
        break;
      case 0x0100:
      case 0x0101:
      case 0x0102:
      case 0x0106:
      case 0x0115:
      case 0x0152:
        this.#fact(id, value, open);
        break;
      case 0xc612:
        this.#isDng = true;
        break;
      case GEO_KEYS:
      case GEO_DOUBLES:
      case GEO_TEXTS:
        if (value instanceof Uint8Array) this.#geo.set(id, value);
        break;
    }
  }

  #page(open: OpenDirectory, isFull: boolean, isPage: boolean, isOneOfMany: boolean): void {
    if (!isPage) return;
    if (isFull) this.priorityDirectory ??= open.directory;
    this.#pages++;
    if (isOneOfMany || this.#pages > 1) this.#isMultiPage = true;
  }

  /** The first directory's word stands, unless that of the full-resolution image comes. */
  #fact(id: number, value: StoredValue, open: OpenDirectory): void {
    if (id === 0x0100 && /^IFD\d+$/.test(open.directory) && ((open.subfileType ?? 0) & 5) === 0) this.#frames++;
    if (!this.#main.has(id) || open.directory === this.priorityDirectory) this.#main.set(id, { value, directory: open.directory });
  }

  /** At the end of a directory: the images that it embeds. */
  directory(open: OpenDirectory, group: TagGroup): void {
    const { pictures } = open;
    if (pictures === undefined) return;
    this.#uncompressed(open, pictures, group);
    for (const [name, offsetName, lengthName] of embeddedImages) {
      const start = pictures.get(offsetName);
      const length = pictures.get(lengthName);
      if (Array.isArray(length) && Array.isArray(start)) group.put(name, { bytes: length.reduce((sum, part) => sum + Number(part), 0) });
      if (typeof start !== "number" || typeof length !== "number" || length <= 0) continue;
      group.put(name, { bytes: length });
      const at = start - this.base;
      const { offsetInObject } = this.#window;
      if (offsetInObject !== undefined && name !== "OtherImage" && this.#isJpeg(at, length)) {
        this.#found.thumbnail({ offset: offsetInObject + at, length, mimeType: "image/jpeg" });
      }
    }
  }

  /** A reduced copy without compression, which ExifTool gives as a TIFF file. */
  #uncompressed({ subfileType, compression }: OpenDirectory, pictures: ReadonlyMap<string, StoredValue>, group: TagGroup): void {
    if (subfileType !== 1 || compression !== 1 || !pictures.has("ImageHeight") || !pictures.has("PhotometricInterpretation")) return;
    const [width, rows, samples] = ["ImageWidth", "RowsPerStrip", "SamplesPerPixel"].map((name) => pictures.get(name));
    const [bits, offsets, lengths] = ["BitsPerSample", "StripOffsets", "StripByteCounts"].map((name) => numbers(pictures.get(name)));
    if (typeof width !== "number" || typeof rows !== "number" || samples === undefined || !bits || !offsets || !lengths) return;
    const stripLength = rows * width * bits.reduce((sum, depth) => sum + ((depth + 7) >> 3), 0);
    if (offsets.length === 0 || lengths.length < offsets.length || lengths.some((length) => length !== stripLength)) return;
    const isPreview = width > 256 || this.#hasThumbnail;
    this.#hasThumbnail = true;
    group.put(isPreview ? "PreviewTIFF" : "ThumbnailTIFF", { bytes: stripLength * offsets.length });
  }

  /** In a file of its own the picture may lie far off, and is taken at its word. */
  #isJpeg(at: number, length: number): boolean {
    if (at < 0 || at + length > (this.#window.size ?? Number.POSITIVE_INFINITY)) return false;
    if (this.#holder === "TIFF" || this.#holder === "BigTIFF") return true;
    const head = this.#window.upTo(at, 3);
    return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
  }

  /** At the end of the structure. */
  conclude(isWhole: boolean): void {
    if (this.#holder === "TIFF" || this.#holder === "BigTIFF") this.#concludeFile(isWhole);
  }

  geoTiff(): GeoTiffParts | undefined {
    const keys = this.#geo.get(GEO_KEYS);
    if (keys === undefined) return undefined;
    const none = new Uint8Array(0);
    return { keys, doubles: this.#geo.get(GEO_DOUBLES) ?? none, texts: this.#geo.get(GEO_TEXTS) ?? none };
  }

  /** @param isWhole whether all directories were read: otherwise their number is not known */
  #concludeFile(isWhole: boolean): void {
    const found = this.#found;
    if (this.#isDng) {
      found.fact("format", "DNG");
      found.fact("mimeType", "image/x-adobe-dng");
    } else if (this.#raw !== undefined) {
      found.fact("format", this.#raw[0]);
      found.fact("mimeType", this.#raw[1]);
    } else if (this.#isMultiPage && isWhole) {
      found.tags.group("File").put("PageCount", this.#pages);
    }
    const width = this.#number(0x0100);
    const height = this.#number(0x0101);
    if (width !== undefined && height !== undefined) {
      found.fact("width", width);
      found.fact("height", height);
    }
    const bits = this.#number(0x0102);
    const channels = this.#number(0x0115) ?? (bits === undefined ? undefined : 1);
    if (bits !== undefined) found.fact("bitsPerSample", bits);
    if (channels !== undefined) found.fact("channels", channels);
    const extra = this.#main.get(0x0152)?.value;
    const isAlpha = (kind: unknown) => kind === 1 || kind === 2;
    if (width !== undefined) found.fact("hasAlpha", Array.isArray(extra) ? extra.some(isAlpha) : isAlpha(extra));
    if (width !== undefined && (this.#isDng || isWhole)) found.fact("frames", this.#isDng ? 1 : Math.max(1, this.#frames));
  }

  /** The first number of the main directory's tag. */
  #number(id: number): number | undefined {
    const value = this.#main.get(id)?.value;
    const first = Array.isArray(value) ? value[0] : value;
    return typeof first === "number" && Number.isInteger(first) && first > 0 ? first : undefined;
  }
}

function numbers(value: StoredValue | undefined): number[] | undefined {
  if (value === undefined || typeof value === "string" || value instanceof Uint8Array) return undefined;
  return (Array.isArray(value) ? value : [value]).map(Number);
}
