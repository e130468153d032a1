/** JSON as a block of metadata (RFC 8259), in JUMBF boxes. Tags as ExifTool 13.59 JSON.pm gives them. */
import { decodeText, withoutEnd } from "../bytes/text.ts";
import type { Decoder, TagInput } from "../contracts.ts";
import { putFields } from "./free-form.ts";

const DEEPEST = 64;

export const json: Decoder = {
  kind: "json",
  decode({ data }, found) {
    const bytes = data.rest();
    // Every value of it may take two bytes, and a call.
    found.budget.step(2 * bytes.length);
    found.budget.keep(8 * bytes.length);
    const parsed = JSON.parse(withoutEnd(decodeText(bytes, "utf-8").replace(/^\ufeff/, ""), "\0"), exactly) as TagInput;
    // Of several objects the last speaks.
    const object = Array.isArray(parsed) ? parsed.findLast(isObject) : parsed;
    if (!isObject(object)) throw new Error("no JSON object");
    if (!isShallow(object, DEEPEST)) throw new Error(`JSON is nested deeper than ${DEEPEST} levels`);
    putFields("JSON", Object.entries(object), found);
  },
};

function isShallow(value: TagInput, levels: number): boolean {
  return typeof value !== "object" || (levels > 0 && Object.values(value).every((item: TagInput) => isShallow(item, levels - 1)));
}

function isObject(value: unknown): value is { [field: string]: TagInput } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** null is a text; an integer that a double cannot hold keeps its digits, as text: a `BigInt` of many takes quadratic time. */
function exactly(_key: string, value: unknown, ...[context]: { source?: string }[]): unknown {
  if (value === null) return "null";
  const source = context?.source;
  if (typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)) return source;
  return value;
}
