/** Laws that hold for every image: run each fixture through them. */
import { expect } from "vitest";
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import { loadTables } from "../src/metadata/late-tables.ts";
import { Missing } from "../src/metadata/missing.ts";
import { Reading, type ReadOptions } from "../src/metadata/read.ts";
import { ImagemetaError } from "../src/record/errors.ts";
import type { ImageContent } from "../src/record/types.ts";

await loadTables();

type Outcome = { content: ImageContent } | { error: string };

/** Reads `bytes` as they arrive in windows of `size` bytes at a time; returns the outcome. */
function readByWindows(bytes: Uint8Array, size: number, options: ReadOptions = {}): Outcome {
  const window = ByteWindow.empty(bytes.length);
  const reading = new Reading(window, options);
  for (let round = 0; round < 100_000; round++) {
    try {
      return { content: reading.attempt() };
    } catch (thrown) {
      if (thrown instanceof ImagemetaError) return { error: thrown.code };
      if (!(thrown instanceof Missing)) throw thrown;
      // Last range first: the order of arrival must not matter.
      for (const { start, end } of [...thrown.ranges].reverse()) {
        const from = Math.floor(start / size) * size;
        const to = Math.max(end, Math.min(bytes.length, from + size));
        window.add(from, bytes.subarray(from, Math.min(bytes.length, Math.ceil(to / size) * size)));
      }
    }
  }
  throw new Error("the parse never had all it asked for");
}

function whole(bytes: Uint8Array, options: ReadOptions): Outcome {
  try {
    return { content: new Reading(ByteWindow.whole(bytes, 0), options).attempt() };
  } catch (thrown) {
    if (thrown instanceof ImagemetaError) return { error: thrown.code };
    throw thrown;
  }
}

/** Any window size, any order of arrival: the same record. */
export function lawOfWindows(bytes: Uint8Array, options: ReadOptions = {}): void {
  const expected = whole(bytes, options);
  for (const size of [64, 1000, 4096, 65_536]) expect(readByWindows(bytes, size, options), `windows of ${size}`).toEqual(expected);
}

/** Truncated anywhere: a record or an error with its code, never another throw. */
export function lawOfTruncation(bytes: Uint8Array, cuts = 60): void {
  for (let i = 0; i < cuts; i++) whole(bytes.subarray(0, Math.floor((bytes.length * i) / cuts)), {});
}
