/** Windows and OS/2 bitmaps: Microsoft's Bitmap Storage (BITMAPFILEHEADER and the headers of wingdi.h). All is little-endian. */
import { viewOf } from "../bytes/arrays.ts";
import { decodeText } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Findings } from "../contracts.ts";
import {
  calibrationFields,
  colorFields,
  colorSpace,
  coreHeader,
  infoFields,
  intentFields,
  profileFields,
  sizeFields,
} from "../tables/bmp.ts";
import { putFields } from "../tables/fixed-fields.ts";
import type { Container, Format } from "./container.ts";

const FILE_HEADER = 14;
/** Size of BITMAPCOREHEADER: the one header with sizes of 16 bits. */
const CORE = 12;
/** Size of OS/2's second header: it goes on otherwise after the fields that all share. */
const OS2 = 64;
const V5 = 124;
const [BITFIELDS, JPEG, PNG, ALPHA_BITFIELDS] = [3, 4, 5, 6];

const BMP: Format = {
  format: "BMP",
  mimeType: "image/bmp",
  extensions: "bmp dib",
  standard: "Microsoft's bitmap headers, OS/2 1 and 2",
};

export const bmp: Container = {
  name: "bmp",
  title: "BMP",
  formats: [BMP],
  metadata: "headers, ICC",
  coverage: "ICC profiles of version 5 headers; only the name of a linked profile",
  detect(head) {
    if (head[0] !== 0x42 || head[1] !== 0x4d || head.length < FILE_HEADER + 4) return undefined;
    const size = viewOf(head).getUint32(FILE_HEADER, true);
    const known = size === CORE || size === 16 || (size >= 40 && size < 1_000_000);
    return known ? BMP : undefined;
  },
  parse(window, found) {
    const size = window.u32(FILE_HEADER, true);
    window.need({ start: 0, end: FILE_HEADER + Math.min(size, V5) });
    const header = window.sub(FILE_HEADER, Math.min(size, V5));
    const file = found.tags.group("File");
    if ((header.size ?? 0) < Math.min(size, V5)) found.warn("TRUNCATED", `the header of ${size} bytes is cut`, FILE_HEADER);
    found.fact("animated", false);
    if (size === CORE) {
      putFields(coreHeader, header, file, true);
      state(header.u16(4, true), header.u16(6, true), header.u16(10, true), 0, found);
      return;
    }
    putFields(sizeFields, header, file, true);
    const compression = size >= 20 ? header.u32(16, true) : 0;
    const alpha = size >= 56 && size !== OS2 && (compression === BITFIELDS || compression === ALPHA_BITFIELDS) ? header.u32(52, true) : 0;
    state(header.u32(4, true), Math.abs(header.i32(8, true)), header.u16(14, true), alpha, found);
    if (size < 40 || size === OS2) return;
    putFields(infoFields, header, file, true);
    if (size === 68) return;
    putFields(colorFields, header, file, true);
    if (compression === JPEG || compression === PNG) picture(window, FILE_HEADER + size, header.u32(20, true), compression, found);
    if (size < 60) return;
    const space = colorSpace(header.u32(56, true));
    if (space === 0) putFields(calibrationFields, header, file, true);
    putFields(intentFields, header, file, true);
    if (space !== "LINK" && space !== "MBED") return;
    putFields(profileFields, header, file, true);
    if (size === V5) profile(window, space, header.u32(112, true), header.u32(116, true), found);
  },
};

function state(width: number, height: number, depth: number, alphaMask: number, found: Findings): void {
  found.fact("width", width);
  found.fact("height", height);
  found.fact("hasAlpha", alphaMask !== 0);
  // Of 16 bits a pixel five or six belong to each colour; below that they are indices.
  if (depth > 0) found.fact("bitsPerSample", depth >= 24 ? 8 : depth === 16 ? 5 : depth);
  found.fact("channels", depth < 16 ? 1 : alphaMask === 0 ? 3 : 4);
}

/** A picture in another format in place of pixels (BI_JPEG, BI_PNG). */
function picture(window: ByteWindow, offset: number, length: number, compression: number, found: Findings): void {
  if (length === 0) return;
  found.tags.group("File").put(compression === JPEG ? "EmbeddedJPG" : "EmbeddedPNG", { bytes: length });
  found.thumbnail({
    offset: offset + (window.offsetInObject ?? 0),
    length,
    mimeType: compression === JPEG ? "image/jpeg" : "image/png",
  });
}

/** The profile's name or the profile; its offset is from the header that holds it. */
function profile(window: ByteWindow, space: "LINK" | "MBED", offset: number, length: number, found: Findings): void {
  const start = FILE_HEADER + offset;
  const end = start + length;
  if (offset === 0 || length === 0) return;
  if (end > (window.size ?? Number.POSITIVE_INFINITY)) {
    found.warn("TRUNCATED", `the profile of ${length} bytes ends past the file`, start);
    return;
  }
  if (space === "MBED") {
    found.block({ kind: "icc", at: [{ start, end }] });
    return;
  }
  const name = decodeText(window.bytes(start, Math.min(length, found.budget.limits.textBytes)), "latin1");
  found.tags.group("File").put("LinkedProfileName", name.replace(/\0.*$/s, ""));
}
