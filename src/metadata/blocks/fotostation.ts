/** FotoWare FotoStation's trailers: IPTC, a crop, previews. Big-endian. */
import type { Decoder } from "../contracts.ts";
import type { Conversion } from "../tables/conversion.ts";
import { type FixedField, putFields } from "../tables/fixed-fields.ts";

const percent: Conversion = { value: (raw: number) => raw / 1000, print: (value: number) => `${value}%` };

const softEdit: readonly FixedField[] = [
  [0, "OriginalImageWidth", "i32"],
  [4, "OriginalImageHeight", "i32"],
  [8, "ColorPlanes", "i32"],
  [12, "XYResolution", "i32", { value: (raw: number) => raw / 1000 }],
  [16, "Rotation", "i32", { value: (raw: number) => (raw === 0 ? 0 : 360 - raw / 100) }],
  [24, "CropLeft", "i32", percent],
  [28, "CropTop", "i32", percent],
  [32, "CropRight", "i32", percent],
  [36, "CropBottom", "i32", percent],
  [44, "CropRotation", "i32", { value: (raw: number) => (raw === 0 ? 0 : -raw / 100) }],
];

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
