/** Blocks within tags of DNG 1.7 and of Windows' stitched panoramas. */
import { latin1 } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { dynamicRangeFields, sequenceFields, sequenceTexts, stitchFields } from "../tables/dng.ts";
import { putFields } from "../tables/fixed-fields.ts";

/** ProfileDynamicRange (0xcd47). */
export const dngDynamicRange: Decoder<"dng-dynamic-range"> = {
  kind: "dng-dynamic-range",
  decode({ data }, found) {
    putFields(dynamicRangeFields, data, found.tags.group("DNG"));
  },
};

/** ImageSequenceInfo (0xcd44): three texts that end at U+0000, then numbers. */
export const dngImageSequence: Decoder<"dng-image-sequence"> = {
  kind: "dng-image-sequence",
  decode({ data }, found) {
    const bytes = data.rest();
    const group = found.tags.group("DNG");
    let at = 0;
    for (const tag of sequenceTexts) {
      if (at >= bytes.length) return;
      const end = bytes.indexOf(0, at);
      const past = end < 0 ? bytes.length : end;
      group.putRow(tag, latin1(bytes.subarray(at, past)));
      at = past + 1;
    }
    if (at < bytes.length) putFields(sequenceFields, data.sub(at), group);
  },
};

/** StitchInfo (0x4748), little-endian in every file. */
export const microsoftStitch: Decoder<"microsoft-stitch"> = {
  kind: "microsoft-stitch",
  decode({ data }, found) {
    putFields(stitchFields, data, found.tags.group("Microsoft"), true);
  },
};
