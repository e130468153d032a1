/** CBOR as a block of metadata (RFC 8949), in JUMBF boxes and beside them. Tags as ExifTool 13.59 CBOR.pm gives them. */
import { hex } from "../bytes/hex.ts";
import type { Decoder, TagInput } from "../contracts.ts";
import { CborMap, CborReader, type CborValue, Simple, Tagged } from "../grammar/cbor.ts";
import { putFields } from "./free-form.ts";

export const cbor: Decoder<"cbor"> = {
  kind: "cbor",
  decode({ data }, found) {
    const reader = new CborReader(data, found.budget);
    while (!reader.done) {
      const value = reader.read();
      // Zeros are padding.
      if (value === 0) return;
      if (value instanceof CborMap) {
        putFields(
          "CBOR",
          [...value].map(([key, field]) => [keyText(key), tagValue(field)] as const),
          found,
        );
      } else {
        const list = value instanceof Tagged ? value.value : value;
        if (Array.isArray(list)) {
          putFields(
            "CBOR",
            list.map((item: CborValue, i) => [`Item${i}`, tagValue(item)] as const),
            found,
          );
        }
      }
    }
  },
};

function keyText(key: CborValue): string {
  if (typeof key === "string") return key;
  if (key instanceof Uint8Array) return hex(key);
  return key instanceof Tagged ? keyText(key.value) : String(key);
}

function tagValue(value: CborValue): TagInput {
  if (value === null) return "null";
  if (value instanceof Simple) return value.value === 23 ? "undef" : `Unknown (${value.value})`;
  if (value instanceof Tagged) return taggedValue(value);
  if (value instanceof CborMap) {
    return Object.fromEntries([...value].map(([key, field]) => [keyText(key), tagValue(field)])) as TagInput;
  }
  return Array.isArray(value) ? value.map(tagValue) : (value as TagInput);
}

/** RFC 8949 section 3.4: dates, big numbers, decimal fractions; what other tags say is not shown. */
function taggedValue({ tag, value }: Tagged): TagInput {
  if (tag === 0 && typeof value === "string") return value.replace(/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d)/, "$1:$2:$3 $4");
  if (tag === 1 && typeof value === "number") return epochDate(value);
  if ((tag === 2 || tag === 3) && value instanceof Uint8Array && value.length <= 128) {
    const magnitude = BigInt(`0x0${hex(value)}`);
    return tag === 2 ? magnitude : -1n - magnitude;
  }
  if ((tag === 4 || tag === 5) && Array.isArray(value)) {
    const [exponent, mantissa] = value as CborValue[];
    if (typeof exponent === "number" && typeof mantissa === "number")
      return tag === 4 ? Number(`${mantissa}e${exponent}`) : mantissa * 2 ** exponent;
  }
  return tagValue(value);
}

function epochDate(seconds: number): TagInput {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return seconds;
  const [day = "", clock = ""] = date.toISOString().slice(0, -1).split("T");
  return `${day.replaceAll("-", ":")} ${Number.isInteger(seconds) ? clock.slice(0, 8) : clock}+00:00`;
}
