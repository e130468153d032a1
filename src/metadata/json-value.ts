/** Values as any JSON reader and any store takes them. */
import type { TagValue } from "../record/types.ts";
import type { TagInput } from "./contracts.ts";
import { ownFields } from "./own-fields.ts";

/** The value without what JSON cannot hold; undefined if nothing is left. */
export function jsonValue(input: TagInput): TagValue | undefined {
  switch (typeof input) {
    case "string":
      return safeText(input);
    case "number":
      if (Number.isNaN(input)) return "undef";
      if (!Number.isFinite(input)) return input > 0 ? "inf" : "-inf";
      return Number.isInteger(input) && !Number.isSafeInteger(input) && Math.abs(input) < 2 ** 64
        ? BigInt(input).toString()
        : // JSON keeps no negative zero.
          input + 0;
    case "bigint":
      return input <= BigInt(Number.MAX_SAFE_INTEGER) && input >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(input) : input.toString();
    case "boolean":
      return input;
    case "object": {
      if (input === null) return undefined;
      if (input instanceof Uint8Array) return { bytes: input.length };
      if (Array.isArray(input)) return jsonList(input);
      const fields: [string, TagValue][] = [];
      for (const [field, value] of ownFields(input as { [field: string]: TagInput })) {
        const safe = jsonValue(value);
        if (safe !== undefined) fields.push([safeText(field), safe]);
      }
      return Object.fromEntries(fields);
    }
    default:
      return undefined;
  }
}

function jsonList(input: readonly TagInput[]): TagValue[] {
  const list: TagValue[] = [];
  for (const item of input) {
    const safe = jsonValue(item);
    if (safe !== undefined) list.push(safe);
  }
  return list;
}

/** Text without U+0000 and lone surrogates. */
export function safeText(text: string): string {
  const clean = text.includes("\0") ? text.replaceAll("\0", "") : text;
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}
