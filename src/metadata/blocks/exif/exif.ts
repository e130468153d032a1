/** Exif (CIPA DC-008 3.1) and whole TIFF files (TIFF 6.0, BigTIFF, DNG 1.7): a TIFF header and its directories. */
import { type ByteWindow, PastEnd } from "../../bytes/window.ts";
import type { Decoder, Findings } from "../../contracts.ts";
import { readTiffHeader } from "../../grammar/ifd.ts";
import type { Holder } from "../../tables/row.ts";
import { readGeoTiff } from "../geotiff.ts";
import type { IptcStanding } from "../kinds.ts";
import { DirectoryReader } from "./directories.ts";
import { ImageFacts } from "./image.ts";

/** A TIFF structure that starts at the block's start, as in JPEG's APP1 after `Exif\0\0`, PNG's eXIf, WebP's EXIF, HEIF's Exif item. */
export const exif: Decoder<"exif"> = {
  kind: "exif",
  decode({ data, context }, found) {
    const start = data.upTo(0, 6);
    const isPrefixed = start.length === 6 && data.ascii(0, 4) === "Exif";
    readStructure(isPrefixed ? data.sub(6) : data, context, found, isPrefixed ? 6 : 0);
  },
};

/** A whole TIFF file, over the sparse window. */
export const tiffFile: Decoder<"tiff"> = {
  kind: "tiff",
  decode({ data }, found) {
    readStructure(data, { holder: "TIFF", iptc: "standard" }, found, 0);
  },
};

interface Held {
  readonly holder: Holder;
  readonly iptc: IptcStanding;
}

function readStructure(window: ByteWindow, { holder, iptc }: Held, found: Findings, origin: number): void {
  const header = readHeader(window);
  if (header === undefined || header.firstDirectory < 8) {
    found.warn("MALFORMED", "no TIFF header", origin);
    return;
  }
  const isBig = header.big && holder === "TIFF";
  if (!isBig) {
    const order = header.littleEndian ? "II" : "MM";
    found.group("File").put("ExifByteOrder", order, byteOrders[order]);
  }
  const held = isBig ? "BigTIFF" : holder;
  const image = new ImageFacts(window, held, found);
  const reader = new DirectoryReader({ window, header: { ...header, big: isBig }, holder: held, iptc, origin }, found, image);
  let isWhole = false;
  try {
    reader.read("IFD0", header.firstDirectory);
    isWhole = true;
  } finally {
    // What was read stands, even if a limit ends the reading.
    image.conclude(isWhole);
  }
  const geo = image.geoTiff();
  if (geo !== undefined) readGeoTiff(geo, header.littleEndian, found);
}

const byteOrders = { II: "Little-endian (Intel, II)", MM: "Big-endian (Motorola, MM)" };

function readHeader(window: ByteWindow): ReturnType<typeof readTiffHeader> {
  try {
    return readTiffHeader(window);
  } catch (thrown) {
    if (thrown instanceof PastEnd) return undefined;
    throw thrown;
  }
}
