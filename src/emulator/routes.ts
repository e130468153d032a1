// Which request means what: the paths of the JSON API, with or without `/storage/v1` before them, and of the XML API.
// Google Cloud Storage JSON API v1, "API reference"; XML API "Request endpoints", path style.
import { type Exchange, sendJson } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { notFound } from "./failures.ts";
import { listObjects } from "./listing.ts";
import { changeObject, deleteObject, getObject } from "./objects.ts";
import { readJson } from "./request-body.ts";
import { bucketResource } from "./resources.ts";
import { getObjectByXml } from "./xml.ts";

// Client libraries leave `/storage/v1` out when STORAGE_EMULATOR_HOST names the server; no bucket's name is as short as `b`.
const JSON_PATHS = /^\/(?:(?:download\/|(?:resumable\/)?upload\/)?storage\/v1|b)(?:\/|$)/;

/** Whether a path belongs to the XML API. */
export const isXmlPath = (path: string): boolean => !JSON_PATHS.test(path) && !path.startsWith("/_emulator/");

/** Does what a request asks for. Throws a `Refusal` if it cannot be done. */
export async function route(exchange: Exchange, segments: readonly string[], buckets: Buckets): Promise<void> {
  const b = segments.indexOf("b");
  const before = segments.slice(0, b).join("/");
  if (b === 0 || before === "storage/v1" || before === "download/storage/v1") return routeJson(exchange, segments.slice(b + 1), buckets);
  const [bucket, ...name] = segments;
  const method = exchange.request.method ?? "";
  if (bucket === undefined || name.join("/") === "" || !["GET", "HEAD"].includes(method)) throw notFound();
  return getObjectByXml(exchange, buckets.get(bucket), name.join("/"));
}

async function routeJson(exchange: Exchange, segments: readonly string[], buckets: Buckets): Promise<void> {
  const [bucketName, collection, ...rest] = segments;
  const method = exchange.request.method ?? "";
  if (bucketName === undefined || bucketName === "") {
    if (method !== "GET") throw notFound();
    const items = buckets.all().map((bucket) => bucketResource(bucket, exchange.base));
    return sendJson(exchange, 200, { kind: "storage#buckets", ...(items.length === 0 ? {} : { items }) });
  }
  const bucket = buckets.get(bucketName);
  if (collection === undefined && method === "GET") return sendJson(exchange, 200, bucketResource(bucket, exchange.base));
  if (collection === "o") return routeObjects(exchange, bucket, rest);
  throw notFound();
}

async function routeObjects(exchange: Exchange, bucket: Bucket, segments: readonly string[]): Promise<void> {
  const [name] = segments;
  const method = exchange.request.method ?? "";
  if (name === undefined || name === "") {
    if (method !== "GET") throw notFound();
    return listObjects(exchange, bucket);
  }
  if (segments.length > 1) throw notFound();
  if (method === "GET" || method === "HEAD") return getObject(exchange, bucket, name);
  if (method === "PATCH" || method === "PUT") return changeObject(exchange, bucket, name, await readJson(exchange.request));
  if (method === "DELETE") return deleteObject(exchange, bucket, name);
  throw notFound();
}
