/** JFIF 1.02: the APP0 marker segment, behind its signature. */
import type { Decoder } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { jfifFields, jfifThumbnails } from "../tables/jfif.ts";

/** Where the thumbnail begins: 3 bytes a pixel. */
const THUMBNAIL = 9;

export const jfif: Decoder<"jfif"> = {
  kind: "jfif",
  decode({ data }, found) {
    const group = found.tags.group("JFIF");
    putFields(jfifFields, data, group);
    const size = data.size ?? 0;
    if (size <= THUMBNAIL) return;
    const bytes = Math.min(3 * data.u8(7) * data.u8(8), size - THUMBNAIL);
    if (bytes > 0) group.putRow(jfifThumbnails.pixels, { bytes });
  },
};
