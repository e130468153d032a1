/** Makes Apple's maker notes: a header of 14 bytes, then a directory whose offsets count from the start of the notes. */

/** `[tag, type, number of values, bytes as they are stored]` */
type AppleEntry = readonly [tag: number, type: number, count: number, bytes: Uint8Array];

export function appleNotes(entries: readonly AppleEntry[], { littleEndian = false } = {}): Buffer {
  const u16 = (value: number) => (littleEndian ? Buffer.of(value & 255, value >> 8) : Buffer.of(value >> 8, value & 255));
  const u32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return littleEndian ? bytes.reverse() : bytes;
  };
  const header = Buffer.from(`Apple iOS\0\0\x01${littleEndian ? "II" : "MM"}`, "latin1");
  const directory = [u16(entries.length)];
  const values: Uint8Array[] = [];
  let at = header.length + 2 + 12 * entries.length + 4;
  for (const [tag, type, count, bytes] of entries) {
    const isInline = bytes.length <= 4;
    directory.push(u16(tag), u16(type), u32(count), isInline ? Buffer.concat([bytes, Buffer.alloc(4 - bytes.length)]) : u32(at));
    if (isInline) continue;
    values.push(bytes);
    at += bytes.length;
  }
  return Buffer.concat([header, ...directory, u32(0), ...values]);
}

/** Signed numbers of 32 bits; a rational is two of them. Big-endian unless asked. */
export function int32s(numbers: readonly number[], littleEndian = false): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) {
    if (littleEndian) bytes.writeInt32LE(number, 4 * i);
    else bytes.writeInt32BE(number, 4 * i);
  }
  return bytes;
}

export const number = (tag: number, value: number): AppleEntry => [tag, 9, 1, int32s([value])];
export const text = (tag: number, value: string): AppleEntry => [tag, 2, value.length + 1, Buffer.from(`${value}\0`)];
export const bytes = (tag: number, value: Uint8Array): AppleEntry => [tag, 7, value.length, value];
export const rationals = (tag: number, ...numbers: number[]): AppleEntry => [tag, 10, numbers.length / 2, int32s(numbers)];
