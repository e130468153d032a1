import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { login } from "../../src/auth/login.ts";
import type { Login } from "../../src/auth/login-file.ts";
import { CLIENT, EMAIL, type OAuthServer, startOAuthServer } from "./oauth-server.ts";

let server: OAuthServer;
let port: number;
/** The whole address that the browser is sent back to, with the right state and code. */
let right: URL;
/** The login that waits. */
let given: Promise<Login>;
const opened: Socket[] = [];

beforeEach(async () => {
  server = await startOAuthServer();
  const client = {
    id: CLIENT.id,
    secret: CLIENT.secret,
    authAddress: `${server.url}/authorize`,
    tokenAddress: `${server.url}/token`,
    revokeAddress: `${server.url}/revoke`,
  };
  await new Promise<void>((waiting) => {
    given = login({
      client,
      scopes: [],
      patience: 20_000,
      async visit(address) {
        right = new URL((await fetch(address, { redirect: "manual" })).headers.get("location") ?? "");
        port = Number(right.port);
        waiting();
        return undefined;
      },
    });
    given.catch(() => {});
  });
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await comeBack().catch(() => {});
  await given.catch(() => {});
  await server.close();
});

const open = (): Socket => {
  const socket = connect(port, "127.0.0.1");
  opened.push(socket);
  return socket;
};

const connected = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("connect", () => resolve()));

/** All that the server answers to these bytes. */
async function sent(bytes: string, socket = open()): Promise<string> {
  socket.on("error", () => {});
  socket.write(bytes);
  return text(socket);
}

const get = (target: string, ...headers: readonly string[]) =>
  sent([`GET ${target} HTTP/1.1`, ...(headers.length > 0 ? headers : [`Host: 127.0.0.1:${port}`]), "", ""].join("\r\n"));
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
const comeBack = (): Promise<string> => get(`/${right.search}`);

/** The browser comes back after all, and the login is whole. */
async function isSignedIn(): Promise<void> {
  expect(await comeBack()).toContain(`You are signed in as ${EMAIL}`);
  expect(await given).toMatchObject({ email: EMAIL, refreshToken: expect.any(String) });
}

const withState = (change: (parameters: URLSearchParams) => void) => {
  const parameters = new URLSearchParams(right.search);
  change(parameters);
  return `/?${parameters}`;
};

test.each<[what: string, status: number, target: () => string]>([
  ["//", 404, () => "//"],
  ["//?", 404, () => `//${right.search}`],
  ["///////", 404, () => "///////"],
  ["a target that is no URL", 404, () => "http://["],
  ["the whole address, as for a proxy", 404, () => right.href],
  ["/favicon.ico", 404, () => "/favicon.ico"],
  ["another path with the right state", 404, () => `/callback${right.search}`],
  ["/", 400, () => "/"],
  ["/?", 400, () => "/?"],
  ["/%", 404, () => "/%"],
  ["broken escapes", 400, () => "/?state=%E0%A4%A&code=%"],
  ["no state", 400, () => withState((p) => p.delete("state"))],
  ["an empty state", 400, () => withState((p) => p.set("state", ""))],
  ["a wrong state", 400, () => withState((p) => p.set("state", "x".repeat(43)))],
  ["the beginning of the state", 400, () => withState((p) => p.set("state", p.get("state")?.slice(0, -1) ?? ""))],
  ["access_denied and a wrong state", 400, () => "/?error=access_denied&state=wrong"],
  ["a wrong state beside the right one", 400, () => withState((p) => p.append("state", "wrong"))],
  ["the right state beside a wrong one", 400, () => `/?state=wrong&${right.search.slice(1)}`],
  ["two codes", 400, () => withState((p) => p.append("code", "other"))],
  ["a code and an error", 400, () => withState((p) => p.append("error", "access_denied"))],
  ["the right state and nothing else", 400, () => withState((p) => p.delete("code"))],
  ["a very long query", 400, () => `/?${"a=b&".repeat(3000)}`],
  ["headers that are too large", 431, () => `/?${"a".repeat(40_000)}`],
])("%s is refused with %i, and the login goes on", async (_what, status, target) => {
  const answer = await get(target());
  expect(statusOf(answer)).toBe(status);
  expect(answer.length).toBeLessThan(1000);
  await isSignedIn();
});

test.each([
  ["a name of a stranger's", () => [`Host: evil.example:${port}`]],
  ["another port", () => ["Host: 127.0.0.1:1"]],
  ["no port", () => ["Host: 127.0.0.1"]],
  ["another address of this machine", () => [`Host: 127.0.0.2:${port}`]],
  ["a name that begins like this machine's", () => [`Host: localhost.evil.example:${port}`]],
  ["an empty one", () => ["Host:"]],
])("refuses the Host header with %s, even with the right state", async (_what, headers) => {
  expect(statusOf(await get(`/${right.search}`, ...headers()))).toBe(403);
  await isSignedIn();
});

test.each(["127.0.0.1", "localhost", "LocalHost", "[::1]"])("takes the Host header %s with its port", async (host) => {
  expect(statusOf(await get(`/${right.search}`, `Host: ${host}:${port}`))).toBe(200);
  expect(await given).toMatchObject({ email: EMAIL });
});

test.each(["POST", "HEAD", "PUT", "DELETE", "OPTIONS"])("refuses %s with the right state", async (method) => {
  const answer = await sent(`${method} /${right.search} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 0\r\n\r\n`);
  expect(statusOf(answer)).toBe(405);
  await isSignedIn();
});

test.each([
  ["no HTTP at all", () => "\u0016\u0003\u0001 hello\r\n\r\n"],
  ["a method that is none", () => "GE\u0000T / HTTP/1.1\r\n\r\n"],
  ["HTTP/1.1 without a Host", () => `GET /${right.search} HTTP/1.1\r\n\r\n`],
  ["two lengths", () => `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`],
  ["a body in broken chunks", () => `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ["CONNECT", () => `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`],
  ["an upgrade", () => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
  ["many requests at once", () => `GET /a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(1000)],
])("survives %s", async (_what, bytes) => {
  expect(await sent(bytes())).not.toMatch(/^HTTP\/1\.1 [^4]/);
  await isSignedIn();
});

test("survives connections that send nothing, stop in the middle or are torn down, and ends them", async () => {
  const silent = Array.from({ length: 300 }, open);
  const closed = silent.map((socket) => new Promise<void>((resolve) => socket.on("error", () => {}).on("close", () => resolve())));
  await Promise.all(silent.map(connected));
  for (const socket of silent.slice(0, 20)) socket.write(`GET /${right.search} HTTP/1.1\r\nHost: 127.0`);
  for (const socket of silent.slice(20, 40)) socket.resetAndDestroy();
  await isSignedIn();
  await Promise.all(closed);
  await expect(comeBack()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("an error with the right state ends the login", async () => {
  const answer = await get(`/?error=access_denied&state=${right.searchParams.get("state")}`);
  expect(statusOf(answer)).toBe(400);
  await expect(given).rejects.toMatchObject({ reason: "LOGIN_DENIED" });
});

test("the second answer finds no login", async () => {
  const sockets = [open(), open()];
  await Promise.all(sockets.map(connected));
  const request = `GET /${right.search} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  const [first = "", second = ""] = await Promise.all(sockets.map((socket) => sent(request, socket)));
  expect([statusOf(first), statusOf(second)].sort()).toEqual([200, 400]);
  expect(await given).toMatchObject({ email: EMAIL });
});
