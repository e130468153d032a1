import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { imageReader } from "../src/read-image.ts";
import type { ImageRecord } from "../src/record/types.ts";
import type { Storage, StorageObject } from "../src/storage/contract.ts";
import { gcs } from "../src/storage/gcs/storage.ts";
import { resolveOptions } from "../src/storage/options.ts";
import { app, jfifSegment, jpegFile } from "./builders/jpeg.ts";
import { expectRecord } from "./schema.ts";
import { openBucket, type TestBucket } from "./storage/bucket.ts";

const never = new AbortController().signal;
let bucket: TestBucket;
let storage: Storage;

beforeAll(async () => {
  bucket = await openBucket();
  storage = gcs(resolveOptions({ emulatorHost: bucket.emulator.url, backoff: 1, stall: 500 }));
});
beforeEach(() => bucket.emulator.faults.clear());
afterAll(async () => {
  await storage.close();
  await bucket.close();
});

/** A photo whose headers take `headers` bytes. */
function photo(headers: number, pixels = 300_000): Buffer {
  const filler = Array.from({ length: Math.ceil(headers / 60_000) }, (_, i) =>
    app(10, Buffer.alloc(Math.min(60_000, headers - 60_000 * i))),
  );
  return jpegFile([jfifSegment(), ...filler], pixels);
}

async function read(object: StorageObject, reader = imageReader()): Promise<ImageRecord> {
  const record = await reader.read(storage, object, never);
  expectRecord(record);
  return record;
}

test("one request for a photo, its record complete", async () => {
  const bytes = photo(2000);
  const generation = await bucket.put("one.jpg", bytes);
  const record = await read({ uri: "gs://photos/one.jpg" });
  expect(record).toMatchObject({
    uri: "gs://photos/one.jpg",
    object: { bucket: "photos", name: "one.jpg", generation, size: bytes.length, contentType: "image/jpeg" },
    format: "JPEG",
    width: 320,
    height: 200,
    read: { requests: 1, bytes: 65_536 },
  });
});

test("what lies further is fetched in a second request", async () => {
  await bucket.put("two.jpg", photo(100_000));
  expect(await read({ uri: "gs://photos/two.jpg" })).toMatchObject({ width: 320, read: { requests: 2 } });
});

test("500 photos with 150 KB of headers: the first read adapts", async () => {
  await bucket.put("large.jpg", photo(150_000));
  const reader = imageReader();
  const records: ImageRecord[] = [];
  for (let i = 0; i < 500; i++) records.push(await read({ uri: "gs://photos/large.jpg" }, reader));
  const inOne = records.filter((record) => record.read.requests === 1).length;
  expect(inOne).toBeGreaterThanOrEqual(475);
  expect(records.at(-1)?.read).toEqual({ requests: 1, bytes: 160 << 10 });
});

test("a listed generation that was replaced: the live one is read", async () => {
  const old = await bucket.put("newer.jpg", photo(100));
  const live = await bucket.put("newer.jpg", photo(200));
  const info = { bucket: "photos", name: "newer.jpg", generation: old, size: 5 };
  expect(await read({ uri: "gs://photos/newer.jpg", info })).toMatchObject({
    object: { generation: live },
    width: 320,
    read: { requests: 2 },
  });
});

test("a listed generation that was deleted is NOT_FOUND, with what the list said", async () => {
  const generation = await bucket.put("deleted.jpg", photo(100));
  await bucket.remove("deleted.jpg");
  const record = await read({ uri: "gs://photos/deleted.jpg", info: { bucket: "photos", name: "deleted.jpg", generation } });
  expect(record).toMatchObject({ error: { code: "NOT_FOUND" }, read: { requests: 2 } });
});

test("replaced again and again while it is read: CHANGED", async () => {
  let version = 0;
  const restless: Storage = {
    ...storage,
    async open(object, signal) {
      const stored = await storage.open(object, signal);
      return {
        get info() {
          return stored.info;
        },
        get size() {
          return stored.size;
        },
        get cost() {
          return stored.cost;
        },
        async read(ranges, stop) {
          const parts = await stored.read(ranges, stop);
          await bucket.put("restless.jpg", photo(100_000 + version++));
          return parts;
        },
        close: () => stored.close(),
      };
    },
  };
  await bucket.put("restless.jpg", photo(100_000));
  const record = await imageReader().read(restless, { uri: "gs://photos/restless.jpg" }, never);
  expectRecord(record);
  expect(record.error?.code).toBe("CHANGED");
});

test("what is no image, empty or broken says so", async () => {
  await bucket.put("text.jpg", Buffer.from("this is text".repeat(10)));
  await bucket.put("empty.jpg", Buffer.alloc(0));
  expect((await read({ uri: "gs://photos/text.jpg" })).error?.code).toBe("NOT_AN_IMAGE");
  expect((await read({ uri: "gs://photos/empty.jpg" })).error?.code).toBe("EMPTY");
  expect((await read({ uri: "gs://photos/none.jpg" })).error?.code).toBe("NOT_FOUND");
  expect((await read({ uri: "gs://nothing" })).error?.code).toBe("NOT_FOUND");
});

test("beyond the limit of requests, what was not fetched is warned of", async () => {
  await bucket.put("limited.jpg", photo(200_000));
  const record = await read({ uri: "gs://photos/limited.jpg" }, imageReader({ limits: { requests: 1 } }));
  expect(record.read.requests).toBe(1);
  expect(record.error === undefined ? record.warnings.map(({ code }) => code) : [record.error.code]).toContain("NOT_READ");
});

test("retries are counted, their bytes too", async () => {
  await bucket.put("faulty.jpg", photo(2000));
  bucket.emulator.faults.add({ kinds: ["503"], times: 2 });
  const record = await read({ uri: "gs://photos/faulty.jpg" });
  expect(record.read.requests).toBe(3);
  expect(record.read.bytes).toBeGreaterThan(65_536);
});

test("an image whose storage fails is UNAVAILABLE; the signal's reason rejects", async () => {
  bucket.emulator.faults.add({ kinds: ["503"] });
  expect((await read({ uri: "gs://photos/one.jpg" })).error?.code).toBe("UNAVAILABLE");
  const stop = new AbortController();
  const reading = imageReader().read(storage, { uri: "gs://photos/one.jpg" }, stop.signal);
  stop.abort("enough");
  await expect(reading).rejects.toBe("enough");
});
