// Uploads in one request: bytes alone (`uploadType=media`) or with their metadata before them (`uploadType=multipart`).
// Google Cloud Storage JSON API v1, "Objects: insert"; multipart/related by RFC 2387 and RFC 2046 section 5.1.
import { rmSync } from "node:fs";
import type { Exchange } from "./answer.ts";
import type { Bucket, NewContent } from "./bucket.ts";
import { checkChange, conditionsOf } from "./conditions.ts";
import { contentTypeOf } from "./content-types.ts";
import { invalid } from "./failures.ts";
import { type ClaimedChecksums, checkContent, claimedByHeader, receive } from "./incoming.ts";
import type { Version } from "./journal.ts";
import { isObjectName } from "./names.ts";
import { sendObject } from "./objects.ts";
import { jsonObject, readBody } from "./request-body.ts";
import { writableFields } from "./writable-fields.ts";

// Metadata and bytes in one request are held in memory; clients send larger objects in resumable uploads.
const LARGEST_MULTIPART = 1 << 28;

/** What an upload says before its bytes: the resource from its body, completed by the query. */
export interface UploadHead {
  readonly name: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly claimed: ClaimedChecksums;
}

/** `POST /upload/storage/v1/b/BUCKET/o?uploadType=media` */
export async function uploadMedia(exchange: Exchange, bucket: Bucket, sidecar: string): Promise<void> {
  const { request, query } = exchange;
  const head = headOf({ contentType: request.headers["content-type"], claimed: claimedByHeader(request.headers["x-goog-hash"]), query });
  const content = await receive(sidecar, request);
  await sendObject(exchange, bucket, store(bucket, head, content, query));
}

/** `POST /upload/storage/v1/b/BUCKET/o?uploadType=multipart` */
export async function uploadMultipart(exchange: Exchange, bucket: Bucket, sidecar: string): Promise<void> {
  const { request, query } = exchange;
  const body = await readBody(request, LARGEST_MULTIPART);
  const [metadata, media] = relatedParts(body, request.headers["content-type"] ?? "");
  const claimed = claimedByHeader(request.headers["x-goog-hash"]);
  const head = headOf({ resource: jsonObject(metadata.content), contentType: media.contentType, claimed, query });
  const content = await receive(sidecar, [media.content]);
  await sendObject(exchange, bucket, store(bucket, head, content, query));
}

/** The head of an upload. Throws a 400 if it has no name, or one that is not allowed. */
export function headOf(said: {
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly contentType: string | undefined;
  readonly claimed: ClaimedChecksums;
  readonly query: URLSearchParams;
}): UploadHead {
  const resource: Record<string, unknown> = { ...said.resource };
  const name = said.query.get("name") ?? resource.name;
  if (typeof name !== "string" || name === "") throw invalid("Required parameter: name");
  if (!isObjectName(name)) throw invalid(`Disallowed name: ${JSON.stringify(name)}`);
  resource.contentType ??= said.contentType ?? contentTypeOf(name);
  const encoding = said.query.get("contentEncoding");
  if (encoding !== null) resource.contentEncoding = encoding;
  const claim = (key: string): string | undefined => (typeof resource[key] === "string" ? (resource[key] as string) : undefined);
  return { name, resource, claimed: { md5: claim("md5Hash") ?? said.claimed.md5, crc32c: claim("crc32c") ?? said.claimed.crc32c } };
}

/** Makes received bytes an object, if they are what was promised and the preconditions hold at this moment. */
export function store(bucket: Bucket, head: UploadHead, content: NewContent, query: URLSearchParams): Version {
  checkContent(content, head.claimed);
  try {
    checkChange(conditionsOf(query), bucket.find(head.name));
    return bucket.put(head.name, content, writableFields(head.resource));
  } catch (thrown) {
    rmSync(content.file, { force: true });
    throw thrown;
  }
}

interface RelatedPart {
  readonly contentType: string | undefined;
  readonly content: Buffer;
}

/** The two parts of a multipart/related body. Throws a 400 if there are not two. */
function relatedParts(body: Buffer, contentType: string): [RelatedPart, RelatedPart] {
  const boundary = /\bboundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))/i
    .exec(contentType)
    ?.slice(1)
    .find((text) => text !== undefined);
  if (boundary === undefined) throw invalid("Missing multipart boundary.");
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: RelatedPart[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0 && parts.length < 2) {
    const start = at + delimiter.length;
    const end = nextDelimiter(body, delimiter, start);
    if (end < 0) break;
    parts.push(partOf(body.subarray(start, end)));
    at = body.indexOf(delimiter, end);
  }
  const [metadata, media] = parts;
  if (metadata === undefined || media === undefined) throw invalid("A multipart upload has two parts: metadata and media.");
  return [metadata, media];
}

/** Where the line break before the next delimiter starts; some clients break lines with a line feed alone. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (body[at - 1] === 0x0a) return body[at - 2] === 0x0d ? at - 2 : at - 1;
  }
  return -1;
}

function partOf(part: Buffer): RelatedPart {
  const [head, start] = [
    [part.indexOf("\r\n\r\n"), 4],
    [part.indexOf("\n\n"), 2],
  ]
    .filter(([at]) => (at as number) >= 0)
    .map(([at, length]) => [at as number, (at as number) + (length as number)] as const)
    .sort(([a], [b]) => a - b)[0] ?? [0, 0];
  const contentType = /^content-type:[ \t]*(.+?)[ \t]*$/im.exec(part.subarray(0, head).toString())?.[1];
  return { contentType, content: part.subarray(start) };
}
