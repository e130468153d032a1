/** RIFF: a file of chunks, each a FourCC, a length (little-endian) and data padded to an even length. WebP uses it: RFC 9649 section 2.3. */
import { viewOf } from "../bytes/arrays.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";

/** Offsets are from the window's start. */
export interface RiffChunk {
  readonly id: string;
  /** Offset of the FourCC. */
  readonly at: number;
  /** Offset of the data. */
  readonly data: number;
  /** Bytes of data, without padding. */
  readonly length: number;
  /** Offset past the padding. */
  readonly end: number;
}

/** The chunk whose FourCC is at `at`. Its 8 bytes must lie within the file. */
export function riffChunkAt(window: ByteWindow, at: number): RiffChunk {
  const length = window.u32(at + 4, true);
  return { id: window.ascii(at, 4), at, data: at + 8, length, end: at + 8 + length + (length & 1) };
}

/**
 * Offset of the first chunk in `tail` that has one of the `ids` and from which a chain of such chunks leads to the end
 * of `tail`; undefined where there is none.
 */
export function firstRiffChunk(tail: Uint8Array, ids: readonly string[], found: Findings): number | undefined {
  const bytes = viewOf(tail);
  found.budget.step(tail.length >> 4);
  const known = new Set(ids.map((id) => fourCc(id)));
  /** Offsets whose chain leads nowhere. */
  const dead = new Set<number>();
  for (let from = 0; from + 8 <= tail.length; from++) {
    let at = from;
    const passed: number[] = [];
    while (at + 8 <= tail.length && !dead.has(at) && known.has(bytes.getUint32(at, true))) {
      found.budget.step();
      passed.push(at);
      const length = bytes.getUint32(at + 4, true);
      at += 8 + length + (length & 1);
    }
    // The last chunk's padding is left out by some writers.
    if (passed.length > 0 && (at === tail.length || at === tail.length + 1)) return from;
    for (const offset of passed) dead.add(offset);
  }
  return undefined;
}

/** As a little-endian number. */
function fourCc(id: string): number {
  return [...id].reduceRight((code, character) => code * 256 + character.charCodeAt(0), 0);
}
