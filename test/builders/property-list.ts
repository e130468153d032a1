/** Makes binary property lists: objects one behind the other, the table of their offsets, the trailer. */

type Plain = number | bigint | string | boolean | null | Date | Uint8Array | readonly Plain[] | { readonly [key: string]: Plain };

export interface ListOptions {
  readonly top?: number;
  /** Bytes of an offset in the table, and of a reference. */
  readonly offsetSize?: number;
  readonly referenceSize?: number;
  /** Objects that the trailer announces. */
  readonly count?: number;
}

/** A list of these objects as they are: markers and what follows them. References are one byte, or as the options say. */
export function objectList(objects: readonly Uint8Array[], options: ListOptions = {}): Buffer {
  const { top = 0, offsetSize = 2, referenceSize = 1, count = objects.length } = options;
  const head = Buffer.from("bplist00");
  let at = head.length;
  const offsets = objects.map((object) => {
    const offset = Buffer.alloc(offsetSize);
    if (offsetSize > 0 && offsetSize <= 6) offset.writeUIntBE(at, 0, offsetSize);
    at += object.length;
    return offset;
  });
  const trailer = Buffer.alloc(32);
  trailer[6] = offsetSize;
  trailer[7] = referenceSize;
  trailer.writeBigUInt64BE(BigInt(count), 8);
  trailer.writeBigUInt64BE(BigInt(top), 16);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([head, ...objects, ...offsets, trailer]);
}

/** An object's marker: its type and its size, which may need an integer behind it. */
export function marker(type: number, size: number): Buffer {
  if (size < 15) return Buffer.of((type << 4) | size);
  return Buffer.concat([Buffer.of((type << 4) | 15, 0x12), u32(size)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The list of a value. */
export function propertyList(value: Plain): Buffer {
  const objects: Buffer[] = [];
  add(value, objects);
  return objectList(objects);
}

/** Adds an object and those in it; returns its number. */
function add(value: Plain, objects: Buffer[]): number {
  const number = objects.length;
  objects.push(Buffer.alloc(0));
  objects[number] = encoded(value, objects);
  return number;
}

function encoded(value: Plain, objects: Buffer[]): Buffer {
  if (value === null) return Buffer.of(0);
  if (typeof value === "boolean") return Buffer.of(value ? 9 : 8);
  if (typeof value === "bigint" || Number.isInteger(value)) {
    const bytes = Buffer.alloc(9);
    bytes[0] = 0x13;
    bytes.writeBigUInt64BE(BigInt(value as number), 1);
    return bytes;
  }
  if (typeof value === "number" || value instanceof Date) {
    const bytes = Buffer.alloc(9);
    bytes[0] = typeof value === "number" ? 0x23 : 0x33;
    bytes.writeDoubleBE(typeof value === "number" ? value : value.getTime() / 1000 - 978_307_200, 1);
    return bytes;
  }
  if (typeof value === "string") {
    const isAscii = /^[\x20-\x7e]*$/.test(value);
    const text = isAscii ? Buffer.from(value) : Buffer.from(value, "utf16le").swap16();
    return Buffer.concat([marker(isAscii ? 5 : 6, value.length), text]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([marker(4, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([marker(10, value.length), Buffer.from(value.map((item) => add(item, objects)))]);
  const entries = Object.entries(value);
  const keys = entries.map(([key]) => add(key, objects));
  const values = entries.map(([, field]) => add(field, objects));
  return Buffer.concat([marker(13, entries.length), Buffer.from([...keys, ...values])]);
}
