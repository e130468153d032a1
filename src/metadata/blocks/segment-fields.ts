/** Application segments of JPEG that are nothing but values at fixed offsets: one decoder for each layout. */
import type { Decoder } from "../contracts.ts";
import { segmentLayouts } from "../tables/app-segments.ts";
import { putFields } from "../tables/fixed-fields.ts";

export const segmentFields: readonly Decoder[] = segmentLayouts.map(({ kind, group, layout, length }) => ({
  kind,
  decode({ data }, found) {
    if (length === undefined || data.size === length) putFields(layout, data, found.tags.group(group));
  },
}));
