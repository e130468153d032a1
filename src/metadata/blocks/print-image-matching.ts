/** Print Image Matching, Epson's block in Exif. Layout: ExifTool 13.59 PrintIM.pm. */
import type { Decoder } from "../contracts.ts";

export const printImageMatching: Decoder = {
  kind: "printim",
  decode({ data, hint }, found) {
    const size = data.size ?? 0;
    if (size < 16 || data.ascii(0, 7) !== "PrintIM") {
      found.warn("MALFORMED", "no PrintIM header", 0);
      return;
    }
    const fits = (littleEndian: boolean) => size >= 16 + 6 * data.u16(14, littleEndian);
    if (!fits(hint === "II") && !fits(hint !== "II")) {
      found.warn("MALFORMED", "PrintIM is shorter than it says", 14);
      return;
    }
    found.tags.group("PrintIM").put("PrintIMVersion", data.ascii(8, 4));
  },
};
