// Objects made of other objects: rewritten, copied, composed.
// Google Cloud Storage JSON API v1, "Objects": rewrite, copy, compose.
import { createReadStream } from "node:fs";
import { type Exchange, sendJson } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { checkChange, conditionsOf, numberOf, required } from "./conditions.ts";
import { contentTypeOf } from "./content-types.ts";
import { invalid } from "./failures.ts";
import { copied, receive } from "./incoming.ts";
import type { Version } from "./journal.ts";
import { isObjectName } from "./names.ts";
import { sendObject } from "./objects.ts";
import { readJson } from "./request-body.ts";
import { objectResource } from "./resources.ts";
import { writableFields } from "./writable-fields.ts";

const LARGEST_COMPOSITION = 32;

/** An object's place. */
export interface Place {
  readonly bucket: Bucket;
  readonly name: string;
}

/** `POST …/o/SOURCE/rewriteTo/b/BUCKET/o/TARGET`, done in one call whatever the size. */
export async function rewriteObject(exchange: Exchange, from: Place, to: Place, sidecar: string): Promise<void> {
  const version = await copy(exchange, from, to, sidecar);
  await sendJson(exchange, 200, {
    kind: "storage#rewriteResponse",
    totalBytesRewritten: String(version.size),
    objectSize: String(version.size),
    done: true,
    resource: objectResource(to.bucket, version, exchange.base),
  });
}

/** `POST …/o/SOURCE/copyTo/b/BUCKET/o/TARGET` */
export async function copyObject(exchange: Exchange, from: Place, to: Place, sidecar: string): Promise<void> {
  await sendObject(exchange, to.bucket, await copy(exchange, from, to, sidecar));
}

async function copy({ request, query }: Exchange, from: Place, to: Place, sidecar: string): Promise<Version> {
  const resource = await readJson(request);
  checkName(to.name);
  const live = required(from.bucket.find(from.name), from.bucket.name, from.name, numberOf(query.get("sourceGeneration")));
  checkChange(conditionsOf(query, "ifSource"), live);
  const source = await from.bucket.hashed(live);
  const { md5, crc32c } = source;
  if (crc32c === undefined) throw new Error(`no checksum of ${from.name}`);
  checkChange(conditionsOf(query), to.bucket.find(to.name));
  // A resource replaces the source's properties as a whole; without one they are copied.
  const fields = Object.keys(resource).length === 0 ? source.fields : writableFields(resource);
  const content = {
    file: copied(sidecar, from.bucket.fileOf(source)),
    checksums: { crc32c, ...(md5 === undefined ? {} : { md5 }) },
    ...(source.componentCount === undefined ? {} : { componentCount: source.componentCount }),
  };
  return to.bucket.put(to.name, content, { contentType: contentTypeOf(to.name), ...fields });
}

/** `POST …/o/TARGET/compose` */
export async function composeObject(exchange: Exchange, bucket: Bucket, name: string, sidecar: string): Promise<void> {
  const { sourceObjects, destination } = await readJson(exchange.request);
  checkName(name);
  if (!Array.isArray(sourceObjects) || sourceObjects.length === 0) throw invalid("You must provide at least one source component.");
  if (sourceObjects.length > LARGEST_COMPOSITION) {
    throw invalid(`The number of source components provided (${sourceObjects.length}) exceeds the maximum (${LARGEST_COMPOSITION})`);
  }
  const sources = sourceObjects.map((said) => component(bucket, said));
  const { file, checksums } = await receive(sidecar, bytesOf(bucket, sources));
  checkChange(conditionsOf(exchange.query), bucket.find(name));
  const componentCount = sources.reduce((count, source) => count + (source.componentCount ?? 1), 0);
  const resource = typeof destination === "object" && destination !== null ? (destination as Record<string, unknown>) : {};
  const fields = writableFields({ contentType: sources[0]?.fields.contentType, ...resource });
  const version = bucket.put(name, { file, checksums: { crc32c: checksums.crc32c }, componentCount }, fields);
  await sendObject(exchange, bucket, version);
}

function component(
  bucket: Bucket,
  said: { name?: unknown; generation?: unknown; objectPreconditions?: { ifGenerationMatch?: unknown } },
): Version {
  if (typeof said?.name !== "string") throw invalid("Required: sourceObjects.name");
  const number = (value: unknown): number | undefined => numberOf(value === undefined ? undefined : String(value));
  const source = required(bucket.find(said.name), bucket.name, said.name, number(said.generation));
  const query = new URLSearchParams();
  if (said.objectPreconditions?.ifGenerationMatch !== undefined) {
    query.set("ifGenerationMatch", String(said.objectPreconditions.ifGenerationMatch));
  }
  checkChange(conditionsOf(query), source);
  return source;
}

async function* bytesOf(bucket: Bucket, sources: readonly Version[]): AsyncIterable<Uint8Array> {
  for (const source of sources) yield* createReadStream(bucket.fileOf(source));
}

function checkName(name: string): void {
  if (!isObjectName(name)) throw invalid(`Disallowed name: ${JSON.stringify(name)}`);
}
