/** One page of a list of objects: the JSON API's objects.list (docs.cloud.google.com/storage/docs/json_api/v1/objects/list). */
import type { ObjectInfo } from "../../record/types.ts";
import type { StorageObject } from "../contract.ts";
import { type GcsOptions, getJson } from "./json-api.ts";

/** Objects asked for in one page. The first is smaller, so that reading begins early. A server may give fewer. */
export const PAGES = { first: 1000, next: 5000 } as const;
/** What of an object resource a record says. */
export const OBJECT_FIELDS =
  "name,generation,metageneration,size,contentType,contentEncoding,md5Hash,crc32c,etag,timeCreated,updated,storageClass,metadata";
const FIELDS = `nextPageToken,items(${OBJECT_FIELDS})`;

/** An object resource of the JSON API, as far as it is asked for. */
export interface Resource extends Omit<ObjectInfo, "bucket" | "size" | "md5"> {
  name: string;
  size?: string;
  md5Hash?: string;
}

export interface Page {
  readonly items?: readonly Resource[];
  /** Folders, where folders were asked for. */
  readonly prefixes?: readonly string[];
  readonly nextPageToken?: string;
}

/** What of a bucket a page is to hold; names are in the order of their UTF-8 bytes. */
export interface PageQuery {
  readonly prefix: string | undefined;
  readonly pageToken: string | undefined;
  /** The first name that is wanted. */
  readonly startOffset?: string | undefined;
  /** The first name that is no longer wanted. */
  readonly endOffset?: string | undefined;
  /** Only the folders that stand in `prefix`, each with the `/` it ends with. */
  readonly onlyFolders?: boolean;
  readonly maxResults: number;
}

/** @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE; the signal's reason */
export async function fetchPage(bucket: string, wanted: PageQuery, options: GcsOptions, signal: AbortSignal): Promise<Page> {
  const selection = wanted.onlyFolders ? { fields: "prefixes", delimiter: "/" } : { fields: FIELDS };
  const query = new URLSearchParams({ ...selection, maxResults: String(wanted.maxResults) });
  for (const key of ["prefix", "pageToken", "startOffset", "endOffset"] as const) if (wanted[key]) query.set(key, wanted[key]);
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`;
  const what = `listing gs://${bucket}/${wanted.prefix ?? ""}`;
  return (await getJson(path, { what, bucket, permission: "storage.objects.list" }, options, signal)) as Page;
}

/** Each field in its turn: copying the rest at once takes twice as long, and lists have millions. */
export function objectOf(bucket: string, resource: Resource): Required<StorageObject> {
  const info: ObjectInfo = { bucket, name: resource.name };
  if (resource.generation !== undefined) info.generation = resource.generation;
  if (resource.metageneration !== undefined) info.metageneration = resource.metageneration;
  if (resource.size !== undefined) info.size = Number(resource.size);
  if (resource.contentType !== undefined) info.contentType = resource.contentType;
  if (resource.contentEncoding !== undefined) info.contentEncoding = resource.contentEncoding;
  if (resource.md5Hash !== undefined) info.md5 = resource.md5Hash;
  if (resource.crc32c !== undefined) info.crc32c = resource.crc32c;
  if (resource.etag !== undefined) info.etag = resource.etag;
  if (resource.timeCreated !== undefined) info.timeCreated = resource.timeCreated;
  if (resource.updated !== undefined) info.updated = resource.updated;
  if (resource.storageClass !== undefined) info.storageClass = resource.storageClass;
  if (resource.metadata !== undefined) info.metadata = resource.metadata;
  return { uri: `gs://${bucket}/${info.name}`, info };
}
