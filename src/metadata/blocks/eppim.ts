/** EPPIM: a TIFF structure in APP6 of Toshiba's JPEGs that holds Print Image Matching, behind its identifier. */
import type { Decoder } from "../contracts.ts";
import { directoryRows, putDirectory, tiffHeader } from "../grammar/tag-directory.ts";

const PRINT_IM = 0xc4a5;

export const eppim: Decoder = {
  kind: "eppim",
  decode({ data }, found) {
    const header = tiffHeader(data, found);
    if (header === undefined) return;
    putDirectory(
      { window: data, header, start: header.firstDirectory, rows: directoryRows([]), group: "EPPIM" },
      found,
      ({ id, at, size }) => {
        if (id === PRINT_IM) found.block({ kind: "printim", at: [{ start: at, end: at + size }] });
        return id === PRINT_IM;
      },
    );
  },
};
