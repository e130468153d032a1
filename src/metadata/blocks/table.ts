import type { BlockKind, Decoder } from "../contracts.ts";
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
import { adobe, adobeCm, avi1, nitf, spiff } from "./segment-fields.ts";
import { jpegHdr, mediaJukebox, ocad, scalado } from "./segment-lists.ts";
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
