/** One image by its web address: ranged requests, pinned by ETag or Last-Modified (RFC 9110 sections 8.8 and 13.1). */
import type { IncomingHttpHeaders } from "node:http";
import { ImagemetaError } from "../../record/errors.ts";
import { isSigned, shownAddress } from "../../record/secrets.ts";
import type { ObjectInfo } from "../../record/types.ts";
import { version } from "../../record/version.ts";
import type { Storage } from "../contract.ts";
import type { ResolvedStorageOptions } from "../options.ts";
import { type Guard, notLinkLocal, publicOnly } from "./addresses.ts";
import { type BaseRequest, type Dialect, HttpObject } from "./object.ts";
import { signedRefusal } from "./signed-refusal.ts";
import { type Answer, Transport } from "./transport.ts";

const REDIRECTS = 5;

export function http(options: ResolvedStorageOptions): Storage {
  const transport = new Transport({ connections: options.concurrency, stall: options.stall, gate: options.gate });
  return {
    list() {
      throw new ImagemetaError("NOT_FOUND", "a web address is that of one image; there is no list of others");
    },
    open: async ({ uri, info }) => new HttpObject(new WebDialect(uri, info ?? {}), { ...options, transport }),
    close: () => transport.close(),
  };
}

class WebDialect implements Dialect {
  readonly what: string;
  info: ObjectInfo;
  #url: URL;
  readonly #isSigned: boolean;
  #redirects = 0;
  #guard: Guard = notLinkLocal;
  #isPinned = false;
  /** Last-Modified as the server wrote it. */
  #modified: string | undefined;

  constructor(uri: string, info: ObjectInfo) {
    if (!URL.canParse(uri)) throw new ImagemetaError("NOT_FOUND", `${uri} is no web address`);
    this.#url = new URL(uri);
    if (this.#url.username !== "" || this.#url.password !== "") {
      throw new ImagemetaError("NOT_FOUND", `${this.#url.host}: an address with a user or password in it is not read`);
    }
    this.#guard.check(this.#url.hostname);
    this.what = `reading ${shownAddress(uri)}`;
    this.#isSigned = isSigned(uri);
    this.info = info;
  }

  request(): BaseRequest {
    const { origin, pathname, search } = this.#url;
    const headers = ["accept", "image/*, */*;q=0.5", "accept-encoding", "identity", "user-agent", `imagemeta/${version}`];
    const { etag } = this.info;
    // A weak ETag never matches here; what it says is compared when the answer comes.
    if (etag !== undefined && !etag.startsWith("W/")) headers.push("if-match", etag);
    else if (etag === undefined && this.#modified !== undefined) headers.push("if-unmodified-since", this.#modified);
    return { origin, path: `${pathname}${search}`, headers, guard: this.#guard };
  }

  accept(answer: Answer): void {
    const { etag, "last-modified": modified } = answer.headers;
    if (this.info.etag !== undefined ? this.info.etag !== etag : this.#isPinned && this.#modified !== modified) throw this.#changed();
    if (this.#isPinned) return;
    this.#isPinned = true;
    this.#modified = modified;
    this.info = { ...this.info, ...infoFrom(answer) };
  }

  refuse(answer: Answer): void {
    const { status, headers } = answer;
    if (this.#isSigned && (status === 400 || status === 401 || status === 403)) throw signedRefusal(this.what, answer);
    switch (status) {
      case 301:
      case 302:
      case 303:
      case 307:
      case 308:
        this.#redirect(headers);
        return;
      case 401:
        throw new ImagemetaError("UNAUTHENTICATED", `${this.what}: the server wants credentials, and none are sent to web addresses`);
      case 403:
        throw new ImagemetaError("FORBIDDEN", `${this.what}: the server does not allow it; check that the address is public`);
      case 404:
      case 410:
        throw new ImagemetaError("NOT_FOUND", `${this.what}: the server has nothing there (${status}); check the address`);
      case 412:
        throw this.#changed();
      default:
        throw new ImagemetaError("UNAVAILABLE", `${this.what}: the server answered ${status}`);
    }
  }

  #redirect({ location }: IncomingHttpHeaders): void {
    const next = location === undefined || !URL.canParse(location, this.#url.href) ? undefined : new URL(location, this.#url);
    if (next === undefined || !/^https?:$/.test(next.protocol)) {
      throw new ImagemetaError("UNAVAILABLE", `${this.what}: the server redirects to ${location ?? "nowhere"}, which is no web address`);
    }
    if (++this.#redirects > REDIRECTS) throw new ImagemetaError("UNAVAILABLE", `${this.what}: more than ${REDIRECTS} redirects`);
    // Another port or scheme is another service, which a private host may not mean for everyone.
    if (next.origin !== this.#url.origin) this.#guard = publicOnly;
    this.#guard.check(next.hostname);
    this.#url = next;
  }

  #changed(): ImagemetaError {
    return new ImagemetaError("CHANGED", `${this.what}: the server has another version than the one that was opened`);
  }
}

function infoFrom({ status, headers }: Answer): ObjectInfo {
  const { etag, "content-type": contentType, "content-encoding": contentEncoding, "last-modified": modified } = headers;
  const length = status === 206 ? headers["content-range"]?.split("/")[1] : headers["content-length"];
  const updated = Date.parse(modified ?? "");
  return {
    ...(length !== undefined && /^\d+$/.test(length) ? { size: Number(length) } : {}),
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(etag === undefined ? {} : { etag }),
    ...(Number.isNaN(updated) ? {} : { updated: new Date(updated).toISOString() }),
  };
}
