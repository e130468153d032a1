import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { emulatorOver } from "./running.ts";

const json = async (response: Response): Promise<Record<string, unknown>> => (await response.json()) as Record<string, unknown>;

const put = (url: string, name: string, body: string | Uint8Array<ArrayBuffer>, query = ""): Promise<Response> =>
  fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=media&name=${encodeURIComponent(name)}${query}`, {
    method: "POST",
    body,
    headers: { "content-type": "text/plain" },
  });

const names = async (url: string): Promise<string[]> =>
  ((await json(await fetch(`${url}/storage/v1/b/photos/o?fields=items/name`))).items as { name: string }[] | undefined)?.map(
    ({ name }) => name,
  ) ?? [];

test("an upload is a file, and its generation rises with every one", async () => {
  const { url, folder } = await emulatorOver({ "photos/other": "" });
  const first = await json(await put(url, "x/a.txt", "one"));
  const second = await json(await put(url, "x/a.txt", "two"));
  expect(readFileSync(join(folder, "photos/x/a.txt"), "utf8")).toBe("two");
  expect(Number(second.generation)).toBeGreaterThan(Number(first.generation));
  await fetch(`${url}/storage/v1/b/photos/o/x%2Fa.txt`, { method: "DELETE" });
  expect(existsSync(join(folder, "photos/x"))).toBe(false);
  const third = await json(await put(url, "x/a.txt", "three", "&ifGenerationMatch=0"));
  expect(Number(third.generation)).toBeGreaterThan(Number(second.generation));
  expect((await put(url, "x/a.txt", "four", "&ifGenerationMatch=0")).status).toBe(412);
  expect(readdirSync(join(folder, ".imagemeta/incoming"))).toEqual([]);
});

test("metadata and bytes come together in a multipart upload", async () => {
  const { url } = await emulatorOver({ "photos/other": "" });
  const send = (resource: object, newline = "\r\n") =>
    fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=multipart`, {
      method: "POST",
      headers: { "content-type": 'multipart/related; boundary="--frontier"' },
      body: [
        "----frontier",
        "content-type: application/json",
        "",
        JSON.stringify(resource),
        "----frontier",
        "Content-Type: image/png",
        "",
        "a\r\nb",
        "----frontier--",
        "",
      ].join(newline),
    });
  const object = await json(await send({ name: "a b.png", metadata: { by: "me" }, cacheControl: "no-cache" }));
  expect(object).toMatchObject({ name: "a b.png", size: "4", contentType: "image/png", metadata: { by: "me" }, cacheControl: "no-cache" });
  expect(await (await fetch(`${url}/photos/a%20b.png`)).text()).toBe("a\r\nb");
  expect(await json(await send({ name: "c.png" }, "\n"))).toMatchObject({ size: "4" });
  const wrong = await send({ name: "a b.png", md5Hash: "AAAAAAAAAAAAAAAAAAAAAA==" });
  expect([wrong.status, (await json(wrong)).error]).toMatchObject([
    400,
    { message: expect.stringContaining("doesn't match calculated MD5 hash") },
  ]);
  expect((await send({})).status).toBe(400);
});

test("a resumable upload comes in chunks, over a restart, and says how far it is", async () => {
  const emulator = await emulatorOver({ "photos/other": "" });
  const bytes = Buffer.alloc(700_000, "0123456789abcdef");
  const begun = await fetch(`${emulator.url}/upload/storage/v1/b/photos/o?uploadType=resumable&name=big.bin`, {
    method: "POST",
    headers: { "x-upload-content-type": "image/jpeg" },
    body: JSON.stringify({ metadata: { a: "b" } }),
  });
  const session = new URL(begun.headers.get("location") as string);
  const send = async (range: string, body?: Uint8Array<ArrayBuffer>) => {
    const response = await fetch(session, { method: "PUT", headers: { "content-range": range }, ...(body === undefined ? {} : { body }) });
    return { status: response.status, range: response.headers.get("range"), body: await response.text() };
  };
  expect(await send("bytes */*")).toMatchObject({ status: 308, range: null });
  expect(await send("bytes 0-299999/*", bytes.subarray(0, 300_000))).toMatchObject({ status: 308, range: "bytes=0-262143" });
  const { url } = await emulator.restart();
  session.port = new URL(url).port;
  expect(await send("bytes */700000")).toMatchObject({ status: 308, range: "bytes=0-262143" });
  expect(await send("bytes 400000-699999/700000", bytes.subarray(400_000))).toMatchObject({ status: 400 });
  const done = await send("bytes 200000-699999/700000", bytes.subarray(200_000));
  expect(JSON.parse(done.body)).toMatchObject({ size: "700000", contentType: "image/jpeg", metadata: { a: "b" } });
  expect(await send("bytes */700000")).toMatchObject({ status: 200 });
  expect(Buffer.from(await (await fetch(`${url}/photos/big.bin`)).arrayBuffer()).equals(bytes)).toBe(true);
});

