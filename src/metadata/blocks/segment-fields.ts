/** Application segments of JPEG that are nothing but values at fixed offsets: one decoder for each layout. */
import type { Decoder, PlainKind } from "../contracts.ts";
import { type SegmentLayout, segmentLayouts } from "../tables/app-segments.ts";
import { putFields } from "../tables/fixed-fields.ts";

export const adobe = segment("adobe", segmentLayouts.adobe);
export const adobeCm = segment("adobe-cm", segmentLayouts.adobeCm);
export const avi1 = segment("avi1", segmentLayouts.avi1);
export const nitf = segment("nitf", segmentLayouts.nitf);
export const spiff = segment("spiff", segmentLayouts.spiff);

function segment<K extends PlainKind>(kind: K, { group, layout, length }: SegmentLayout): Decoder<K> {
  return {
    kind,
    decode({ data }, found) {
      if (length === undefined || data.size === length) putFields(layout, data, found.group(group));
    },
  };
}
