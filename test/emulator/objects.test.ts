import { rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emulatorOver } from "./running.ts";

const json = async (response: Response): Promise<Record<string, unknown>> => (await response.json()) as Record<string, unknown>;

test("a file is an object in Google's JSON shape", async () => {
  const { url } = await emulatorOver({ "photos/a b/é.jpg": "123456789" });
  const path = `/storage/v1/b/photos/o/${encodeURIComponent("a b/é.jpg")}`;
  const object = await json(await fetch(url + path));
  const generation = object.generation as string;
  expect(object).toEqual({
    kind: "storage#object",
    id: `photos/a b/é.jpg/${generation}`,
    selfLink: url + path,
    mediaLink: `${url}/download${path}?generation=${generation}&alt=media`,
    name: "a b/é.jpg",
    bucket: "photos",
    generation: expect.stringMatching(/^\d{16}$/),
    metageneration: "1",
    contentType: "image/jpeg",
    storageClass: "STANDARD",
    size: "9",
    md5Hash: "JfnnlDI7RTiF9RgfG2JNCw==",
    crc32c: "4waSgw==",
    etag: expect.stringMatching(/^C.*EAE=$/),
    timeCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    updated: object.timeCreated,
    timeStorageClassUpdated: object.timeCreated,
    timeFinalized: object.timeCreated,
  });
});

test("ranges are answered with 206, 416 or the whole", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "0123456789", "photos/empty": "" });
  const read = async (range: string, name = "a.txt") => {
    const response = await fetch(`${url}/download/storage/v1/b/photos/o/${name}?alt=media`, { headers: { range } });
    return [response.status, response.headers.get("content-range"), await response.text()];
  };
  expect(await read("bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"]);
  expect(await read("bytes=8-")).toEqual([206, "bytes 8-9/10", "89"]);
  expect(await read("bytes=-3")).toEqual([206, "bytes 7-9/10", "789"]);
  expect(await read("bytes=-30")).toEqual([206, "bytes 0-9/10", "0123456789"]);
  expect(await read("bytes=5-99")).toEqual([206, "bytes 5-9/10", "56789"]);
  expect(await read("bytes=10-")).toEqual([416, "bytes */10", "Request range not satisfiable"]);
  expect(await read("bytes=-0")).toEqual([416, "bytes */10", "Request range not satisfiable"]);
  expect(await read("bytes=0-", "empty")).toEqual([416, "bytes */0", "Request range not satisfiable"]);
  expect(await read("bytes=4-2")).toEqual([200, null, "0123456789"]);
  expect(await read("lines=1-2")).toEqual([200, null, "0123456789"]);
});

test("media say what they are in x-goog headers", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "123456789" });
  const response = await fetch(`${url}/storage/v1/b/photos/o/a.txt?alt=media`, { headers: { range: "bytes=0-0" } });
  const { generation, etag } = await json(await fetch(`${url}/storage/v1/b/photos/o/a.txt`));
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "x-goog-generation": generation,
    "x-goog-metageneration": "1",
    "x-goog-hash": "crc32c=4waSgw==,md5=JfnnlDI7RTiF9RgfG2JNCw==",
    "x-goog-stored-content-length": "9",
    "x-goog-stored-content-encoding": "identity",
    "x-goog-storage-class": "STANDARD",
    "content-type": "text/plain",
    etag,
  });
});

test("large ranges are streamed whole", async () => {
  const bytes = Buffer.alloc(3 << 20, "imagemeta ");
  const { url } = await emulatorOver({ "photos/large.bin": bytes });
  const response = await fetch(`${url}/storage/v1/b/photos/o/large.bin?alt=media`, { headers: { range: "bytes=7-2500000" } });
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(7, 2_500_001))).toBe(true);
});

test("HEAD has the headers of GET and no body", async () => {
  const { url } = await emulatorOver({ "photos/large.bin": Buffer.alloc(2 << 20) });
  const response = await fetch(`${url}/storage/v1/b/photos/o/large.bin?alt=media`, { method: "HEAD" });
  expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([200, String(2 << 20), ""]);
});

