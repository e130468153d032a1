// Single objects of the JSON API: their metadata, their bytes, changes of metadata, deletion.
// Google Cloud Storage JSON API v1, "Objects": get, patch, update, delete.
import { type Exchange, sendJson, sendNothing } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { checkChange, checkRead, conditionsOf, numberOf, required } from "./conditions.ts";
import type { Version } from "./journal.ts";
import { hashesOf, sendMedia } from "./media.ts";
import { etagOf, objectResource } from "./resources.ts";
import { patched, writableFields } from "./writable-fields.ts";

/** The live version that the request's `generation` allows. Throws a 404 otherwise. */
const liveVersion = ({ query }: Exchange, bucket: Bucket, name: string): Version =>
  required(bucket.find(name), bucket.name, name, numberOf(query.get("generation")));

/** `GET /storage/v1/b/BUCKET/o/OBJECT` */
export async function getObject(exchange: Exchange, bucket: Bucket, name: string): Promise<void> {
  const live = liveVersion(exchange, bucket, name);
  checkRead(conditionsOf(exchange.query), exchange.request.headers, live);
  if (exchange.query.get("alt") === "media") {
    await sendMedia(exchange, bucket, live, jsonDialect);
  } else {
    await sendObject(exchange, bucket, live);
  }
}

function jsonDialect(version: Version): Record<string, string> {
  const hashes = hashesOf(version);
  return {
    etag: etagOf(version),
    ...(version.fields.cacheControl === undefined ? { "cache-control": "no-cache, no-store, max-age=0, must-revalidate" } : {}),
    ...(version.fields.contentDisposition === undefined ? { "content-disposition": "attachment" } : {}),
    ...(hashes.length === 0 ? {} : { "x-goog-hash": hashes.join(",") }),
  };
}

/** Answers with an object's resource. */
export async function sendObject(exchange: Exchange, bucket: Bucket, version: Version): Promise<void> {
  const hashed = await bucket.hashed(version);
  await sendJson(exchange, 200, objectResource(bucket, hashed, exchange.base), { etag: etagOf(hashed) });
}

/** `PATCH` (only what is named changes) and `PUT` (what is not named is removed) of `/storage/v1/b/BUCKET/o/OBJECT`. */
export async function changeObject(exchange: Exchange, bucket: Bucket, name: string, body: Record<string, unknown>): Promise<void> {
  const live = liveVersion(exchange, bucket, name);
  checkChange(conditionsOf(exchange.query), live);
  const { storageClass } = live.fields;
  const fields =
    exchange.request.method === "PUT" ? { ...writableFields(body), ...(storageClass && { storageClass }) } : patched(live.fields, body);
  await sendObject(exchange, bucket, bucket.change(live, fields));
}

/** `DELETE /storage/v1/b/BUCKET/o/OBJECT` */
export async function deleteObject(exchange: Exchange, bucket: Bucket, name: string): Promise<void> {
  const live = liveVersion(exchange, bucket, name);
  checkChange(conditionsOf(exchange.query), live);
  bucket.remove(live);
  await sendNothing(exchange, 204);
}
