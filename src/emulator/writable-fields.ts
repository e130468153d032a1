// The properties of an object that a request may set, read from its body.
// Google Cloud Storage JSON API v1, "Objects: patch"; a patch follows RFC 7396: null removes.
import { invalid } from "./failures.ts";
import type { WritableFields } from "./journal.ts";

const TEXTS = ["cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "contentType", "customTime"] as const;

/** The writable properties of a resource. Throws a 400 for one of the wrong type. */
export function writableFields(resource: Readonly<Record<string, unknown>>): WritableFields {
  const { storageClass } = resource;
  return { ...patched({}, resource), ...(typeof storageClass === "string" ? { storageClass } : {}) };
}

/** The properties after a patch. Throws a 400 for one of the wrong type. */
export function patched(before: WritableFields, patch: Readonly<Record<string, unknown>>): WritableFields {
  const after: WritableFields = { ...before };
  for (const key of TEXTS) {
    const value = patch[key];
    if (value === null) delete after[key];
    else if (typeof value === "string") after[key] = value;
    else if (value !== undefined) throw invalid(`Invalid value for: ${key}`);
  }
  const metadata = patchedMetadata(before.metadata ?? {}, patch.metadata);
  if (Object.keys(metadata).length > 0) after.metadata = metadata;
  else delete after.metadata;
  return after;
}

function patchedMetadata(before: Readonly<Record<string, string>>, patch: unknown): Record<string, string> {
  if (patch === null) return {};
  if (patch === undefined) return { ...before };
  if (typeof patch !== "object" || Array.isArray(patch)) throw invalid("Invalid value for: metadata");
  const after = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) after.delete(key);
    else if (typeof value === "string") after.set(key, value);
    else throw invalid(`Invalid value for: metadata.${key}`);
  }
  return Object.fromEntries(after);
}
