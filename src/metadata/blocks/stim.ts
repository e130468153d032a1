/** Stereo Still Image format: CIPA DC-006, a TIFF structure in APP3 of JPEG, behind its identifier. */
import type { Decoder } from "../contracts.ts";
import { putDirectory, tiffHeader } from "../grammar/tag-directory.ts";
import { putFields } from "../tables/fixed-fields.ts";
import { stimCrops, stimRows } from "../tables/stim.ts";

export const stim: Decoder = {
  kind: "stim",
  decode({ data }, found) {
    const header = tiffHeader(data, found);
    if (header === undefined) return;
    putDirectory({ window: data, header, start: header.firstDirectory, rows: stimRows, group: "Stim" }, found, (entry) => {
      const crop = stimCrops[entry.id];
      if (crop === undefined) return false;
      putFields(crop, data.sub(entry.at, entry.size), found.tags.group("Stim"), header.littleEndian);
      return true;
    });
  },
};