test("preconditions decide with 304, 404 and 412", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" });
  const object = `${url}/storage/v1/b/photos/o/a.txt`;
  const { generation, etag } = await json(await fetch(object));
  const status = async (query: string, init: RequestInit = {}, target = object) => (await fetch(`${target}?${query}`, init)).status;
  expect(await status(`generation=${generation}`)).toBe(200);
  expect(await status("generation=1")).toBe(404);
  expect(await status(`ifGenerationMatch=${generation}&ifMetagenerationMatch=1`)).toBe(200);
  expect(await status("ifGenerationMatch=1&alt=media")).toBe(412);
  expect(await status("ifMetagenerationMatch=2")).toBe(412);
  expect(await status(`ifGenerationNotMatch=${generation}`)).toBe(304);
  expect(await status("ifMetagenerationNotMatch=1")).toBe(304);
  expect(await status("", { headers: { "if-none-match": String(etag) } })).toBe(304);
  expect(await status("", { headers: { "if-match": "other" } })).toBe(412);
  expect(await status("", { headers: { "if-modified-since": new Date(Date.now() + 60_000).toUTCString() } })).toBe(304);
  expect(await status("", { headers: { "if-unmodified-since": "Mon, 01 Jan 2001 00:00:00 GMT" } })).toBe(412);
  expect(await status("ifGenerationMatch=x")).toBe(400);
  expect(await status("ifGenerationMatch=1", { method: "DELETE" })).toBe(412);
  expect(await status(`ifGenerationNotMatch=${generation}`, { method: "DELETE" })).toBe(412);
  expect(await status(`ifGenerationMatch=${generation}`, { method: "DELETE" })).toBe(204);
  expect(await status("")).toBe(404);
});

test("refusals have the bodies of the API that was called", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" });
  const message = "No such object: photos/b";
  expect(await json(await fetch(`${url}/storage/v1/b/photos/o/b`))).toEqual({
    error: { code: 404, message, errors: [{ message, domain: "global", reason: "notFound" }] },
  });
  expect(await (await fetch(`${url}/storage/v1/b/photos/o/b?alt=media`)).text()).toBe(message);
  expect((await json(await fetch(`${url}/storage/v1/b/none/o`))).error).toMatchObject({
    code: 404,
    message: "The specified bucket does not exist.",
  });
  const xml = await fetch(`${url}/photos/b%20%26`);
  expect([xml.status, await xml.text()]).toEqual([
    404,
    "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Details>No such object: photos/b &#38;</Details></Error>",
  ]);
  expect(await (await fetch(`${url}/photos/a.txt`, { headers: { range: "bytes=5-" } })).text()).toContain("<Code>InvalidRange</Code>");
  expect((await fetch(`${url}/storage/v1/b/photos/o/%ff`)).status).toBe(400);
});

test("the XML API reads objects, with custom metadata in headers", async () => {
  const { url } = await emulatorOver({ "photos/a b.txt": "123456789" });
  await fetch(`${url}/storage/v1/b/photos/o/a%20b.txt`, { method: "PATCH", body: JSON.stringify({ metadata: { camera: "Pixel" } }) });
  const response = await fetch(`${url}/photos/a%20b.txt`, { headers: { range: "bytes=-2" } });
  expect([response.status, await response.text()]).toEqual([206, "89"]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    etag: '"25f9e794323b453885f5181f1b624d0b"',
    "x-goog-hash": "crc32c=4waSgw==, md5=JfnnlDI7RTiF9RgfG2JNCw==",
    "x-goog-meta-camera": "Pixel",
    "x-goog-metageneration": "2",
  });
  const head = await fetch(`${url}/photos/a%20b.txt`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "9"]);
  const generation = head.headers.get("x-goog-generation") as string;
  expect((await fetch(`${url}/photos/a%20b.txt`, { headers: { "x-goog-if-generation-match": generation } })).status).toBe(200);
  expect((await fetch(`${url}/photos/a%20b.txt`, { headers: { "x-goog-if-generation-match": "7" } })).status).toBe(412);
});

