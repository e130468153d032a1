/** Makes JPEG files of marker segments: ITU-T T.81 annex B. */

const u8 = (text: string) => Buffer.from(text, "latin1");

/** A segment: marker, length, payload. */
export function segment(marker: number, ...payload: readonly (Uint8Array | string)[]): Buffer {
  const parts = payload.map((part) => (typeof part === "string" ? u8(part) : part));
  const length = 2 + parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.of(0xff, marker, length >> 8, length & 0xff), ...parts]);
}

/** An application segment APP`number`. */
export function app(number: number, ...payload: readonly (Uint8Array | string)[]): Buffer {
  return segment(0xe0 + number, ...payload);
}

/** A start of frame: `sampling` has a factor of two nibbles for each component. */
export function frame(width: number, height: number, sampling = [0x22, 0x11, 0x11], marker = 0xc0, precision = 8): Buffer {
  const head = Buffer.of(precision, height >> 8, height & 0xff, width >> 8, width & 0xff, sampling.length);
  return segment(marker, head, Buffer.from(sampling.flatMap((factor, i) => [i + 1, factor, 0])));
}

/** A file of 320 × 200 pixels with these segments before the frame, and `pixels` bytes of entropy-coded data. */
export function jpegFile(segments: readonly Uint8Array[] = [], pixels = 64): Buffer {
  return jpegOf([...segments, frame(320, 200)], pixels);
}

/** A file of exactly these segments, then a scan. */
export function jpegOf(segments: readonly Uint8Array[], pixels = 64): Buffer {
  const scan = segment(0xda, Buffer.of(1, 1, 0, 0, 63, 0));
  return Buffer.concat([Buffer.of(0xff, 0xd8), ...segments, scan, Buffer.alloc(pixels, 0x5a), Buffer.of(0xff, 0xd9)]);
}

/** JFIF 1.02 at `density` dots an inch, without a thumbnail. */
export function jfifSegment(density = 72): Buffer {
  return app(0, "JFIF\0", Buffer.of(1, 2, 1, density >> 8, density & 0xff, density >> 8, density & 0xff, 0, 0));
}

/** ICC profile parts of `size` bytes. */
export function iccSegments(profile: Uint8Array, size = 60_000): Buffer[] {
  const total = Math.ceil(profile.length / size);
  return Array.from({ length: total }, (_, i) =>
    app(2, "ICC_PROFILE\0", Buffer.of(i + 1, total), profile.subarray(i * size, (i + 1) * size)),
  );
}

export function xmpSegment(packet: string): Buffer {
  return app(1, "http://ns.adobe.com/xap/1.0/\0", Buffer.from(packet));
}

/** Extended XMP in parts of `size` bytes. */
export function extendedXmpSegments(guid: string, packet: string, size: number): Buffer[] {
  const bytes = Buffer.from(packet);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(bytes.length);
    head.writeUInt32BE(i * size, 4);
    return app(1, "http://ns.adobe.com/xmp/extension/\0", guid, head, bytes.subarray(i * size, (i + 1) * size));
  });
}

/** A Photoshop image resource without a name. */
export function resource(id: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.write("8BIM", "latin1");
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, 8);
  return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
}

export function photoshopSegment(resources: Uint8Array): Buffer {
  return app(13, "Photoshop 3.0\0", resources);
}

/** A big-endian TIFF structure of one directory: `[tag, type, count, value or bytes]`; bytes beyond four stand behind it. */
export function tiffDirectory(
  entries: readonly (readonly [tag: number, type: number, count: number, value: number | Uint8Array])[],
  next = 0,
): Buffer {
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16BE(entries.length);
  const values: Uint8Array[] = [];
  let at = 8 + directory.length;
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const entry = 2 + 12 * i;
    directory.writeUInt16BE(tag, entry);
    directory.writeUInt16BE(type, entry + 2);
    directory.writeUInt32BE(count, entry + 4);
    if (typeof value === "number") {
      if (type === 3) directory.writeUInt16BE(value, entry + 8);
      else directory.writeUInt32BE(value, entry + 8);
    } else if (value.length <= 4) directory.set(value, entry + 8);
    else {
      directory.writeUInt32BE(at, entry + 8);
      values.push(value);
      at += value.length;
    }
  }
  directory.writeUInt32BE(next, directory.length - 4);
  return Buffer.concat([Buffer.from("MM\0\x2a\0\0\0\x08", "latin1"), directory, ...values]);
}

export const u16 = (...values: readonly number[]) => Buffer.concat(values.map((value) => Buffer.of((value >> 8) & 0xff, value & 0xff)));
export const u32 = (...values: readonly number[]) => Buffer.concat(values.map((value) => u16(value >>> 16, value & 0xffff)));
/** A count of 32 bits, then UTF-16. */
export const unicode = (text: string) => Buffer.concat([u32(text.length), Buffer.from(text, "utf16le").swap16()]);
