/** TIFF 6.0 and BigTIFF files, and DNG, which is known by its tags. The file is one block: its directories are read where Exif is. */
import type { Container, Format } from "./container.ts";

const TIFF: Format = { format: "TIFF", mimeType: "image/tiff", extensions: "tif tiff", standard: "TIFF 6.0" };
const BIG_TIFF: Format = { format: "BTF", mimeType: "image/x-tiff-big", extensions: "btf tf8", standard: "BigTIFF" };
const CANON_RAW: Format = makersFormat("CR2", "image/x-canon-cr2", "cr2");

/** A raw format that a maker has built on TIFF. */
function makersFormat(format: string, mimeType: string, extensions: string): Format {
  return { format, mimeType, extensions, standard: "the maker's own, on TIFF 6.0" };
}

export const tiff: Container = {
  name: "tiff",
  title: "TIFF, BigTIFF, DNG",
  formats: [
    TIFF,
    BIG_TIFF,
    { format: "DNG", mimeType: "image/x-adobe-dng", extensions: "dng", standard: "Adobe DNG 1.7" },
    CANON_RAW,
    makersFormat("3FR", "image/x-hasselblad-3fr", "3fr"),
    makersFormat("ARW", "image/x-sony-arw", "arw"),
    makersFormat("DCR", "image/x-kodak-dcr", "dcr"),
    makersFormat("ERF", "image/x-epson-erf", "erf"),
    makersFormat("FFF", "image/x-hasselblad-fff", "fff"),
    makersFormat("GPR", "image/x-gopro-gpr", "gpr"),
    makersFormat("IIQ", "image/x-raw", "iiq"),
    makersFormat("K25", "image/x-kodak-k25", "k25"),
    makersFormat("KDC", "image/x-kodak-kdc", "kdc"),
    makersFormat("MEF", "image/x-mamiya-mef", "mef"),
    makersFormat("MOS", "image/x-raw", "mos"),
    makersFormat("NEF", "image/x-nikon-nef", "nef"),
    makersFormat("NRW", "image/x-nikon-nrw", "nrw"),
    makersFormat("PEF", "image/x-pentax-pef", "pef"),
    makersFormat("SR2", "image/x-sony-sr2", "sr2"),
    makersFormat("SRF", "image/x-sony-srf", "srf"),
    makersFormat("SRW", "image/x-samsung-srw", "srw"),
  ],
  metadata: "Exif, XMP, IPTC, Photoshop, ICC, GeoTIFF, DNG, all pages",
  coverage:
    "All pages and SubIFDs. Raw formats are read as far as their directories go; `format` is `TIFF` if nothing in them says which it is. " +
    "Private data of makers is named, not decoded",
  detect(head) {
    if (head.length < 8) return undefined;
    const order = String.fromCharCode(head[0] ?? 0, head[1] ?? 0);
    if (order !== "II" && order !== "MM") return undefined;
    const [high, low] = order === "II" ? [head[3], head[2]] : [head[2], head[3]];
    if (high !== 0) return undefined;
    if (low === 42) return isCanonRaw(head) ? CANON_RAW : TIFF;
    return low === 43 ? BIG_TIFF : undefined;
  },
  parse(window, found) {
    found.block({ kind: "tiff", at: [{ start: 0, end: window.size ?? Number.MAX_SAFE_INTEGER }] });
  },
};

function isCanonRaw(head: Uint8Array): boolean {
  return head[8] === 0x43 && head[9] === 0x52 && head[10] === 2;
}
