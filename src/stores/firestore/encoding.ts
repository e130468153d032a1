/**
 * JSON as fields of a Firestore document, and back without loss. Firestore has no array within an array, no more than 20 levels, and
 * no field name that is empty, like `__name__`, or longer than 1,500 bytes (firebase.google.com/docs/firestore/quotas, "Collections,
 * documents, and fields").
 *
 * A name that begins with `$` or cannot stand is given a `$` in front. What cannot stand at all is a map of one field: `$array` holds
 * an array that lies in an array, `$json` the JSON text of what lies too deep or has too long names.
 */

export type Json = string | number | boolean | null | Json[] | { [field: string]: Json };

const NAME_BYTES = 1_500;
/** Of the 20 levels; some are left for the wrappers. */
const LEVELS = 16;

/** A value of a field; what is undefined is absent. `depth` is how many maps and arrays it lies in. */
export function encoded(value: Json, depth = 1): Json {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= LEVELS) return { $json: JSON.stringify(value) };
  if (Array.isArray(value)) {
    return value.map((item) => {
      const inner = encoded(item, Array.isArray(item) ? depth + 2 : depth + 1);
      return Array.isArray(inner) ? { $array: inner } : inner;
    });
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.some(([name]) => Buffer.byteLength(name) > NAME_BYTES - 1)) return { $json: JSON.stringify(value) };
  return Object.fromEntries(fields.map(([name, field]) => [isAllowed(name) ? name : `$${name}`, encoded(field, depth + 1)]));
}

/** What `encoded` was given. */
export function decoded(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value.$json === "string") return JSON.parse(value.$json);
  if (Array.isArray(value.$array)) return value.$array.map(decoded);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name.startsWith("$") ? name.slice(1) : name, decoded(field)]));
}

function isAllowed(name: string): boolean {
  return name !== "" && !name.startsWith("$") && !/^__.*__$/s.test(name);
}

/** Bytes that a value takes in a document: docs/firestore/storage-size. */
export function sizeOf(value: Json): number {
  switch (typeof value) {
    case "string":
      return Buffer.byteLength(value) + 1;
    case "number":
      return 8;
    case "object": {
      if (value === null) return 1;
      if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
      return Object.entries(value).reduce((sum, [name, field]) => sum + Buffer.byteLength(name) + 1 + sizeOf(field), 0);
    }
    default:
      return 1;
  }
}
