/** What to fetch for the bytes that a parse missed: neighbours together, with read-ahead that grows, within what is left of the limits. */
import type { ByteRange } from "../metadata/bytes/window.ts";

/** Neighbours are fetched together where the gap between them is at most this: a request costs more than these bytes. */
const GAP = 64 << 10;
/** Read-ahead of the first round after the first read; it doubles with each. */
const AHEAD = 32 << 10;
const MOST_AHEAD = 1 << 20;

export interface Room {
  readonly requests: number;
  readonly bytes: number;
}

/**
 * The ranges to request, in order, at most `room.requests` of at most `room.bytes` together.
 * Empty where none of what is missing fits. `round` counts from 1; `size` is that of the object, where known.
 */
export function plan(missing: readonly ByteRange[], round: number, room: Room, size: number | undefined): readonly ByteRange[] {
  if (room.requests < 1) return [];
  const exact = coalesce(missing, 0);
  const ahead = Math.min(MOST_AHEAD, AHEAD << Math.min(round - 1, 10));
  const end = size ?? Number.POSITIVE_INFINITY;
  const generous = exact.map((range) => ({ start: range.start, end: Math.min(end, Math.max(range.end + AHEAD / 2, range.start + ahead)) }));
  for (const ranges of [coalesce(generous, GAP), coalesce(exact, GAP), exact]) {
    if (ranges.length <= room.requests && total(ranges) <= room.bytes) return ranges;
  }
  const merged = widen(exact, room.requests);
  if (total(merged) <= room.bytes) return merged;
  // Not all of it fits: what comes first in the file is what says most.
  const some: ByteRange[] = [];
  for (const range of exact) if (some.length < room.requests && total(some) + range.end - range.start <= room.bytes) some.push(range);
  return some;
}

function total(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, range) => sum + range.end - range.start, 0);
}

/** Ranges in order, those joined that overlap or lie at most `gap` apart. */
function coalesce(ranges: readonly ByteRange[], gap: number): readonly ByteRange[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end + gap) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** Joins the nearest neighbours until at most `most` ranges are left, which is 1 or more. */
function widen(ranges: readonly ByteRange[], most: number): readonly ByteRange[] {
  const gaps = ranges.slice(1).map((range, i) => range.start - (ranges[i]?.end ?? 0));
  const largest = gaps.toSorted((a, b) => b - a);
  return coalesce(ranges, Math.max(0, largest[most - 1] ?? 0));
}
