// Which request means what: the paths of the JSON API, with or without `/storage/v1` before them, and of the XML API.
// Google Cloud Storage JSON API v1, "API reference"; XML API "Request endpoints", path style.
import { type Exchange, sendJson } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { composeObject, copyObject, rewriteObject } from "./copying.ts";
import { invalid, notFound } from "./failures.ts";
import { listObjects } from "./listing.ts";
import { handleNotifications } from "./notifications.ts";
import { changeObject, deleteObject, getObject } from "./objects.ts";
import type { Outbox } from "./outbox.ts";
import { getServiceAccount } from "./projects.ts";
import { readJson } from "./request-body.ts";
import { bucketResource, storageLayout } from "./resources.ts";
import type { ResumableUploads } from "./resumable.ts";
import { checkSignature, type Signers } from "./signed-requests.ts";
import { uploadMedia, uploadMultipart } from "./upload.ts";
import { getObjectByXml } from "./xml.ts";

/** What requests are about. */
export interface Service {
  readonly buckets: Buckets;
  readonly uploads: ResumableUploads;
  readonly outbox: Outbox;
  /** Who may sign requests; absent, signatures are not looked at. */
  readonly signers?: Signers;
}

// Client libraries leave `/storage/v1` out when STORAGE_EMULATOR_HOST names the server; no bucket's name is as short as `b`.
const JSON_PATH = /^\/(?:(download\/|(?:resumable\/)?upload\/)?storage\/v1\/)?b(?:\/(.*))?$/;

const SERVICE_ACCOUNT_PATH = /^(?:\/storage\/v1)?\/projects\/([^/]+)\/serviceAccount$/;

const OTHER_JSON_PATH = /^\/(?:download\/|(?:resumable\/)?upload\/)?storage\/v1\//;

/** Whether a path belongs to the XML API. */
export const isXmlPath = (path: string): boolean =>
  ![JSON_PATH, SERVICE_ACCOUNT_PATH, OTHER_JSON_PATH].some((json) => json.test(path)) && !path.startsWith("/_emulator/");

/** Does what a request asks for. Throws a `Refusal` if it cannot be done. */
export async function route(exchange: Exchange, path: string, service: Service): Promise<void> {
  const method = exchange.request.method ?? "";
  const json = JSON_PATH.exec(path);
  if (json !== null) {
    const segments = segmentsOf(json[2] ?? "");
    return json[1]?.includes("upload") ? routeUpload(exchange, segments, service) : routeJson(exchange, segments, service);
  }
  const [, project] = SERVICE_ACCOUNT_PATH.exec(path)?.map(decoded) ?? [];
  if (project !== undefined && method === "GET") return getServiceAccount(exchange, project);
  const [bucket = "", ...name] = segmentsOf(path.slice(1));
  if (name.join("/") === "" || (method !== "GET" && method !== "HEAD")) throw notFound();
  if (service.signers !== undefined) checkSignature(exchange.request, path, exchange.query, service.signers);
  return getObjectByXml(exchange, service.buckets.get(bucket), name.join("/"));
}

/** A path's segments, each decoded by itself: `%2F` is part of a name. Throws a 400 if they are not percent-encoded UTF-8. */
const segmentsOf = (path: string): string[] => path.split("/").map(decoded);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(`Invalid percent-encoding in ${segment}`);
  }
}

async function routeUpload(exchange: Exchange, [bucketName = ""]: readonly string[], { buckets, uploads }: Service): Promise<void> {
  const { request, query } = exchange;
  if (query.has("upload_id") && request.method === "DELETE") return uploads.cancel(exchange);
  if (query.has("upload_id")) return uploads.continue(exchange);
  const bucket = buckets.get(bucketName);
  const type = query.get("uploadType");
  if (request.method !== "POST") throw notFound();
  if (type === "media") return uploadMedia(exchange, bucket, buckets.sidecar);
  if (type === "multipart") return uploadMultipart(exchange, bucket, buckets.sidecar);
  if (type === "resumable") return uploads.begin(exchange, bucket);
  throw invalid(`Invalid upload type: ${type}`);
}

async function routeJson(exchange: Exchange, segments: readonly string[], service: Service): Promise<void> {
  const [bucketName = "", collection, ...rest] = segments;
  const method = exchange.request.method ?? "";
  if (bucketName === "" && method === "GET") return listBuckets(exchange, service.buckets);
  const bucket = service.buckets.get(bucketName);
  if (collection === undefined && method === "GET") return sendJson(exchange, 200, bucketResource(bucket, exchange.base));
  if (collection === "o") return routeObjects(exchange, bucket, rest, service);
  if (collection === "storageLayout" && method === "GET") return sendJson(exchange, 200, storageLayout(bucket));
  if (collection === "managedFolders" && method === "GET") return sendJson(exchange, 200, { kind: "storage#managedFolders" });
  if (collection === "iam" && rest[0] === "testPermissions" && method === "GET") return testPermissions(exchange);
  if (collection === "notificationConfigs" && rest.length <= 1) return handleNotifications(exchange, bucket, rest[0], service.outbox);
  throw notFound();
}

/** Whoever reaches the emulator may do everything that it can. */
function testPermissions(exchange: Exchange): Promise<void> {
  return sendJson(exchange, 200, { kind: "storage#testIamPermissionsResponse", permissions: exchange.query.getAll("permissions") });
}

function listBuckets(exchange: Exchange, buckets: Buckets): Promise<void> {
  const items = buckets.all().map((bucket) => bucketResource(bucket, exchange.base));
  return sendJson(exchange, 200, { kind: "storage#buckets", ...(items.length === 0 ? {} : { items }) });
}

async function routeObjects(exchange: Exchange, bucket: Bucket, segments: readonly string[], { buckets }: Service): Promise<void> {
  const [name = "", verb, ...target] = segments;
  const method = exchange.request.method ?? "";
  if (name === "" && method === "GET") return listObjects(exchange, bucket);
  if (verb === undefined) {
    if (method === "GET" || method === "HEAD") return getObject(exchange, bucket, name);
    if (method === "PATCH" || method === "PUT") return changeObject(exchange, bucket, name, await readJson(exchange.request));
    if (method === "DELETE") return deleteObject(exchange, bucket, name);
  } else if (method === "POST") {
    if (verb === "compose" && target.length === 0) return composeObject(exchange, bucket, name, buckets.sidecar);
    const [b, toBucket, o, toName] = target;
    if (b === "b" && o === "o" && toBucket !== undefined && toName !== undefined && target.length === 4) {
      const to = { bucket: buckets.get(toBucket), name: toName };
      if (verb === "rewriteTo") return rewriteObject(exchange, { bucket, name }, to, buckets.sidecar);
      if (verb === "copyTo") return copyObject(exchange, { bucket, name }, to, buckets.sidecar);
    }
  }
  throw notFound();
}
