/** Notes of iPhones and iPads, as ExifTool 13.59 MakerNotes.pm knows them. */
import { lateTable } from "../../late-table.ts";
import { likelyOrder, type Maker, startsWith } from "../maker.ts";

/** `Apple iOS`, two bytes of a version, and the byte order as two letters. */
const HEADER_BYTES = 14;

export const apple: Maker = {
  name: "Apple",
  detect(head, { order }) {
    if (!startsWith(head, "Apple iOS\0")) return undefined;
    return { start: HEADER_BYTES, base: "note", order: likelyOrder(head, HEADER_BYTES, order), int64: true };
  },
  table: lateTable(
    "Apple's maker notes",
    "makernotes/apple/tags",
    () => import("./tags.ts"),
    (module) => module.appleTags,
  ),
};
