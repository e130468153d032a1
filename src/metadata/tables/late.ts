import { lateTable } from "../late-table.ts";

export const geoTiff = lateTable(
  "GeoTIFF",
  "tables/geotiff",
  () => import("./geotiff.ts"),
  ({ geoTiff: { group, rows } }) => ({ group, keys: new Map(rows.map((row) => [row[0], row])) }),
);

/** Directories of Kodak's own in Exif and TIFF files. */
export const kodakDirectory = lateTable(
  "Kodak's directory",
  "tables/kodak",
  () => import("./kodak.ts"),
  (module) => module.kodakTags,
);
export const kdcDirectory = lateTable(
  "Kodak's raw directory",
  "tables/kodak",
  () => import("./kodak.ts"),
  (module) => module.kdcTags,
);
