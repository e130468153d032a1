import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { StoredObject } from "../../../src/storage/contract.ts";
import { http } from "../../../src/storage/http/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { counted, rejection } from "../../conformance/storage.ts";
import { sendRange, serve } from "../web-server.ts";
import { closing, openAt } from "./opened.ts";

const never = new AbortController().signal;
const bytes = counted(300_000);
async function read(stored: StoredObject, start: number, end: number): Promise<Buffer> {
  const [part] = await stored.read([{ start, end }], never);
  return Buffer.from(part ?? []);
}

test("redirects are followed, later ranges go where they led", async () => {
  const { stored, server } = await openAt((request, response) => {
    if (request.url === "/a.jpg") response.writeHead(302, { location: "/b.jpg?x=1" }).end();
    else sendRange(request, response, bytes);
  });
  expect(await read(stored, 0, 1000)).toEqual(bytes.subarray(0, 1000));
  expect(await read(stored, 5000, 6000)).toEqual(bytes.subarray(5000, 6000));
  expect(server.requests.map(({ url }) => url)).toEqual(["/a.jpg", "/b.jpg?x=1", "/b.jpg?x=1"]);
  expect(stored.cost).toEqual({ requests: 3, bytes: 2000 });
});

test.each([
  ["to itself, for ever", "/a.jpg", "more than 5 redirects"],
  ["to a file", "file:///etc/passwd", "is no web address"],
])("a redirect %s ends", async (_what, location, message) => {
  const { stored } = await openAt((_request, response) => {
    response.writeHead(301, { location }).end();
  });
  await expect(read(stored, 0, 10)).rejects.toThrow(message);
});

test("without ranges, no more than the beginning is taken at first", async () => {
  const large = counted(8 << 20);
  const { stored } = await openAt((_request, response) => {
    response.writeHead(200, { "content-length": large.length }).end(large);
  });
  expect(await read(stored, 0, 1000)).toEqual(large.subarray(0, 1000));
  expect(stored.cost.bytes).toBeLessThan(1 << 20);
  expect(stored.size).toBe(large.length);
  expect(await read(stored, 5 << 20, (5 << 20) + 10)).toEqual(large.subarray(5 << 20, (5 << 20) + 10));
});

test("without ranges, what is longer than is read whole is LIMIT_EXCEEDED", async () => {
  for (const headers of [{ "content-length": bytes.length }, {}]) {
    const { stored } = await openAt((_request, response) => void response.writeHead(200, headers).end(bytes), { wholeBytes: 100_000 });
    await read(stored, 0, 1000);
    expect(await rejection(read(stored, 200_000, 200_010))).toBe("LIMIT_EXCEEDED");
  }
});

test.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
])("content coded as %s is inflated, by ranges of what is stored", async (coding, compress) => {
  const stored = compress(bytes);
  const { stored: object } = await openAt((request, response) =>
    sendRange(request, response, stored, { "content-encoding": coding, etag: '"1"' }),
  );
  expect(await read(object, 0, 70_000)).toEqual(bytes.subarray(0, 70_000));
  expect(await read(object, 250_000, 400_000)).toEqual(bytes.subarray(250_000));
  expect(object.size).toBe(bytes.length);
});

test("coded content that breaks off ends there", async () => {
  const stored = gzipSync(Buffer.from(Array.from({ length: 200_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 0xff)), { level: 1 });
  const cut = Buffer.concat([stored.subarray(0, stored.length >> 1), Buffer.alloc(1000, 0xff)]);
  const { stored: object } = await openAt((request, response) => sendRange(request, response, cut, { "content-encoding": "gzip" }));
  const part = await read(object, 0, 1 << 20);
  expect(part.length).toBeGreaterThan(10_000);
  expect(object.size).toBe(part.length);
});

test("little that inflates to much ends at the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(20 << 20));
  const { stored } = await openAt((request, response) => sendRange(request, response, bomb, { "content-encoding": "gzip" }), {
    wholeBytes: 1 << 20,
  });
  expect((await read(stored, 0, 1000)).length).toBe(1000);
  expect(await rejection(read(stored, 2 << 20, 3 << 20))).toBe("LIMIT_EXCEEDED");
});

test("another version by ETag, Last-Modified or size is CHANGED", async () => {
  for (const versions of [
    [{ etag: '"1"' }, { etag: '"2"' }],
    [{ etag: 'W/"1"' }, { etag: 'W/"2"' }],
    [{ "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" }, { "last-modified": "Mon, 01 Jan 2024 00:00:01 GMT" }],
  ]) {
    let asked = 0;
    const { stored } = await openAt((request, response) =>
      sendRange(request, response, bytes, versions[asked++ % 2] as Record<string, string>),
    );
    await read(stored, 0, 10);
    expect(await rejection(read(stored, 20, 30))).toBe("CHANGED");
  }
  let asked = 0;
  const { stored } = await openAt((request, response) => sendRange(request, response, bytes.subarray(asked++)));
  await read(stored, 0, 10);
  expect(await rejection(read(stored, 20, 30))).toBe("CHANGED");
});

