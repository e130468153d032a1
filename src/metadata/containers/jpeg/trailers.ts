/** What programs append to an image file, told by its last bytes: AFCP (AXS), FotoStation. Layouts as ExifTool 13.59 AFCP.pm and FotoStation.pm know them. */
import type { ByteWindow } from "../../bytes/window.ts";
import type { Findings } from "../../contracts.ts";

/** A smaller file is read whole by any first read: its end costs no further request. */
const SMALL = 16 << 10;

/** Names the trailers between `from` and the end as blocks. Looked for in small files, or where the caller asked to be thorough. */
export function findTrailers(window: ByteWindow, from: number, found: Findings): void {
  const { size } = window;
  if (size === undefined || (size > SMALL && !found.thorough)) return;
  for (let end = size; ; ) {
    found.budget.step();
    const start = trailerBefore(window, from, end, found);
    if (start === undefined || start < from || start >= end) return;
    end = start;
  }
}

/** The start of the trailer that ends at `end`. */
function trailerBefore(window: ByteWindow, from: number, end: number, found: Findings): number | undefined {
  if (end - 12 < from) return undefined;
  const signature = window.ascii(end - 12, 4);
  if (signature === "AXS!" || signature === "AXS*") {
    const start = window.u32(end - 8, signature === "AXS*");
    if (start < from || start + 12 > end || window.ascii(start, 4) !== signature) return undefined;
    found.block({ kind: "afcp", at: [{ start, end }] });
    return start;
  }
  if (window.u32(end - 4) !== 0xa1b2c3d4) return undefined;
  const start = end - window.u32(end - 8);
  if (start < from || start + 10 > end) return undefined;
  found.block({ kind: "fotostation", at: [{ start, end: end - 10 }], context: { record: window.u16(end - 10) } });
  return start;
}
