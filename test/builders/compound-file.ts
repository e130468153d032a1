/** Compound files with small streams, [MS-CFB], and the property sets in them, [MS-OLEPS]. */
const SECTOR = 512;
const MINI = 64;
const END = 0xfffffffe;
const FREE = 0xffffffff;

function sector(fill: (bytes: Buffer) => void, value = 0): Buffer {
  const bytes = Buffer.alloc(SECTOR, value);
  fill(bytes);
  return bytes;
}

function entry(name: string, type: number, start: number, size: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, "utf16le");
  bytes.writeUInt16LE(2 * name.length + 2, 64);
  bytes.writeUInt8(type, 66);
  bytes.writeUInt32LE(start, 116);
  bytes.writeUInt32LE(size, 120);
  return bytes;
}

/** At most three streams, which together take less than 8 KiB: all lie in the mini stream. */
export function compoundFile(streams: Readonly<Record<string, Buffer>>): Buffer {
  const links: number[] = [];
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  for (const [name, data] of Object.entries(streams)) {
    const start = links.length;
    const count = Math.ceil(data.length / MINI);
    for (let i = 1; i <= count; i++) links.push(i === count ? END : start + i);
    parts.push(data, Buffer.alloc(count * MINI - data.length));
    entries.push(entry(name, 2, start, data.length));
  }
  const mini = Buffer.concat(parts);
  const miniSectors = Math.ceil(mini.length / SECTOR);
  const header = sector((bytes) => {
    bytes.write("d0cf11e0a1b11ae1", "hex");
    bytes.writeUInt16LE(9, 30);
    bytes.writeUInt16LE(6, 32);
    for (const [at, value] of [
      [44, 1],
      [48, 1],
      [56, 4096],
      [60, 2],
      [64, 1],
      [68, END],
    ] as const)
      bytes.writeUInt32LE(value, at);
    bytes.fill(0xff, 76);
    bytes.writeUInt32LE(0, 76);
  });
  const table = sector((bytes) => {
    const chain = [0xfffffffd, END, END, ...Array.from({ length: miniSectors }, (_, i) => (i + 1 === miniSectors ? END : 4 + i))];
    for (const [i, next] of chain.entries()) bytes.writeUInt32LE(next, 4 * i);
  }, FREE & 0xff);
  const directory = Buffer.concat([entry("Root Entry", 5, 3, mini.length), ...entries]);
  const miniTable = sector((bytes) => {
    for (const [i, next] of links.entries()) bytes.writeUInt32LE(next, 4 * i);
  }, 0xff);
  const padding = (length: number) => Buffer.alloc((SECTOR - (length % SECTOR)) % SECTOR);
  return Buffer.concat([header, table, directory, padding(directory.length), miniTable, mini, padding(mini.length)]);
}

/** Texts of the Windows code page, and integers of 32 bits. */
export function propertySet(properties: Readonly<Record<number, string | number>>): Buffer {
  const values = Object.entries(properties).map(([id, value]) => {
    const text = typeof value === "string" ? Buffer.from(`${value}\0`, "latin1") : Buffer.alloc(0);
    const bytes = Buffer.alloc(8 + ((text.length + 3) & ~3));
    bytes.writeUInt32LE(typeof value === "string" ? 30 : 3);
    bytes.writeUInt32LE(typeof value === "string" ? text.length : value, 4);
    text.copy(bytes, 8);
    return [Number(id), bytes] as const;
  });
  const list = Buffer.alloc(8 + 8 * values.length);
  list.writeUInt32LE(values.length, 4);
  let at = list.length;
  for (const [i, [id, bytes]] of values.entries()) {
    list.writeUInt32LE(id, 8 + 8 * i);
    list.writeUInt32LE(at, 12 + 8 * i);
    at += bytes.length;
  }
  list.writeUInt32LE(at);
  const head = Buffer.alloc(48);
  head.writeUInt16LE(0xfffe);
  head.writeUInt32LE(1, 24);
  head.writeUInt32LE(48, 44);
  return Buffer.concat([head, list, ...values.map(([, bytes]) => bytes)]);
}
