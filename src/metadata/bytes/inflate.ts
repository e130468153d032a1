/** Compressed blocks: zlib (RFC 1950), raw DEFLATE (RFC 1951), Brotli (RFC 7932). A stream that is cut gives what it holds, one that is damaged nothing. */
import { platform } from "#platform";
import type { Budget } from "../budget.ts";
import type { Compression, Inflated } from "./platform.ts";

/** DEFLATE makes at most this many bytes of one. */
const DEFLATE_RATIO = 1032;

/** Inflates within the limits. Throws LIMIT_EXCEEDED where the budget is spent. */
export function inflate(bytes: Uint8Array, compression: Compression, budget: Budget): Inflated {
  const limit = budget.limits.inflatedBytes;
  // Thirty bytes may be the tables of a block that holds nothing: they take the longest.
  budget.step(bytes.length);
  const inflated = platform.inflate(bytes, compression, limit);
  // How much was inflated before damage is not known.
  const most = compression === "brotli" ? limit : Math.min(limit, DEFLATE_RATIO * bytes.length);
  budget.touch(inflated.damage === undefined ? inflated.bytes.length : most);
  budget.keep(inflated.bytes.length);
  return inflated;
}
