/** Marker segments of JPEG: ITU-T T.81 annex B.1.1. Fill bytes and junk between segments are stepped over. */
import type { ByteRange, ByteWindow } from "../../bytes/window.ts";
import type { Findings } from "../../contracts.ts";

const EOI = 0xd9;
export const SOS = 0xda;
export const COM = 0xfe;
export const APP0 = 0xe0;

export interface Segment {
  /** The second byte of the marker. */
  readonly marker: number;
  /** Offset of the marker's 0xff. */
  readonly at: number;
  /** The payload, behind the length; cut where the file ends. Empty for a marker that stands alone. */
  readonly data: number;
  readonly end: number;
}

/** How many bytes are looked at together in the search for a marker. */
const STRIDE = 1024;

/** Is it a marker without a length: TEM, RSTn, SOI, EOI, a stuffed zero? */
function standsAlone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= EOI);
}

/** Start of frame: 0xc0–0xcf but DHT, JPG and DAC. */
export function isStartOfFrame(marker: number): boolean {
  return (marker & 0xf0) === 0xc0 && (marker === 0xc0 || (marker & 3) !== 0);
}

export function rangeOf(segment: Segment, skip = 0): ByteRange {
  return { start: Math.min(segment.data + skip, segment.end), end: segment.end };
}

/** What is known of the segments that follow. */
export interface Ahead {
  /** What is wanted anyway of a payload that goes on in them, and so asked for at once. */
  from: number;
  until: number;
  /** Where the walk goes on, behind segments whose places are known; 0 where that is the next one. */
  resume: number;
}

const SEGMENT_STEPS = 60;

/** Bytes that are asked for together in the search for the next segment. */
export const AHEAD = 4096;
/** A segment of this length is filled, and is likely one of several alike: the headers of the next are asked for with its successor's. */
const FILLED = 0xf000;
const ALIKE = 2;

/** The segments from `at` on, up to and including SOS or EOI. A damaged one ends the walk with a warning. */
export function* segments(window: ByteWindow, at: number, ahead: Ahead, found: Findings): Generator<Segment> {
  let previous = 0;
  for (let next = at; ; ) {
    found.budget.step(SEGMENT_STEPS);
    askAhead(window, next, previous, ahead);
    const marker = markerFrom(window, next, found);
    if (marker === undefined) {
      found.warn("TRUNCATED", "the file ends before the start of scan", next);
      return;
    }
    const segment = segmentAt(window, marker, found);
    if (segment === undefined) return;
    if (marker.skipped > 0 && segment.marker !== SOS) found.warn("MALFORMED", `${marker.skipped} unknown bytes before a marker`, next);
    yield segment;
    if (segment.marker === SOS || segment.marker === EOI) return;
    previous = segment.end - segment.at;
    next = Math.max(segment.end, ahead.resume);
  }
}

/** @param previous bytes of the segment before `next` */
function askAhead(window: ByteWindow, next: number, previous: number, ahead: Ahead): void {
  const { size } = window;
  if (window.has(next, Math.min(next + 4, size ?? next + 4))) return;
  if (ahead.until <= next) {
    const alike = previous < FILLED ? 0 : ALIKE;
    window.need(Array.from({ length: 1 + alike }, (_, i) => ({ start: next + i * previous, end: next + i * previous + AHEAD })));
  }
  let from = ahead.from;
  while (from < next && window.has(from, from + AHEAD)) from += AHEAD;
  window.need({ start: Math.min(from, next), end: Math.max(next + AHEAD, ahead.until) });
}

interface Marker {
  readonly code: number;
  readonly at: number;
  readonly skipped: number;
}

/** The next marker: 0xff, any number of fill bytes 0xff, then its code. */
function markerFrom(window: ByteWindow, from: number, found: Findings): Marker | undefined {
  if (from + 2 <= (window.size ?? 0) && window.u8(from) === 0xff) {
    const code = window.u8(from + 1);
    if (code !== 0xff) return { code, at: from, skipped: 0 };
  }
  let filled = false;
  for (let at = from; ; ) {
    const bytes = window.upTo(at, STRIDE);
    if (bytes.length === 0) return undefined;
    found.budget.step(bytes.length / 4);
    for (const [i, byte] of bytes.entries()) {
      if (byte === 0xff) filled = true;
      else if (filled) return { code: byte, at: at + i - 1, skipped: at + i - 1 - from };
    }
    at += bytes.length;
  }
}

function segmentAt(window: ByteWindow, marker: Marker, found: Findings): Segment | undefined {
  const { at, code } = marker;
  if (standsAlone(code) || code === SOS) return { marker: code, at, data: at + 2, end: at + 2 };
  const isThere = at + 4 <= (window.size ?? Number.POSITIVE_INFINITY);
  const length = isThere ? window.u16(at + 2) : -1;
  if (length < 2) {
    found.warn(length < 0 ? "TRUNCATED" : "MALFORMED", "a segment without a valid length", at);
    return undefined;
  }
  const { size } = window;
  const end = at + 2 + length;
  if (size === undefined || end <= size) return { marker: code, at, data: at + 4, end };
  found.warn("TRUNCATED", `the file ends within a segment of ${length} bytes`, at);
  return { marker: code, at, data: at + 4, end: size };
}
