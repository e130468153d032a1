/** TIFF structures as pieces: directories whose entries may share values. TIFF 6.0 section 2. */
import {
  type Branch,
  built,
  bytes,
  concat,
  isLeaf,
  type Leaf,
  name,
  numbers,
  type Piece,
  type Sniff,
  sequence,
  text,
  Values,
} from "./piece.ts";

const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  129: 1,
};
/** Tags of offsets of directories: SubIFDs, Exif, GPS, interoperability, private directories of DNG and Kodak. */
const POINTERS = new Set([0x014a, 0x8769, 0x8825, 0xa005, 0x8290, 0xfe00]);
const MAX_DEPTH = 6;

/** Undefined if it is not a classic TIFF structure. */
export function dissectTiff(data: Buffer, sniff: Sniff): Branch | undefined {
  const order = data.toString("latin1", 0, 2);
  if (data.length < 14 || (order !== "II" && order !== "MM")) return undefined;
  const little = order === "II";
  const u16 = (at: number) => (little ? data.readUInt16LE(at) : data.readUInt16BE(at));
  const u32 = (at: number) => (little ? data.readUInt32LE(at) : data.readUInt32BE(at));
  const seen = new Set<number>();

  function entry(at: number, depth: number): Branch {
    const [tag, type, count] = [u16(at), u16(at + 2), u32(at + 4)];
    const label = `tag ${tag.toString(16)}`;
    const head = name("entry head", numbers(2, little, tag, type));
    const length = count * (SIZES[type] ?? 1);
    const from = length <= 4 ? at + 8 : u32(at + 8);
    if (POINTERS.has(tag) && length === 4 && depth < MAX_DEPTH && directoryAt(u32(at + 8))) {
      return sequence(label, [head, directory(u32(at + 8), depth + 1)]);
    }
    const value = data.subarray(from, from + length);
    return sequence(label, [head, type === 2 ? text(`${label} text`, value) : (sniff(value, label) ?? bytes(`${label} value`, value))]);
  }

  const directoryAt = (at: number) =>
    at >= 8 && at + 6 <= data.length && !seen.has(at) && u16(at) > 0 && at + 2 + 12 * u16(at) <= data.length;

  function directory(at: number, depth: number): Branch {
    seen.add(at);
    const entries = Array.from({ length: u16(at) }, (_, i) => entry(at + 2 + 12 * i, depth));
    return { label: "directory", parts: entries, list: true, shared: 12, build: refused };
  }

  const chain: Branch[] = [];
  for (let at = u32(4); directoryAt(at) && chain.length < 8; ) {
    const link = at + 2 + 12 * u16(at);
    chain.push(directory(at, 0));
    at = link + 4 <= data.length ? u32(link) : 0;
  }
  if (chain.length === 0) return undefined;
  return { label: "tiff", parts: chain, list: true, build: (parts) => writeTiff(parts, little, data.subarray(0, 4)) };
}

/** A directory alone has no place: the whole structure writes it. Where it lands in another tree it is its entries' values. */
function refused(parts: readonly Piece[]): Buffer {
  return concat(parts.map(built));
}

function writeTiff(chain: readonly Piece[], little: boolean, magic: Buffer): Buffer {
  const values = new Values(8, true);
  const placed = new Map<Piece, number>();
  let next = 0;
  // From the last to the first: what links to a directory is written after it.
  for (const directory of [...chain].reverse()) next = write(directory, next);
  return concat([magic, numbers(4, little, next), values.bytes()]);

  function write(directory: Piece, link: number): number {
    const entries =
      isLeaf(directory) || directory.label !== "directory"
        ? [sequence("tag 1", [bytes("head", numbers(2, little, 1, 7)), directory])]
        : directory.parts;
    const rows = new Map<Piece, Buffer>();
    const all = entries.map((entry) => {
      let row = rows.get(entry);
      if (row === undefined) {
        row = rowOf(entry);
        rows.set(entry, row);
      }
      return row;
    });
    const at = values.end;
    values.append(concat([numbers(2, little, entries.length), ...all, numbers(4, little, link)]));
    return at;
  }

  function rowOf(entry: Piece): Buffer {
    const [head, value] = isLeaf(entry) ? [entry, entry] : [entry.parts[0] as Piece, entry.parts[1] ?? (entry.parts[0] as Piece)];
    const fields = built(head);
    const fixed = Buffer.concat([fields.subarray(0, 4), Buffer.alloc(Math.max(0, 4 - fields.length))]);
    if (!isLeaf(value) && value.label === "directory") {
      let at = placed.get(value);
      if (at === undefined) {
        at = write(value, 0);
        placed.set(value, at);
      }
      return Buffer.concat([fixed, numbers(4, little, 1, at)]);
    }
    const type = little ? fixed.readUInt16LE(2) : fixed.readUInt16BE(2);
    const content = built(value);
    // A head of eight bytes claims a count of its own.
    const count = fields.length >= 8 ? fields.subarray(4, 8) : numbers(4, little, content.length / (SIZES[type] ?? 1));
    const field =
      content.length <= 4 ? Buffer.concat([content, Buffer.alloc(4 - content.length)]) : numbers(4, little, values.place(value));
    return Buffer.concat([fixed, count, field]);
  }
}

/** The head of an entry that claims `count` values. */
export function claiming(head: Leaf, count: number): Leaf {
  return { ...head, bytes: Buffer.concat([head.bytes.subarray(0, 4), numbers(4, true, count)]) };
}
