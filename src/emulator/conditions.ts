// Whether a request's preconditions hold for the live version of an object.
// Google Cloud Storage "Request preconditions"; entity tags and dates by RFC 9110 section 13.
import type { IncomingHttpHeaders } from "node:http";
import { conditionNotMet, invalid, noSuchObject, notModified } from "./failures.ts";
import type { Version } from "./journal.ts";
import { etagOf } from "./resources.ts";

/** The numbers that a request compares with; the XML API has them in headers, the rewriting of objects with another prefix. */
export interface Conditions {
  readonly generationMatch: number | undefined;
  readonly generationNotMatch: number | undefined;
  readonly metagenerationMatch: number | undefined;
  readonly metagenerationNotMatch: number | undefined;
}

/** The conditions of a JSON request: `ifGenerationMatch` …, or `ifSourceGenerationMatch` … with the prefix `ifSource`. */
export function conditionsOf(query: URLSearchParams, prefix: "if" | "ifSource" = "if"): Conditions {
  const read = (name: string) => numberOf(query.get(`${prefix}${name}`));
  return {
    generationMatch: read("GenerationMatch"),
    generationNotMatch: read("GenerationNotMatch"),
    metagenerationMatch: read("MetagenerationMatch"),
    metagenerationNotMatch: read("MetagenerationNotMatch"),
  };
}

/** The conditions of an XML request: `x-goog-if-generation-match` …. */
export function conditionsOfHeaders(headers: IncomingHttpHeaders): Conditions {
  const read = (name: string) => numberOf(headers[name]?.toString() ?? null);
  return {
    generationMatch: read("x-goog-if-generation-match"),
    generationNotMatch: read("x-goog-if-generation-not-match"),
    metagenerationMatch: read("x-goog-if-metageneration-match"),
    metagenerationNotMatch: read("x-goog-if-metageneration-not-match"),
  };
}

/** A 64-bit integer of a request; `undefined` if absent. Throws a 400 for anything else. */
export function numberOf(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw invalid(`Invalid long value: ${text}.`);
  return Number(text);
}

/** Throws a 412 if a change may not go ahead; an absent object has generation 0. */
export function checkChange(conditions: Conditions, live: Version | undefined): void {
  if (fails(conditions.generationMatch, live?.generation ?? 0) || fails(conditions.metagenerationMatch, live?.metageneration))
    throw conditionNotMet();
  if (equals(conditions.generationNotMatch, live?.generation ?? 0) || equals(conditions.metagenerationNotMatch, live?.metageneration)) {
    throw conditionNotMet("If-None-Match");
  }
}

/** Throws a 412, or a 304 if a reader has this version already. */
export function checkRead(conditions: Conditions, headers: IncomingHttpHeaders, live: Version, etag: string = etagOf(live)): void {
  if (fails(conditions.generationMatch, live.generation) || fails(conditions.metagenerationMatch, live.metageneration))
    throw conditionNotMet();
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined && !names(ifMatch, etag)) throw conditionNotMet();
  if (ifMatch === undefined && isAfter(live, headers["if-unmodified-since"]) === true) throw conditionNotMet("If-Unmodified-Since");
  if (equals(conditions.generationNotMatch, live.generation) || equals(conditions.metagenerationNotMatch, live.metageneration))
    throw notModified();
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined && names(ifNoneMatch, etag)) throw notModified();
  if (ifNoneMatch === undefined && isAfter(live, headers["if-modified-since"]) === false) throw notModified();
}

/** The live version that a request means. Throws a 404 if it is gone or `generation` names another one. */
export function required(live: Version | undefined, bucket: string, name: string, generation: number | undefined): Version {
  if (live === undefined || (generation !== undefined && generation !== live.generation)) throw noSuchObject(bucket, name);
  return live;
}

const fails = (wanted: number | undefined, actual: number | undefined): boolean => wanted !== undefined && wanted !== actual;
const equals = (unwanted: number | undefined, actual: number | undefined): boolean => unwanted !== undefined && unwanted === actual;

/** Whether a list of entity tags, quoted or not as Google's clients send them, holds `etag`. */
function names(list: string, etag: string): boolean {
  const plain = etag.replace(/^"|"$/g, "");
  return list.split(",").some((tag) => ["*", plain].includes(tag.trim().replace(/^W\//, "").replace(/^"|"$/g, "")));
}

/** Whether the version was made after an HTTP date; `undefined` if there is no such date. */
function isAfter(live: Version, date: string | undefined): boolean | undefined {
  const since = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(since) ? undefined : Math.floor(live.updated / 1000) * 1000 > since;
}
