/** One page of a list of objects: the JSON API's objects.list (docs.cloud.google.com/storage/docs/json_api/v1/objects/list). */
import { gunzipSync } from "node:zlib";
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo, ReadCost } from "../../record/types.ts";
import type { StorageObject } from "../contract.ts";
import { ask } from "../http/ask.ts";
import type { ObjectOptions } from "../http/object.ts";
import type { Answer } from "../http/transport.ts";
import { requestHeaders } from "./endpoint.ts";
import type { GcsDialectOptions } from "./object.ts";
import { refusal } from "./refusal.ts";

/** Objects asked for in one page. The first is smaller, so that reading begins early. A server may give fewer. */
export const PAGES = { first: 1000, next: 5000 } as const;
const PAGE_BYTES = 64 << 20;
const FIELDS =
  "nextPageToken,items(name,generation,metageneration,size,contentType,contentEncoding,md5Hash,crc32c,etag,timeCreated,updated,storageClass,metadata)";

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
export async function fetchPage(
  bucket: string,
  wanted: PageQuery,
  options: ObjectOptions & GcsDialectOptions,
  signal: AbortSignal,
): Promise<Page> {
  const { origin, tokens, userProject, transport, backoff, deadline } = options;
  const selection = wanted.onlyFolders ? { fields: "prefixes", delimiter: "/" } : { fields: FIELDS };
  const query = new URLSearchParams({ ...selection, maxResults: String(wanted.maxResults) });
  for (const key of ["prefix", "pageToken", "startOffset", "endOffset"] as const) if (wanted[key]) query.set(key, wanted[key]);
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`;
  const what = `listing gs://${bucket}/${wanted.prefix ?? ""}`;
  const cost: ReadCost = { requests: 0, bytes: 0 };
  let token: string | undefined;
  let isRenewed = false;
  return ask(
    {
      async request() {
        token = await tokens.token();
        return { origin, path, headers: requestHeaders(token, userProject), most: PAGE_BYTES };
      },
      async take(answer) {
        if (answer.status === 200) return answer.broken === undefined ? { outcome: pageOf(answer, what) } : "retry";
        if (answer.status === 401 && token !== undefined && !isRenewed) {
          isRenewed = true;
          await tokens.refused(token);
          return "again";
        }
        throw refusal(answer, { what, bucket, permission: "storage.objects.list", isAnonymous: token === undefined });
      },
    },
    { transport, backoff, cost, signal, deadline: performance.now() + deadline, what },
  );
}

function pageOf({ headers, body }: Answer, what: string): Page {
  try {
    const text =
      headers["content-encoding"] === "gzip"
        ? gunzipSync(body, { maxOutputLength: PAGE_BYTES })
        : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return JSON.parse(text.toString()) as Page;
  } catch (cause) {
    throw new ImagemetaError("UNAVAILABLE", `${what}: the answer is no JSON; is this Cloud Storage?`, { cause });
  }
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
