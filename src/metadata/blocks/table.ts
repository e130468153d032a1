import type { Decoder } from "../contracts.ts";
import { afcp } from "./afcp.ts";
import { cbor } from "./cbor.ts";
import { compoundFile } from "./compound-file.ts";
import { dngDynamicRange, dngImageSequence, microsoftStitch } from "./dng.ts";
import { ducky } from "./ducky.ts";
import { exif, tiffFile } from "./exif/exif.ts";
import { eppim, kodakMeta, mpf, stim } from "./exif/small-structures.ts";
import { flashpix } from "./flashpix.ts";
import { fotostation } from "./fotostation.ts";
import { icc } from "./icc.ts";
import { iptc } from "./iptc.ts";
import { jfif } from "./jfif.ts";
import { jfxx } from "./jfxx.ts";
import { jpegComment } from "./jpeg-comment.ts";
import { jps } from "./jps.ts";
import { json } from "./json.ts";
import { jumbf } from "./jumbf.ts";
import { mpEntries } from "./mp-entries.ts";
import { photoshop } from "./photoshop.ts";
import { photoshopLayers } from "./photoshop-layers.ts";
import { pictureInfo } from "./picture-info.ts";
import { pngText } from "./png-text.ts";
import { printImageMatching } from "./print-image-matching.ts";
import { rmeta } from "./rmeta.ts";
import { seal } from "./seal.ts";
import { segmentFields } from "./segment-fields.ts";
import { jpegHdr, mediaJukebox, ocad, scalado } from "./segment-lists.ts";
import { graphicConverter, hdrGainCurve, rawThermalImage, samsungUniqueId, uniformResourceName } from "./segment-text.ts";
import { xmp } from "./xmp.ts";

/** Every decoder. A new kind of block is one file and one line here. */
export const decoders: readonly Decoder[] = [
  jpegComment,
  exif,
  tiffFile,
  printImageMatching,
  dngDynamicRange,
  dngImageSequence,
  microsoftStitch,
  icc,
  iptc,
  pngText,
  compoundFile,
  seal,
  jfif,
  jfxx,
  ...segmentFields,
  jps,
  ducky,
  photoshop,
  photoshopLayers,
  pictureInfo,
  uniformResourceName,
  samsungUniqueId,
  graphicConverter,
  hdrGainCurve,
  rawThermalImage,
  ocad,
  scalado,
  jpegHdr,
  mediaJukebox,
  rmeta,
  xmp,
  mpf,
  mpEntries,
  kodakMeta,
  stim,
  eppim,
  flashpix,
  afcp,
  fotostation,
  jumbf,
  cbor,
  json,
];
