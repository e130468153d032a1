/** HEIF and AVIF, as far as it is known without reading the boxes: ISO/IEC 23008-12, AV1 Image File Format 1.1, MIAF (ISO/IEC 23000-22). */
import { lateTable } from "../late-table.ts";
import type { Container } from "./container.ts";
import { brandedFormat, HEIF_FORMATS } from "./heif/brands.ts";

/** What reads the boxes: a large part of the engine, loaded with the first such file. */
export const heifFile = lateTable(
  "HEIF",
  "containers/heif/file",
  () => import("./heif/file.ts"),
  (module) => module.readHeif,
);

export const heif: Container = {
  name: "heif",
  title: "HEIC, HEIF, AVIF",
  formats: HEIF_FORMATS,
  metadata: "Exif, XMP, ICC, item properties, C2PA, image sequences",
  coverage:
    "The primary item, its properties and what describes it. Items that lie in another file or are protected are not read. " +
    "The brands say which format it is",
  detect: brandedFormat,
  parse(window, found) {
    found.table(heifFile)?.(window, found);
  },
};
