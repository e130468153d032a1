/** JSON as a block of metadata (RFC 8259), in JUMBF boxes. Tags as ExifTool 13.59 JSON.pm gives them. */
import { decodeText, withoutEnd } from "../bytes/text.ts";
import type { Decoder, TagInput } from "../contracts.ts";
import { ownFields } from "../own-fields.ts";
import { putFields } from "./free-form.ts";

type Structure = { readonly [field: string]: TagInput };

const DEEPEST = 64;
/** Work and memory of a value: it is parsed with its source, and given to a function. */
const [VALUE_STEPS, VALUE_BYTES] = [25, 64];

export const json: Decoder<"json"> = {
  kind: "json",
  decode({ data }, found) {
    const bytes = data.rest();
    const values = valuesIn(bytes);
    found.budget.step(bytes.length + VALUE_STEPS * values);
    found.budget.keep(4 * bytes.length + VALUE_BYTES * values);
    const parsed = JSON.parse(withoutEnd(decodeText(bytes, "utf-8").replace(/^\ufeff/, ""), "\0"), exactly) as TagInput;
    // Of several objects the last speaks.
    const object = Array.isArray(parsed) ? parsed.findLast(isObject) : parsed;
    if (!isObject(object)) throw new Error("no JSON object");
    if (!isShallow(object, DEEPEST)) throw new Error(`JSON is nested deeper than ${DEEPEST} levels`);
    putFields("JSON", ownFields(object), found);
  },
};

/** The number of values in a text, or more: before each but the first stands one of these. */
function valuesIn(bytes: Uint8Array): number {
  let count = 1;
  for (const byte of bytes) if (byte === 0x2c || byte === 0x3a || byte === 0x5b || byte === 0x7b) count++;
  return count;
}

function isShallow(value: TagInput, levels: number): boolean {
  if (typeof value !== "object") return true;
  if (levels === 0) return false;
  return Array.isArray(value)
    ? value.every((item) => isShallow(item, levels - 1))
    : ownFields(value as Structure).every(([, field]) => isShallow(field, levels - 1));
}

function isObject(value: unknown): value is Structure {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** null is a text; an integer that a double cannot hold keeps its digits, as text: a `BigInt` of many takes quadratic time. */
function exactly(_key: string, value: unknown, ...[context]: { source?: string }[]): unknown {
  if (value === null) return "null";
  const source = context?.source;
  if (typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)) return source;
  return value;
}
