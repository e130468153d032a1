/** Reads an image as a storage would give it: a first range, then what is asked for; counts what that takes. */
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import { loadTables } from "../src/metadata/late-tables.ts";
import { Missing } from "../src/metadata/missing.ts";
import { Reading, type ReadOptions } from "../src/metadata/read.ts";
import type { ImageContent } from "../src/record/types.ts";

await loadTables();

export interface SparseReading {
  readonly content: ImageContent;
  /** Rounds of requests, the first read included. */
  readonly rounds: number;
  /** Bytes fetched, the first read included. */
  readonly bytes: number;
}

/** Reads with a first range of `first` bytes and no read-ahead. */
export function readSparsely(bytes: Uint8Array, first = 16 << 10, options: ReadOptions = {}): SparseReading {
  const window = ByteWindow.empty(bytes.length);
  window.add(0, bytes.subarray(0, first));
  const reading = new Reading(window, options);
  let fetched = Math.min(first, bytes.length);
  for (let rounds = 1; ; rounds++) {
    try {
      return { content: reading.attempt(), rounds, bytes: fetched };
    } catch (thrown) {
      if (!(thrown instanceof Missing)) throw thrown;
      for (const { start, end } of thrown.ranges) {
        window.add(start, bytes.subarray(start, end));
        fetched += end - start;
      }
    }
  }
}
