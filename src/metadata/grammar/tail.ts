/**
 * Finding what stands behind pixel data that are not read. Every choice depends on the file's bytes and size only, never
 * on which bytes are there, so that a file fetched in pieces gives the same record as one in memory.
 */
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";

/** What begins below this is hopped to one by one: any first read holds it. */
export const NEAR = 16 << 10;
/** Where no more than this is left behind pixel data, it is read whole. */
const REST = 64 << 10;
/** Otherwise this much of the file's end is looked at, and four times as much while it begins within metadata. */
const TAIL = 32 << 10;
const LONGEST_TAIL = 2 << 20;

/** Asks for what stands at `at`, up to `length` bytes of it, where not even a chunk's header of it is there. */
export function readAhead(window: ByteWindow, at: number, length: number): void {
  if (window.size !== undefined && !window.has(at, Math.min(at + 8, window.size))) window.need({ start: at, end: at + length });
}

/** Where the tail can be read from. */
interface Resumption {
  /** From the window's start. */
  readonly at: number;
  /** Pixel data stand there: nothing else was passed over. */
  readonly inPixels: boolean;
}

export interface TailSearch {
  /** Places outside the tail that `find` looks at; `start` is where the tail begins. */
  also?(start: number): readonly ByteRange[];
  find(tail: Uint8Array, start: number): Resumption | undefined;
}

/** Is so little left from `next` on that all of it is read? Asks for it then. */
export function isRest(window: ByteWindow, next: number): boolean {
  const { size } = window;
  if (size === undefined || next < size - REST) return false;
  window.need({ start: next, end: size });
  return true;
}

/** Where to go on after pixel data that end at `next` and that others follow: one request, unless much metadata stand at the end. */
export function behindPixels(window: ByteWindow, size: number, next: number, found: Findings, search: TailSearch): number {
  for (let reach = TAIL; ; reach *= 4) {
    const start = Math.max(next, size - reach);
    window.need([...(search.also?.(start) ?? []), { start, end: size }]);
    if (start === next) return next;
    const resumption = search.find(window.bytes(start, size - start), start);
    if (resumption?.inPixels) return resumption.at;
    if (reach < LONGEST_TAIL) continue;
    found.warn("NOT_READ", `no pixel data were found in the last ${LONGEST_TAIL} bytes; what stands before them was left out`, next);
    return resumption?.at ?? size;
  }
}
