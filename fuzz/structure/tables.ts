/** Tables of other formats whose entries may share values: ICC profiles, Photoshop resources, IPTC, property sets, compound files. */
import { type Branch, built, bytes, concat, isLeaf, list, name, numbers, type Piece, type Sniff, sequence, text, Values } from "./piece.ts";

/** ICC.1:2022 section 7. */
export function dissectIcc(data: Buffer): Branch | undefined {
  if (data.length < 132 || data.toString("latin1", 36, 40) !== "acsp") return undefined;
  const elements: Branch[] = [];
  const count = Math.min(data.readUInt32BE(128), 100, Math.floor((data.length - 132) / 12));
  const known = new Map<string, Piece>();
  for (let i = 0; i < count; i++) {
    const at = 132 + 12 * i;
    const [from, length] = [data.readUInt32BE(at + 4), data.readUInt32BE(at + 8)];
    const signature = data.toString("latin1", at, at + 4);
    const value = known.get(`${from} ${length}`) ?? iccElement(data.subarray(from, from + length));
    known.set(`${from} ${length}`, value);
    elements.push(sequence(`element ${signature}`, [name("signature", data.subarray(at, at + 4)), value]));
  }
  const table: Branch = { label: "icc table", parts: elements, list: true, shared: 12, build: (parts) => concat(parts.map(built)) };
  return {
    label: "icc",
    parts: [bytes("icc header", data.subarray(0, 128)), table],
    build([header, written]) {
      const entries = written === undefined || isLeaf(written) ? [] : written.parts;
      const values = new Values(132 + 12 * entries.length, true);
      const rows = entries.map((entry) => row(entry, 4, (value) => [values.place(value), built(value).length]));
      const all = concat([
        header === undefined ? Buffer.alloc(0) : built(header),
        numbers(4, false, entries.length),
        ...rows,
        values.bytes(),
      ]);
      if (all.length >= 4) all.writeUInt32BE(all.length, 0);
      return all;
    },
  };
}

/** A row of a table: the first `width` bytes of the entry's first part, then numbers about its other parts. */
function row(entry: Piece, width: number, about: (value: Piece) => readonly number[]): Buffer {
  const [head, ...values] = isLeaf(entry) ? [entry, entry] : entry.parts;
  const fixed = Buffer.alloc(width);
  if (head !== undefined) built(head).copy(fixed);
  return Buffer.concat([fixed, ...values.map((value) => numbers(4, false, ...about(value)))]);
}

function iccElement(data: Buffer): Piece {
  const type = data.toString("latin1", 0, 4);
  const head = data.subarray(0, 8);
  if (type === "text") return sequence("icc text", [bytes("type", head), text("icc text", data.subarray(8))]);
  const [records, width] = [data.length >= 16 ? data.readUInt32BE(8) : 0, type === "mluc" ? 12 : 16];
  if ((type !== "mluc" && type !== "dict") || records === 0 || 16 + width * records > data.length)
    return sequence("icc element", [bytes("type", head), bytes(`icc ${type}`, data.subarray(8))]);
  const parts = Array.from({ length: records }, (_, i) => {
    const at = 16 + width * i;
    const value = (of: number) =>
      text(`icc ${type} text`, data.subarray(data.readUInt32BE(of), data.readUInt32BE(of) + data.readUInt32BE(of + 4)));
    if (type === "dict") return sequence("dict record", [name("nothing", ""), value(at), value(at + 8)]);
    const record = sequence("mluc record", [name("language", data.subarray(at, at + 4)), text("icc mluc text", iccText(data, at))]);
    return record;
  });
  return {
    label: `icc ${type}`,
    list: true,
    shared: width,
    parts,
    build(all) {
      const values = new Values(16 + width * all.length);
      const rows = all.map((record) =>
        type === "mluc"
          ? row(record, 4, (value) => [built(value).length, values.place(value)])
          : row(record, 0, (value) => [values.place(value), built(value).length]),
      );
      return concat([head, numbers(4, false, all.length, width), ...rows, values.bytes()]);
    },
  };
}

function iccText(data: Buffer, at: number): Buffer {
  const [length, from] = [data.readUInt32BE(at + 4), data.readUInt32BE(at + 8)];
  return data.subarray(from, from + length);
}

