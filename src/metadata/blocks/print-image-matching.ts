/** Print Image Matching, Epson's block in Exif. Layout: ExifTool 13.59 PrintIM.pm. */
import type { Decoder } from "../contracts.ts";

export const printImageMatching: Decoder<"printim"> = {
  kind: "printim",
  decode({ data, context: { littleEndian } }, found) {
    const size = data.size ?? 0;
    if (size < 16 || data.ascii(0, 7) !== "PrintIM") {
      found.warn("MALFORMED", "no PrintIM header", 0);
      return;
    }
    // Some writers use the other byte order than the directory's.
    if (![littleEndian, !littleEndian].some((order) => size >= 16 + 6 * data.u16(14, order))) {
      found.warn("MALFORMED", "PrintIM is shorter than it says", 14);
      return;
    }
    found.tags.group("PrintIM").put("PrintIMVersion", data.ascii(8, 4));
  },
};
