/**
 * JUMBF: ISO/IEC 19566-5, as C2PA 2.1 section 11 uses it. Tags as ExifTool 13.59 Jpeg2000.pm gives them;
 * each superbox is a document of its own, whose tags never outrank the image's.
 */
import { hex } from "../bytes/hex.ts";
import { decodeText, withoutEnd } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Decoder, Findings, TagInput } from "../contracts.ts";
import { type Box, contentOf } from "../grammar/box.ts";
import { type Superbox, superboxes } from "../grammar/superbox.ts";
import { descriptionTags } from "../tables/jumbf.ts";
import { stateContentCredentials } from "./c2pa.ts";

/** A block up to this size is fetched whole. */
const WHOLE = 4 << 20;

export const jumbf: Decoder<"jumbf"> = {
  kind: "jumbf",
  decode({ data }, found) {
    const end = data.size ?? 0;
    if (end <= WHOLE) data.need({ start: 0, end });
    const list = superboxes(data, { start: 0, end }, found);
    for (const superbox of list) putSuperbox(superbox, data, found);
    stateContentCredentials(list, data, found);
  },
};

function putSuperbox(superbox: Superbox, data: ByteWindow, found: Findings): void {
  found.budget.step();
  const tags = found.group("JUMBF", true);
  if (superbox.contentType !== "") tags.putRow(descriptionTags.type, superbox.contentType);
  if (superbox.label !== undefined) tags.putRow(descriptionTags.label, superbox.label);
  if (superbox.id !== undefined) tags.putRow(descriptionTags.id, superbox.id);
  if (superbox.signature !== undefined) tags.putRow(descriptionTags.signature, superbox.signature);
  let name = labelName(superbox.label);
  for (const content of superbox.content) {
    if ("superbox" in content) {
      putSuperbox(content.superbox, data, found);
      // What comes after a superbox has no name of its own.
      name = undefined;
    } else putContent(content.box, name, data, found);
  }
}

function putContent(box: Box, name: string | undefined, data: ByteWindow, found: Findings): void {
  const put = (suffix: string, otherwise: string, value: TagInput) =>
    found.group("Jpeg2000", true).put(name === undefined ? otherwise : `${name}${suffix}`, value);
  const length = box.end - box.data;
  switch (box.type) {
    case "cbor":
    case "json":
      found.block({ kind: box.type, at: [{ start: box.data, end: box.end }] });
      return;
    case "bfdb": {
      if (length < 1) return;
      const text = withoutEnd(decodeText(contentOf(data, box, 1).rest(), "utf-8"), "\0");
      put("Type", "BinaryDataType", text.replace("\0", ", "));
      return;
    }
    case "bidb":
      put("Data", "BinaryData", { bytes: length });
      return;
    case "c2sh":
      if (length <= 1024) put("Salt", "C2PASaltHash", hex(contentOf(data, box).rest()));
      return;
    case "jp2c":
      put("", "PreviewImage", { bytes: length });
      return;
  }
}

/** `c2pa.thumbnail.claim.jpeg` → `C2PAThumbnailClaimJpeg` */
function labelName(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  const legal = label
    .replace(/[^-\w]([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/[^-\w]/g, "")
    .replace("__", "_");
  const name = (legal.charAt(0).toUpperCase() + legal.slice(1)).replace("C2pa", "C2PA");
  return name.length < 2 ? `Tag${name}` : name;
}
