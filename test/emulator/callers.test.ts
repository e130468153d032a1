import { type IncomingMessage, request } from "node:http";
import { expect, test } from "vitest";
import { emulatorOver } from "./running.ts";

const files = { "photos/a.jpg": "a" };

/** Sends a request with headers that `fetch` does not let a caller choose. */
function send(
  url: string,
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<IncomingMessage & { readonly text: string }> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => resolve(Object.assign(answer, { text })));
    })
      .on("error", reject)
      .end();
  });
}

const statusOf = async (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  (await send(url, "/storage/v1/b", headers)).statusCode;

test.for(["localhost", "LOCALHOST:80", "localhost.", "photos.localhost:4443", "127.0.0.1", "127.1.2.3:4443", "[::1]:4443"])(
  "answers to the host %s of this machine",
  async (host) => {
    const { url } = await emulatorOver(files);
    expect(await statusOf(url, { host })).toBe(200);
  },
);

test.for(["rebound.example", "rebound.example:4443", "192.0.2.1", "[2001:db8::1]", "localhost.example", "notlocalhost", "a b", "storage"])(
  "refuses the host %s",
  async (host) => {
    const { url } = await emulatorOver(files);
    for (const path of ["/storage/v1/b", "/photos/a.jpg", "/_emulator/faults"]) {
      const { statusCode, text } = await send(url, path, { host });
      expect([path, statusCode]).toEqual([path, 403]);
      expect(text).toContain("--allow-origin http://");
    }
  },
);

test("answers to the address that a request came to, if it listens on all", async () => {
  const { port } = await emulatorOver(files, { host: "0.0.0.0" });
  expect(await statusOf(`http://127.0.0.1:${port}`, { host: `0.0.0.0:${port}` })).toBe(200);
  expect(await statusOf(`http://127.0.0.1:${port}`, { host: "192.0.2.1" })).toBe(403);
});

test("refuses pages of other origins, and does not do what they ask for", async () => {
  const { url } = await emulatorOver(files);
  const advice = new Map(["https://rebound.example", "http://localhost:3000", `${url}0`].map((origin) => [origin, origin]));
  for (const [origin, allowed] of advice.set("null", "'*'")) {
    const { statusCode, headers, text } = await send(url, "/storage/v1/b/photos/o/a.jpg", { origin }, "DELETE");
    expect([origin, statusCode]).toEqual([origin, 403]);
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(text).toContain(`--allow-origin ${allowed}`);
    const preflight = await send(url, "/storage/v1/b/photos/o/a.jpg", { origin, "access-control-request-method": "DELETE" }, "OPTIONS");
    expect(preflight.statusCode).toBe(403);
  }
  expect((await fetch(`${url}/photos/a.jpg`)).status).toBe(200);
});

test("answers its own origin", async () => {
  const { url } = await emulatorOver(files);
  expect(await statusOf(url, { origin: url })).toBe(200);
});

test("answers an allowed origin, preflight and refusals included, and to its host", async () => {
  const origin = "http://storage:3000";
  const { url } = await emulatorOver(files, { allowOrigin: [origin] });
  for (const path of ["/photos/a.jpg", "/photos/none.jpg", "/storage/v1/b/none"]) {
    const { headers } = await send(url, path, { origin, host: "storage:4443" });
    expect(headers).toMatchObject({ "access-control-allow-origin": origin, "access-control-expose-headers": "*", vary: "origin" });
  }
  const preflight = await send(
    url,
    "/upload/storage/v1/b/photos/o?uploadType=media&name=b",
    {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
      "access-control-request-private-network": "true",
    },
    "OPTIONS",
  );
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers).toMatchObject({
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization,content-type",
    "access-control-allow-private-network": "true",
  });
  expect(await statusOf(url, { origin: "http://storage:3001" })).toBe(403);
  expect(await statusOf(url, { host: "other:4443" })).toBe(403);
});

test("answers every origin and host, if all are allowed", async () => {
  const { url } = await emulatorOver(files, { allowOrigin: ["*"] });
  expect(await statusOf(url, { host: "rebound.example", origin: "null" })).toBe(200);
});

test("strikes no fault for a foreign request", async () => {
  const { url } = await emulatorOver(files, { faults: [{ kinds: ["503"], times: 1 }] });
  expect(await statusOf(url, { host: "rebound.example" })).toBe(403);
  expect(await statusOf(url, {})).toBe(503);
  expect(await statusOf(url, {})).toBe(200);
});
