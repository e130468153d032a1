// The XML API's way to read an object: `GET /BUCKET/OBJECT` and `HEAD`.
// Google Cloud Storage XML API, "GET object" and "HEAD object"; "HTTP headers and query string parameters".
import type { Exchange, Headers } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { checkRead, conditionsOfHeaders, numberOf, required } from "./conditions.ts";
import type { Version } from "./journal.ts";
import { hashesOf, sendMedia } from "./media.ts";

export async function getObjectByXml(exchange: Exchange, bucket: Bucket, name: string): Promise<void> {
  const { headers } = exchange.request;
  const live = await bucket.hashed(required(bucket.find(name), bucket.name, name, numberOf(exchange.query.get("generation"))));
  checkRead(conditionsOfHeaders(headers), headers, live, etagByXml(live));
  await sendMedia(exchange, bucket, live, xmlDialect);
}

/** The XML API's entity tag: the MD5 in hex, or what else names the bytes of a composite object. */
function etagByXml(version: Version): string {
  return version.md5 === undefined ? `"-${version.generation}"` : `"${Buffer.from(version.md5, "base64").toString("hex")}"`;
}

function xmlDialect(version: Version): Headers {
  const metadata = Object.entries(version.fields.metadata ?? {}).map(([key, value]) => [`x-goog-meta-${key}`, headerText(value)] as const);
  return {
    etag: etagByXml(version),
    "x-goog-hash": hashesOf(version),
    ...Object.fromEntries(metadata.filter(([key]) => /^[\w.!#$%&'*+^`|~-]+$/.test(key))),
  };
}

// Headers hold Latin-1; UTF-8 is sent as its bytes.
const headerText = (text: string): string => Buffer.from(text.replace(/[\r\n\0]/g, " ")).toString("latin1");
