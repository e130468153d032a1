/** ISO base media boxes, JUMBF, CBOR and DER as pieces. ISO/IEC 14496-12, ISO/IEC 19566-5, RFC 8949, X.690. */
import { type Branch, built, bytes, concat, list, name, numbers, type Piece, type Sniff, sequence, text } from "./piece.ts";
import { fields } from "./tables.ts";

const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "stbl", "iprp", "ipco", "dinf", "jumb", "edts", "udta"]);
const TYPE = /^[\x20-\x7e\xa9]{4}$/;

/** Offsets of a file from `from` on move by `by`. */
interface Move {
  readonly from: number;
  readonly by: number;
}

/** Undefined if the bytes are not a series of boxes. A file's `meta` box comes last, so that it can grow: offsets in it stay true. */
export function dissectBoxes(data: Buffer, sniff: Sniff, depth = 0, move?: Move): Branch | undefined {
  const parts: Piece[] = [];
  let meta: Piece | undefined;
  for (let at = 0; at < data.length; ) {
    if (at + 8 > data.length) return undefined;
    let [size, head] = [data.readUInt32BE(at), 8];
    if (size === 1 && at + 16 <= data.length) [size, head] = [Number(data.readBigUInt64BE(at + 8)), 16];
    if (size === 0) size = data.length - at;
    const type = data.toString("latin1", at + 4, at + 8);
    if (size < head || !TYPE.test(type) || (at + size > data.length && parts.length === 0)) return undefined;
    const content = data.subarray(at + head, at + size);
    if (type === "meta" && depth === 0 && meta === undefined) meta = box(type, content, sniff, depth, { from: at + size, by: -size });
    else parts.push(box(type, content, sniff, depth, move));
    at += size;
  }
  if (meta !== undefined) parts.push(meta);
  return parts.length === 0 ? undefined : list("boxes", parts);
}

const counted = (size: 1 | 2 | 4, label: string, parts: readonly Piece[]): Branch => ({
  label,
  parts,
  list: true,
  build(all) {
    // No more than the count can say.
    const some = all.slice(0, 2 ** (8 * size) - 1);
    return concat([numbers(size, false, some.length), ...some.map(built)]);
  },
});

function boxOf(label: string, type: string, parts: readonly Piece[]): Branch {
  return {
    label,
    parts: [name("box type", type), ...parts],
    build([its, ...content]) {
      const inner = concat(content.map(built));
      const fixed = Buffer.concat([built(its as Piece), Buffer.alloc(4)]).subarray(0, 4);
      return concat([numbers(4, false, inner.length + 8), fixed, inner]);
    },
  };
}

function box(type: string, data: Buffer, sniff: Sniff, depth: number, move?: Move): Branch {
  try {
    return boxOf(`box ${type}`, type, contentOf(type, data, sniff, depth, move));
  } catch (thrown) {
    // A table that ends too early stays as it is.
    if (!(thrown instanceof RangeError)) throw thrown;
    return boxOf(`box ${type}`, type, [fields(data, `box ${type}`)]);
  }
}

function contentOf(type: string, data: Buffer, sniff: Sniff, depth: number, move?: Move): Piece[] {
  const full = bytes("version and flags", data.subarray(0, 4));
  const [version, rest] = [data[0] ?? 0, data.subarray(4)];
  const inner = (of: Buffer) => (depth < 12 ? (dissectBoxes(of, sniff, depth + 1, move) ?? fields(of, `box ${type}`)) : bytes("deep", of));
  if (CONTAINERS.has(type)) return [inner(data)];
  if (type === "meta") return [full, inner(rest)];
  if (type === "iref") return [full, references(rest, version > 0)];
  if (type === "iinf") return [full, informations(rest, version, sniff, depth)];
  if (type === "ipma") return [full, associations(rest, version > 0, ((data[3] ?? 0) & 1) === 1)];
  if (type === "iloc") return [full, ...locations(rest, version, move)];
  if (type === "json" || type === "cbor") return [sniff(data, `box ${type}`) ?? dissectCbor(data, sniff) ?? fields(data, `box ${type}`)];
  if (type === "mdat") return [bytes("media data", data)];
  return [sniff(data, `box ${type}`) ?? fields(data, `box ${type}`)];
}

/** Reads big-endian numbers one behind the other; a RangeError ends what is cut. */
class Reader {
  at = 0;
  readonly #data: Buffer;

  constructor(data: Buffer) {
    this.#data = data;
  }

