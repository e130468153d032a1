/** Kodak's "Meta": a TIFF structure in APP3 of JPEG, behind its identifier. */
import type { Decoder } from "../contracts.ts";
import type { Entry } from "../grammar/ifd.ts";
import { putDirectory, type TagDirectory, tiffHeader } from "../grammar/tag-directory.ts";
import { exifText } from "../tables/exif-values.ts";
import { encodedTexts, metaDirectories, metaRows } from "../tables/kodak-meta.ts";

export const kodakMeta: Decoder = {
  kind: "kodak-meta",
  decode({ data }, found) {
    const header = tiffHeader(data, found);
    if (header === undefined) return;
    const { littleEndian } = header;
    const special = (entry: Entry, { window }: TagDirectory): boolean => {
      const text = encodedTexts[entry.id];
      if (text !== undefined) {
        found.budget.touch(entry.size);
        found.tags.group("MetaIFD").put(text, exifText(window.bytes(entry.at, entry.size), littleEndian));
        return true;
      }
      const inner = metaDirectories[entry.id as keyof typeof metaDirectories];
      if (inner === undefined || entry.size < 4) return false;
      putDirectory({ window, header, start: window.u32(entry.at, littleEndian), ...inner }, found);
      return true;
    };
    putDirectory({ window: data, header, start: header.firstDirectory, rows: metaRows, group: "MetaIFD" }, found, special);
  },
};
