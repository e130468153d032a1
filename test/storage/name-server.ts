/**
 * A bucket of names without content of their own: the JSON API's objects.list with offsets, prefix, tokens and fields, and
 * ranged reads through the XML and JSON API that give every object the same bytes. A token is refused with other offsets
 * than it was given for.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";
import { ChecksumWriter } from "../../src/emulator/checksums.ts";
import { compareNames } from "../../src/record/name-order.ts";

export interface NameServerOptions {
  /** In the order of their UTF-8 bytes; asked for anew by each request. */
  readonly names: () => readonly string[];
  /** Objects of a page at most. Default 5000. */
  readonly pageLimit?: number;
  /** Milliseconds before each answer. Default 0. */
  readonly latency?: number;
  /** The bytes of every object. Default none. */
  readonly content?: Uint8Array;
  /** Takes a request in place of the server, for faults. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface NameServer {
  readonly url: string;
  /** Requests for lists so far, and those in flight at once. */
  readonly lists: { count: number; inFlight: number; mostInFlight: number };
  close(): Promise<void>;
}

const UPLOADED = "2024-05-17T09:12:44.318Z";

export async function serveNames(options: NameServerOptions): Promise<NameServer> {
  const { latency = 0, content = new Uint8Array(0), intercept } = options;
  const checksums = new ChecksumWriter();
  checksums.write(content);
  const object = { content, ...checksums.end() };
  const lists = { count: 0, inFlight: 0, mostInFlight: 0 };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (intercept?.(request, response)) return;
    const url = new URL(request.url ?? "", "http://localhost");
    const read = /^\/storage\/v1\/b\/[^/]+\/o\/(.+)$/.exec(url.pathname) ?? /^\/(?!storage\/)[^/]+\/(.+)$/.exec(url.pathname);
    if (read === null) sendList(url.searchParams, response, options, object);
    else sendObject(decodeURIComponent(read[1] ?? ""), url.searchParams, request, response, options.names(), object);
  };
  const server = createServer((request, response) => {
    if (/^\/storage\/v1\/b\/[^/]+\/o\?/.test(request.url ?? "")) {
      lists.count++;
      lists.inFlight++;
      lists.mostInFlight = Math.max(lists.mostInFlight, lists.inFlight);
      response.once("close", () => lists.inFlight--);
    }
    if (latency > 0) setTimeout(answer, latency, request, response);
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lists,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Content {
  readonly content: Uint8Array;
  readonly md5: string;
  readonly crc32c: string;
}

function sendList(query: URLSearchParams, response: ServerResponse, options: NameServerOptions, object: Content): void {
  const names = options.names();
  const [prefix, start, end] = [query.get("prefix") ?? "", query.get("startOffset") ?? "", query.get("endOffset") ?? ""];
  const limit = Math.min(Number(query.get("maxResults") ?? 1000), options.pageLimit ?? 5000);
  const about = String(crc32(JSON.stringify([prefix, start, end])));
  let at = firstFrom(names, compareNames(start, prefix) > 0 ? start : prefix);
  const token = query.get("pageToken");
  if (token !== null) {
    const [tokenAbout, after = ""] = JSON.parse(Buffer.from(token, "base64").toString()) as string[];
    if (tokenAbout !== about) {
      response
        .writeHead(400, { "content-type": "application/json" })
        .end('{"error":{"code":400,"message":"the token is of another list"}}');
      return;
    }
    at = firstFrom(names, after);
    if (names[at] === after) at++;
  }
  if (query.get("delimiter") === "/") {
    const prefixes: string[] = [];
    for (let count = 0; count < limit && names[at]?.startsWith(prefix); count++) {
      const name = names[at] ?? "";
      const end = name.indexOf("/", prefix.length) + 1;
      const folder = name.slice(0, end);
      if (end > 0) prefixes.push(folder);
      at = end === 0 ? at + 1 : firstWhere(names, at, (other) => !other.startsWith(folder));
    }
    response.writeHead(200, { "content-type": "application/json; charset=UTF-8" }).end(JSON.stringify({ prefixes }));
    return;
  }
  const stop = firstWhere(names, at, (name) => !name.startsWith(prefix) || (end !== "" && compareNames(name, end) >= 0));
  const fields = /items\(([^)]*)\)/.exec(query.get("fields") ?? "")?.[1];
  const until = Math.min(stop, at + limit);
  const next = until < stop ? Buffer.from(JSON.stringify([about, names[until - 1]])).toString("base64") : undefined;
  const head = `{"kind":"storage#objects"${next === undefined ? "" : `,"nextPageToken":"${next}"`}`;
  const parts =
    until > at
      ? [Buffer.from(`${head},"items":[`), writtenFor(names, object, fields).between(at, until), Buffer.from("]}")]
      : [Buffer.from(`${head}}`)];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  response.writeHead(200, { "content-type": "application/json; charset=UTF-8", "content-length": length });
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}

interface Written {
  /** The resources from one index to before another, as they stand between the brackets of a page. */
  between(from: number, to: number): Uint8Array;
}

/** By list of names and the fields that are asked for: a bucket of many machines would not spend time on it either. */
const written = new WeakMap<readonly string[], Map<string | undefined, Written>>();

function writtenFor(names: readonly string[], object: Content, fields: string | undefined): Written {
  const known = written.get(names) ?? new Map<string | undefined, Written>();
  written.set(names, known);
  const resources = known.get(fields) ?? writeAll(names, resourceWriter(object, fields?.split(",")));
  known.set(fields, resources);
  return resources;
}

function writeAll(names: readonly string[], write: (name: string) => string): Written {
  const ends = new Float64Array(names.length + 1);
  const parts: Buffer[] = [];
  for (let from = 0; from < names.length; from += 1000) {
    const texts = names.slice(from, from + 1000).map((name) => `${write(name)},`);
    for (const [i, text] of texts.entries()) ends[from + i + 1] = (ends[from + i] ?? 0) + Buffer.byteLength(text);
    parts.push(Buffer.from(texts.join("")));
  }
  const bytes = Buffer.concat(parts);
  return { between: (from, to) => bytes.subarray(ends[from], (ends[to] ?? 1) - 1) };
}

const generationOf = (name: string): string => String(1_715_937_164_000_000 + crc32(name) * 16);

/** Writes resources with these fields: what is the same in all of them is written once. */
function resourceWriter({ content, md5, crc32c }: Content, fields: readonly string[] | undefined): (name: string) => string {
  const same: Record<string, string> = {
    metageneration: "1",
    size: String(content.length),
    contentType: "image/jpeg",
    md5Hash: md5,
    crc32c,
    timeCreated: UPLOADED,
    updated: UPLOADED,
    storageClass: "STANDARD",
  };
  const asks = (key: string): boolean => fields?.includes(key) ?? true;
  const tail = Object.keys(same)
    .filter(asks)
    .map((key) => `,"${key}":"${same[key]}"`)
    .join("");
  return (name) => {
    const generation = generationOf(name);
    const versions = `${asks("generation") ? `,"generation":"${generation}"` : ""}${asks("etag") ? `,"etag":"C${generation.slice(-12)}="` : ""}`;
    return `{"name":${JSON.stringify(name)}${versions}${tail}}`;
  };
}

function sendObject(
  name: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
  names: readonly string[],
  { content, md5, crc32c: sum }: Content,
): void {
  const generation = generationOf(name);
  const wanted = query.get("generation");
  if (names[firstFrom(names, name)] !== name || (wanted !== null && wanted !== generation)) {
    response
      .writeHead(404, { "content-type": "application/xml" })
      .end("<Error><Code>NoSuchKey</Code><Message>No such object</Message></Error>");
    return;
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const [from, to] = [Number(range?.[1] ?? 0), Math.min(content.length, Number(range?.[2] || content.length - 1) + 1)];
  if (from >= content.length && range !== null) {
    response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    return;
  }
  response
    .writeHead(range === null ? 200 : 206, {
      "content-type": "image/jpeg",
      "content-length": to - from,
      ...(range === null ? {} : { "content-range": `bytes ${from}-${to - 1}/${content.length}` }),
      "accept-ranges": "bytes",
      etag: `"${createHash("md5").update(generation).digest("hex")}"`,
      "last-modified": new Date(UPLOADED).toUTCString(),
      "x-goog-generation": generation,
      "x-goog-metageneration": "1",
      "x-goog-hash": `crc32c=${sum},md5=${md5}`,
      "x-goog-stored-content-encoding": "identity",
      "x-goog-stored-content-length": content.length,
      "x-goog-storage-class": "STANDARD",
    })
    .end(content.subarray(from, to));
}

/** The first index whose name is not below. */
function firstFrom(names: readonly string[], name: string): number {
  return firstWhere(names, 0, (other) => compareNames(other, name) >= 0);
}

/** The first index from `from` on where it holds; it holds for all that follow. */
function firstWhere(names: readonly string[], from: number, holds: (name: string) => boolean): number {
  let [low, high] = [from, names.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(names[middle] ?? "")) high = middle;
    else low = middle + 1;
  }
  return low;
}
