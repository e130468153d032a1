/** TIFF 6.0 and BigTIFF files, and DNG, which is known by its tags. The file is one block: its directories are read where Exif is. */
import type { Container } from "../contracts.ts";

export const tiff: Container = {
  name: "tiff",
  detect(head) {
    if (head.length < 8) return undefined;
    const order = String.fromCharCode(head[0] ?? 0, head[1] ?? 0);
    if (order !== "II" && order !== "MM") return undefined;
    const [high, low] = order === "II" ? [head[3], head[2]] : [head[2], head[3]];
    if (high !== 0) return undefined;
    if (low === 42) return isCanonRaw(head) ? { format: "CR2", mimeType: "image/x-canon-cr2" } : { format: "TIFF", mimeType: "image/tiff" };
    return low === 43 ? { format: "BTF", mimeType: "image/x-tiff-big" } : undefined;
  },
  parse(window, found) {
    found.block({ kind: "tiff", at: [{ start: 0, end: window.size ?? Number.MAX_SAFE_INTEGER }] });
  },
};

function isCanonRaw(head: Uint8Array): boolean {
  return head[8] === 0x43 && head[9] === 0x52 && head[10] === 2;
}
