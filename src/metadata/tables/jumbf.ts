/** The description box of JUMBF (ISO/IEC 19566-5 annex A.3): names and texts as ExifTool 13.59 Jpeg2000.pm has them. */
import { hex } from "../bytes/hex.ts";
import { Tag } from "./row.ts";

/** A UUID whose first four bytes are letters shows them: `(c2pa)-0011-0010-800000aa00389b71`. */
function printType(type: string): string {
  const code = String.fromCharCode(...(type.slice(0, 8).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
  const first = /^[a-zA-Z0-9]{4}$/.test(code) ? `(${code})` : type.slice(0, 8);
  return [first, type.slice(8, 12), type.slice(12, 16), type.slice(16)].join("-");
}

export const descriptionTags = {
  type: new Tag(["jumd", "JUMDType", { print: printType }]),
  label: new Tag(["jumd", "JUMDLabel"]),
  id: new Tag(["jumd", "JUMDID"]),
  signature: new Tag(["jumd", "JUMDSignature", { print: (bytes: Uint8Array) => hex(bytes) }]),
};
