/** Ricoh's RMETA in APP5, behind its signature: fields that the user defined, as ExifTool 13.59 Ricoh.pm reads them. */
import { decodeText } from "../bytes/text.ts";
import type { ByteWindow } from "../bytes/window.ts";
import type { Decoder, Findings } from "../contracts.ts";

/** Kinds of sections. */
const NAMES = 1;
const TEXTS = [2, 18];
const NUMBERS = 3;

export const rmeta: Decoder<"rmeta"> = {
  kind: "rmeta",
  decode({ data }, found) {
    const size = data.size ?? 0;
    if (size < 20) {
      found.warn("TRUNCATED", `RMETA of ${size} bytes`, 0);
      return;
    }
    const littleEndian = data.ascii(0, 2) === "II";
    if (data.u16(4, littleEndian) === 0) fields(data, size, littleEndian, found);
    else if (data.ascii(14, Math.min(7, size - 14)) === "BARCODE") barcodes(data, found);
    else sound(data, size, littleEndian, found);
  },
};

function fields(data: ByteWindow, size: number, littleEndian: boolean, found: Findings): void {
  const start = data.u16(8, littleEndian);
  const count = data.u16(start, littleEndian);
  if (count > 100) {
    found.warn("MALFORMED", `RMETA of ${count} fields`, start);
    return;
  }
  let names: string[] = [];
  let texts: string[] = [];
  let numbers: number[] = [];
  for (let at = start + 10; at + 4 <= size; ) {
    found.budget.step();
    const [type, length] = [data.u16(at, littleEndian), data.u16(at + 2, littleEndian) - 2];
    at += 4;
    if (length < 0 || at + length > size) {
      if (length !== -2) found.warn("MALFORMED", "an RMETA section ends past the segment", at);
      break;
    }
    const strings = () => decodeText(data.bytes(at, length), "utf-8").split("\0", count);
    if (type === NAMES) names = strings();
    else if (TEXTS.includes(type)) texts = strings();
    else if (type === NUMBERS && length >= 2 * count) numbers = Array.from({ length: count }, (_, i) => data.u16(at + 2 * i, littleEndian));
    at += length;
  }
  const group = found.tags.group("RMETA");
  for (let i = 0; i < count; i++) {
    const name = names[i] ?? "";
    const text = texts[i] ?? "";
    if (name === "" && text === "") continue;
    // The number of a menu's item, whose words are the text; a field without one is its text.
    const number = numbers[i];
    group.put(tagName(name), number ?? text, text !== "" ? text : String(number ?? ""));
  }
}

function tagName(name: string): string {
  const joined = name.replace(/\b[a-z]/g, (first) => first.toUpperCase()).replaceAll(/[^-\w]/g, "");
  return joined === "" ? "RMETA_Unknown" : joined;
}

/** `BARCODE…,nn,`, then each code's length, a comma and the code, separated by commas. */
function barcodes(data: ByteWindow, found: Findings): void {
  let text = decodeText(data.rest(14), "latin1")
    .replace(/\0.*/s, "")
    .replace(/^BARCODE\w+,\d{2},/, "");
  const codes: string[] = [];
  for (let match = /^(\d+),/.exec(text); match !== null && codes.length < 1000; match = /^(\d+),/.exec(text)) {
    found.budget.step(1 + (text.length >> 4));
    const length = Number(match[1]);
    const rest = text.slice(match[0].length);
    if (rest.length < length) break;
    codes.push(rest.slice(0, length));
    text = rest.slice(length + 1);
  }
  if (codes.length > 0) found.tags.group("RMETA").put("Barcodes", codes);
}

function sound(data: ByteWindow, size: number, littleEndian: boolean, found: Findings): void {
  const length = data.u16(12, littleEndian);
  if (length + 14 > size || length < 4 || data.ascii(14, 4) !== "RIFF") return;
  found.tags.group("RMETA").put("SoundFile", { bytes: length });
}
