/** IPTC-IIM: Information Interchange Model 4.2, chapter 3 (records and datasets) and its record chapters; IPTC Photo Metadata 2025.1. */
import { viewOf } from "../bytes/arrays.ts";
import { md5 } from "../bytes/md5.ts";
import { decodeText, untilNull } from "../bytes/text.ts";
import type { Decoder, Findings, TagInput } from "../contracts.ts";
import { type DataSet, type DataSetFormat, records } from "../tables/iptc.ts";

const TAG_MARKER = 0x1c;
const CODED_CHARACTER_SET = 90;
const DATA_SET_STEPS = 8;

/** A dataset as it stands in the block. */
interface Stored {
  readonly record: number;
  readonly dataSet: DataSet;
  readonly bytes: Uint8Array;
}

export const iptc: Decoder<"iptc"> = {
  kind: "iptc",
  decode({ data, context: { standing } }, found) {
    const bytes = data.rest();
    // Every byte is mixed into the digest.
    found.budget.step(bytes.length / 4);
    found.numbered("iptc", { standard: standing !== "elsewhere" });
    // A block that comes later and stands right as well is numbered, and has no say in the digest.
    if (standing === "standard") found.tags.group("File").put("CurrentIPTCDigest", md5(bytes), undefined, { priority: "low" });
    put(dataSets(inOrder(bytes, found), found), found);
  },
};

/** Some writers of TIFF swap the block as if it were 32-bit words. */
function inOrder(bytes: Uint8Array, found: Findings): Uint8Array {
  if (bytes.length < 4 || bytes[0] === TAG_MARKER || bytes[3] !== TAG_MARKER) return bytes;
  found.warn("MALFORMED", "the block is byte-swapped", 0);
  const words = new Uint8Array((bytes.length + 3) & ~3);
  words.set(bytes);
  const view = viewOf(words);
  for (let at = 0; at < words.length; at += 4) view.setUint32(at, view.getUint32(at), true);
  return words.subarray(0, bytes.length);
}

/** One after the other: their number is only known to be bounded once they are tags. */
function* dataSets(bytes: Uint8Array, found: Findings): Generator<Stored> {
  const strange = new Set<number>();
  let at = 0;
  while (at + 5 <= bytes.length) {
    found.budget.step(DATA_SET_STEPS);
    const start = at;
    if (bytes[at] !== TAG_MARKER) {
      // Zeros are padding.
      if (bytes.subarray(at).some((byte) => byte !== 0)) found.warn("MALFORMED", `no dataset begins with 0x${bytes[at]?.toString(16)}`, at);
      break;
    }
    const record = bytes[at + 1] ?? 0;
    const number = bytes[at + 2] ?? 0;
    let length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    at += 5;
    if (length & 0x8000) {
      // An extended dataset: so many bytes of length follow (section 1.5).
      const width = length & 0x7fff;
      if (width > 8 || at + width > bytes.length) {
        found.warn("MALFORMED", `dataset ${record}:${number} has a length of ${width} bytes`, start);
        break;
      }
      length = width === 0 ? 0 : Number(integer(bytes.subarray(at, at + width)));
      at += width;
    }
    if (at + length > bytes.length) {
      found.warn("TRUNCATED", `dataset ${record}:${number} of ${length} bytes ends past the block`, start);
      break;
    }
    const known = records.get(record);
    if (known === undefined && !strange.has(record)) {
      strange.add(record);
      found.warn("MALFORMED", `record ${record} is unknown`, start);
    }
    const dataSet = known?.get(number);
    if (dataSet !== undefined) yield { record, dataSet, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

function put(stored: Iterable<Stored>, found: Findings): void {
  const group = found.tags.group("IPTC");
  const lists = new Map<DataSet, TagInput[]>();
  let coding: Coding = "latin1";
  for (const { record, dataSet, bytes } of stored) {
    const [number, name, format, more] = dataSet;
    found.budget.step(bytes.length / 4);
    const value = valueIn(format, limited(bytes, name, found), record >= 2 && record < 7 ? coding : "as it is");
    if (record === 1 && number === CODED_CHARACTER_SET) coding = codingOf(String(value));
    if (!more?.list) {
      group.put(name, value, more?.print);
      continue;
    }
    const list = lists.get(dataSet);
    if (list !== undefined) {
      found.budget.tag(name, value);
      list.push(value);
      continue;
    }
    const first = [value];
    lists.set(dataSet, first);
    group.put(name, first, more.print);
  }
}

/** How text is coded: `as it is` reads as UTF-8. */
type Coding = "latin1" | "as it is";

/**
 * What CodedCharacterSet (1:90) says. Of the ISO 2022 escape sequences only UTF-8's stands for what writers do: they
 * designate other sets and then write Latin-1. ESC % with another final byte leaves ISO 2022, so text stays as it is.
 */
function codingOf(escapes: string): Coding {
  return escapes.startsWith("\x1b%") ? "as it is" : "latin1";
}

function limited(bytes: Uint8Array, name: string, found: Findings): Uint8Array {
  const limit = found.budget.limits.textBytes;
  if (bytes.length <= limit) return bytes;
  found.warn("LIMIT_EXCEEDED", `${name}: ${bytes.length} bytes are cut at ${limit}`);
  return bytes.subarray(0, limit);
}

function valueIn(format: DataSetFormat, bytes: Uint8Array, coding: Coding): TagInput {
  switch (format) {
    case "binary":
      return bytes;
    case "integer":
      return bytes.length <= 8 ? integer(bytes) : decodeText(bytes, "utf-8");
    case "digits":
      return decodeText(unpadded(bytes), "utf-8");
    case "date":
      return date(decodeText(unpadded(bytes), "utf-8"));
    case "time":
      return time(text(bytes, coding));
    case "history":
      return text(bytes, coding).replace(/\0+/g, "\n");
    case "text":
      return text(bytes, coding);
  }
}

function text(bytes: Uint8Array, coding: Coding): string {
  const content = unpadded(bytes);
  const translated = coding === "latin1" && content.some((byte) => byte >= 0x80) && !content.some(shifts);
  return translated ? untilNull(decodeText(content, "latin1")) : decodeText(content, "utf-8");
}

/** DC4, NAK and ESC: text in which ISO 2022 shifts between sets is left as it is. */
function shifts(byte: number): boolean {
  return byte === 0x14 || byte === 0x15 || byte === 0x1b;
}

/** Without the zeros that some writers end text with. */
function unpadded(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** Big-endian, of up to eight bytes. */
function integer(bytes: Uint8Array): bigint | number {
  if (bytes.length > 6) return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** CCYYMMDD as `2019:03:13`. */
function date(digits: string): string {
  return digits.replace(/(\d{4})\D*(\d{2})\D*(\d{2})$/, "$1:$2:$3");
}

/** HHMMSS±HHMM as `11:04:13-04:00`. */
function time(digits: string): string {
  return digits
    .replaceAll(" ", ":")
    .replace(/^(\d{2})(\d{2})(\d{2})/, "$1:$2:$3")
    .replace(/([+-]\d{2})(\d{2})\s*$/, "$1:$2");
}
