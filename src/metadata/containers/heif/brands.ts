/** The formats of the HEIF family by their brands: ISO/IEC 23008-12 section 10, AV1 Image File Format 1.1 section 8. */
import type { Format } from "../container.ts";

const ISO = "ISO/IEC 23008-12, ISO/IEC 14496-12";
const HEIC: Format = { format: "HEIC", mimeType: "image/heic", extensions: "heic", standard: ISO };
const HEICS: Format = { format: "HEICS", mimeType: "image/heic-sequence", extensions: "heics", standard: ISO };
const HEIF: Format = { format: "HEIF", mimeType: "image/heif", extensions: "heif hif avci", standard: ISO };
const HEIFS: Format = { format: "HEIFS", mimeType: "image/heif-sequence", extensions: "heifs", standard: ISO };
const AVIF: Format = { format: "AVIF", mimeType: "image/avif", extensions: "avif avifs", standard: "AVIF 1.1" };

/** Formats by their brands. */
const formats: ReadonlyMap<string, Format> = new Map([
  ["heic", HEIC],
  ["heix", HEIF],
  ["heim", HEIC],
  ["heis", HEIC],
  ["hevc", HEICS],
  ["hevx", HEICS],
  ["hevm", HEICS],
  ["hevs", HEICS],
  ["mif1", HEIF],
  ["mif2", HEIF],
  ["msf1", HEIFS],
  ["avif", AVIF],
  ["avis", AVIF],
  ["avio", AVIF],
  ["miaf", AVIF],
]);

export const HEIF_FORMATS: readonly Format[] = [HEIC, HEICS, HEIF, HEIFS, AVIF];

/** By the major brand, else by the first compatible one that is known. */
export function brandedFormat(head: Uint8Array): Format | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (head.length < 12 || ascii(4, 8) !== "ftyp") return undefined;
  const brand = ascii(8, 12);
  const major = formats.get(brand);
  // Canon's raw files are of this family; what they are is said by their major brand.
  if (major !== undefined || brand === "crx ") return major;
  const size = new DataView(head.buffer, head.byteOffset, head.length).getUint32(0);
  for (let at = 16; at + 4 <= Math.min(size, head.length); at += 4) {
    const compatible = formats.get(ascii(at, at + 4));
    if (compatible !== undefined) return compatible;
  }
  return undefined;
}