test("a resumable upload ends with its body where the range is open", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "" });
  for (const range of ["bytes 0-*/*", "bytes 0-*/9"]) {
    const begun = await fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=resumable&name=open.bin`, { method: "POST" });
    const session = begun.headers.get("location") ?? "";
    const ended = await fetch(session, { method: "PUT", headers: { "content-range": range }, body: "123456789" });
    expect([ended.status, await ended.json()]).toMatchObject([200, { size: "9", crc32c: "4waSgw==" }]);
  }
});

test("a resumable upload can be given up", async () => {
  const { url } = await emulatorOver({ "photos/other": "" });
  const begun = await fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=resumable&name=big.bin`, { method: "POST" });
  const session = begun.headers.get("location") as string;
  expect((await fetch(session, { method: "DELETE" })).status).toBe(499);
  expect((await fetch(session, { method: "PUT", body: "x" })).status).toBe(404);
});

test("names that no file can have are kept exactly, inside the folder, and outlive a restart", async () => {
  const emulator = await emulatorOver({ "photos/folder/file": "", "photos/plain": "" });
  const odd = [
    "folder",
    "folder/",
    "plain/below",
    "../../out",
    "a/../b",
    "./c",
    "/top",
    "a//b",
    "nul\0",
    ".imagemeta/x",
    `${"long".repeat(100)}`,
    "%2e%2e/x",
  ];
  for (const name of odd) expect((await put(emulator.url, name, `content of ${name}`)).status, name).toBe(200);
  expect(readdirSync(emulator.folder).sort()).toEqual([".imagemeta", "photos"]);
  const { url, folder } = await emulator.restart();
  expect(await names(url)).toEqual([...odd, "folder/file", "plain"].sort());
  for (const name of odd) {
    const response = await fetch(`${url}/storage/v1/b/photos/o/${encodeURIComponent(name)}?alt=media`);
    expect(await response.text(), name).toBe(`content of ${name}`);
    expect((await fetch(`${url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`, { method: "DELETE" })).status, name).toBe(204);
  }
  expect(await names(url)).toEqual(["folder/file", "plain"]);
  expect(readdirSync(join(folder, ".imagemeta/buckets/photos/beside"))).toEqual([]);
});

test("names that Google refuses are refused", async () => {
  const { url } = await emulatorOver({ "photos/other": "" });
  for (const name of [".", "..", "a\nb", "a\rb", "x".repeat(1025)]) expect((await put(url, name, "x")).status, name).toBe(400);
});

test("any name that is taken is found again", async () => {
  const { url } = await emulatorOver({ "photos/other": "" });
  const segment = fc.oneof(fc.constantFrom(".", "..", "", "a", "%2F", ".imagemeta"), fc.string({ unit: "binary", maxLength: 6 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/")),
      async (name) => {
        const response = await put(url, name, "x");
        if (response.status === 400) return;
        expect((await json(response)).name).toBe(name);
        expect(await names(url)).toContain(name);
        expect((await fetch(`${url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`, { method: "DELETE" })).status).toBe(204);
        expect(await names(url)).toEqual(["other"]);
      },
    ),
    { numRuns: 60 },
  );
});

test("metadata of uploads and of patched files outlive a restart", async () => {
  const before = await emulatorOver({ "photos/on-disk.jpg": "x" });
  await put(before.url, "up.bin", "upload", "&contentEncoding=br");
  await fetch(`${before.url}/storage/v1/b/photos/o/on-disk.jpg`, { method: "PATCH", body: '{"metadata":{"a":"b"}}' });
  const list = async (url: string) => (await (await fetch(`${url}/storage/v1/b/photos/o`)).text()).replaceAll(url, "");
  const seen = await list(before.url);
  expect(await list((await before.restart()).url)).toBe(seen);
});

test("a journal whose last line was cut short is read up to there, and goes on", async () => {
  const before = await emulatorOver({ "photos/other": "" });
  await put(before.url, "a/", "kept");
  const journal = join(before.folder, ".imagemeta/buckets/photos/objects.ndjson");
  appendFileSync(journal, '{"name":"b/","gener');
  const after = await before.restart();
  await put(after.url, "c/", "later");
  expect(await names((await after.restart()).url)).toEqual(["a/", "c/", "other"]);
});

test("the storage class is set when an object is made", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "a" });
  const rewritten = await fetch(`${url}/storage/v1/b/photos/o/a.txt/copyTo/b/photos/o/cold.txt`, {
    method: "POST",
    body: '{"storageClass":"ARCHIVE"}',
  });
  expect(await json(rewritten)).toMatchObject({ storageClass: "ARCHIVE" });
  const object = `${url}/storage/v1/b/photos/o/cold.txt`;
  expect(await json(await fetch(object, { method: "PUT", body: "{}" }))).toMatchObject({ storageClass: "ARCHIVE", metageneration: "2" });
  expect((await fetch(`${object}?alt=media`)).headers.get("x-goog-storage-class")).toBe("ARCHIVE");
});

