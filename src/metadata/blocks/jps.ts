/** Stereoscopic JPEG: the _JPSJPS_ segment in APP3 (VRex, "JPS file format"), with its signature. Big-endian. */
import { decodeText, untilNull } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { jps as tags } from "../tables/app-segments.ts";

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
    if (mediaType === STEREO) group.putRow(tags.separation, view.getUint8(10));
    group.putRow(tags.flags, view.getUint8(11));
    if (mediaType <= STEREO) group.putRow(mediaType === STEREO ? tags.stereoLayout : tags.monoLayout, view.getUint8(12));
    group.putRow(tags.type, mediaType);
    // A descriptor of another length than 4 moves the comment; its length stands before it.
    const comment = 16 + view.getUint16(8) - 4;
    if (comment < size) group.putRow(tags.comment, untilNull(decodeText(bytes.subarray(comment), "utf-8")));
  },
};
