/** Where the browser comes back to after a login: this machine, on a free port (RFC 8252 section 7.3). Anything may connect to it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";

/** The browser, as it came back, and waits for a page. */
export interface Returned {
  readonly parameters: URLSearchParams;
  /** Resolves when the page is sent, or the browser is gone. */
  show(isSignedIn: boolean, text: string): Promise<void>;
}

export interface Loopback {
  /** `http://127.0.0.1:PORT/` */
  readonly address: string;
  /** Resolves with the first request whose parameters are an answer. */
  readonly returned: Promise<Returned>;
  /** Ends every connection, also those that wait. */
  close(): Promise<void>;
}

/** The time that a connection has for its request. One that sends nothing has no more. */
const REQUEST_TIMEOUT_MS = 10_000;
/** More than all sockets of a browser, and fewer than the files that a process may open. */
const MAX_CONNECTIONS = 500;

/** @param isAnswer whether the parameters end the login: only they do, and every other request gets a short refusal */
export async function openLoopback(isAnswer: (parameters: URLSearchParams) => boolean): Promise<Loopback> {
  let resolve: (returned: Returned) => void;
  const returned = new Promise<Returned>((settle) => (resolve = settle));
  let isReturned = false;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1000 }, (request, response) => {
    const refusal = refusalOf(request, port);
    if (refusal !== undefined) return sendPage(response, ...refusal);
    const parameters = parametersOf(request);
    if (isReturned || !isAnswer(parameters)) return sendPage(response, 400, "No login waits for this.");
    isReturned = true;
    resolve({ parameters, show: (isSignedIn, text) => sendPage(response, isSignedIn ? 200 : 400, text) });
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", () => listening()));
  // A connection that could not be taken is lost, and the login is not.
  server.on("error", () => {});
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    returned,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A page of someone else's may know the port, and reach it by a name of its own for this machine. */
function refusalOf({ headers, method, url = "" }: IncomingMessage, port: number): [status: number, text: string] | undefined {
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${port}`);
  if (!hosts.includes(headers.host?.toLowerCase() ?? "")) return [403, "This is not the address of a login."];
  if (method !== "GET") return [405, "A login comes back by GET."];
  return /^\/(?:$|\?)/.test(url) ? undefined : [404, "There is nothing here."];
}

/** The target of a request may be no URL (`//`), so that only its query is looked at. */
function parametersOf({ url = "" }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(url.slice("/?".length));
}

/** The page loads nothing and passes its address, which has the code in it, on to none. */
async function sendPage(response: ServerResponse, status: number, text: string): Promise<void> {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(
    `<!doctype html><html lang="en"><title>imagemeta</title><p>${text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`)}</p></html>\n`,
  );
  await finished(response).catch(() => {});
}
