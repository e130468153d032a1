/** Compressed blocks: zlib (RFC 1950), raw DEFLATE (RFC 1951), Brotli (RFC 7932). A stream that is cut gives what it holds, one that is damaged nothing. */
import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from "node:zlib";
import type { WarningCode } from "../../record/types.ts";
import type { Budget } from "../budget.ts";

export interface Inflated {
  readonly bytes: Uint8Array;
  readonly damage?: { readonly code: WarningCode; readonly message: string };
}

/** DEFLATE makes at most so many bytes of one. */
const DEFLATE_RATIO = 1032;

/** Inflates within the limits. Throws LIMIT_EXCEEDED where the budget is spent. */
export function inflate(bytes: Uint8Array, encoding: "zlib" | "deflate" | "brotli", budget: Budget): Inflated {
  const limit = budget.limits.inflatedBytes;
  // Thirty bytes may be the tables of a block that holds nothing: they take the longest.
  budget.step(bytes.length);
  const inflated = attempt(bytes, encoding, limit);
  // How much was inflated before damage is not known.
  const most = encoding === "brotli" ? limit : Math.min(limit, DEFLATE_RATIO * bytes.length);
  budget.touch(inflated.damage === undefined ? inflated.bytes.length : most);
  budget.keep(inflated.bytes.length);
  return inflated;
}

function attempt(bytes: Uint8Array, encoding: "zlib" | "deflate" | "brotli", limit: number): Inflated {
  const options = { maxOutputLength: limit };
  try {
    if (encoding === "brotli") return { bytes: brotliDecompressSync(bytes, options) };
    const decode = encoding === "zlib" ? inflateSync : inflateRawSync;
    // With a sync flush at the end, a stream that is cut gives what it holds instead of an error.
    return { bytes: decode(bytes, { ...options, finishFlush: constants.Z_SYNC_FLUSH }) };
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    if (code === "ERR_BUFFER_TOO_LARGE") {
      return { bytes: new Uint8Array(0), damage: { code: "LIMIT_EXCEEDED", message: `inflates to more than ${limit} bytes` } };
    }
    return { bytes: new Uint8Array(0), damage: { code: "MALFORMED", message: `does not inflate: ${message}` } };
  }
}
