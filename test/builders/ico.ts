/** Makes icons and cursors: ICONDIR and ICONDIRENTRY. */

export interface IconImage {
  width: number;
  height: number;
  colors?: number;
  /** Colour planes, or the hot spot's x. */
  planes?: number;
  /** Bits a pixel, or the hot spot's y. */
  bits?: number;
  bytes: Uint8Array;
}

export function iconFile(kind: "icon" | "cursor", images: readonly IconImage[]): Buffer {
  const directory = Buffer.alloc(6 + 16 * images.length);
  directory.writeUInt16LE(kind === "icon" ? 1 : 2, 2);
  directory.writeUInt16LE(images.length, 4);
  let offset = directory.length;
  for (const [index, { width, height, colors = 0, planes = 1, bits = 32, bytes }] of images.entries()) {
    const at = 6 + 16 * index;
    directory.set([width & 0xff, height & 0xff, colors], at);
    directory.writeUInt16LE(planes, at + 4);
    directory.writeUInt16LE(bits, at + 6);
    directory.writeUInt32LE(bytes.length, at + 8);
    directory.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  }
  return Buffer.concat([directory, ...images.map(({ bytes }) => bytes)]);
}
