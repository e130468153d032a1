import { lateTable } from "../late-table.ts";

export const geoTiff = lateTable(
  "GeoTIFF",
  "tables/geotiff",
  () => import("./geotiff.ts"),
  (module) => module.geoTiffKeys,
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
