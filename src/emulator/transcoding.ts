// Decompressive transcoding: an object stored with `Content-Encoding: gzip` is decompressed for a client that does not accept gzip.
// Google Cloud Storage "Transcoding of gzip-compressed files".
import type { IncomingMessage } from "node:http";
import type { Version } from "./journal.ts";

/** Whether the object's bytes have to be decompressed for this request. A range is then ignored. */
export function isTranscoded(version: Version, request: IncomingMessage): boolean {
  return (
    version.fields.contentEncoding?.toLowerCase() === "gzip" &&
    !/\bno-transform\b/i.test(version.fields.cacheControl ?? "") &&
    !acceptsGzip(request.headers["accept-encoding"]?.toString() ?? "")
  );
}

/** The headers that tell of transcoding, or that an object may be transcoded for others. */
export function transcodingHeaders(version: Version, transcoded: boolean): Record<string, string> {
  const { contentEncoding } = version.fields;
  if (contentEncoding === undefined || contentEncoding === "") return {};
  if (transcoded) return { warning: "214 UploadServer gunzipped", vary: "Accept-Encoding" };
  return { "content-encoding": contentEncoding, ...(contentEncoding.toLowerCase() === "gzip" ? { vary: "Accept-Encoding" } : {}) };
}

function acceptsGzip(accepted: string): boolean {
  return accepted.split(",").some((coding) => {
    const [name, ...parameters] = coding.split(";").map((part) => part.trim().toLowerCase());
    return (name === "gzip" || name === "x-gzip") && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
