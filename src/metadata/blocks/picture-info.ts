/** APP12 of early cameras (Agfa, Olympus, Polaroid …): `[section]` and `tag=value`, as ExifTool 13.59 APP12.pm reads them. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder, TagGroup } from "../contracts.ts";
import { putConverted } from "../tags/conversion.ts";
import { pictureInfoTags } from "../tags/picture-info.ts";

/** A value is printable and ends before white space and a line end, the next tag, a section or the end. */
const TOKEN = /\[[^\n]*?\]|([\w#-]+)=([\x20-\x7e]+?)(?=\s*(?:[\n\r\0]|[\w#-]+=|\[|$))/g;

/** Longer segments are no such text, and the pattern is not linear. */
const LONGEST = 8192;

export const pictureInfo: Decoder = {
  kind: "picture-info",
  decode({ data }, found) {
    const text = decodeText(data.upTo(0, LONGEST), "latin1");
    const group = found.tags.group("PictureInfo");
    for (const [, tag, value] of text.matchAll(TOKEN)) {
      found.budget.step(1 + ((value?.length ?? 0) >> 4));
      if (tag !== undefined && value !== undefined) put(group, tag, value);
    }
  },
};

function put(group: TagGroup, tag: string, value: string): void {
  const known = pictureInfoTags.get(tag);
  putConverted(group, known?.[1] ?? tagName(tag), value, known?.[2], { priority: "low" });
}

function tagName(tag: string): string {
  const name = tag.charAt(0).toUpperCase() + tag.slice(1).replaceAll("#", "");
  return name.length < 2 || !/^[A-Z]/i.test(name) ? `Tag${name}` : name;
}
