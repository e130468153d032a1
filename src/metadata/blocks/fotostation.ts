/** FotoWare FotoStation's trailers: IPTC, a crop, previews. The hint is the kind's number. Big-endian. */
import type { Decoder } from "../contracts.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { type How, Layout } from "../tables/row.ts";

const percent: How = { read: "int32s", value: (raw: number) => raw / 1000, print: (value: number) => `${value}%` };

const softEdit = new Layout([
  [0, "OriginalImageWidth", { read: "int32s" }],
  [4, "OriginalImageHeight", { read: "int32s" }],
  [8, "ColorPlanes", { read: "int32s" }],
  [12, "XYResolution", { read: "int32s", value: (raw: number) => raw / 1000 }],
  [16, "Rotation", { read: "int32s", value: (raw: number) => (raw === 0 ? 0 : 360 - raw / 100) }],
  [24, "CropLeft", percent],
  [28, "CropTop", percent],
  [32, "CropRight", percent],
  [36, "CropBottom", percent],
  [44, "CropRotation", { read: "int32s", value: (raw: number) => (raw === 0 ? 0 : -raw / 100) }],
]);

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