test("the version that is pinned is named to the server", async () => {
  const { stored, server } = await openAt((request, response) => {
    if (request.headers["if-match"] === '"1"') response.writeHead(412).end();
    else sendRange(request, response, bytes, { etag: '"1"' });
  });
  await read(stored, 0, 10);
  expect(await rejection(read(stored, 20, 30))).toBe("CHANGED");
  expect(server.requests[1]?.headers["if-match"]).toBe('"1"');
});

test.each([
  [401, "UNAUTHENTICATED"],
  [403, "FORBIDDEN"],
  [404, "NOT_FOUND"],
  [410, "NOT_FOUND"],
  [418, "UNAVAILABLE"],
  [501, "UNAVAILABLE"],
] as const)("status %i is %s, at once", async (status, code) => {
  const { stored, server } = await openAt((_request, response) => void response.writeHead(status).end());
  expect(await rejection(read(stored, 0, 10))).toBe(code);
  expect(server.requests.length).toBe(1);
});

test("a body in chunks that breaks off without ranges is asked again from its beginning", async () => {
  let asked = 0;
  const { stored } = await openAt((_request, response) => {
    response.writeHead(200, {});
    response.write(bytes.subarray(0, 5000));
    if (asked++ === 0) setTimeout(() => response.destroy(), 20);
    else response.end(bytes.subarray(5000));
  });
  expect(await read(stored, 0, 65_536)).toEqual(bytes.subarray(0, 65_536));
  expect(stored.cost.requests).toBe(2);
});

test("other bytes than were asked for are not taken", async () => {
  const { stored } = await openAt((_request, response) => {
    response.writeHead(206, { "content-range": "bytes 100-109/1000" }).end(bytes.subarray(100, 110));
  });
  await expect(read(stored, 0, 10)).rejects.toThrow("other bytes than were asked for");
});

test("an address with a password in it is not read, and not repeated", async () => {
  const storage = http(resolveOptions({}));
  closing.push(() => storage.close());
  const opening = storage.open({ uri: "https://user:secret@example.org/a.jpg" }, never);
  await expect(opening).rejects.toThrow(/^(?!.*secret).*not read/);
});

test.each([
  "http://169.254.169.254/computeMetadata/v1/",
  "http://2852039166/latest/meta-data/",
  "http://0xa9.254.0xa9fe/",
  "http://[fe80::1]/a.jpg",
  "http://[::ffff:169.254.169.254]/a.jpg",
  "http://[fd00:ec2::254]/",
])("%s is never asked: metadata servers give credentials away", async (uri) => {
  const storage = http(resolveOptions({}));
  await expect(storage.open({ uri }, new AbortController().signal)).rejects.toThrow(/FORBIDDEN|is not read/);
});

test.each(["http://127.0.0.2:1/", "http://localhost:1/", "http://10.0.0.1/", "http://[::1]:1/", "http://169.254.169.254/"])(
  "a redirect of another host to %s leads nowhere",
  async (location) => {
    const { stored, server } = await openAt((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    await expect(read(stored, 0, 10)).rejects.toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("is not read") });
    expect(server.requests).toHaveLength(1);
  },
);

test("an address that was given may be of this machine, and its redirects too", async () => {
  const { stored } = await openAt((request, response) => {
    const { port } = new URL(`http://${request.headers.host}`);
    if (request.url === "/a.jpg") response.writeHead(302, { location: `http://127.0.0.1:${port}/b.jpg` }).end();
    else sendRange(request, response, bytes);
  });
  expect(await read(stored, 0, 10)).toEqual(bytes.subarray(0, 10));
});

test("a redirect to another port or scheme of a private host leads nowhere", async () => {
  const other = await serve((request, response) => sendRange(request, response, bytes));
  closing.push(() => other.close());
  const { port } = new URL(other.url);
  for (const location of [`http://127.0.0.1:${port}/b.jpg`, "https://127.0.0.1/b.jpg"]) {
    const { stored, server } = await openAt((_request, response) => void response.writeHead(302, { location }).end());
    await expect(read(stored, 0, 10)).rejects.toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("a private address") });
    expect(server.requests).toHaveLength(1);
  }
  expect(other.requests).toHaveLength(0);
});

test("a web address gets no credentials", async () => {
  const { stored, server } = await openAt((request, response) => sendRange(request, response, bytes));
  await read(stored, 0, 10);
  expect(server.requests.map(({ headers }) => [headers.authorization, headers.cookie])).toEqual([[undefined, undefined]]);
});
