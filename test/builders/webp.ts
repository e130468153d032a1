/** Minimal WebP files: RFC 9649 section 2. */
export function riffChunk(id: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
}

export function webpFile(...chunks: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const head = Buffer.from("RIFF\0\0\0\0");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Flags: 0x20 ICC profile, 0x10 alpha, 0x08 Exif, 0x04 XMP, 0x02 animation. */
export function vp8xChunk(flags: number, width: number, height: number): Buffer {
  const data = Buffer.alloc(10);
  data[0] = flags;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return riffChunk("VP8X", data);
}

/** A lossy picture's header and `size` bytes of its data. */
export function vp8Chunk(width: number, height: number, size = 8): Buffer {
  const head = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0]);
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return riffChunk("VP8 ", Buffer.concat([head, Buffer.alloc(size, 0xa5)]));
}

export function vp8lChunk(width: number, height: number, alpha: boolean): Buffer {
  const data = Buffer.alloc(9);
  data[0] = 0x2f;
  data.writeUInt32LE(((width - 1) | ((height - 1) << 14) | (alpha ? 1 << 28 : 0)) >>> 0, 1);
  return riffChunk("VP8L", data);
}

export function animChunk(loops: number): Buffer {
  return riffChunk("ANIM", Buffer.from([1, 2, 3, 4, loops, 0]));
}

/** `duration` in milliseconds; `size` bytes of the frame's data. */
export function anmfChunk(duration: number, size = 8): Buffer {
  const data = Buffer.alloc(16 + size, 0x3c);
  data.writeUInt32LE(duration, 12);
  return riffChunk("ANMF", data);
}
