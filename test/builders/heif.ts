/** Minimal HEIF and AVIF files: ISO/IEC 14496-12 and ISO/IEC 23008-12. */
import { u32s } from "./png.ts";

type Part = Uint8Array | string | number;

/** Bytes of parts: text as Latin-1, a number as one byte. */
export function bytesOf(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : typeof part === "string" ? Buffer.from(part, "latin1") : part)),
  );
}

export function box(type: string, ...parts: readonly Part[]): Buffer {
  const content = bytesOf(...parts);
  return bytesOf(u32s(8 + content.length), type, content);
}

/** A box with version and flags. */
export function fullBox(type: string, version: number, flags: number, ...parts: readonly Part[]): Buffer {
  return box(type, u32s((version << 24) | flags), ...parts);
}

export function u16s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
}

export function fileType(major = "heic", ...compatible: readonly string[]): Buffer {
  return box("ftyp", major, u32s(0), ...compatible);
}

function handler(type = "pict", description = ""): Buffer {
  return fullBox("hdlr", 0, 0, u32s(0), type, u32s(0, 0, 0), description, 0);
}

export interface ItemOptions {
  readonly id: number;
  readonly type: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** Its bytes: in `mdat`, or in `idat` where `within` says so. */
  readonly data?: Uint8Array;
  readonly within?: "idat" | "item";
  /** Offset and length in the other item, for `within: "item"`. */
  readonly part?: readonly [offset: number, length: number];
  readonly properties?: readonly number[];
  readonly protected?: boolean;
}

export interface HeifOptions {
  readonly brands?: readonly [major: string, ...compatible: string[]];
  readonly items: readonly ItemOptions[];
  readonly primary?: number;
  readonly properties?: readonly Uint8Array[];
  readonly references?: readonly (readonly [type: string, from: number, ...to: number[]])[];
  /** Bytes before the items' own in `mdat`: what lies far from the front. */
  readonly pixels?: number;
  /** Boxes that follow at the top of the file. */
  readonly after?: readonly Uint8Array[];
  /** Ids and offsets of 32 and 64 bits. */
  readonly wide?: boolean;
}

/** A file of `ftyp`, `meta`, `mdat`. */
export function heifFile(options: HeifOptions): Buffer {
  const { brands = ["heic", "mif1", "heic"], after = [], pixels = 0 } = options;
  const top = fileType(brands[0], ...brands.slice(1));
  const length = metaBox(options, 0).length;
  const stored = options.items.filter(({ data, within }) => data !== undefined && within === undefined);
  const mdat = box("mdat", Buffer.alloc(pixels), ...stored.map(({ data }) => data ?? ""));
  return bytesOf(top, metaBox(options, top.length + length + 8 + pixels), mdat, ...after);
}

function metaBox({ items, primary, properties = [], references = [], wide = false }: HeifOptions, start: number): Buffer {
  const id = wide ? u32s : u16s;
  const version = wide ? 1 : 0;
  const infe = items.map((item) =>
    fullBox(
      "infe",
      wide ? 3 : 2,
      0,
      id(item.id),
      u16s(item.protected ? 1 : 0),
      item.type,
      0,
      ...(item.type === "mime" ? [item.contentType ?? "", 0, item.contentEncoding ?? "", 0] : []),
    ),
  );
  const located = items.filter(({ data, within }) => data !== undefined || within === "item");
  let [inFile, inIdat] = [start, 0];
  const iloc = located.map(({ id: number, data, within, part }) => {
    const method = within === "item" ? 2 : within === "idat" ? 1 : 0;
    const size = part?.[1] ?? data?.length ?? 0;
    let offset = part?.[0] ?? 0;
    if (method === 0) [offset, inFile] = [inFile, inFile + size];
    if (method === 1) [offset, inIdat] = [inIdat, inIdat + size];
    const place = wide ? u32s(0, offset, 0, size) : u32s(offset, size);
    return bytesOf(id(number), u16s(method, 0, 1), place);
  });
  const idat = items.filter(({ within }) => within === "idat").map(({ data }) => data ?? "");
  const associations = items.filter((item) => item.properties !== undefined);
  return fullBox(
    "meta",
    0,
    0,
    handler(),
    ...(primary === undefined ? [] : [fullBox("pitm", version, 0, id(primary))]),
    wide ? fullBox("iinf", 1, 0, u32s(items.length), ...infe) : fullBox("iinf", 0, 0, u16s(items.length), ...infe),
    fullBox("iloc", wide ? 2 : 1, 0, wide ? 0x88 : 0x44, 0x00, wide ? u32s(located.length) : u16s(located.length), ...iloc),
    ...(references.length === 0
      ? []
      : [fullBox("iref", version, 0, ...references.map(([type, from, ...to]) => box(type, id(from), u16s(to.length), id(...to))))]),
    box(
      "iprp",
      box("ipco", ...properties),
      fullBox(
        "ipma",
        version,
        wide ? 1 : 0,
        u32s(associations.length),
        ...associations.map((item) =>
          bytesOf(id(item.id), item.properties?.length ?? 0, wide ? u16s(...(item.properties ?? [])) : Buffer.from(item.properties ?? [])),
        ),
      ),
    ),
    ...(idat.length === 0 ? [] : [box("idat", ...idat)]),
  );
}

