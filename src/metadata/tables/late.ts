import { type LateTable, lateTable } from "../late-table.ts";
import type { XmpNamespace } from "./xmp/row.ts";

interface LateNamespaces {
  readonly prefixes: readonly string[];
  readonly table: LateTable<readonly XmpNamespace[]>;
}

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

/** Namespaces of XMP that are loaded late, with their prefixes in groups. */
export const lateNamespaces: readonly LateNamespaces[] = [
  {
    prefixes: "crd crs".split(" "),
    table: lateTable(
      "XMP of Camera Raw",
      "tables/xmp/camera-raw",
      () => import("./xmp/camera-raw.ts"),
      ({ crd, crs }) => [crd, crs],
    ),
  },
  {
    prefixes: "pmi prism prl prm pur".split(" "),
    table: lateTable(
      "XMP of PRISM",
      "tables/xmp/prism",
      () => import("./xmp/prism.ts"),
      ({ pmi, prism, prl, prm, pur }) => [pmi, prism, prl, prm, pur],
    ),
  },
  {
    prefixes: "Device GAudio GCamera GContainer GCreations GDepth GFocus GImage GPano GSpherical".split(" "),
    table: lateTable(
      "XMP of Google",
      "tables/xmp/google",
      () => import("./xmp/google.ts"),
      ({ Device, GAudio, GCamera, GContainer, GCreations, GDepth, GFocus, GImage, GPano, GSpherical }) => [
        Device,
        GAudio,
        GCamera,
        GContainer,
        GCreations,
        GDepth,
        GFocus,
        GImage,
        GPano,
        GSpherical,
      ],
    ),
  },
  {
    prefixes: "acdsee acdsee-rs cc DICOM dex digiKam et extensis fpv getty ics mediapro PixelLive photomech seal".split(" "),
    table: lateTable(
      "XMP of other programs",
      "tables/xmp/applications",
      () => import("./xmp/applications.ts"),
      ({ acdsee, acdseeRs, cc, DICOM, dex, digiKam, et, extensis, fpv, getty, ics, mediapro, PixelLive, photomech, seal }) => [
        acdsee,
        acdseeRs,
        cc,
        DICOM,
        dex,
        digiKam,
        et,
        extensis,
        fpv,
        getty,
        ics,
        mediapro,
        PixelLive,
        photomech,
        seal,
      ],
    ),
  },
  {
    prefixes: "dwc".split(" "),
    table: lateTable(
      "XMP of Darwin Core",
      "tables/xmp/darwin-core",
      () => import("./xmp/darwin-core.ts"),
      ({ dwc }) => [dwc],
    ),
  },
  {
    prefixes: "aas apdi apple-fi ast cell drone-dji HDRGainMap LImage nine sdc xmpDSA".split(" "),
    table: lateTable(
      "XMP of camera makers",
      "tables/xmp/makers",
      () => import("./xmp/makers.ts"),
      ({ aas, apdi, appleFi, ast, cell, droneDji, HDRGainMap, LImage, nine, sdc, xmpDSA }) => [
        aas,
        apdi,
        appleFi,
        ast,
        cell,
        droneDji,
        HDRGainMap,
        LImage,
        nine,
        sdc,
        xmpDSA,
      ],
    ),
  },
  {
    prefixes: "expressionmedia MP MP1 microsoft".split(" "),
    table: lateTable(
      "XMP of Microsoft",
      "tables/xmp/microsoft",
      () => import("./xmp/microsoft.ts"),
      ({ expressionmedia, MP, MP1, microsoft }) => [expressionmedia, MP, MP1, microsoft],
    ),
  },
  {
    prefixes: "mwg-coll mwg-kw mwg-rs".split(" "),
    table: lateTable(
      "XMP of the Metadata Working Group",
      "tables/xmp/mwg",
      () => import("./xmp/mwg.ts"),
      ({ mwgColl, mwgKw, mwgRs }) => [mwgColl, mwgKw, mwgRs],
    ),
  },
  {
    prefixes: "plus".split(" "),
    table: lateTable(
      "XMP of PLUS",
      "tables/xmp/plus",
      () => import("./xmp/plus.ts"),
      ({ plus }) => [plus],
    ),
  },
];
