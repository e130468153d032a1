// Listing the objects of a bucket, a page at a time, as folders if a delimiter is given.
// Google Cloud Storage JSON API v1, "Objects: list".
import { compareNames } from "../record/name-order.ts";
import { type Exchange, sendJson } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { numberOf } from "./conditions.ts";
import { invalid } from "./failures.ts";
import { selectsItemField } from "./fields.ts";
import { globTest } from "./glob.ts";
import type { Version } from "./journal.ts";
import { objectResource } from "./resources.ts";

const DEFAULT_PAGE = 1000;
const LARGEST_PAGE = 5000;

/** What a page holds, and after which name the next one starts. */
interface Page {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
  readonly last: string | undefined;
}

/** `GET /storage/v1/b/BUCKET/o` */
export async function listObjects(exchange: Exchange, bucket: Bucket): Promise<void> {
  const { query } = exchange;
  const page = pageOf(bucket.names(), query);
  const found = page.names.map((name) => bucket.find(name)).filter((version) => version !== undefined);
  const withChecksums = ["md5Hash", "crc32c"].some((key) => selectsItemField(query.get("fields"), key));
  const items: Record<string, unknown>[] = [];
  for (const version of found) items.push(objectResource(bucket, withChecksums ? await readable(bucket, version) : version, exchange.base));
  await sendJson(exchange, 200, {
    kind: "storage#objects",
    ...(page.last === undefined ? {} : { nextPageToken: tokenOf(page.last) }),
    ...(page.prefixes.length === 0 ? {} : { prefixes: page.prefixes }),
    ...(items.length === 0 ? {} : { items }),
  });
}

/** A version with its checksums, or without them if its file cannot be read: one such file must not cost the list. */
async function readable(bucket: Bucket, version: Version): Promise<Version> {
  try {
    return await bucket.hashed(version);
  } catch {
    return version;
  }
}

function pageOf(all: readonly string[], query: URLSearchParams): Page {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const glob = query.get("matchGlob");
  const endOffset = query.get("endOffset");
  const trailing = query.get("includeTrailingDelimiter") === "true";
  const wanted = Math.min(numberOf(query.get("maxResults")) ?? DEFAULT_PAGE, LARGEST_PAGE);
  if (wanted < 1) throw invalid(`Invalid value for maxResults: ${wanted}`);
  if (glob !== null && delimiter !== "" && delimiter !== "/") throw invalid("matchGlob requires the delimiter to be empty or '/'.");
  const matches = glob === null ? () => true : globTest(glob);
  const token = query.get("pageToken");
  const after = token === null || token === "" ? undefined : nameOfToken(token);

  const names: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  let at = firstFrom(all, prefix, query.get("startOffset") ?? "");
  if (after !== undefined) at = Math.max(at, firstPast(all, after, 0));
  while (at < all.length) {
    const name = all[at] as string;
    if (!name.startsWith(prefix) || (endOffset !== null && endOffset !== "" && compareNames(name, endOffset) >= 0)) break;
    const cut = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? undefined : name.slice(0, cut + delimiter.length);
    const isItem = (folder === undefined || (trailing && folder === name)) && matches(name);
    const isPrefix = folder !== undefined && folder !== prefixes.at(-1) && folder !== after && (matches(name) || matches(folder));
    if ((isItem || isPrefix) && last !== undefined && names.length + prefixes.length >= wanted) return { names, prefixes, last };
    if (isItem) names.push(name);
    if (isPrefix) prefixes.push(folder);
    if (isItem || isPrefix) last = folder ?? name;
    // A folder that is told is passed over at once; one that no name matched yet may hold a match further on.
    const told = folder !== undefined && (folder === prefixes.at(-1) || folder === after);
    at = told ? firstWithout(all, folder, at + 1) : at + 1;
  }
  return { names, prefixes, last: undefined };
}

/** The first index, from `low` on, whose name passes the test; names that pass follow all that do not. */
function search(all: readonly string[], low: number, passes: (name: string) => boolean): number {
  let [from, to] = [low, all.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (passes(all[middle] as string)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function firstFrom(all: readonly string[], prefix: string, startOffset: string): number {
  const start = compareNames(startOffset, prefix) > 0 ? startOffset : prefix;
  return search(all, 0, (name) => compareNames(name, start) >= 0);
}

const firstPast = (all: readonly string[], name: string, low: number): number => search(all, low, (other) => compareNames(other, name) > 0);

const firstWithout = (all: readonly string[], prefix: string, low: number): number => search(all, low, (name) => !name.startsWith(prefix));

// Google's token is the last name in a protocol buffer message; nothing may be read into it but that it is opaque.
const tokenOf = (name: string): string => {
  const bytes = Buffer.from(name);
  const length = bytes.length < 0x80 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([0x0a, ...length]), bytes]).toString("base64");
};

function nameOfToken(token: string): string {
  const bytes = Buffer.from(token, "base64");
  const start = (bytes[1] ?? 0) < 0x80 ? 2 : 3;
  const name = bytes.subarray(start).toString();
  if (bytes[0] !== 0x0a || tokenOf(name) !== token) throw invalid("Invalid argument.");
  return name;
}
