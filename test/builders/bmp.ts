/** Makes Windows and OS/2 bitmaps: BITMAPFILEHEADER and the headers of wingdi.h. */

export interface Bitmap {
  /** Bytes of the header: 12, 16, 40, 52, 56, 64, 108 or 124. */
  header: number;
  width: number;
  /** Negative where the first row is the top one. */
  height: number;
  depth: number;
  /** Fields of 32 bits by their offset in the header. */
  fields?: Readonly<Record<number, number>>;
  /** What follows the header. */
  rest?: Uint8Array;
}

export function bitmap({ header, width, height, depth, fields = {}, rest = Buffer.alloc(16) }: Bitmap): Buffer {
  const bytes = Buffer.alloc(14 + header);
  bytes.write("BM", 0, "latin1");
  bytes.writeUInt32LE(bytes.length + rest.length, 2);
  bytes.writeUInt32LE(bytes.length, 10);
  bytes.writeUInt32LE(header, 14);
  if (header === 12) {
    for (const [index, value] of [width, height, 1, depth].entries()) bytes.writeUInt16LE(value, 18 + 2 * index);
  } else {
    bytes.writeInt32LE(width, 18);
    bytes.writeInt32LE(height, 22);
    bytes.writeUInt16LE(1, 26);
    bytes.writeUInt16LE(depth, 28);
  }
  for (const [offset, value] of Object.entries(fields)) bytes.writeUInt32LE(value, 14 + Number(offset));
  return Buffer.concat([bytes, rest]);
}

/** A four-letter constant such as `MBED`. */
export const letters = (text: string) => Buffer.from(text, "latin1").readUInt32BE(0);
