/** EPPIM: the directory in APP6 of Toshiba's JPEGs, as ExifTool 13.59 JPEG.pm knows it. */
import { Table } from "./row.ts";

export const eppimTags = new Table([[0xc4a5, "PrintIM", { block: "printim" }]]);
