import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { TokenSource } from "../../../src/auth/token-source.ts";
import type { Storage, StorageObject } from "../../../src/storage/contract.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions, type StorageOptions } from "../../../src/storage/options.ts";
import { counted, rejection } from "../../conformance/storage.ts";
import { openBucket, type TestBucket } from "../bucket.ts";

const never = new AbortController().signal;
const bytes = counted(200_000);
let bucket: TestBucket;
const open: Storage[] = [];

beforeAll(async () => {
  bucket = await openBucket();
  await bucket.put("a.jpg", bytes);
});
beforeEach(() => bucket.emulator.faults.clear());
afterAll(async () => {
  for (const storage of open) await storage.close();
  await bucket.close();
});

function storageWith(options: StorageOptions = {}, tokens?: TokenSource): Storage {
  const storage = gcs(resolveOptions({ emulatorHost: bucket.emulator.url, backoff: 1, stall: 200, ...options }), tokens);
  open.push(storage);
  return storage;
}

async function readFirst(storage: Storage, object: StorageObject, end = 100_000) {
  const stored = await storage.open(object, never);
  const [part] = await stored.read([{ start: 0, end }], never);
  return { part: Buffer.from(part ?? []), cost: stored.cost, info: stored.info };
}

const uri = "gs://photos/a.jpg";

test.each(["503", "429", "reset"] as const)("asks again after %s, and counts it", async (kind) => {
  bucket.emulator.faults.add({ kinds: [kind], times: 2, retryAfter: 0 });
  const { part, cost } = await readFirst(storageWith(), { uri });
  expect(part).toEqual(bytes.subarray(0, 100_000));
  expect(cost).toEqual({ requests: 3, bytes: expect.any(Number) });
});

test("a body that breaks off goes on where it stopped", async () => {
  bucket.emulator.faults.add({ kinds: ["truncate"], times: 2 });
  const { part, cost } = await readFirst(storageWith(), { uri });
  expect(part).toEqual(bytes.subarray(0, 100_000));
  expect(cost).toEqual({ requests: 3, bytes: 100_000 });
});

test("a body that stalls is given up and goes on", async () => {
  bucket.emulator.faults.add({ kinds: ["stall"], times: 1 });
  const { part, cost } = await readFirst(storageWith(), { uri });
  expect(part).toEqual(bytes.subarray(0, 100_000));
  expect(cost).toEqual({ requests: 2, bytes: 100_000 });
});

test("waits as long as Retry-After asks, and gives up where that is past the deadline", async () => {
  bucket.emulator.faults.add({ kinds: ["429"], times: 1, retryAfter: 30 });
  expect(await rejection(readFirst(storageWith({ deadline: 5000 }), { uri }))).toBe("UNAVAILABLE");
  expect(bucket.emulator.faults.state()).toMatchObject({ rules: [{ struck: 1 }] });
});

test("gives up after six attempts, and says what was tried", async () => {
  bucket.emulator.faults.add({ kinds: ["503"] });
  await expect(readFirst(storageWith(), { uri })).rejects.toThrow(/reading gs:\/\/photos\/a\.jpg: asked 6 times.*503/);
  expect(bucket.emulator.faults.state()).toMatchObject({ rules: [{ struck: 6 }] });
});

test("the deadline ends a request that never ends", async () => {
  bucket.emulator.faults.add({ latency: 5000 });
  await expect(readFirst(storageWith({ deadline: 100, stall: 4000 }), { uri })).rejects.toThrow(/deadline/);
});

test("a list is asked again", async () => {
  bucket.emulator.faults.add({ kinds: ["503", "truncate", "reset"], times: 3 });
  const names: unknown[] = [];
  for await (const page of storageWith().list({ root: "gs://photos" }, never)) names.push(...page.map(({ info }) => info.name));
  expect(names).toContain("a.jpg");
});

test("no server answers: three attempts", async () => {
  const storage = storageWith({ emulatorHost: "127.0.0.1:1" });
  await expect(readFirst(storage, { uri })).rejects.toThrow(/asked 3 times.*ECONNREFUSED/);
});

test("a token that was refused is renewed once for all requests", async () => {
  let renewed = 0;
  const tokens: TokenSource = {
    token: () => `token-${renewed}`,
    async refused() {
      renewed++;
    },
  };
  bucket.emulator.faults.add({ kinds: ["401"], times: 1 });
  expect((await readFirst(storageWith({}, tokens), { uri })).part.length).toBe(100_000);
  bucket.emulator.faults.add({ kinds: ["401"] });
  await expect(readFirst(storageWith({}, tokens), { uri })).rejects.toThrow(/refused the credentials/);
  expect(renewed).toBe(2);
  await expect(readFirst(storageWith(), { uri })).rejects.toThrow(/no credentials were found/);
});

test("what is known from the first answer is what a list says, but for its finer time", async () => {
  await bucket.put("known.jpg", counted(500));
  const storage = storageWith();
  const { info } = await readFirst(storage, { uri: "gs://photos/known.jpg" });
  for await (const page of storage.list({ root: "gs://photos", prefix: "known" }, never)) {
    const { timeCreated, etag, updated, ...rest } = page[0]?.info ?? {};
    expect(info).toEqual({ ...rest, updated: `${updated?.slice(0, 19)}.000Z` });
  }
});

test("a list's generation that is gone is CHANGED, an object that never was is NOT_FOUND", async () => {
  const generation = await bucket.put("gone.jpg", counted(50));
  await bucket.put("gone.jpg", counted(60));
  const info = { bucket: "photos", name: "gone.jpg", generation };
  expect(await rejection(readFirst(storageWith(), { uri: "gs://photos/gone.jpg", info }))).toBe("CHANGED");
  await expect(readFirst(storageWith(), { uri: "gs://no-such-bucket/gone.jpg" })).rejects.toThrow(/no bucket no-such-bucket/);
});

test("stored compressed: only as much is fetched as is inflated", async () => {
  const content = Buffer.alloc(1_000_000);
  for (let i = 0; i < content.length; i++) content[i] = (Math.imul(i, 2654435761) >>> 24) ^ (i >> 3);
  const stored = gzipSync(content);
  await bucket.put("compressed.jpg", stored, { contentEncoding: "gzip" });
  const { part, cost, info } = await readFirst(storageWith(), { uri: "gs://photos/compressed.jpg" }, 20_000);
  expect(part).toEqual(content.subarray(0, 20_000));
  expect(info).toMatchObject({ contentEncoding: "gzip", size: stored.length });
  expect(cost.bytes).toBeLessThan(200_000);
});

test("STORAGE_EMULATOR_HOST may leave out the scheme", async () => {
  const storage = storageWith({ emulatorHost: bucket.emulator.url.replace("http://", "") });
  expect((await readFirst(storage, { uri })).part.length).toBe(100_000);
});
