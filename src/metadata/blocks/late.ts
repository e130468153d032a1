/** Decoders that few images need: loaded when one does, as late tables are. */
import type { BlockKind, Decoder } from "../contracts.ts";
import { type LateTable, lateTable } from "../late-table.ts";

/** Every decoder that is loaded late. */
export const lateDecoders: LateTable<unknown>[] = [];

function late<K extends BlockKind, M>(kind: K, path: string, load: () => Promise<M>, pick: (module: M) => Decoder<K>): Decoder<K> {
  const table = lateTable(kind, path, load, pick);
  lateDecoders.push(table);
  return {
    kind,
    decode(block, found) {
      found.table(table)?.decode(block, found);
    },
  };
}

export const cbor = late(
  "cbor",
  "blocks/cbor",
  () => import("./cbor.ts"),
  (module) => module.cbor,
);
export const compoundFile = late(
  "compound-file",
  "blocks/compound-file",
  () => import("./compound-file.ts"),
  (module) => module.compoundFile,
);
export const flashpix = late(
  "flashpix",
  "blocks/flashpix",
  () => import("./flashpix.ts"),
  (module) => module.flashpix,
);
export const json = late(
  "json",
  "blocks/json",
  () => import("./json.ts"),
  (module) => module.json,
);
export const jumbf = late(
  "jumbf",
  "blocks/jumbf",
  () => import("./jumbf.ts"),
  (module) => module.jumbf,
);
export const photoshopLayers = late(
  "photoshop-layers",
  "blocks/photoshop-layers",
  () => import("./photoshop-layers.ts"),
  (module) => module.photoshopLayers,
);
export const rmeta = late(
  "rmeta",
  "blocks/rmeta",
  () => import("./rmeta.ts"),
  (module) => module.rmeta,
);
export const seal = late(
  "seal",
  "blocks/seal",
  () => import("./seal.ts"),
  (module) => module.seal,
);
export const jpegHdr = late(
  "jpeg-hdr",
  "blocks/segment-lists",
  () => import("./segment-lists.ts"),
  (module) => module.jpegHdr,
);
export const mediaJukebox = late(
  "media-jukebox",
  "blocks/segment-lists",
  () => import("./segment-lists.ts"),
  (module) => module.mediaJukebox,
);
export const ocad = late(
  "ocad",
  "blocks/segment-lists",
  () => import("./segment-lists.ts"),
  (module) => module.ocad,
);
export const scalado = late(
  "scalado",
  "blocks/segment-lists",
  () => import("./segment-lists.ts"),
  (module) => module.scalado,
);
export const dngDynamicRange = late(
  "dng-dynamic-range",
  "blocks/dng",
  () => import("./dng.ts"),
  (module) => module.dngDynamicRange,
);
export const dngImageSequence = late(
  "dng-image-sequence",
  "blocks/dng",
  () => import("./dng.ts"),
  (module) => module.dngImageSequence,
);
export const microsoftStitch = late(
  "microsoft-stitch",
  "blocks/dng",
  () => import("./dng.ts"),
  (module) => module.microsoftStitch,
);
export const pictureInfo = late(
  "picture-info",
  "blocks/picture-info",
  () => import("./picture-info.ts"),
  (module) => module.pictureInfo,
);
export const fotostation = late(
  "fotostation",
  "blocks/fotostation",
  () => import("./fotostation.ts"),
  (module) => module.fotostation,
);
export const afcp = late(
  "afcp",
  "blocks/afcp",
  () => import("./afcp.ts"),
  (module) => module.afcp,
);
