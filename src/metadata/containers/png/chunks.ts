/** PNG (Third Edition) clause 5.3: the chunk layout, and how to find chunks again past pixel data that are not read. */
import { platform } from "#platform";
import { viewOf } from "../../bytes/arrays.ts";
import type { ByteWindow } from "../../bytes/window.ts";
import type { Findings } from "../../contracts.ts";
import { behindPixels, isRest, NEAR } from "../../grammar/tail.ts";

/** A chunk: length, type, data, CRC. Offsets are from the window's start. */
export interface Chunk {
  readonly type: string;
  /** Offset of the chunk's length field. */
  readonly at: number;
  /** Offset of the data. */
  readonly data: number;
  /** Bytes of data. */
  readonly length: number;
  /** Offset past the CRC. */
  readonly end: number;
}

/** The largest length a chunk may have: 2³¹−1. */
const LONGEST_CHUNK = 0x7fffffff;

export function isPixelData(type: string): boolean {
  return type === "IDAT" || type === "fdAT";
}

/** The chunk whose length field is at `at`. Its 8 bytes must lie within the file. */
export function chunkAt(window: ByteWindow, at: number): Chunk {
  const length = window.u32(at);
  return { type: window.ascii(at + 4, 4), at, data: at + 8, length, end: at + 12 + length };
}

/**
 * Where to go on after a chunk of pixel data:
 * 1. at the next header, where it lies near the file's beginning or so near its end that all of the rest is read;
 * 2. at a header of pixel data foretold near the end, as encoders cut pixel data into chunks of one length;
 * 3. at the first chunk found in the file's tail.
 * `first` is the first chunk of pixel data, `chunk` the one at hand.
 */
export function pastPixelData(window: ByteWindow, first: Chunk, chunk: Chunk, found: Findings): number {
  const next = chunk.end;
  const { size } = window;
  if (size === undefined || next < NEAR || next >= size || isRest(window, next)) return next;
  const stride = first.end - first.at;
  const foretold = (start: number) => first.at + Math.floor((start - first.at) / stride) * stride;
  return behindPixels(window, size, next, found, {
    also: (start) => [{ start: foretold(start), end: foretold(start) + 8 }],
    find(tail, start) {
      const at = foretold(start);
      if (at >= next) {
        const header = chunkAt(window, at);
        if (isPixelData(header.type) && header.length <= first.length) return { at, inPixels: true };
      }
      const offset = firstChunk(tail, found);
      if (offset === undefined) return undefined;
      const { type } = chunkAt(window, start + offset);
      return { at: start + offset, inPixels: isPixelData(type) || type === "fcTL" };
    },
  });
}

/**
 * Offset of the first chunk in `tail`, or undefined. A chunk counts when a chain of chunks leads from it to IEND,
 * or, in a file that is cut off, when its CRC is right.
 */
function firstChunk(tail: Uint8Array, found: Findings): number | undefined {
  const bytes = viewOf(tail);
  found.budget.step(tail.length >> 4);
  /** Offset past the IEND that the chain from an offset leads to, or undefined. */
  const ends = new Map<number, number | undefined>();
  const chain = (from: number): number | undefined => {
    const passed: number[] = [];
    let at = from;
    let end: number | undefined;
    while (isHeader(bytes, at)) {
      if (ends.has(at)) {
        end = ends.get(at);
        break;
      }
      found.budget.step();
      passed.push(at);
      const next = at + 12 + bytes.getUint32(at);
      if (bytes.getUint32(at + 4) === 0x49454e44 && next === at + 12) {
        end = next;
        break;
      }
      at = next;
    }
    for (const offset of passed) ends.set(offset, end);
    return end;
  };
  for (let at = 0; at + 12 <= bytes.byteLength; at++) {
    if (!isHeader(bytes, at)) continue;
    const end = chain(at);
    if (end !== undefined) {
      // An IEND that chunks follow after a CRC more ends a PNG within a chunk, as a gain map is.
      return chain(end + 4) === undefined ? at : end + 4;
    }
    const length = bytes.getUint32(at);
    found.budget.step(length >> 4);
    if (platform.crc32(tail.subarray(at + 4, at + 8 + length)) === bytes.getUint32(at + 8 + length)) return at;
  }
  return undefined;
}

/** Four letters for a type and a length that fits. */
function isHeader(bytes: DataView, at: number): boolean {
  if (at + 12 > bytes.byteLength) return false;
  for (let i = at + 4; i < at + 8; i++) {
    const letter = bytes.getUint8(i) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return false;
  }
  return at + 12 + bytes.getUint32(at) <= bytes.byteLength;
}

export function isTooLong(chunk: Chunk): boolean {
  return chunk.length > LONGEST_CHUNK;
}
