/** Portable maps, known and not read: Netpbm's pbm(5), pgm(5), ppm(5), pam(5), and Paul Debevec's float maps, which have their form. */
import { latin1 } from "../bytes/text.ts";
import type { Container, Format } from "./container.ts";

const STANDARD = "Netpbm's file formats";
const BITMAP: Format = { format: "PBM", mimeType: "image/x-portable-bitmap", extensions: "pbm", standard: STANDARD };
const GRAYMAP: Format = { format: "PGM", mimeType: "image/x-portable-graymap", extensions: "pgm", standard: STANDARD };
const PIXMAP: Format = { format: "PPM", mimeType: "image/x-portable-pixmap", extensions: "ppm pnm", standard: STANDARD };
const ARBITRARY: Format = { format: "PAM", mimeType: "image/x-portable-arbitrarymap", extensions: "pam", standard: STANDARD };
const FLOATMAP: Format = { format: "PFM", mimeType: "image/x-pfm", extensions: "pfm", standard: "Paul Debevec's PFM" };

/** What has to follow the magic, and white space and comments. */
const NUMBER = /^[0-9]/;
const KEYWORD = /^(?:WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE|ENDHDR)\s/;

const maps = new Map<string, readonly [format: Format, next: RegExp]>([
  ["P1", [BITMAP, NUMBER]],
  ["P2", [GRAYMAP, NUMBER]],
  ["P3", [PIXMAP, NUMBER]],
  ["P4", [BITMAP, NUMBER]],
  ["P5", [GRAYMAP, NUMBER]],
  ["P6", [PIXMAP, NUMBER]],
  ["P7", [ARBITRARY, KEYWORD]],
]);

const floatMaps = new Map<string, readonly [format: Format, next: RegExp]>([
  ["PF", [FLOATMAP, NUMBER]],
  ["Pf", [FLOATMAP, NUMBER]],
]);

export const netpbm: Container = {
  name: "netpbm",
  title: "Netpbm",
  formats: [BITMAP, GRAYMAP, PIXMAP, ARBITRARY],
  detect: (head, longer) => detectMap(maps, head, longer),
};

export const floatMap: Container = {
  name: "float-map",
  title: "Portable FloatMap",
  formats: [FLOATMAP],
  detect: (head, longer) => detectMap(floatMaps, head, longer),
};

/** The magic alone on its line is enough. Behind blanks or comments the header has to go on: other texts begin with these letters too. */
function detectMap(known: typeof maps, head: Uint8Array, longer: (() => Uint8Array) | undefined): Format | undefined {
  const text = latin1(head);
  const [format, next] = known.get(text.slice(0, 2)) ?? [];
  if (format === undefined || next === undefined) return undefined;
  if (/^[\r\n]/.test(text.slice(2, 3))) return format;
  const at = pastSpace(text, 2);
  if (at === 2) return undefined;
  if (at < text.length) return next.test(text.slice(at, at + 12)) ? format : undefined;
  return longer === undefined ? format : detectMap(known, longer(), undefined);
}

/** Where white space and comments end. A comment goes on to the end of its line. */
function pastSpace(text: string, start: number): number {
  let isComment = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isComment) isComment = character !== "\n" && character !== "\r";
    else if (character === "#") isComment = true;
    else if (character === undefined || !" \t\n\v\f\r".includes(character)) return at;
  }
  return text.length;
}
