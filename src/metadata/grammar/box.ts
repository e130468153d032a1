/** Boxes: ISO/IEC 14496-12 section 4.2 (ISO base media file format), and the same in ISO/IEC 19566-5 (JUMBF). */
import type { ByteRange, ByteWindow } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";

export interface Box {
  /** FourCC, as Latin-1. */
  readonly type: string;
  /** Where the header begins. */
  readonly start: number;
  /** Where the content begins. */
  readonly data: number;
  /** Where the box ends; cut at the end of what it lies in. */
  readonly end: number;
  /** The box announces more than there is. */
  readonly cut: boolean;
}

const BOX_STEPS = 15;

/** Box headers, one after the other, within [start, end). Only headers are read. Ends with a warning where one is damaged. */
export function* boxes(window: ByteWindow, { start, end }: ByteRange, found: Findings): Generator<Box, void> {
  for (let at = start; at + 8 <= end; ) {
    found.budget.step(BOX_STEPS);
    const size = window.u32(at);
    const type = window.ascii(at + 4, 4);
    let data = at + 8;
    let length = size;
    if (size === 1) {
      if (at + 16 > end) return found.warn("TRUNCATED", `the header of box ${printable(type)} is cut`, at);
      length = Number(window.u64(at + 8));
      data = at + 16;
    } else if (size === 0) {
      length = end - at;
    }
    if (length < data - at) return found.warn("MALFORMED", `box ${printable(type)} has an impossible size of ${length} bytes`, at);
    const announced = at + length;
    const cut = announced > end;
    yield { type, start: at, data, end: cut ? end : announced, cut };
    if (cut) return found.warn("TRUNCATED", `box ${printable(type)} announces ${announced - end} bytes more than there are`, at);
    at = announced;
  }
}

/** What a box holds, as a window of its own. `skip` bytes are left out: a full box's version and flags. */
export function contentOf(window: ByteWindow, box: Box, skip = 0): ByteWindow {
  return window.sub(Math.min(box.data + skip, box.end), Math.max(0, box.end - box.data - skip));
}

function printable(type: string): string {
  return `'${type.replace(/[^\x20-\x7e]/g, ".")}'`;
}