  take(length: number): Buffer {
    if (this.at + length > this.#data.length) throw new RangeError("past the end");
    this.at += length;
    return this.#data.subarray(this.at - length, this.at);
  }

  number(size: number): number {
    return size === 0 ? 0 : this.take(size).readUIntBE(0, size);
  }
}

function informations(data: Buffer, version: number, sniff: Sniff, depth: number): Piece {
  const size = version === 0 ? 2 : 4;
  const entries = dissectBoxes(data.subarray(size), sniff, depth + 1);
  return counted(size, "item informations", entries?.parts ?? []);
}

function references(data: Buffer, wide: boolean): Piece {
  const [reader, size] = [new Reader(data), wide ? 4 : 2];
  const parts: Branch[] = [];
  while (reader.at < data.length) {
    reader.take(4);
    const type = reader.take(4).toString("latin1");
    const from = bytes("reference from", reader.take(size));
    const to = Array.from({ length: reader.number(2) }, () => bytes("reference to", reader.take(size)));
    parts.push(boxOf("reference", type, [from, counted(2, "references to", to)]));
  }
  return list("references", parts);
}

function associations(data: Buffer, wideIds: boolean, wideIndices: boolean): Piece {
  const reader = new Reader(data);
  const entries = Array.from({ length: reader.number(4) }, () => {
    const id = bytes("association item", reader.take(wideIds ? 4 : 2));
    const indices = Array.from({ length: reader.number(1) }, () => bytes("association", reader.take(wideIndices ? 2 : 1)));
    return sequence("associations of an item", [id, counted(1, "associations", indices)]);
  });
  return counted(4, "all associations", entries);
}

function locations(data: Buffer, version: number, move?: Move): Piece[] {
  const reader = new Reader(data);
  const sizes = reader.take(2);
  const [offset, length, base, index] = [
    (sizes[0] ?? 0) >> 4,
    (sizes[0] ?? 0) & 15,
    (sizes[1] ?? 0) >> 4,
    version > 0 ? (sizes[1] ?? 0) & 15 : 0,
  ];
  const entries = Array.from({ length: reader.number(version < 2 ? 2 : 4) }, () => {
    const head = bytes("location of an item", reader.take((version < 2 ? 2 : 4) + (version > 0 ? 2 : 0) + 2 + base));
    const inFile = version === 0 || ((head.bytes[version < 2 ? 3 : 5] ?? 0) & 15) === 0;
    const extents = Array.from({ length: reader.number(2) }, (): Piece => {
      const extent = Buffer.from(reader.take(index + offset + length));
      const low = index + offset - 4;
      if (move !== undefined && inFile && offset >= 4 && extent.readUInt32BE(low) >= move.from)
        extent.writeUInt32BE(extent.readUInt32BE(low) + move.by, low);
      return bytes("extent", extent);
    });
    return sequence("item location", [head, counted(2, "extents", extents)]);
  });
  return [bytes("location sizes", sizes), counted(version < 2 ? 2 : 4, "item locations", entries)];
}

/** One CBOR item, or undefined. */
function dissectCbor(data: Buffer, sniff: Sniff): Piece | undefined {
  const reader = new Reader(data);
  try {
    const first = item(0);
    return reader.at === data.length ? first : sequence("cbor", [first, bytes("cbor rest", data.subarray(reader.at))]);
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }

  function item(depth: number): Piece {
    const initial = reader.number(1);
    const [major, small] = [initial >> 5, initial & 31] as const;
    if (depth > 12 || small > 26) throw new RangeError("too deep, or of a form that is not taken apart");
    const value = small < 24 ? small : reader.number(1 << (small - 24));
    if (major === 2 || major === 3) {
      const content = reader.take(value);
      const inner: Piece =
        major === 3 ? text("cbor text", content) : (dissectDer(content) ?? sniff(content, "cbor bytes") ?? bytes("cbor bytes", content));
      return {
        label: "cbor string",
        parts: [inner],
        build: ([its]) => concat([cborHead(major, built(its as Piece).length), built(its as Piece)]),
      };
    }
    if (major === 4 || major === 5) {
      if (value > 1000) throw new RangeError("too many");
      const items = Array.from({ length: value }, () =>
        major === 4 ? item(depth + 1) : sequence("cbor field", [item(depth + 1), item(depth + 1)]),
      );
      return {
        label: `cbor ${major === 4 ? "list" : "map"}`,
        parts: items,
        list: true,
        build: (all) => concat([cborHead(major, all.length), ...all.map(built)]),
      };
    }
    const head = major === 7 && small < 24 ? Buffer.of(initial) : cborHead(major, value);
    if (major === 6) return sequence("cbor tag", [bytes("cbor tag", head), item(depth + 1)]);
    return bytes("cbor value", head);
  }
}

function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.of((major << 5) | value);
  return Buffer.concat([Buffer.of((major << 5) | 26), numbers(4, false, value)]);
}

/** A constructed DER value, or undefined. */
function dissectDer(data: Buffer): Piece | undefined {
  if (data[0] !== 0x30) return undefined;
  try {
    const reader = new Reader(data);
    const value = derValue(reader);
    return reader.at === data.length ? value : undefined;
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function derValue(reader: Reader): Piece {
  const tag = reader.number(1);
  let length = reader.number(1);
  if (length > 0x84) throw new RangeError("too long");
  if (length >= 0x80) length = reader.number(length & 0x7f);
  const content = reader.take(length);
  const inner: Piece[] = [];
  if ((tag & 0x20) !== 0) for (const own = new Reader(content); own.at < content.length; ) inner.push(derValue(own));
  return {
    label: `der ${tag.toString(16)}`,
    parts: [(tag & 0x20) === 0 ? text("der text", content) : list("der values", inner)],
    build([its]) {
      const value = built(its as Piece);
      const head = value.length < 0x80 ? [value.length] : [0x84, ...numbers(4, false, value.length)];
      return concat([Buffer.of(tag, ...head), value]);
    },
  };
}
