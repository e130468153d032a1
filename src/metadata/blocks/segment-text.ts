/** Application segments of JPEG that hold one text or one binary value. Names as ExifTool 13.59 JPEG.pm has them. */
import { hex } from "../bytes/hex.ts";
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";

/** The URN of an auxiliary image, in APP2 of Apple's HDR photos. */
export const uniformResourceName: Decoder<"uniform-resource-name"> = {
  kind: "uniform-resource-name",
  decode({ data }, found) {
    found.tags.group("APP2").put("UniformResourceName", decodeText(data.rest(), "utf-8"));
  },
};

/** APP5 of Samsung's phones, behind the signature. */
export const samsungUniqueId: Decoder<"samsung-unique-id"> = {
  kind: "samsung-unique-id",
  decode({ data }, found) {
    found.tags.group("Samsung").put("UniqueID", hex(data.rest()));
  },
};

/** APP15 of GraphicConverter: `Q 80`, always four bytes. */
export const graphicConverter: Decoder<"graphic-converter"> = {
  kind: "graphic-converter",
  decode({ data }, found) {
    const quality = data.size === 4 ? /^Q\s*(\d+)/.exec(data.ascii(0, 4))?.[1] : undefined;
    if (quality !== undefined) found.tags.group("GraphConv").put("Quality", Number(quality));
  },
};

/** APP10 with a gain curve of 32-bit numbers, with its signature. */
export const hdrGainCurve: Decoder<"hdr-gain-curve"> = {
  kind: "hdr-gain-curve",
  decode({ data }, found) {
    const size = data.size ?? 0;
    if (size < 10) return;
    const count = data.u32(6);
    const group = found.tags.group("AROT");
    group.put("HDRGainCurveSize", count);
    const bytes = Math.min(4 * count, (size - 10) & ~3);
    if (bytes > 0) group.put("HDRGainCurve", { bytes });
  },
};

/** APP1 of Parrot's drones, behind the signature: an image in TIFF form. */
export const rawThermalImage: Decoder<"raw-thermal-image"> = {
  kind: "raw-thermal-image",
  decode({ data }, found) {
    found.tags.group("Parrot").put("RawThermalImage", { bytes: data.size ?? 0 });
  },
};
