/** Signatures of image formats that are known and not read: they are told apart from what is no image at all. */
import { latin1 } from "../bytes/text.ts";

const signatures: readonly (readonly [format: string, offset: number, bytes: string])[] = [
  ["Photoshop (PSD, PSB)", 0, "8BPS"],
  ["JPEG 2000 (JP2)", 4, "jP  \r\n\x87\n"],
  ["JPEG 2000 codestream", 0, "\xff\x4f\xff\x51"],
  ["JPEG XL", 4, "JXL \r\n\x87\n"],
  ["JPEG XL codestream", 0, "\xff\x0a"],
  ["JPEG XR", 0, "II\xbc\x01"],
  ["OpenEXR", 0, "\x76\x2f\x31\x01"],
  ["Radiance HDR", 0, "#?RADIANCE"],
  ["Radiance HDR", 0, "#?RGBE"],
  ["DirectDraw Surface", 0, "DDS "],
  ["Targa", 1, "\x01\x01"],
  ["QOI", 0, "qoif"],
  ["FITS", 0, "SIMPLE  ="],
  ["MNG", 0, "\x8aMNG"],
  ["JNG", 0, "\x8bJNG"],
  ["DPX", 0, "SDPX"],
  ["DPX", 0, "XPDS"],
  ["BPG", 0, "BPG\xfb"],
  ["FLIF", 0, "FLIF"],
  ["Fujifilm RAF", 0, "FUJIFILMCCD-RAW"],
  ["Panasonic RW2", 0, "IIU\0"],
  ["Olympus ORF", 0, "IIRO"],
  ["Olympus ORF", 0, "MMOR"],
  ["Sigma X3F", 0, "FOVb"],
  ["Canon CRW", 6, "HEAPCCDR"],
  ["Canon CR3", 4, "ftypcrx "],
  ["Minolta MRW", 0, "\0MRM"],
  ["XCF", 0, "gimp xcf"],
  ["Netpbm", 0, "P1\n"],
  ["Netpbm", 0, "P2\n"],
  ["Netpbm", 0, "P3\n"],
  ["Netpbm", 0, "P4\n"],
  ["Netpbm", 0, "P5\n"],
  ["Netpbm", 0, "P6\n"],
  ["Portable FloatMap", 0, "PF\n"],
  ["Portable FloatMap", 0, "Pf\n"],
  ["SGI image", 0, "\x01\xda"],
  ["Apple icon (ICNS)", 0, "icns"],
  ["MIFF", 0, "id=ImageMagick"],
];

/** The name of the format, or undefined. */
export function unsupportedType(head: Uint8Array): string | undefined {
  const match = signatures.find(([, offset, bytes]) => [...bytes].every((c, i) => head[offset + i] === c.charCodeAt(0)));
  if (match !== undefined) return match[0];
  return isSvg(latin1(head.subarray(0, 1024))) ? "SVG" : undefined;
}

/** A root element `svg`, behind what may stand before it: XML declaration, comments, document type. */
function isSvg(text: string): boolean {
  let rest = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  const skip = (opening: string, closing: string) => {
    const end = rest.startsWith(opening) ? rest.indexOf(closing, opening.length) : -1;
    if (end >= 0) rest = rest.slice(end + closing.length).trimStart();
    return end >= 0;
  };
  skip("<?xml", ">");
  while (skip("<!--", "-->"));
  skip("<!DOCTYPE svg", ">");
  return /^<svg[\s>]/.test(rest);
}