test("a patch merges, a null removes, an update replaces; the metageneration rises and the generation stays", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" });
  const object = `${url}/storage/v1/b/photos/o/a.txt`;
  const change = async (method: string, body: object) => json(await fetch(object, { method, body: JSON.stringify(body) }));
  const before = await json(await fetch(object));
  const patched = await change("PATCH", { cacheControl: "no-cache", metadata: { a: "1", b: "2" } });
  expect(patched).toMatchObject({
    generation: before.generation,
    metageneration: "2",
    contentType: "text/plain",
    metadata: { a: "1", b: "2" },
  });
  expect(await change("PATCH", { cacheControl: null, metadata: { a: null } })).toMatchObject({ metageneration: "3", metadata: { b: "2" } });
  const updated = await change("PUT", { contentType: "image/png" });
  expect(updated).toMatchObject({ metageneration: "4", contentType: "image/png" });
  expect(updated).not.toHaveProperty("metadata");
  expect((await fetch(object, { method: "PATCH", body: '{"metadata":{"a":1}}' })).status).toBe(400);
  expect((await fetch(object, { method: "PATCH", body: "{" })).status).toBe(400);
});

test("a file that changes on disk is a new generation, even if its time goes back", async () => {
  const { url, folder } = await emulatorOver({ "photos/a.txt": "one" });
  const read = async () => json(await fetch(`${url}/storage/v1/b/photos/o/a.txt`));
  const first = await read();
  await fetch(`${url}/storage/v1/b/photos/o/a.txt`, { method: "PATCH", body: '{"metadata":{"seen":"yes"}}' });
  writeFileSync(join(folder, "photos/a.txt"), "two two");
  utimesSync(join(folder, "photos/a.txt"), 1_600_000_000, 1_600_000_000);
  const second = await read();
  expect(second).toMatchObject({ size: "7", metageneration: "1" });
  expect(second).not.toHaveProperty("metadata");
  expect(Number(second.generation)).toBeGreaterThan(Number(first.generation));
  expect((await fetch(`${url}/storage/v1/b/photos/o/a.txt?generation=${first.generation}`)).status).toBe(404);
  rmSync(join(folder, "photos/a.txt"));
  expect((await fetch(`${url}/storage/v1/b/photos/o/a.txt`)).status).toBe(404);
});

test("symbolic links are followed, circles and the sidecar folder are not", async () => {
  const { url, folder } = await emulatorOver({ "photos/a.txt": "a", "elsewhere/deep/b.txt": "b" });
  symlinkSync(join(folder, "elsewhere"), join(folder, "photos/link"));
  symlinkSync(join(folder, "photos"), join(folder, "photos/again"));
  symlinkSync(join(folder, "nothing"), join(folder, "photos/dangling"));
  symlinkSync(join(folder, "photos/a.txt"), join(folder, "photos/alias.txt"));
  const names = async () => ((await json(await fetch(`${url}/storage/v1/b/photos/o`))).items as { name: string }[]).map(({ name }) => name);
  expect(await names()).toEqual(["a.txt", "alias.txt", "link/deep/b.txt"]);
  expect(await (await fetch(`${url}/photos/link/deep/b.txt`)).text()).toBe("b");
  const { items } = await json(await fetch(`${url}/storage/v1/b?project=test`));
  expect((items as { name: string }[]).map(({ name }) => name)).toEqual(["elsewhere", "photos"]);
  for (const path of [
    "/storage/v1/b/.imagemeta/o",
    "/.imagemeta/buckets/photos/objects.ndjson",
    "/photos/..%2felsewhere/deep/b.txt",
    "/storage/v1/b/..%2f/o",
  ]) {
    expect((await fetch(url + path)).status, path).toBe(404);
  }
});
