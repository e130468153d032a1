/**
 * Formats that are known by a signature and not read. A format that is read from now on gets a file of its own, and its row here goes.
 * Signatures: the formats' own specifications, and ExifTool 13.59's magic numbers for raw formats.
 */
import type { Container } from "./container.ts";

type Signature = readonly [offset: number, bytes: string];

type Row = readonly [
  title: string,
  format: string,
  mimeType: string,
  extensions: string,
  standard: string,
  ...signatures: readonly Signature[],
];

/** The first row that matches is taken. Names alone tell the formats without a signature: their bytes are not recognised. */
const rows: readonly Row[] = [
  ["Photoshop (PSD, PSB)", "PSB", "application/vnd.adobe.photoshop", "psb", "Adobe's file formats specification", [0, "8BPS\0\x02"]],
  ["Photoshop (PSD, PSB)", "PSD", "application/vnd.adobe.photoshop", "psd", "Adobe's file formats specification", [0, "8BPS"]],
  ["JPEG 2000 (JP2)", "JP2", "image/jp2", "jp2 jpf jpx jpm", "ISO/IEC 15444-1, 15444-2, 15444-6", [4, "jP  \r\n\x87\n"]],
  ["JPEG 2000 codestream", "J2C", "image/x-j2c", "j2k jpc", "ISO/IEC 15444-1", [0, "\xff\x4f\xff\x51"]],
  ["JPEG XL", "JXL", "image/jxl", "jxl", "ISO/IEC 18181-2", [4, "JXL \r\n\x87\n"]],
  ["JPEG XL codestream", "JXL Codestream", "image/jxl", "jxl", "ISO/IEC 18181-1", [0, "\xff\x0a"]],
  ["JPEG XR", "JXR", "image/jxr", "jxr hdp wdp", "ITU-T T.832", [0, "II\xbc\x01"]],
  ["OpenEXR", "EXR", "image/x-exr", "exr", "OpenEXR file layout", [0, "\x76\x2f\x31\x01"]],
  ["Radiance HDR", "HDR", "image/vnd.radiance", "hdr", "Radiance file formats", [0, "#?RADIANCE"], [0, "#?RGBE"]],
  ["DirectDraw Surface", "DDS", "image/vnd-ms.dds", "dds", "Microsoft's DDS", [0, "DDS "]],
  ["Targa", "TGA", "image/x-tga", "tga icb vda vst", "Truevision TGA 2.0", [1, "\x01\x01"]],
  ["QOI", "QOI", "image/qoi", "qoi", "QOI 1.0", [0, "qoif"]],
  ["FITS", "FITS", "image/fits", "fits fit", "FITS 4.0 (IAU)", [0, "SIMPLE  ="]],
  ["MNG", "MNG", "video/mng", "mng", "MNG 1.0", [0, "\x8aMNG"]],
  ["JNG", "JNG", "image/jng", "jng", "JNG 1.0", [0, "\x8bJNG"]],
  ["DPX", "DPX", "image/x-dpx", "dpx", "SMPTE ST 268", [0, "SDPX"], [0, "XPDS"]],
  ["BPG", "BPG", "image/bpg", "bpg", "Fabrice Bellard's BPG", [0, "BPG\xfb"]],
  ["FLIF", "FLIF", "image/flif", "flif", "FLIF 16", [0, "FLIF"]],
  ["Fujifilm RAF", "RAF", "image/x-fujifilm-raf", "raf", "the maker's own", [0, "FUJIFILMCCD-RAW"]],
  ["Panasonic RW2", "RW2", "image/x-panasonic-rw2", "rw2 rwl raw", "the maker's own, on TIFF 6.0", [0, "IIU\0"]],
  ["Olympus ORF", "ORF", "image/x-olympus-orf", "orf", "the maker's own, on TIFF 6.0", [0, "IIRO"], [0, "MMOR"]],
  ["Sigma X3F", "X3F", "image/x-sigma-x3f", "x3f", "the maker's own", [0, "FOVb"]],
  ["Canon CRW", "CRW", "image/x-canon-crw", "crw", "Canon CIFF", [6, "HEAPCCDR"]],
  ["Canon CR3", "CR3", "image/x-canon-cr3", "cr3", "the maker's own, on ISO/IEC 14496-12", [4, "ftypcrx "]],
  ["Minolta MRW", "MRW", "image/x-minolta-mrw", "mrw", "the maker's own", [0, "\0MRM"]],
  ["XCF", "XCF", "image/x-xcf", "xcf", "GIMP's XCF", [0, "gimp xcf"]],
  ["SGI image", "SGI", "image/x-sgi", "sgi", "SGI image file format 1.0", [0, "\x01\xda"]],
  ["Apple icon (ICNS)", "ICNS", "image/x-icns", "icns", "Apple's icon family", [0, "icns"]],
  ["MIFF", "MIFF", "application/x-magick-image", "miff", "ImageMagick's MIFF", [0, "id=ImageMagick"]],
  ["PCX", "PCX", "image/pcx", "pcx", "ZSoft's PCX"],
  ["WBMP", "WBMP", "image/vnd.wap.wbmp", "wbmp", "WAP-237"],
  ["X bitmap", "XBM", "image/x-xbitmap", "xbm", "X11 bitmaps"],
  ["X pixmap", "XPM", "image/x-xpixmap", "xpm", "X11 pixmaps"],
];

export const known: readonly Container[] = rows.map(([title, format, mimeType, extensions, standard, ...signatures]) => {
  const type = { format, mimeType, extensions, standard };
  return {
    name: format.toLowerCase(),
    title,
    formats: [type],
    detect: (head) => (signatures.some(([offset, bytes]) => hasBytes(head, offset, bytes)) ? type : undefined),
  };
});

function hasBytes(head: Uint8Array, offset: number, bytes: string): boolean {
  for (let i = 0; i < bytes.length; i++) if (head[offset + i] !== bytes.charCodeAt(i)) return false;
  return true;
}
