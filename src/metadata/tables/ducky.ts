/** Ducky, by type of block: names and texts as ExifTool 13.59 APP12.pm has them. */
import { Table } from "./row.ts";

export const duckyTags = new Table([
  [1, "Quality", { read: "int32u", print: (value: number) => `${value}%` }],
  [2, "Comment"],
  [3, "Copyright"],
]);
