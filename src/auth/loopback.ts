/** Where the browser comes back to after a login: this machine, on a free port (RFC 8252 section 7.3). */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The browser, as it came back, and waits for a page. */
export interface Returned {
  readonly parameters: URLSearchParams;
  show(isSignedIn: boolean, text: string): void;
}

export interface Loopback {
  /** `http://127.0.0.1:PORT/` */
  readonly address: string;
  /** Resolves when the browser comes back, the first time. */
  readonly returned: Promise<Returned>;
  close(): Promise<void>;
}

export async function openLoopback(): Promise<Loopback> {
  let resolve: (returned: Returned) => void;
  const returned = new Promise<Returned>((settle) => (resolve = settle));
  let isReturned = false;
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const url = new URL(request.url ?? "/", address);
    // A page of someone else's may know the port, by another name for this machine.
    const isOurs = request.headers.host === new URL(address).host;
    if (!isOurs || request.method !== "GET" || url.pathname !== "/") return sendPage(response, 404, "There is nothing here.");
    if (isReturned || url.searchParams.size === 0) return sendPage(response, 400, "No login waits for this.");
    isReturned = true;
    resolve({ parameters: url.searchParams, show: (isSignedIn, text) => sendPage(response, isSignedIn ? 200 : 400, text) });
  });
  await new Promise<void>((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", () => listening()));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    address,
    returned,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      }),
  };
}

/** The page loads nothing and passes its address, which has the code in it, on to none. */
function sendPage(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      connection: "close",
    })
    .end(
      `<!doctype html><html lang="en"><title>imagemeta</title><p>${text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`)}</p></html>\n`,
    );
}
