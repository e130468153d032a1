/** FotoWare FotoStation's trailers: IPTC, a crop, previews. The hint is the kind's number. Big-endian. */
import type { Decoder } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { softEdit } from "../tables/fotostation.ts";

export const fotostation: Decoder = {
  kind: "fotostation",
  decode({ data, hint }, found) {
    const group = found.tags.group("FotoStation");
    const size = data.size ?? 0;
    if (hint === "1") found.block({ kind: "iptc", at: [{ start: 0, end: size }] });
    else if (hint === "2") putFields(softEdit, data, group);
    else if (hint === "3") group.put("ThumbnailImage", { bytes: size });
    else if (hint === "4") group.put("PreviewImage", { bytes: size });
  },
};
