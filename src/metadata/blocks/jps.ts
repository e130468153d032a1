/** Stereoscopic JPEG: the _JPSJPS_ segment in APP3 (VRex, "JPS file format"), with its signature. Big-endian. */
import { decodeText, untilNull } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { jpsFlags, jpsMonoLayouts, jpsStereoLayouts, jpsTypes } from "../tables/app-segments.ts";
import { putConverted } from "../tables/conversion.ts";

const STEREO = 1;

export const jps: Decoder<"jps"> = {
  kind: "jps",
  decode({ data }, found) {
    const size = data.size ?? 0;
    if (size < 14) return;
    const bytes = data.rest();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const group = found.tags.group("JPS");
    const mediaType = view.getUint8(13);
    if (mediaType === STEREO) group.put("JPSSeparation", view.getUint8(10));
    putConverted(group, "JPSFlags", view.getUint8(11), jpsFlags);
    if (mediaType <= STEREO) {
      putConverted(group, "JPSLayout", view.getUint8(12), mediaType === STEREO ? jpsStereoLayouts : jpsMonoLayouts);
    }
    putConverted(group, "JPSType", mediaType, jpsTypes);
    // A descriptor of another length than 4 moves the comment; its length stands before it.
    const comment = 16 + view.getUint16(8) - 4;
    if (comment < size) group.put("JPSComment", untilNull(decodeText(bytes.subarray(comment), "utf-8")));
  },
};
