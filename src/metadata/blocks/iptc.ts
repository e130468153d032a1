/** IPTC-IIM: Information Interchange Model 4.2, chapter 3 (records and datasets) and its record chapters; IPTC Photo Metadata 2025.1. */
import { viewOf } from "../bytes/arrays.ts";
import { md5 } from "../bytes/md5.ts";
import { decodeText, untilNull } from "../bytes/text.ts";
import type { Decoder, Findings, TagInput } from "../contracts.ts";
import type { ValueFormat } from "../grammar/ifd.ts";
import { records } from "../tables/iptc.ts";
import type { Tag } from "../tables/row.ts";

const TAG_MARKER = 0x1c;
const CODED_CHARACTER_SET = 90;
const DATA_SET_STEPS = 8;

/** A dataset as it stands in the block. */
interface Stored {
  readonly record: number;
  readonly tag: Tag;
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
    const tag = known?.first(number);
    if (tag !== undefined) yield { record, tag, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

function put(stored: Iterable<Stored>, found: Findings): void {
  const group = found.tags.group("IPTC");
  const lists = new Map<Tag, TagInput[]>();
  let coding: Coding = "latin1";
  for (const { record, tag, bytes } of stored) {
    found.budget.step(bytes.length / 4);
    const raw = rawValue(tag.read, limited(bytes, tag.name, found), record >= 2 && record < 7 ? coding : "as it is");
    if (record === 1 && tag.id === CODED_CHARACTER_SET) coding = codingOf(String(raw));
    const value = tag.standsFor(raw, false);
    if (value === undefined) continue;
    const list = lists.get(tag);
    if (list !== undefined) {
      found.budget.tag(tag.name, value);
      list.push(value);
    } else if (tag.isList) {
      const first = [value];
      lists.set(tag, first);
      group.putRow(tag, first);
    } else group.putRow(tag, value);
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

function rawValue(read: ValueFormat | undefined, bytes: Uint8Array, coding: Coding): TagInput {
  switch (read) {
    case "undef":
      return bytes;
    case "int64u":
      return bytes.length <= 8 ? integer(bytes) : decodeText(bytes, "utf-8");
    case "string":
      return decodeText(unpadded(bytes), "utf-8");
    default:
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
