/** One object of Cloud Storage, pinned to its generation, read through the XML API (GET Object). */
import type { IncomingHttpHeaders } from "node:http";
import type { TokenSource } from "../../auth/token-source.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ObjectInfo } from "../../record/types.ts";
import type { BaseRequest, Dialect } from "../http/object.ts";
import type { Answer } from "../http/transport.ts";
import { encodeName, type ObjectName, requestHeaders } from "./endpoint.ts";
import { refusal } from "./refusal.ts";

export interface GcsDialectOptions {
  readonly origin: string;
  readonly tokens: TokenSource;
  readonly userProject: string | undefined;
}

export class GcsDialect implements Dialect {
  readonly what: string;
  info: ObjectInfo;
  readonly #bucket: string;
  readonly #path: string;
  readonly #options: GcsDialectOptions;
  readonly #isInfoGiven: boolean;
  #token: string | undefined;
  #isRenewed = false;

  constructor({ bucket, name }: ObjectName, info: ObjectInfo | undefined, options: GcsDialectOptions) {
    this.what = `reading gs://${bucket}/${name}`;
    this.info = info ?? { bucket, name };
    this.#bucket = bucket;
    this.#path = `/${bucket}/${encodeName(name)}`;
    this.#options = options;
    this.#isInfoGiven = info?.generation !== undefined;
  }

  request(): BaseRequest | Promise<BaseRequest> {
    const token = this.#options.tokens.token();
    return typeof token === "object" ? token.then((late) => this.#request(late)) : this.#request(token);
  }

  #request(token: string | undefined): BaseRequest {
    this.#token = token;
    const { origin, userProject } = this.#options;
    const { generation } = this.info;
    const path = generation === undefined ? this.#path : `${this.#path}?generation=${generation}`;
    return { origin, path, headers: requestHeaders(token, userProject) };
  }

  accept({ headers }: Answer): void {
    const generation = headers["x-goog-generation"];
    if (this.info.generation === undefined) this.info = { ...this.info, ...infoFrom(headers) };
    else if (generation !== undefined && generation !== this.info.generation) throw this.#changed();
  }

  async refuse(answer: Answer): Promise<void> {
    const token = this.#token;
    if (answer.status === 401 && token !== undefined && !this.#isRenewed) {
      this.#isRenewed = true;
      return this.#options.tokens.refused(token);
    }
    // The generation that was listed, or met first, is gone: what is live now is read anew, or is not there.
    if (answer.status === 404 && this.info.generation !== undefined) throw this.#changed();
    throw refusal(answer, { what: this.what, bucket: this.#bucket, permission: "storage.objects.get", isAnonymous: token === undefined });
  }

  #changed(): ImagemetaError {
    const since = this.#isInfoGiven ? "since it was listed" : "while it was read";
    return new ImagemetaError("CHANGED", `${this.what}: generation ${this.info.generation} was replaced or deleted ${since}`);
  }
}

/** What an answer's headers say of the object. Its ETag is left out: the XML API gives another one than the JSON API. */
function infoFrom(headers: IncomingHttpHeaders): ObjectInfo {
  const info: ObjectInfo = {};
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(",") : value;
  };
  const put = <K extends keyof ObjectInfo>(key: K, value: ObjectInfo[K] | undefined): void => {
    if (value !== undefined) info[key] = value;
  };
  put("generation", text("x-goog-generation"));
  put("metageneration", text("x-goog-metageneration"));
  put("size", sizeFrom(text("x-goog-stored-content-length") ?? text("content-range")?.split("/")[1]));
  put("contentType", text("content-type"));
  const encoding = text("x-goog-stored-content-encoding");
  put("contentEncoding", encoding === "identity" ? undefined : encoding);
  const hashes = text("x-goog-hash") ?? "";
  put("md5", /(?:^|,)\s*md5=([^,\s]+)/.exec(hashes)?.[1]);
  put("crc32c", /(?:^|,)\s*crc32c=([^,\s]+)/.exec(hashes)?.[1]);
  const modified = Date.parse(text("last-modified") ?? "");
  put("updated", Number.isNaN(modified) ? undefined : new Date(modified).toISOString());
  put("storageClass", text("x-goog-storage-class"));
  const custom: Record<string, string> = {};
  for (const name of Object.keys(headers)) if (name.startsWith("x-goog-meta-")) custom[name.slice(12)] = decoded(text(name) ?? "");
  put("metadata", Object.keys(custom).length > 0 ? custom : undefined);
  return info;
}

/** Header values come as Latin-1; custom metadata is UTF-8 in them. */
function decoded(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, "latin1").toString("utf8") : value;
}

function sizeFrom(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
