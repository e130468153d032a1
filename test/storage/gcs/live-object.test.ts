import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Storage } from "../../../src/storage/contract.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { counted, rejection } from "../../conformance/storage.ts";
import { openBucket, type TestBucket } from "../bucket.ts";

const never = new AbortController().signal;
let bucket: TestBucket;
let storage: Storage;

beforeAll(async () => {
  bucket = await openBucket();
  storage = gcs(resolveOptions({ emulatorHost: bucket.emulator.url, backoff: 1, stall: 200 }));
});
beforeEach(() => bucket.emulator.faults.clear());
afterAll(async () => {
  await storage.close();
  await bucket.close();
});

const find = (uri: string) => storage.findLive?.(uri, never);

test.each(["a.jpg", "a b/c%2F?#.jpg", "ünï/../日本", "a'()!*.jpg"])("describes the live version of %s as a list does", async (name) => {
  await bucket.put(name, counted(10));
  const generation = await bucket.put(name, counted(20));
  const found = await find(`gs://photos/${name}`);
  expect(found).toMatchObject({ bucket: "photos", name, generation, metageneration: "1", size: 20, contentType: "image/jpeg" });
  for await (const page of storage.list({ root: "gs://photos", prefix: name }, never))
    expect(page.map(({ info }) => info)).toEqual([found]);
});

test("finds nothing if the object is deleted, was never there, or its bucket is gone", async () => {
  await bucket.put("b.jpg", counted(10));
  await bucket.remove("b.jpg");
  expect([await find("gs://photos/b.jpg"), await find("gs://photos/never.jpg"), await find("gs://other/b.jpg")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a refusal and an outage say nothing about the object", async () => {
  await bucket.put("c.jpg", counted(10));
  bucket.emulator.faults.add({ kinds: ["403"], times: 1 });
  expect(await rejection(find("gs://photos/c.jpg") as Promise<unknown>)).toBe("FORBIDDEN");
  bucket.emulator.faults.clear();
  bucket.emulator.faults.add({ kinds: ["503"], retryAfter: 0 });
  expect(await rejection(find("gs://photos/c.jpg") as Promise<unknown>)).toBe("UNAVAILABLE");
});
