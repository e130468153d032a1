/** Application segments of JPEG that are lists of named values: Ocad, Scalado, JPEG-HDR, Media Jukebox. Layouts as ExifTool 13.59 knows them. */
import { decodeText } from "../bytes/text.ts";
import type { Decoder } from "../contracts.ts";

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
      group.put(name === "Rev" ? "OcadRevision" : `Ocad_${tagName(name)}`, value.trim());
    }
  },
};

const scaladoNames: ReadonlyMap<string, string> = new Map(
  Object.entries({ WDTH: "PreviewImageWidth", HGHT: "PreviewImageHeight", QUAL: "PreviewQuality" }),
);

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
      const name = scaladoNames.get(signature);
      if (name !== undefined && value !== 0) group.put(name, Math.abs(value));
      // The directory's length; before version 5, how much follows it.
      if (signature === "SPMO") end = data.u32(at + 4) < 5 ? end - data.u32(at + 8) : Math.min(end, data.u32(at + 8) + 12);
    }
  },
};

const hdrNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ver: "JPEG-HDRVersion",
    ln0: "Ln0",
    ln1: "Ln1",
    s2n: "S2n",
    alp: "Alpha",
    bet: "Beta",
    cor: "CorrectionMethod",
  }),
);

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
      group.put(hdrNames.get(name) ?? tagName(name), value);
    }
    group.put("RatioImage", { bytes: size - end - 2 });
  },
};

const mediaJukeboxNames = ["Date", "Album", "Caption", "Keywords", "Name", "People", "Places", "Tool_Name", "Tool_Version"];

/** APP9 of Media Jukebox: flat XML, behind the signature and its outer element. */
export const mediaJukebox: Decoder<"media-jukebox"> = {
  kind: "media-jukebox",
  decode({ data }, found) {
    const text = decodeText(data.upTo(0, LONGEST), "utf-8");
    const group = found.tags.group("MediaJukebox");
    for (const [, name = "", value = ""] of text.matchAll(/<(\w{1,64})>([^<]*)<\/\1>/g)) {
      found.budget.step(ELEMENT_STEPS);
      if (mediaJukeboxNames.includes(name)) group.put(name, name === "Date" ? date(Number(value)) : unescaped(value));
    }
  },
};

/** Days from 30 December 1899 to the first of 1970. */
const DAYS_TO_1970 = 25_569;

function date(days: number): string {
  const milliseconds = Math.floor((days - DAYS_TO_1970) * 86_400) * 1000;
  if (!(Math.abs(milliseconds) < 8.64e15)) return String(days);
  return new Date(milliseconds).toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
}

const entities: ReadonlyMap<string, string> = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities.get(name) ?? "");
}

function tagName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
