/** APP12 of early cameras (Agfa, Olympus, Polaroid …): `[section]` and `tag=value`, as ExifTool 13.59 APP12.pm reads them. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder, TagGroup } from "../contracts.ts";
import { pictureInfoTags } from "../tables/picture-info.ts";

export const pictureInfo: Decoder<"picture-info"> = {
  kind: "picture-info",
  decode({ data }, found) {
    const text = decodeText(data.rest(), "latin1");
    // Characters are looked at one by one, twice.
    found.budget.step(text.length);
    const group = found.group("PictureInfo", true);
    for (const { tag, value } of assignments(text)) {
      found.budget.step();
      put(group, tag, value);
    }
  },
};

interface Assignment {
  readonly tag: string;
  readonly value: string;
}

/** Time is linear in the length: what stands at a place is found once, from the end. */
function* assignments(text: string): Generator<Assignment> {
  const ends = valueEnds(text);
  for (let at = 0; at < text.length; ) {
    if (text[at] === "[") at = behindSection(text, at);
    else if (!ends.tag[at]) at++;
    else {
      const start = text.indexOf("=", at) + 1;
      let end = start + 1;
      while (end <= text.length && isPrintable(text.charCodeAt(end - 1)) && !ends.value[end]) end++;
      if (end <= text.length && isPrintable(text.charCodeAt(end - 1)))
        yield { tag: text.slice(at, start - 1), value: text.slice(start, end) };
      at = Math.min(end, text.length);
    }
  }
}

/** Behind the section's end, or at the line end that comes before it. No character is passed twice. */
function behindSection(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    if (text[end] === "]") return end + 1;
    if (text[end] === "\n") return end;
  }
  return text.length;
}

interface Places {
  /** A tag and its equals sign begin here. */
  readonly tag: Uint8Array;
  /** A value may end here: before white space and a line end, the next tag, a section or the end of the text. */
  readonly value: Uint8Array;
}

function valueEnds(text: string): Places {
  const { length } = text;
  const tag = new Uint8Array(length + 1);
  const value = new Uint8Array(length + 1);
  value[length] = 1;
  for (let at = length - 1; at >= 0; at--) {
    const character = text[at] ?? "";
    if (/[\w#-]/.test(character)) tag[at] = text[at + 1] === "=" || tag[at + 1] ? 1 : 0;
    const isEnd = "\n\r\0[".includes(character) || tag[at] === 1;
    value[at] = isEnd || (/\s/.test(character) && value[at + 1] === 1) ? 1 : 0;
  }
  return { tag, value };
}

function isPrintable(code: number): boolean {
  return code >= 0x20 && code <= 0x7e;
}

function put(group: TagGroup, tag: string, value: string): void {
  const known = pictureInfoTags.first(tag);
  if (known === undefined) group.put(tagName(tag), value);
  else group.putRaw(known, value);
}

function tagName(tag: string): string {
  const name = tag.charAt(0).toUpperCase() + tag.slice(1).replaceAll("#", "");
  return name.length < 2 || !/^[A-Z]/i.test(name) ? `Tag${name}` : name;
}
