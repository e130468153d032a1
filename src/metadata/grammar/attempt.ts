import { type ByteRange, MissingBytes, PastEnd } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";

/** Runs one part of a parse, so that the others go on: what it misses is collected, and what ends too early warned of. */
export function attempt(found: Findings, missing: ByteRange[], run: () => void): void {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof MissingBytes) for (const range of thrown.ranges) missing.push(range);
    else if (thrown instanceof PastEnd) found.warn("TRUNCATED", thrown.message, thrown.offset);
    else throw thrown;
  }
}
