/** The same without Node: browsers and edge runtimes. See platform.ts. */
import { Z_BUF_ERROR, Z_NEED_DICT, Z_OK, Z_STREAM_END, Z_SYNC_FLUSH, ZStream, zlibInflate, zlibInflateInit2 } from "pako";
import { joined } from "./arrays.ts";
import { characters } from "./characters.ts";
import { damaged, type Inflated, type Platform, tooLong } from "./platform.ts";

const INFLATE_CHUNK_BYTES = 16 << 10;
/** Bits of the window (32 KiB); negative for DEFLATE without a zlib header. */
const WINDOW_BITS = 15;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const platform: Platform = {
  isAscii,
  isUtf8: (bytes) => utf8(bytes) !== undefined,
  latin1: (bytes, start, end) => characters(bytes.subarray(start, end)),
  utf8,
  utf16le(bytes) {
    const units = new Uint16Array(bytes.length >> 1);
    for (let i = 0; i < units.length; i++) units[i] = (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8);
    return characters(units);
  },
  base64,
  crc32,
  inflate(bytes, compression, limit) {
    if (compression !== "brotli") return inflate(bytes, compression === "zlib" ? WINDOW_BITS : -WINDOW_BITS, limit);
    return { bytes: new Uint8Array(0), damage: { code: "NOT_DECODED", message: "Brotli is decoded on Node only" } };
  },
  loadNow: () => undefined,
};

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}

/** Six bits by character code; 0xff for a character that is not of the alphabet. */
const SIX_BITS = new Uint8Array(256).fill(0xff);
for (const [bits, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  SIX_BITS[character.charCodeAt(0)] = bits;
}

function base64(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let [length, bits, held] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const six = SIX_BITS[text.charCodeAt(i)] ?? 0xff;
    if (six === 0xff) continue;
    held = (held << 6) | six;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return bytes.subarray(0, length);
}

/** Annex D of PNG (Third Edition): the remainder of each byte. */
const REMAINDERS = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (REMAINDERS[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** As Node does it: a chunk at a time, an error before the limit, nothing but the first stream. */
function inflate(bytes: Uint8Array, windowBits: number, limit: number): Inflated {
  const stream = new ZStream();
  zlibInflateInit2(stream, windowBits);
  stream.input = bytes;
  stream.avail_in = bytes.length;
  const chunks: Uint8Array[] = [];
  for (let length = 0; ; ) {
    stream.output = new Uint8Array(INFLATE_CHUNK_BYTES);
    stream.avail_out = INFLATE_CHUNK_BYTES;
    stream.next_out = 0;
    const status = zlibInflate(stream, Z_SYNC_FLUSH);
    if (status === Z_NEED_DICT) return damaged("Missing dictionary");
    if (status !== Z_OK && status !== Z_STREAM_END && status !== Z_BUF_ERROR) return damaged(stream.msg);
    length += stream.next_out;
    if (length > limit) return tooLong(limit);
    chunks.push(stream.output.subarray(0, stream.next_out));
    if (status === Z_STREAM_END || stream.avail_out > 0) return { bytes: joined(chunks) };
  }
}
