/** The content of one image from ranged reads: what a parse misses is fetched, within the limits of the image. */
import { type ByteRange, ByteWindow } from "../metadata/bytes/window.ts";
import { Missing } from "../metadata/missing.ts";
import { Reading, type ReadOptions } from "../metadata/read.ts";
import { defaultLimits } from "../record/limits.ts";
import type { ImageContent, ObjectInfo } from "../record/types.ts";
import { type FirstRead, MOST } from "./first-read.ts";
import { plan } from "./plan.ts";

/** Runs one synchronous parse and gives back its result: the place to time it, or to end it. */
export type RunParse = <T>(parse: () => T) => T;

/** Bytes that are read by ranges: an object in a storage, a `Blob`. */
export interface RangedBytes {
  /** What is known of it; more once the first read has come. */
  readonly info: ObjectInfo;
  /** Bytes in all; undefined until it is known. */
  readonly size: number | undefined;
  /** What was spent so far. Reading a local file does not count as a request. */
  readonly cost: { readonly requests: number };
  /** The bytes of each range, in the order asked. They are fewer than asked only if the bytes end there, and `size` is known then. */
  read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]>;
}

/** @throws ImagemetaError if there is no metadata to give */
export async function readContent(
  source: RangedBytes,
  options: ReadOptions,
  firstRead: FirstRead,
  signal: AbortSignal,
  run: RunParse,
): Promise<ImageContent> {
  const limits = { ...defaultLimits, ...options.limits };
  const window = ByteWindow.empty(source.size, MOST);
  const reading = new Reading(window, options);
  let [requests, bytes] = [0, 0];
  const fetch = async (ranges: readonly ByteRange[]): Promise<void> => {
    const parts = await source.read(ranges, signal);
    ranges.forEach(({ start }, i) => {
      const part = parts[i] ?? new Uint8Array(0);
      window.add(start, part);
      bytes += part.length;
    });
    if (source.cost.requests > 0) requests += ranges.length;
    window.size = source.size;
  };
  // An object that was not listed tells its type with the first bytes only: what is learnt is kept by what was known before.
  const known = source.info;
  if (window.size !== 0) await fetch([{ start: 0, end: firstRead.size(known) }]);
  let round = 1;
  let isLast = false;
  for (;;) {
    try {
      const content = run(() => (isLast ? reading.conclude() : reading.attempt()));
      if (!isLast) firstRead.learn(known, window.reach);
      return content;
    } catch (thrown) {
      if (!(thrown instanceof Missing)) throw thrown;
      for (const table of thrown.tables) await table.load();
      if (thrown.ranges.length === 0) continue;
      const room = { requests: limits.requests - requests, bytes: limits.bytes - bytes };
      const ranges = plan(thrown.ranges, round++, room, window.size);
      if (ranges.length === 0) isLast = true;
      else await fetch(ranges);
    }
  }
}
