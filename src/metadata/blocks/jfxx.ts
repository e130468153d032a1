/** JFIF 1.02: extension segments in APP0, behind their signature. An extension code, then the thumbnail. */
import type { Decoder } from "../contracts.ts";
import { jfifThumbnails } from "../tables/jfif.ts";

const JPEG = 0x10;
const PALETTE = 0x11;

export const jfxx: Decoder<"jfxx"> = {
  kind: "jfxx",
  decode({ data }, found) {
    const length = (data.size ?? 0) - 1;
    const code = data.u8(0);
    const group = found.tags.group("JFXX");
    if (code === JPEG) {
      group.putRow(jfifThumbnails.jpeg, { bytes: length });
      const { offsetInObject } = data;
      const isJpeg = length > 2 && data.u16(1) === 0xffd8;
      if (isJpeg && offsetInObject !== undefined) found.thumbnail({ offset: offsetInObject + 1, length, mimeType: "image/jpeg" });
    } else if (length > (code === PALETTE ? 770 : 2) && data.u16(1) !== 0) group.putRow(jfifThumbnails.pixels, { bytes: length });
  },
};
