/** Lists of objects: the JSON API's objects.list, a page ahead of whoever takes them. */
import { gunzipSync } from "node:zlib";
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo, ReadCost } from "../../record/types.ts";
import type { Location, StorageObject } from "../contract.ts";
import { nameFilter } from "../glob.ts";
import { ask } from "../http/ask.ts";
import type { ObjectOptions } from "../http/object.ts";
import type { Answer } from "../http/transport.ts";
import { requestHeaders } from "./endpoint.ts";
import type { GcsDialectOptions } from "./object.ts";
import { refusal } from "./refusal.ts";

/** The first page is smaller, so that reading begins early. A server may give fewer. */
const PAGES = { first: 1000, next: 5000 };
const PAGE_BYTES = 64 << 20;
const FIELDS =
  "nextPageToken,items(name,generation,metageneration,size,contentType,contentEncoding,md5Hash,crc32c,etag,timeCreated,updated,storageClass,metadata)";

/** An object resource of the JSON API, as far as it is asked for. */
interface Resource {
  name: string;
  generation?: string;
  metageneration?: string;
  size?: string;
  contentType?: string;
  contentEncoding?: string;
  md5Hash?: string;
  crc32c?: string;
  etag?: string;
  timeCreated?: string;
  updated?: string;
  storageClass?: string;
  metadata?: Record<string, string>;
}

interface Page {
  items?: Resource[];
  nextPageToken?: string;
}

export async function* listObjects(
  where: Location,
  options: ObjectOptions & GcsDialectOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Required<StorageObject>[]> {
  const bucket = where.root.slice("gs://".length);
  const wanted = nameFilter(where);
  let next: Promise<Page> | undefined = fetchPage(bucket, where.prefix, undefined, options, signal);
  while (next !== undefined) {
    const { items = [], nextPageToken }: Page = await next;
    next = nextPageToken === undefined ? undefined : fetchPage(bucket, where.prefix, nextPageToken, options, signal);
    // It is awaited in its turn; until then a failure of it is no unhandled one.
    next?.catch(() => {});
    const objects = items
      .filter(({ name }) => wanted(name))
      .map((item) => ({ uri: `gs://${bucket}/${item.name}`, info: infoOf(bucket, item) }));
    if (objects.length > 0) yield objects;
  }
}

async function fetchPage(
  bucket: string,
  prefix: string | undefined,
  pageToken: string | undefined,
  options: ObjectOptions & GcsDialectOptions,
  signal: AbortSignal,
): Promise<Page> {
  const { origin, tokens, userProject, transport, backoff, deadline } = options;
  const query = new URLSearchParams({ fields: FIELDS, maxResults: String(pageToken === undefined ? PAGES.first : PAGES.next) });
  if (prefix) query.set("prefix", prefix);
  if (pageToken !== undefined) query.set("pageToken", pageToken);
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`;
  const what = `listing gs://${bucket}/${prefix ?? ""}`;
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
    const text = headers["content-encoding"] === "gzip" ? gunzipSync(body, { maxOutputLength: PAGE_BYTES }) : Buffer.from(body);
    return JSON.parse(text.toString()) as Page;
  } catch (cause) {
    throw new ImagemetaError("UNAVAILABLE", `${what}: the answer is no JSON; is this Cloud Storage?`, { cause });
  }
}

function infoOf(bucket: string, { name, size, md5Hash, ...rest }: Resource): ObjectInfo {
  return {
    bucket,
    name,
    ...rest,
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(md5Hash === undefined ? {} : { md5: md5Hash }),
  };
}