/** Photoshop image resources: Adobe Photoshop file formats specification. */
export function dissectResources(data: Buffer, sniff: Sniff): Branch | undefined {
  const parts: Branch[] = [];
  let at = 0;
  while (at + 12 <= data.length && data.toString("latin1", at, at + 4) === "8BIM") {
    const id = data.readUInt16BE(at + 4);
    const named = (1 + (data[at + 6] ?? 0) + 1) & ~1;
    if (at + 10 + named > data.length) break;
    const size = data.readUInt32BE(at + 6 + named);
    const value = data.subarray(at + 10 + named, at + 10 + named + size);
    const label = `resource ${id.toString(16)}`;
    parts.push({
      label,
      parts: [
        name("resource id", data.subarray(at + 4, at + 6)),
        name("resource name", data.subarray(at + 7, at + 6 + named)),
        sniff(value, label) ?? fields(value, label),
      ],
      build([number, title, content]) {
        const [head, inner] = [
          number === undefined ? Buffer.alloc(2) : built(number),
          content === undefined ? Buffer.alloc(0) : built(content),
        ];
        const words = (title === undefined ? Buffer.alloc(0) : built(title)).subarray(0, 255);
        const pascal = Buffer.concat([Buffer.of(words.length), words, Buffer.alloc((words.length + 1) % 2)]);
        const id = Buffer.concat([head.subarray(0, 2), Buffer.alloc(Math.max(0, 2 - head.length))]);
        return concat([Buffer.from("8BIM"), id, pascal, numbers(4, false, inner.length), inner, Buffer.alloc(inner.length & 1)]);
      },
    });
    at += 10 + named + size + (size & 1);
  }
  return parts.length === 0 ? undefined : list("resources", parts);
}

/** IIM 4.2 section 1.5. */
export function dissectIptc(data: Buffer): Branch | undefined {
  const parts: Branch[] = [];
  for (let at = 0; at + 5 <= data.length && data[at] === 0x1c; ) {
    let [size, from] = [data.readUInt16BE(at + 3), at + 5];
    if (size >= 0x8000) {
      const width = size & 0x7fff;
      if (width < 1 || width > 4 || from + width > data.length) break;
      size = data.readUIntBE(from, width);
      from += width;
    }
    parts.push({
      label: `dataset ${data[at + 1]}:${data[at + 2]}`,
      parts: [
        name("dataset number", data.subarray(at + 1, at + 3)),
        text(`dataset ${data[at + 1]}:${data[at + 2]}`, data.subarray(from, from + size)),
      ],
      build([number, value]) {
        const [head, content] = [
          number === undefined ? Buffer.alloc(2) : built(number),
          value === undefined ? Buffer.alloc(0) : built(value),
        ];
        const length =
          content.length < 0x8000
            ? numbers(2, false, content.length)
            : Buffer.concat([Buffer.of(0x80, 4), numbers(4, false, content.length)]);
        return concat([Buffer.of(0x1c, head[0] ?? 2, head[1] ?? 0), length, content]);
      },
    });
    at = from + size;
  }
  return parts.length === 0 ? undefined : list("iptc", parts);
}

/** Printable runs as texts, what lies between as bytes. */
export function fields(data: Buffer, label: string): Piece {
  const parts: Piece[] = [];
  let start = 0;
  for (const match of data.toString("latin1").matchAll(/[\x20-\x7e]{4,}/g)) {
    if (match.index > start) parts.push(bytes(`${label} bytes`, data.subarray(start, match.index)));
    start = match.index + match[0].length;
    parts.push(text(`${label} text`, data.subarray(match.index, start)));
    if (parts.length > 200) break;
  }
  if (parts.length === 0) return bytes(`${label} bytes`, data);
  if (start < data.length) parts.push(bytes(`${label} bytes`, data.subarray(start)));
  return list(`${label} fields`, parts);
}

/** [MS-OLEPS] with one section. */
function dissectProperties(data: Buffer): Piece {
  if (data.length < 56 || data.readUInt16LE(0) !== 0xfffe) return fields(data, "stream");
  const start = data.readUInt32LE(44);
  if (start + 8 > data.length) return fields(data, "stream");
  const count = Math.min(data.readUInt32LE(start + 4), 200, Math.floor((data.length - start - 8) / 8));
  const offsets = Array.from({ length: count }, (_, i) => data.readUInt32LE(start + 12 + 8 * i));
  const ends = [...offsets, data.readUInt32LE(start)].sort((a, b) => a - b);
  const properties = offsets.map((offset, i) => {
    const end = ends.find((one) => one > offset) ?? offset;
    const value = data.subarray(start + offset, start + end);
    const type = value.length >= 8 ? value.readUInt32LE(0) & 0xfff : 0;
    const content = type === 30 || type === 31 ? propertyText(value, type) : bytes("property value", value);
    return sequence("property", [name("property id", data.subarray(start + 8 + 8 * i, start + 12 + 8 * i)), content]);
  });
  const table: Branch = { label: "properties", parts: properties, list: true, shared: 8, build: (parts) => concat(parts.map(built)) };
  return {
    label: "property set",
    parts: [bytes("property head", data.subarray(0, start)), table],
    build([head, written]) {
      const entries = written === undefined || isLeaf(written) ? [] : written.parts;
      const values = new Values(8 + 8 * entries.length, true);
      const rows = entries.map((entry) => {
        const [id, value] = isLeaf(entry) ? [entry, entry] : [entry.parts[0] ?? entry, entry.parts[1] ?? entry];
        const fixed = Buffer.alloc(4);
        built(id).copy(fixed);
        return Buffer.concat([fixed, numbers(4, true, values.place(value))]);
      });
      return concat([
        head === undefined ? Buffer.alloc(48) : built(head),
        numbers(4, true, values.end, entries.length),
        ...rows,
        values.bytes(),
      ]);
    },
  };
}

