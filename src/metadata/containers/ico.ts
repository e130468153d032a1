/** Windows icons and cursors: Microsoft, "Icons" (1995), ICONDIR and ICONDIRENTRY. All is little-endian. */
import { putFields } from "../tables/fixed-fields.ts";
import { cursorFields, directoryFields, iconFields } from "../tables/ico.ts";
import type { Container, Format } from "./container.ts";

const DIRECTORY = 6;
const ENTRY = 16;
const ICON = 1;
const CURSOR = 2;

const STANDARD = "Microsoft's ICONDIR";
const ICO: Format = { format: "ICO", mimeType: "image/x-icon", extensions: "ico", standard: STANDARD };
const CUR: Format = { format: "CUR", mimeType: "image/x-cursor", extensions: "cur", standard: STANDARD };

export const ico: Container = {
  name: "ico",
  title: "ICO, CUR",
  formats: [ICO, CUR],
  metadata: "headers",
  coverage: "The first image",
  detect(head) {
    // Reserved, type, count: no directory is empty or has more than 255 images.
    if (head.length < DIRECTORY || head[0] !== 0 || head[1] !== 0 || head[3] !== 0 || head[4] === 0 || head[5] !== 0) return undefined;
    if (head[2] === ICON) return ICO;
    return head[2] === CURSOR ? CUR : undefined;
  },
  parse(window, found) {
    const file = found.tags.group("File");
    const [type, count] = [window.u16(2, true), window.u16(4, true)];
    putFields(directoryFields, window.sub(0, DIRECTORY), file, true);
    const listed = window.upTo(DIRECTORY, ENTRY * count).length;
    if (listed < ENTRY * count) found.warn("TRUNCATED", `the directory of ${count} images ends after ${listed} bytes`, DIRECTORY + listed);
    if (listed < ENTRY) return;
    // ExifTool gives the first image; the others are sub-documents to it.
    putFields(type === ICON ? iconFields : cursorFields, window.sub(DIRECTORY, ENTRY), file, true);
    found.fact("width", window.u8(DIRECTORY) || 256);
    found.fact("height", window.u8(DIRECTORY + 1) || 256);
    found.fact("animated", false);
    if (type === ICON && window.u16(DIRECTORY + 6, true) === 32) found.fact("hasAlpha", true);
  },
};
