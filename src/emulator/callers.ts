// Who may call. Any page that a browser on this machine shows can send requests to a loopback port, and by a name that its author lets lead here
// it can read the answers too (DNS rebinding). So requests must name a host that cannot be such a name, and pages of other origins are refused.
// Fetch Standard, "CORS protocol"; RFC 9110 section 7.2 (Host); RFC 6761 section 6.3 (localhost).
import type { IncomingMessage, ServerResponse } from "node:http";
import { BlockList, isIP } from "node:net";
import { Refusal } from "./failures.ts";

/** Any origin, and so any host. */
const ANY_ORIGIN = "*";

const PREFLIGHT_SECONDS = 3600;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export class Callers {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;

  /** `origins`: those that may call, and by whose hosts it may be called. `host`: the name or address that it listens on. */
  constructor(origins: readonly string[], host: string) {
    this.#origins = new Set(origins);
    this.#hosts = new Set([host.toLowerCase(), ...origins.filter((origin) => origin !== ANY_ORIGIN).map((origin) => hostOf(origin))]);
  }

  /** A 403 if the host or the origin is foreign. */
  refusal({ headers, socket }: IncomingMessage): Refusal | undefined {
    if (this.#origins.has(ANY_ORIGIN)) return undefined;
    const { host, origin } = headers;
    if (host !== undefined && !this.#isOwnHost(host, socket.localAddress))
      return foreign(
        `The Host header names ${host}, which is not known to be this emulator. If it is, start it with --allow-origin http://${host}`,
      );
    if (origin !== undefined && !this.#origins.has(origin) && origin !== `http://${host}`)
      return foreign(
        `Pages of the origin ${origin} may not call this emulator. If they may, start it with --allow-origin ${nameable(origin)}`,
      );
    return undefined;
  }

  /** Tells a browser that the page which called may have the answer. Whether that was all it asked: then the answer is sent. */
  answerPreflight({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = headers;
    if (origin === undefined) return false;
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", "*");
    response.setHeader("vary", "origin");
    const wanted = headers["access-control-request-method"];
    if (method !== "OPTIONS" || wanted === undefined) return false;
    response.setHeader("access-control-allow-methods", wanted);
    const names = headers["access-control-request-headers"];
    if (names !== undefined) response.setHeader("access-control-allow-headers", names);
    // Private Network Access: a page of a public origin calls a private address.
    if (headers["access-control-request-private-network"] === "true") response.setHeader("access-control-allow-private-network", "true");
    response.setHeader("access-control-max-age", PREFLIGHT_SECONDS);
    response.writeHead(204).end();
    return true;
  }

  #isOwnHost(host: string, localAddress: string | undefined): boolean {
    if (!URL.canParse(`http://${host}`)) return false;
    const name = hostOf(`http://${host}`);
    if (this.#hosts.has(name) || name === "localhost" || name.endsWith(".localhost")) return true;
    if (isIP(name) === 0) return false;
    return loopback.check(name, isIP(name) === 6 ? "ipv6" : "ipv4") || name === localAddress?.replace(/^::ffff:(?=\d+\.)/, "");
  }
}

/** The host of a URL: in lower case, without port, brackets and the dot that ends a full name. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$|\.$/g, "");
}

/** Pages from files and in sandboxes all have the origin `null`, so that it names none of them. */
const nameable = (origin: string): string => (origin === "null" ? "'*'" : origin);

const foreign = (message: string): Refusal => new Refusal(403, "forbidden", "AccessDenied", message);