test("objects are copied, rewritten and composed", async () => {
  const { url } = await emulatorOver({ "photos/a.txt": "hello ", "photos/b.txt": "world", "other/x": "" });
  const post = (path: string, body?: object) =>
    fetch(`${url}/storage/v1/b/photos/o/${path}`, { method: "POST", ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  await fetch(`${url}/storage/v1/b/photos/o/a.txt`, { method: "PATCH", body: '{"metadata":{"k":"v"}}' });
  expect(await json(await post("a.txt/rewriteTo/b/other/o/copy%2Fa.txt"))).toMatchObject({
    kind: "storage#rewriteResponse",
    totalBytesRewritten: "6",
    objectSize: "6",
    done: true,
    resource: { bucket: "other", name: "copy/a.txt", contentType: "text/plain", metadata: { k: "v" }, metageneration: "1" },
  });
  const copy = await json(await post("a.txt/copyTo/b/photos/o/c.txt", { contentType: "text/html" }));
  expect(copy).toMatchObject({ name: "c.txt", contentType: "text/html" });
  expect(copy).not.toHaveProperty("metadata");
  const composed = await json(
    await post("ab.txt/compose", { sourceObjects: [{ name: "a.txt" }, { name: "b.txt" }], destination: { contentType: "x/y" } }),
  );
  expect(composed).toMatchObject({ size: "11", componentCount: 2, contentType: "x/y", crc32c: "yZRlqg==" });
  expect(composed).not.toHaveProperty("md5Hash");
  expect(await (await fetch(`${url}/photos/ab.txt`)).text()).toBe("hello world");
  expect((await post("a.txt/rewriteTo/b/photos/o/d?ifSourceGenerationMatch=1")).status).toBe(412);
  expect((await post("a.txt/rewriteTo/b/photos/o/c.txt?ifGenerationMatch=0")).status).toBe(412);
  expect((await post("none/copyTo/b/photos/o/d")).status).toBe(404);
  expect((await post("d/compose", { sourceObjects: [] })).status).toBe(400);
});

test("gzip is decompressed for who does not accept it, and only then", async () => {
  const { url } = await emulatorOver({ "photos/other": "" });
  const text = "transcoded ".repeat(100);
  const stored = gzipSync(text);
  await put(url, "z.txt", stored, "&contentEncoding=gzip");
  const get = (accept: string, range?: string) =>
    fetch(`${url}/storage/v1/b/photos/o/z.txt?alt=media`, {
      headers: { "accept-encoding": accept, ...(range === undefined ? {} : { range }) },
    });
  const plain = await get("identity", "bytes=0-3");
  expect([plain.status, await plain.text()]).toEqual([200, text]);
  expect(Object.fromEntries(plain.headers)).toMatchObject({
    warning: "214 UploadServer gunzipped",
    vary: "Accept-Encoding",
    "x-goog-stored-content-encoding": "gzip",
    "x-goog-stored-content-length": String(stored.length),
  });
  expect(plain.headers.get("content-encoding")).toBeNull();
  const compressed = await get("gzip");
  expect([compressed.headers.get("content-encoding"), compressed.headers.get("content-length"), await compressed.text()]).toEqual([
    "gzip",
    String(stored.length),
    text,
  ]);
  const part = await get("gzip", "bytes=0-3");
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 0-3/${stored.length}`]);
  await part.body?.cancel();
  expect((await get("gzip;q=0")).headers.get("warning")).toBe("214 UploadServer gunzipped");
  await fetch(`${url}/storage/v1/b/photos/o/z.txt`, { method: "PATCH", body: '{"cacheControl":"no-transform"}' });
  expect((await get("identity")).headers.get("content-length")).toBe(String(stored.length));
});
