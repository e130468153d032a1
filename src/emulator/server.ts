// A small Google Cloud Storage over a folder: each folder in it is a bucket, each file below that an object.
// It stands on node:http alone: object names need the target as it was sent (`%2F` is part of a name), faults need the socket,
// and a router and a body parser between would only cost time where every body is bytes.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { handleAdmin } from "./admin.ts";
import { type Exchange, send, sendJson } from "./answer.ts";
import { Buckets } from "./buckets.ts";
import { Callers } from "./callers.ts";
import { changeEvents } from "./events.ts";
import { forbidden, notFound, Refusal, rateLimited, unauthorized, unavailable } from "./failures.ts";
import { type FaultRule, Faults, requestedFault } from "./faults.ts";
import { Outbox, type Unsent } from "./outbox.ts";
import type { Publisher } from "./publisher.ts";
import { ResumableUploads } from "./resumable.ts";
import { isXmlPath, route, type Service } from "./routes.ts";
import type { Signers } from "./signed-requests.ts";

export interface EmulatorOptions {
  /** The folder whose folders are the buckets. */
  readonly folder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 if absent. */
  readonly host?: string;
  /** Web origins that may call it, and by whose hosts it may be called; `*` is any. Its own and those of this machine may always. */
  readonly allowOrigin?: readonly string[];
  readonly faults?: readonly FaultRule[];
  /** Milliseconds before every answer; none if absent. */
  readonly latency?: number;
  /** Who may sign requests to the XML API; absent, signatures are not looked at. */
  readonly signers?: Signers;
  /** Where the messages of notification configurations go; they are not sent if absent. */
  readonly publisher?: Publisher;
  /** Told of messages that are not sent. */
  readonly onUnsent?: Unsent;
}

export interface Emulator {
  /** What `STORAGE_EMULATOR_HOST` takes, such as `http://127.0.0.1:9199`. */
  readonly url: string;
  readonly port: number;
  /** The faults in force; rules may be added and cleared while it runs. */
  readonly faults: Faults;
  /** Ends all connections, frees the port and sends the messages that wait, for a few seconds at most. */
  close(): Promise<void>;
}

/** Serves a folder as Google Cloud Storage, by JSON and XML API. Rejects if the port is taken. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const host = options.host ?? "127.0.0.1";
  const outbox = new Outbox(options.publisher, options.onUnsent);
  let url = "";
  const buckets = new Buckets(
    resolve(options.folder),
    changeEvents(outbox, () => url),
  );
  const service: Service = {
    buckets,
    uploads: new ResumableUploads(buckets),
    outbox,
    ...(options.signers && { signers: options.signers }),
  };
  const faults = new Faults();
  for (const rule of options.faults ?? []) faults.add(rule);
  const callers = new Callers(options.allowOrigin ?? [], host);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? "/";
    const [path, query = ""] = split(target);
    const exchange = (bodyFault: Exchange["bodyFault"]): Exchange => ({
      request,
      response,
      query: new URLSearchParams(query),
      base: `http://${request.headers.host ?? `${host}:${port}`}`,
      bodyFault,
    });
    const refusal = callers.refusal(request);
    if (refusal !== undefined) return refusing(exchange(undefined), path, () => Promise.reject(refusal));
    if (callers.answerPreflight(request, response)) return;
    if (path.startsWith("/_emulator/")) {
      await refusing(exchange(undefined), path, (now) => handleAdmin(now, path, faults));
      return;
    }
    const strike = faults.strike(request.method ?? "GET", target);
    const kind = requestedFault(request.headers["x-emulator-fault"]?.toString()) ?? strike.kind;
    const wait = (options.latency ?? 0) + strike.latency;
    if (wait > 0) await delay(wait);
    if (kind === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    await refusing(exchange(kind === "truncate" || kind === "stall" ? kind : undefined), path, (now) => {
      if (kind === "401") throw unauthorized();
      if (kind === "403") throw forbidden();
      if (kind === "429") throw rateLimited(strike.retryAfter);
      if (kind === "503") throw unavailable();
      return route(now, path, service);
    });
  };

  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(options.port, host, () => listening());
  });
  const { port } = server.address() as AddressInfo;
  url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    url,
    port,
    faults,
    close: async () => {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
      await outbox.close();
    },
  };
}

const split = (target: string): [string, string?] => {
  const mark = target.indexOf("?");
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)];
};

/** Does what was asked, or says why not in the form of the API that was called. */
async function refusing(exchange: Exchange, path: string, act: (exchange: Exchange) => Promise<void>): Promise<void> {
  try {
    await act(exchange);
  } catch (thrown) {
    if (exchange.response.headersSent) throw thrown;
    const refusal = refusalOf(thrown);
    if (refusal.status === 304) await send(exchange, 304, {}, { length: 0, bytes: Buffer.alloc(0) });
    else if (isXmlPath(path)) await sendText(exchange, refusal, "application/xml; charset=UTF-8", refusal.toXml());
    else if (exchange.query.get("alt") === "media") await sendText(exchange, refusal, "text/html; charset=UTF-8", refusal.message);
    else await sendJson({ ...exchange, query: new URLSearchParams() }, refusal.status, refusal.toJson(), refusal.headers);
  }
}

/** A refusal for whatever was thrown: a file may go, or be closed to us, between being found and being read. */
function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === "ENOENT") return notFound();
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return new Refusal(403, "forbidden", "AccessDenied", String(thrown));
  return new Refusal(500, "internalError", "InternalError", String(thrown));
}

function sendText(exchange: Exchange, refusal: Refusal, contentType: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  return send(exchange, refusal.status, { "content-type": contentType, ...refusal.headers }, { length: bytes.length, bytes });
}
