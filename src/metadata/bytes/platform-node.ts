/** Node's own functions: see platform.ts. */
import { isAscii, isUtf8 } from "node:buffer";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { brotliDecompressSync, constants, crc32, inflateRawSync, inflateSync } from "node:zlib";
import { type Compression, damaged, type Platform, tooLong } from "./platform.ts";

const { latin1Slice } = Buffer.prototype as unknown as { latin1Slice(this: Uint8Array, start: number, end: number): string };

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

export const platform: Platform = {
  isAscii,
  isUtf8,
  // Called so, it needs no Buffer of its own.
  latin1: (bytes, start, end) => latin1Slice.call(bytes, start, end),
  utf8: (bytes) => (isUtf8(bytes) ? bufferOf(bytes).toString("utf8") : undefined),
  utf16le: (bytes) => bufferOf(bytes).toString("utf16le"),
  base64: (text) => Buffer.from(text, "base64"),
  crc32: (bytes) => crc32(bytes),
  inflate(bytes, compression, limit) {
    try {
      return { bytes: decompress(bytes, compression, limit) };
    } catch (thrown) {
      const { code, message } = thrown as { code?: string; message: string };
      return code === "ERR_BUFFER_TOO_LARGE" ? tooLong(limit) : damaged(message);
    }
  },
  loadNow(path) {
    let require: NodeJS.Require;
    let file: string;
    try {
      require = createRequire(import.meta.url);
      // The build puts this module into a folder beside those of the tables, as it lies here.
      file = require.resolve(`../${path}${extname(import.meta.url)}`);
    } catch {
      return undefined;
    }
    return require(file);
  },
};

function decompress(bytes: Uint8Array, compression: Compression, limit: number): Uint8Array {
  const options = { maxOutputLength: limit };
  if (compression === "brotli") return brotliDecompressSync(bytes, options);
  const decode = compression === "zlib" ? inflateSync : inflateRawSync;
  // With a sync flush at the end, a stream that is cut gives what it holds instead of an error.
  return decode(bytes, { ...options, finishFlush: constants.Z_SYNC_FLUSH });
}