function propertyText(value: Buffer, type: number): Branch {
  return {
    label: "property text",
    parts: [text("property text", value.subarray(8, 8 + value.readUInt32LE(4) * (type === 31 ? 2 : 1)))],
    build([content]) {
      const inner = content === undefined ? Buffer.alloc(0) : built(content);
      return concat([
        numbers(4, true, type, type === 31 ? inner.length >> 1 : inner.length),
        inner,
        Buffer.alloc((4 - (inner.length % 4)) % 4),
      ]);
    },
  };
}

const SECTOR = 512;
const [END_OF_CHAIN, FREE, TABLE_SECTOR] = [0xfffffffe, 0xffffffff, 0xfffffffd];
/** Streams of this size and more lie in sectors of their own, [MS-CFB] 2.2. */
const MINI_CUTOFF = 4096;

/** [MS-CFB]: only the streams of the directory's first sector, which the writer puts into sectors of their own. */
export function dissectCompound(data: Buffer): Branch | undefined {
  if (data.length < 4 * SECTOR || data.toString("hex", 0, 8) !== "d0cf11e0a1b11ae1") return undefined;
  const sectorAt = (number: number) => SECTOR * (number + 1);
  const directory = sectorAt(data.readUInt32LE(48));
  const mini = directory + 120 <= data.length ? sectorAt(data.readUInt32LE(directory + 116)) : 0;
  const streams: Branch[] = [];
  for (let at = directory + 128; at + 128 <= data.length && at < directory + SECTOR; at += 128) {
    const [size, start] = [data.readUInt32LE(at + 120), data.readUInt32LE(at + 116)];
    if (data[at + 66] !== 2 || size === 0) continue;
    const from = size < MINI_CUTOFF ? mini + 64 * start : sectorAt(start);
    const title = data.toString("utf16le", at, at + Math.max(0, Math.min(62, data.readUInt16LE(at + 64) - 2)));
    streams.push(
      sequence("stream", [name("stream name", Buffer.from(title, "utf16le")), dissectProperties(data.subarray(from, from + size))]),
    );
  }
  if (streams.length === 0) return undefined;
  return { label: "compound file", parts: streams, list: true, build: writeCompound };
}

function writeCompound(streams: readonly Piece[]): Buffer {
  const contents = streams.map((stream) => {
    const [title, content] = isLeaf(stream) ? [stream, stream] : [stream.parts[0] ?? stream, stream.parts[1] ?? stream];
    const inner = built(content);
    const size = Math.max(MINI_CUTOFF, inner.length);
    return { title: built(title).subarray(0, 62), inner, size, sectors: Math.ceil(size / SECTOR) };
  });
  const directorySectors = Math.ceil((contents.length + 1) / 4);
  const dataSectors = directorySectors + contents.reduce((sum, { sectors }) => sum + sectors, 0);
  let tables = 1;
  while (tables * 128 < dataSectors + tables) tables++;
  const links: number[] = Array.from({ length: tables }, () => TABLE_SECTOR);
  const chain = (count: number) => {
    const start = links.length;
    for (let i = 1; i <= count; i++) links.push(i === count ? END_OF_CHAIN : start + i);
    return start;
  };
  const directory = Buffer.alloc(directorySectors * SECTOR);
  const entry = (index: number, title: Buffer, type: number, start: number, size: number) => {
    const at = 128 * index;
    title.copy(directory, at);
    directory.writeUInt16LE(title.length + 2, at + 64);
    directory.writeUInt8(type, at + 66);
    directory.writeUInt32LE(start, at + 116);
    directory.writeUInt32LE(size, at + 120);
  };
  chain(directorySectors);
  entry(0, Buffer.from("Root Entry", "utf16le"), 5, END_OF_CHAIN, 0);
  for (const [i, { title, size, sectors }] of contents.entries()) entry(i + 1, title, 2, chain(sectors), size);
  while (links.length % 128 !== 0) links.push(FREE);
  const header = Buffer.alloc(SECTOR, 0xff);
  header.fill(0, 0, 76);
  header.write("d0cf11e0a1b11ae1", "hex");
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const)
    header.writeUInt16LE(value, at);
  for (const [at, value] of [
    [44, tables],
    [48, tables],
    [56, MINI_CUTOFF],
    [60, END_OF_CHAIN],
    [68, END_OF_CHAIN],
  ] as const)
    header.writeUInt32LE(value, at);
  for (let i = 0; i < Math.min(tables, 109); i++) header.writeUInt32LE(i, 76 + 4 * i);
  return concat([
    header,
    numbers(4, true, ...links),
    directory,
    ...contents.flatMap(({ inner, sectors }) => [inner, Buffer.alloc(sectors * SECTOR - inner.length)]),
  ]);
}
