/** Takes bytes apart by what they look like. */
import { dissectApple, dissectPropertyList } from "./apple.ts";
import { dissectBoxes } from "./boxes.ts";
import { dissectGif, dissectJpeg, dissectPng, dissectRiff } from "./files.ts";
import { bytes as leaf, type Piece, sequence, text } from "./piece.ts";
import { dissectCompound, dissectIcc, dissectIptc, dissectResources, fields } from "./tables.ts";
import { dissectJson, dissectXml } from "./texts.ts";
import { dissectTiff } from "./tiff.ts";

/** Where a structure may begin behind a head: `Exif\0\0`, offsets, character codes. */
const STARTS = [0, 1, 2, 4, 6, 8, 10, 12];

/** A piece for bytes that have a known structure, behind a short head perhaps; undefined for others. */
function sniff(data: Buffer, label: string): Piece | undefined {
  for (const start of STARTS) {
    if (start >= data.length - 4) return undefined;
    const inner = structureOf(data.subarray(start));
    if (inner !== undefined)
      return start === 0 ? inner : sequence(`${label} with head`, [leaf(`${label} head`, data.subarray(0, start)), inner]);
  }
  return undefined;
}

function structureOf(data: Buffer): Piece | undefined {
  const start = data.toString("latin1", 0, 12);
  if (/^(II\*\0|MM\0[*+])/.test(start)) return dissectTiff(data, sniff);
  if (/^(\xef\xbb\xbf)?\s*<[?!a-zA-Z]/.test(start)) return dissectXml(data);
  if (/^[{[]/.test(start)) return dissectJson(data);
  if (start.startsWith("Apple iOS\0")) return dissectApple(data, sniff);
  if (start.startsWith("bplist")) return dissectPropertyList(data);
  if (start.startsWith("8BIM")) return dissectResources(data, sniff);
  if (/^\x1c[\x01-\x0f]/.test(start)) return dissectIptc(data);
  if (start.startsWith("\xd0\xcf\x11\xe0")) return dissectCompound(data);
  if (/^....(jumb|ftyp|meta)/s.test(start)) return dissectBoxes(data, sniff);
  return data.toString("latin1", 36, 40) === "acsp" ? dissectIcc(data) : undefined;
}

/** A file or a block as pieces. Damaged ones may stay in one piece. */
export function dissect(data: Buffer): Piece {
  try {
    const whole =
      dissectJpeg(data, sniff) ?? dissectPng(data, sniff) ?? dissectGif(data, sniff) ?? dissectRiff(data, sniff) ?? sniff(data, "block");
    if (whole !== undefined) return whole;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return /^[\x09-\x7e]*$/.test(data.toString("latin1", 0, 4096)) ? text("text", data) : fields(data, "block");
}
