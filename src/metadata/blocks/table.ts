import type { BlockKind, Decoder } from "../contracts.ts";
import { ducky } from "./ducky.ts";
import { exif, tiffFile } from "./exif/exif.ts";
import { eppim, kodakMeta, mpf, stim } from "./exif/small-structures.ts";
import { icc } from "./icc.ts";
import { iptc } from "./iptc.ts";
import { jfif } from "./jfif.ts";
import { jfxx } from "./jfxx.ts";
import { jpegComment } from "./jpeg-comment.ts";
import { jps } from "./jps.ts";
import {
  afcp,
  cbor,
  compoundFile,
  dngDynamicRange,
  dngImageSequence,
  flashpix,
  fotostation,
  jpegHdr,
  json,
  jumbf,
  mediaJukebox,
  microsoftStitch,
  ocad,
  photoshopLayers,
  pictureInfo,
  rmeta,
  scalado,
  seal,
} from "./late.ts";
import { mpEntries } from "./mp-entries.ts";
import { photoshop } from "./photoshop.ts";
import { pngText } from "./png-text.ts";
import { printImageMatching } from "./print-image-matching.ts";
import { adobe, adobeCm, avi1, nitf, spiff } from "./segment-fields.ts";
import { graphicConverter, hdrGainCurve, rawThermalImage, samsungUniqueId, uniformResourceName } from "./segment-text.ts";
import { xmp } from "./xmp.ts";

type Decoders = { readonly [K in BlockKind]: Decoder<K> };

/** Every decoder. A new kind of block is one file, one line here and one in `kinds.ts`. */
export const decoders: Decoders = {
  adobe,
  "adobe-cm": adobeCm,
  afcp,
  avi1,
  cbor,
  "compound-file": compoundFile,
  "dng-dynamic-range": dngDynamicRange,
  "dng-image-sequence": dngImageSequence,
  ducky,
  eppim,
  exif,
  flashpix,
  fotostation,
  "graphic-converter": graphicConverter,
  "hdr-gain-curve": hdrGainCurve,
  icc,
  iptc,
  jfif,
  jfxx,
  "jpeg-comment": jpegComment,
  "jpeg-hdr": jpegHdr,
  jps,
  json,
  jumbf,
  "kodak-meta": kodakMeta,
  "media-jukebox": mediaJukebox,
  "microsoft-stitch": microsoftStitch,
  "mp-entries": mpEntries,
  mpf,
  nitf,
  ocad,
  photoshop,
  "photoshop-layers": photoshopLayers,
  "picture-info": pictureInfo,
  "png-text": pngText,
  printim: printImageMatching,
  "raw-thermal-image": rawThermalImage,
  rmeta,
  "samsung-unique-id": samsungUniqueId,
  scalado,
  seal,
  spiff,
  stim,
  tiff: tiffFile,
  "uniform-resource-name": uniformResourceName,
  xmp,
};