export const spatialExtent = (width: number, height: number): Buffer => fullBox("ispe", 0, 0, u32s(width, height));
export const pixelDepths = (...depths: readonly number[]): Buffer => fullBox("pixi", 0, 0, depths.length, ...depths);
export const rotation = (angle: number): Buffer => box("irot", angle);
export const mirror = (axis: number): Buffer => box("imir", axis);
export const auxiliary = (type: string): Buffer => fullBox("auxC", 0, 0, type, 0);

/** HEVC, Main, level 4, 8 bits, 4:2:0. */
export const hevcConfiguration = (): Buffer =>
  box("hvcC", 1, 0x01, u32s(0x60000000), 0xb0, 0, 0, 0, 0, 0, 120, u16s(0xf000), 0xfc, 0xfd, 0xf8, 0xf8, u16s(0), 0x0f, 0);

/** AV1, 10 bits, 4:2:0. */
export const av1Configuration = (): Buffer => box("av1C", 0x81, 0x08, 0x4c, 0);

/** A TIFF block with one directory of one ASCII tag (Model). */
export function tiffWithModel(model: string): Buffer {
  const text = bytesOf(model, 0);
  return bytesOf("MM\0*", u32s(8), u16s(1, 0x0110, 2), u32s(text.length, 26, 0), text);
}

/** An Exif item: the offset of the TIFF header, `Exif\0\0`, the TIFF block. */
export const exifItem = (model: string): Buffer => bytesOf(u32s(6), "Exif\0\0", tiffWithModel(model));

export const xmpPacket = (title: string): Buffer =>
  Buffer.from(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="${title}"/></rdf:RDF></x:xmpmeta>`,
  );

export interface TrackOptions {
  readonly handler?: string;
  readonly width?: number;
  readonly height?: number;
  readonly samples?: number;
  readonly entry?: Uint8Array;
  /** Times of 64 bits. */
  readonly wide?: boolean;
}

/** 2020-01-02 03:04:05, in seconds since 1904. */
const CREATED = 3660779045;

function times(wide: boolean, created: number, between: Uint8Array, duration: number): Buffer {
  return wide
    ? bytesOf(u32s(0, created, 0, created), between, u32s(0, duration))
    : bytesOf(u32s(created, created), between, u32s(duration));
}

const identity = u32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

export function movie(...tracks: readonly TrackOptions[]): Buffer {
  const header = fullBox(
    "mvhd",
    0,
    0,
    times(false, CREATED, u32s(1000), 500),
    u32s(0x10000),
    u16s(0x100),
    Buffer.alloc(10),
    identity,
    Buffer.alloc(24),
    u32s(tracks.length + 1),
  );
  return box("moov", header, ...tracks.map((options, i) => track(i + 1, options)));
}

function track(
  id: number,
  { handler: type = "pict", width = 0, height = 0, samples = 1, entry = box("hvc1", Buffer.alloc(78)), wide = false }: TrackOptions,
): Buffer {
  const version = wide ? 1 : 0;
  const header = fullBox(
    "tkhd",
    version,
    3,
    times(wide, CREATED, u32s(id, 0), 500),
    u32s(0, 0),
    u16s(0, 0, type === "soun" ? 0x100 : 0, 0),
    identity,
    u32s(width * 0x10000, height * 0x10000),
  );
  const mediaHeader = fullBox("mdhd", version, 0, times(wide, CREATED, u32s(90_000), 45_000), u16s(0x55c4, 0));
  const kind = type === "soun" ? fullBox("smhd", 0, 0, u16s(0, 0)) : fullBox("vmhd", 0, 1, u16s(0, 0, 0, 0));
  const table = box(
    "stbl",
    fullBox("stsd", 0, 0, u32s(1), entry),
    fullBox("stts", 0, 0, u32s(1, samples, 9000)),
    fullBox("stsz", 0, 0, u32s(100, samples)),
  );
  return box("trak", header, box("mdia", mediaHeader, handler(type, "Sequence"), box("minf", kind, table)));
}
