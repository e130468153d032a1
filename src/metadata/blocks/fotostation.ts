/** FotoWare FotoStation's trailers: IPTC, a crop, previews. Big-endian. */
import type { Decoder } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { softEdit } from "../tables/fotostation.ts";

export const fotostation: Decoder<"fotostation"> = {
  kind: "fotostation",
  decode({ data, context: { record } }, found) {
    const group = found.tags.group("FotoStation");
    const size = data.size ?? 0;
    if (record === 1) found.block({ kind: "iptc", at: [{ start: 0, end: size }], context: { standing: "elsewhere" } });
    else if (record === 2) putFields(softEdit, data, group);
    else if (record === 3) group.put("ThumbnailImage", { bytes: size });
    else if (record === 4) group.put("PreviewImage", { bytes: size });
  },
};
