/** Application segments of JPEG that are lists of named values: Ocad, Scalado, JPEG-HDR, Media Jukebox. Layouts as ExifTool 13.59 knows them. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";
import { jpegHdrTags, mediaJukeboxTags, ocadTags, ratioImage, scaladoTags } from "../tables/segment-lists.ts";

/** A list longer than this is none. */
const LONGEST = 65_536;
/** Work of an element whose name is not known. */
const ELEMENT_STEPS = 10;

/** APP0 of Photobucket: `$name:value`, behind the signature. */
export const ocad: Decoder<"ocad"> = {
  kind: "ocad",
  decode({ data }, found) {
    const text = decodeText(data.upTo(0, LONGEST), "latin1");
    const group = found.tags.group("Ocad");
    for (const [, name = "", value = ""] of text.matchAll(/\$(\w+):([^\0$]+)/g)) {
      const tag = ocadTags.first(name);
      if (tag === undefined) group.put(`Ocad_${tagName(name)}`, value.trim());
      else group.putRaw(tag, value.trim());
    }
  },
};

/** APP4 of phones, behind the headers: a name of four letters, a version and a value of 32 bits each, big-endian. */
export const scalado: Decoder<"scalado"> = {
  kind: "scalado",
  decode({ data }, found) {
    const group = found.tags.group("Scalado");
    let end = data.size ?? 0;
    for (let at = 0; at + 12 <= end; at += 12) {
      found.budget.step();
      const signature = data.ascii(at, 4);
      const value = data.i32(at + 8);
      const tag = scaladoTags.first(signature);
      if (tag !== undefined) group.putRaw(tag, value);
      // The directory's length; before version 5, how much follows it.
      if (signature === "SPMO") end = data.u32(at + 4) < 5 ? end - data.u32(at + 8) : Math.min(end, data.u32(at + 8) + 12);
    }
  },
};

/** JPEG-HDR (Ward and Simmons, "JPEG-HDR", 2005) in APP11: `HDR_RI name=value, …`, `~`, NUL, the ratio image. */
export const jpegHdr: Decoder<"jpeg-hdr"> = {
  kind: "jpeg-hdr",
  decode({ data }, found) {
    const size = data.size ?? 0;
    const text = decodeText(data.upTo(0, 4096), "latin1");
    const end = text.indexOf("~\0");
    if (end < 0) {
      found.warn("MALFORMED", "a JPEG-HDR segment without the end of its parameters", 0);
      return;
    }
    const group = found.tags.group("JPEG-HDR");
    for (const [, name = "", value = ""] of text.slice(7, end).matchAll(/(?<!\w)(\w+)=([^,\s]*)/g)) {
      const tag = jpegHdrTags.first(name);
      if (tag === undefined) group.put(tagName(name), value);
      else group.putRaw(tag, value);
    }
    group.putRow(ratioImage, { bytes: size - end - 2 });
  },
};

/** APP9 of Media Jukebox: flat XML, behind the signature and its outer element. */
export const mediaJukebox: Decoder<"media-jukebox"> = {
  kind: "media-jukebox",
  decode({ data }, found) {
    const text = decodeText(data.upTo(0, LONGEST), "utf-8");
    const group = found.tags.group("MediaJukebox");
    for (const [, name = "", value = ""] of text.matchAll(/<(\w{1,64})>([^<]*)<\/\1>/g)) {
      found.budget.step(ELEMENT_STEPS);
      const tag = mediaJukeboxTags.first(name);
      if (tag !== undefined) group.putRaw(tag, unescaped(value));
    }
  },
};

const entities: ReadonlyMap<string, string> = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities.get(name) ?? "");
}

function tagName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
