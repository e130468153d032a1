/** Minimal PNG files: PNG (Third Edition) clause 5. */
import { crc32, deflateSync } from "node:zlib";

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function pngChunk(type: string, data: Uint8Array | string = ""): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), typeof data === "string" ? Buffer.from(data, "latin1") : data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

/** Numbers of 4 bytes, big-endian. */
export function u32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

export function imageHeader(width = 3, height = 2, depth = 8, colourType = 2): Buffer {
  return pngChunk("IHDR", Buffer.concat([u32s(width, height), Buffer.from([depth, colourType, 0, 0, 0])]));
}

/** `size` bytes that look compressed, in IDAT chunks of `each` bytes. */
export function pixelData(size: number, each = size, type = "IDAT"): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 24;
  }
  const chunks: Buffer[] = [];
  for (let at = 0; at < size; at += each) chunks.push(pngChunk(type, bytes.subarray(at, at + each)));
  return Buffer.concat(chunks);
}

/** A PNG of these chunks: signature, IHDR unless one is given, and IEND are added. */
export function pngFile(...chunks: readonly Uint8Array[]): Buffer {
  const headed = chunks.some((chunk) => Buffer.from(chunk).toString("latin1", 4, 8) === "IHDR");
  return Buffer.concat([PNG_SIGNATURE, ...(headed ? [] : [imageHeader()]), ...chunks, pngChunk("IEND")]);
}

export function pngText(keyword: string, text: string): Buffer {
  return pngChunk("tEXt", `${keyword}\0${text}`);
}

export function pngCompressedText(keyword: string, text: string): Buffer {
  return pngChunk("zTXt", Buffer.concat([Buffer.from(`${keyword}\0\0`, "latin1"), deflateSync(Buffer.from(text, "latin1"))]));
}

export function pngInternationalText(keyword: string, text: string, options: { language?: string; compressed?: boolean } = {}): Buffer {
  const utf8 = Buffer.from(text);
  const head = `${keyword}\0${options.compressed ? "\x01" : "\0"}\0${options.language ?? ""}\0\0`;
  return pngChunk("iTXt", Buffer.concat([Buffer.from(head, "latin1"), options.compressed ? deflateSync(utf8) : utf8]));
}
