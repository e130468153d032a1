/** Apple's maker notes and binary property lists as pieces. */
import { type Branch, built, bytes, concat, name, numbers, type Piece, type Sniff, sequence, text, Values } from "./piece.ts";

const HEADER_BYTES = 14;
const TRAILER_BYTES = 32;
const SIZES: Readonly<Record<number, number>> = { 3: 2, 4: 4, 9: 4, 10: 8, 16: 8 };

/** A directory behind a header: its offsets count from the start of the notes. Undefined if it is damaged. */
export function dissectApple(data: Buffer, sniff: Sniff): Branch | undefined {
  const little = data.toString("latin1", 12, 14) === "II";
  const u16 = (at: number) => (little ? data.readUInt16LE(at) : data.readUInt16BE(at));
  const u32 = (at: number) => (little ? data.readUInt32LE(at) : data.readUInt32BE(at));
  const count = data.length < HEADER_BYTES + 2 ? 0 : u16(HEADER_BYTES);
  if (count === 0 || HEADER_BYTES + 2 + 12 * count > data.length) return undefined;
  const entries = Array.from({ length: count }, (_, i) => {
    const at = HEADER_BYTES + 2 + 12 * i;
    const [tag, type] = [u16(at), u16(at + 2)];
    const length = u32(at + 4) * (SIZES[type] ?? 1);
    const from = length <= 4 ? at + 8 : u32(at + 8);
    const value = data.subarray(from, from + length);
    const label = `apple tag ${tag.toString(16)}`;
    const content = type === 2 ? text(`${label} text`, value) : (sniff(value, label) ?? bytes(`${label} value`, value));
    return sequence(label, [name("entry head", numbers(2, little, tag, type)), content]);
  });
  const header = data.subarray(0, HEADER_BYTES);
  return { label: "apple notes", parts: entries, list: true, shared: 12, build: (parts) => writeNotes(header, parts, little) };
}

function writeNotes(header: Buffer, entries: readonly Piece[], little: boolean): Buffer {
  const some = entries.slice(0, 0xffff);
  const values = new Values(HEADER_BYTES + 2 + 12 * some.length + 4);
  const rows = some.map((entry) => {
    const [head, value] = "leaf" in entry ? [entry, entry] : [entry.parts[0] as Piece, entry.parts[1] ?? entry];
    const fixed = Buffer.concat([built(head), Buffer.alloc(4)]).subarray(0, 4);
    const content = built(value);
    const type = little ? fixed.readUInt16LE(2) : fixed.readUInt16BE(2);
    const field =
      content.length <= 4 ? Buffer.concat([content, Buffer.alloc(4 - content.length)]) : numbers(4, little, values.place(value));
    return Buffer.concat([fixed, numbers(4, little, content.length / (SIZES[type] ?? 1)), field]);
  });
  return concat([header, numbers(2, little, some.length), ...rows, Buffer.alloc(4), values.bytes()]);
}

/** Objects one behind the other, whose references are bytes among others. Undefined if it is damaged. */
export function dissectPropertyList(data: Buffer): Branch | undefined {
  const trailer = data.subarray(-TRAILER_BYTES);
  if (data.length < 8 + TRAILER_BYTES) return undefined;
  const [size, count, table] = [trailer[6] ?? 0, Number(trailer.readBigUInt64BE(8)), Number(trailer.readBigUInt64BE(24))];
  if (size < 1 || size > 4 || table + count * size > data.length - TRAILER_BYTES) return undefined;
  const offsets = Array.from({ length: count }, (_, i) => data.readUIntBE(table + i * size, size));
  const ends = [...offsets, table].sort((a, b) => a - b);
  const objects = offsets.map((offset) => object(data.subarray(offset, ends.find((end) => end > offset) ?? offset)));
  return { label: "property list", parts: objects, list: true, shared: 1, build: (parts) => writeList(parts, trailer) };
}

function object(data: Buffer): Piece {
  const type = (data[0] ?? 0) >> 4;
  const isShort = ((data[0] ?? 0) & 15) < 15;
  if (type !== 5 || !isShort) return bytes("property object", data);
  return {
    label: "property text",
    parts: [text("property text characters", data.subarray(1))],
    build([characters]) {
      const content = built(characters as Piece);
      const marker =
        content.length < 15 ? Buffer.of(0x50 | content.length) : Buffer.concat([Buffer.of(0x5f, 0x12), numbers(4, false, content.length)]);
      return concat([marker, content]);
    },
  };
}

function writeList(objects: readonly Piece[], trailer: Buffer): Buffer {
  const values = new Values(8);
  const offsets = objects.map((object) => numbers(4, false, values.place(object)));
  const end = Buffer.from(trailer);
  end[6] = 4;
  end.writeBigUInt64BE(BigInt(objects.length), 8);
  end.writeBigUInt64BE(BigInt(values.end), 24);
  return concat([Buffer.from("bplist00"), values.bytes(), ...offsets, end]);
}
