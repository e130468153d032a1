/** Entries of an AFCP trailer: names as ExifTool 13.59 AFCP.pm has them. */
import { Table } from "./row.ts";

export const afcpTags = new Table<string>([
  ["TEXT", "Text"],
  ["Nail", "ThumbnailImage", { binary: true }],
  ["PrVw", "PreviewImage", { binary: true }],
]);
