// Resumable uploads: a session is begun, its bytes come in any number of requests, and a client may ask how far it is.
// Google Cloud Storage "Resumable uploads" and "Perform resumable uploads". Sessions are files, so that they outlive a restart.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type Exchange, sendNothing } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { checksumsOfFile } from "./checksums.ts";
import { checkChange, conditionsOf } from "./conditions.ts";
import { invalid, noSuchObject, Refusal } from "./failures.ts";
import { claimedByHeader, incomingFile } from "./incoming.ts";
import { sendObject } from "./objects.ts";
import { readJson } from "./request-body.ts";
import { headOf, store, type UploadHead } from "./upload.ts";

// Google keeps what comes in multiples of this; the rest of a chunk that is not the last has to be sent again.
const QUANTUM = 1 << 18;
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** One upload under way. `done` is the generation that came of it. */
interface Session {
  readonly bucket: string;
  readonly query: string;
  readonly head: UploadHead;
  readonly done?: number;
}

export class ResumableUploads {
  readonly #buckets: Buckets;
  readonly #folder: string;

  /** Drops the sessions that are older than a week, as Google does. */
  constructor(buckets: Buckets) {
    this.#buckets = buckets;
    this.#folder = join(buckets.sidecar, "uploads");
    if (!existsSync(this.#folder)) return;
    for (const file of readdirSync(this.#folder)) {
      const path = join(this.#folder, file);
      if (Date.now() - statSync(path).mtimeMs > LIFETIME_MS) rmSync(path);
    }
  }

  /** `POST /upload/storage/v1/b/BUCKET/o?uploadType=resumable`: answers with the session's address. */
  async begin(exchange: Exchange, bucket: Bucket): Promise<void> {
    const { request, query } = exchange;
    const head = headOf({
      resource: await readJson(request),
      contentType: request.headers["x-upload-content-type"]?.toString(),
      claimed: claimedByHeader(request.headers["x-goog-hash"]),
      query,
    });
    checkChange(conditionsOf(query), bucket.find(head.name));
    const id = randomUUID();
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#bytesOf(id), "");
    this.#keep(id, { bucket: bucket.name, query: query.toString(), head });
    const location = new URL(request.url ?? "/", exchange.base);
    location.searchParams.set("upload_id", id);
    await sendNothing(exchange, 200, { location: location.href, "x-guploader-uploadid": id });
  }

  /** `PUT` of a session's address: more bytes, or none to ask how many have come. */
  async continue(exchange: Exchange): Promise<void> {
    const id = exchange.query.get("upload_id") ?? "";
    const session = this.#session(id);
    const bucket = this.#buckets.get(session.bucket);
    if (session.done !== undefined) {
      const version = bucket.find(session.head.name);
      if (version?.generation !== session.done) throw noSuchObject(session.bucket, session.head.name);
      return sendObject(exchange, bucket, version);
    }
    const { first, total, whole } = contentRange(exchange.request.headers["content-range"]);
    const length = await this.#append(exchange, id, first);
    if (total !== undefined && length > total) throw invalid(`The upload is longer than its ${total} bytes.`);
    if (length === total || whole) return this.#finish(exchange, id, session, bucket);
    const kept = total === undefined ? length - (length % QUANTUM) : length;
    if (kept < length) truncateSync(this.#bytesOf(id), kept);
    return sendNothing(exchange, 308, { ...(kept === 0 ? {} : { range: `bytes=0-${kept - 1}` }), "x-guploader-uploadid": id });
  }

  /** `DELETE` of a session's address. */
  async cancel(exchange: Exchange): Promise<void> {
    const id = exchange.query.get("upload_id") ?? "";
    this.#session(id);
    rmSync(this.#bytesOf(id), { force: true });
    rmSync(this.#fileOf(id));
    await sendNothing(exchange, 499);
  }

  /** Adds a request's bytes from the first one that is not there yet; how many there are then. Without `first` they are the whole object. */
  async #append({ request }: Exchange, id: string, first: number | "status" | undefined): Promise<number> {
    const path = this.#bytesOf(id);
    if (first === undefined) truncateSync(path, 0);
    const held = statSync(path).size;
    if (first === "status") return held;
    if (first !== undefined && first > held) throw invalid(`Invalid request. Bytes ${held} to ${first - 1} have not been received.`);
    let skip = held - (first ?? 0);
    const file = await open(path, "a");
    try {
      for await (const chunk of request) {
        const bytes = (chunk as Buffer).subarray(Math.min(skip, (chunk as Buffer).length));
        skip -= (chunk as Buffer).length - bytes.length;
        if (bytes.length > 0) await file.appendFile(bytes);
      }
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  }

  async #finish(exchange: Exchange, id: string, session: Session, bucket: Bucket): Promise<void> {
    const file = incomingFile(this.#buckets.sidecar);
    const checksums = await checksumsOfFile(this.#bytesOf(id));
    renameSync(this.#bytesOf(id), file);
    const claimed = claimedByHeader(exchange.request.headers["x-goog-hash"]);
    const head: UploadHead = {
      ...session.head,
      claimed: { md5: session.head.claimed.md5 ?? claimed.md5, crc32c: session.head.claimed.crc32c ?? claimed.crc32c },
    };
    const version = store(bucket, head, { file, checksums }, new URLSearchParams(session.query));
    this.#keep(id, { ...session, done: version.generation });
    await sendObject(exchange, bucket, version);
  }

  #session(id: string): Session {
    if (/^[\w-]{36}$/.test(id) && existsSync(this.#fileOf(id))) return JSON.parse(readFileSync(this.#fileOf(id), "utf8"));
    throw new Refusal(404, "notFound", "NoSuchUpload", "The upload session does not exist.");
  }

  #keep(id: string, session: Session): void {
    const path = this.#fileOf(id);
    writeFileSync(`${path}.new`, JSON.stringify(session));
    renameSync(`${path}.new`, path);
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  #bytesOf(id: string): string {
    return join(this.#folder, `${id}.bytes`);
  }
}

/**
 * Where a request's bytes start ("status" if it has none) and how long the object will be, if said; whether they are all that is left.
 * Without the header the request has the whole object; `bytes 7-*\/*` is how Google's clients say that it ends with the body.
 */
function contentRange(header: string | undefined): { first: number | "status" | undefined; total: number | undefined; whole: boolean } {
  if (header === undefined) return { first: undefined, total: undefined, whole: true };
  const [, first, last, total] = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header.trim()) ?? [];
  if (total === undefined) throw invalid(`Failed to parse Content-Range header: ${header}`);
  return { first: first === undefined ? "status" : Number(first), total: total === "*" ? undefined : Number(total), whole: last === "*" };
}
