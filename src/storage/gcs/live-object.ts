/** The live version of an object: the JSON API's objects.get (docs.cloud.google.com/storage/docs/json_api/v1/objects/get). */
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo } from "../../record/types.ts";
import { encodeName, parseUri } from "./endpoint.ts";
import { type GcsOptions, getJson } from "./json-api.ts";
import { OBJECT_FIELDS, objectOf, type Resource } from "./page.ts";

/**
 * Undefined if there is no live version, or no such bucket: its objects went with it.
 * @throws ImagemetaError FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE; the signal's reason
 */
export async function findLive(uri: string, options: GcsOptions, signal: AbortSignal): Promise<ObjectInfo | undefined> {
  const { bucket, name } = parseUri(uri);
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeName(name)}?fields=${encodeURIComponent(OBJECT_FIELDS)}`;
  try {
    const resource = await getJson(path, { what: `looking at ${uri}`, bucket, permission: "storage.objects.get" }, options, signal);
    return objectOf(bucket, resource as Resource).info;
  } catch (thrown) {
    if (thrown instanceof ImagemetaError && thrown.code === "NOT_FOUND") return undefined;
    throw thrown;
  }
}
