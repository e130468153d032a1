/**
 * What the engine takes from where it runs. `#platform` is platform-node.ts on Node and platform-web.ts elsewhere: package.json has the
 * conditions. Both give the same results; Node's own functions are faster.
 */
import type { WarningCode } from "../../record/types.ts";

export type Compression = "zlib" | "deflate" | "brotli";

export interface Inflated {
  readonly bytes: Uint8Array;
  readonly damage?: { readonly code: WarningCode; readonly message: string };
}

export interface Platform {
  isAscii(bytes: Uint8Array): boolean;
  isUtf8(bytes: Uint8Array): boolean;
  /** One character a byte, of [start, end): ISO 8859-1. */
  latin1(bytes: Uint8Array, start: number, end: number): string;
  /** The text of well-formed UTF-8, a byte order mark included; undefined if it is not well-formed. */
  utf8(bytes: Uint8Array): string | undefined;
  /** The code units as they are, lone surrogates included. Two bytes make one; an odd last byte is left out. */
  utf16le(bytes: Uint8Array): string;
  /** Bytes of base64 text (RFC 4648 section 4) without padding; white space is passed over. */
  base64(text: string): Uint8Array;
  /** CRC-32 of PNG (Third Edition) annex D. */
  crc32(bytes: Uint8Array): number;
  /** A stream that is cut gives what it holds. At most `limit` bytes. Never throws. */
  inflate(bytes: Uint8Array, compression: Compression, limit: number): Inflated;
  /** A module of the engine by its path (`tables/geotiff`), without a promise; undefined if it can only be imported. */
  loadNow(path: string): unknown;
}

export function tooLong(limit: number): Inflated {
  return { bytes: new Uint8Array(0), damage: { code: "LIMIT_EXCEEDED", message: `inflates to more than ${limit} bytes` } };
}

export function damaged(message: string): Inflated {
  return { bytes: new Uint8Array(0), damage: { code: "MALFORMED", message: `does not inflate: ${message}` } };
}
