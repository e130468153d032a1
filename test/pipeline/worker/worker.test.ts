import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { context, propagation, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Readers } from "../../../src/pipeline/reading/readers.ts";
import { askBucketOf } from "../../../src/pipeline/worker/ask-bucket.ts";
import { EventHandler } from "../../../src/pipeline/worker/event-handler.ts";
import type { EventOutcome } from "../../../src/pipeline/worker/outcomes.ts";
import { traced, traceUnderWay } from "../../../src/pipeline/worker/trace.ts";
import { Worker } from "../../../src/pipeline/worker/worker.ts";
import type { ImageRecord } from "../../../src/record/types.ts";
import { Storages } from "../../../src/storage/table.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { openBucket, type TestBucket } from "../../storage/bucket.ts";
import { type BucketReaders, image, localReaders } from "../scan/scanning.ts";
import { type TestQueue, type TestTopic, testQueue, testTopic } from "./queue.ts";

let bucket: TestBucket;
let folder: string;
let store: Catalogue;
let storages: Storages;
let readers: BucketReaders;
let queue: TestQueue;
let dead: TestTopic;
let outcomes: (EventOutcome & { isTaken: boolean })[];
const stop: AbortController[] = [];

beforeEach(async () => {
  bucket = await openBucket();
  folder = mkdtempSync(`${tmpdir()}/imagemeta-worker-`);
  store = await openSqlite(`${folder}/catalog.db`);
  storages = new Storages({ emulatorHost: bucket.emulator.url, backoff: 5, stall: 300 });
  readers = localReaders(bucket.emulator.url);
  queue = testQueue();
  dead = testTopic();
  outcomes = [];
});
afterEach(async () => {
  for (const each of stop.splice(0)) each.abort(new Error("the test is over"));
  await readers.close();
  await storages.close();
  await store.close();
  await bucket.close();
  rmSync(folder, { recursive: true });
});

function work(into: Catalogue = store, reading: Readers = readers, buckets?: readonly string[]): Worker {
  const ending = new AbortController();
  stop.push(ending);
  const handler = new EventHandler({
    store: into,
    readers: reading,
    askBucket: askBucketOf(storages),
    findLive: (uri) => readers.findLive(uri),
    trust: { facts: true, removals: false },
    all: false,
    ...(buckets && { buckets }),
    signal: ending.signal,
    pause: 5,
    listener: { read() {}, stored() {}, waiting() {} },
  });
  const worker = new Worker({
    subscription: queue,
    deadLetters: dead,
    handler,
    traced,
    listener: { answered: (_delivery, _event, outcome, isTaken) => outcomes.push({ ...outcome, isTaken }), failed() {}, held() {} },
  });
  worker.run();
  return worker;
}

async function written(name: string, i = 0) {
  const generation = await bucket.put(name, image(i));
  const object = await (await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`)).text();
  return {
    data: Buffer.from(object),
    attributes: {
      eventType: "OBJECT_FINALIZE",
      bucketId: "photos",
      objectId: name,
      objectGeneration: generation,
      payloadFormat: "JSON_API_V1",
    },
  };
}

test("no message is acknowledged before another connection to the store can read its record", async () => {
  const order: string[] = [];
  // A catalogue that says when what it was given became durable: when the real one has resolved.
  const watched = new Proxy(store, {
    get(target, property) {
      if (property !== "put") {
        const value = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (records: readonly ImageRecord[]) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const result = await target.put(records);
        for (const { uri } of records) order.push(`durable ${uri}`);
        return result;
      };
    },
  });
  work(watched);
  const other = new DatabaseSync(`${folder}/catalog.db`, { readOnly: true });
  const held = other.prepare("select 1 from records where uri = ?");
  await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const answer = await queue.deliver(await written(`${i}.jpg`, i));
      order.push(`${answer} gs://photos/${i}.jpg`);
      expect(held.get(`gs://photos/${i}.jpg`), `${i}.jpg`).toBeDefined();
    }),
  );
  other.close();
  for (let i = 0; i < 60; i++) {
    const uri = `gs://photos/${i}.jpg`;
    expect(order.indexOf(`acknowledged ${uri}`), uri).toBeGreaterThan(order.indexOf(`durable ${uri}`));
  }
  expect(order.filter((line) => line.startsWith("acknowledged"))).toHaveLength(60);
});

test("SQLite flushes each commit of the catalogue to the disk", async () => {
  const executed = vi.spyOn(DatabaseSync.prototype, "exec");
  const catalogue = await openSqlite(`${folder}/other.db`);
  const [database] = executed.mock.contexts;
  executed.mockRestore();
  expect((database as DatabaseSync).prepare("pragma synchronous").get()).toEqual({ synchronous: 2 });
  expect((database as DatabaseSync).prepare("pragma journal_mode").get()).toEqual({ journal_mode: "wal" });
  await catalogue.close();
});

test("exactly once: an acknowledgement that Pub/Sub refuses is told, and doing it again changes nothing", async () => {
  work();
  const message = await written("a.jpg");
  queue.takesAnswers = false;
  expect(await queue.deliver(message)).toBe("refused");
  queue.takesAnswers = true;
  expect(await queue.deliver(message, 2)).toBe("acknowledged");
  await expect.poll(() => outcomes.map(({ isTaken }) => isTaken)).toEqual([false, true]);
  expect(await store.get("gs://photos/a.jpg")).toMatchObject({ format: expect.any(String) });
});

test("a message that comes for the third time runs alone", async () => {
  let underWay = 0;
  const seen: { uri: string; others: number }[] = [];
  const counted: Readers = {
    capacity: 8,
    async read(object) {
      underWay++;
      await new Promise((resolve) => setTimeout(resolve, 10));
      const others = underWay - 1;
      const record = await readers.read(object);
      seen.push({ uri: object.uri, others: Math.max(others, underWay - 1) });
      underWay--;
      return record;
    },
    close: () => readers.close(),
  };
  const messages = await Promise.all(Array.from({ length: 30 }, (_, i) => written(`${i}.jpg`, i)));
  work(store, counted);
  await Promise.all(messages.map((message, i) => queue.deliver(message, i % 10 === 3 ? 3 : 1)));
  for (const i of [3, 13, 23]) expect(seen.find(({ uri }) => uri === `gs://photos/${i}.jpg`)).toMatchObject({ others: 0 });
  expect(seen.some(({ others }) => others > 0)).toBe(true);
});

test("a row that the store does not take is a dead letter, and its batch is written", async () => {
  const refusing = new Proxy(store, {
    get(target, property) {
      const value = Reflect.get(target, property);
      if (property !== "put") return typeof value === "function" ? value.bind(target) : value;
      // A generation that is none makes the real catalogue refuse this row.
      return (records: readonly ImageRecord[]) =>
        target.put(
          records.map((record) => (record.uri.endsWith("/1.jpg") ? { ...record, object: { ...record.object, generation: "x" } } : record)),
        );
    },
  });
  work(refusing);
  const answers = await Promise.all([0, 1, 2].map(async (i) => queue.deliver(await written(`${i}.jpg`, i))));
  expect(answers).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
  expect(dead.sent).toHaveLength(1);
  expect(dead.sent[0]?.attributes).toMatchObject({ objectId: "1.jpg", "imagemeta-error-code": "MALFORMED" });
  expect(await store.get("gs://photos/0.jpg")).toBeDefined();
  expect(await store.get("gs://photos/1.jpg")).toBeUndefined();
  expect(await store.get("gs://photos/2.jpg")).toBeDefined();
});

test("an event of a bucket that is none of those named is a dead letter, and nothing is asked of that bucket", async () => {
  const message = await written("a.jpg");
  const asked: string[] = [];
  const watched = new Proxy(readers, {
    get: (target, property) => (property === "read" ? (object: { uri: string }) => asked.push(object.uri) : Reflect.get(target, property)),
  });
  work(store, watched, ["others", "more"]);
  expect(await queue.deliver(message)).toBe("acknowledged");
  expect(dead.sent[0]?.attributes).toMatchObject({
    objectId: "a.jpg",
    "imagemeta-error-code": "FORBIDDEN",
    "imagemeta-error": "photos is none of the buckets whose events are taken: others, more",
  });
  expect([asked, await store.get("gs://photos/a.jpg")]).toEqual([[], undefined]);
});

test("an event of a bucket that is named is taken", async () => {
  work(store, readers, ["others", "photos"]);
  expect(await queue.deliver(await written("a.jpg"))).toBe("acknowledged");
  expect(await store.get("gs://photos/a.jpg")).toBeDefined();
});

test("attributes that leave no room, and values of many bytes, do not keep a dead letter from being sent", async () => {
  work();
  const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key-${i}`, "é".repeat(500)]));
  expect(await queue.deliver({ attributes: { ...attributes, eventType: "é".repeat(512) } })).toBe("acknowledged");
  const [sent] = dead.sent;
  expect(Object.keys(sent?.attributes ?? {}).length).toBeLessThanOrEqual(100);
  for (const value of Object.values(sent?.attributes ?? {})) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024);
  expect(sent?.attributes["imagemeta-error-code"]).toBe("MALFORMED");
});

test("when it leaves, what it has not begun goes back at once and what is under way is finished", async () => {
  bucket.emulator.faults.add({ latency: 200, match: "^GET /photos/" });
  const messages = await Promise.all(Array.from({ length: 4 }, (_, i) => written(`${i}.jpg`, i)));
  const alone = { ...readers, capacity: 1, read: readers.read.bind(readers), close: readers.close.bind(readers) };
  const worker = work(store, alone);
  const answers = messages.map((message, i) => queue.deliver(message, i < 1 ? 1 : 3));
  await worker.leave(5000, () => {});
  expect(queue.isClosed).toBe(true);
  expect(await Promise.all(answers)).toEqual(["acknowledged", "handed back", "handed back", "handed back"]);
  expect(await queue.deliver(await written("late.jpg"))).toBe("handed back");
});

test("what cannot be finished in time goes back", async () => {
  bucket.emulator.faults.add({ kinds: ["stall"], match: "^GET /photos/" });
  const ending = new AbortController();
  stop.push(ending);
  const worker = work();
  const answer = queue.deliver(await written("a.jpg"));
  await worker.leave(1700, () => stop[1]?.abort(new Error("the worker leaves")));
  expect(await answer).toBe("handed back");
});

test("the trace of a message goes on where its work is done", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  try {
    let during: ReturnType<typeof traceUnderWay>;
    const attributes = {
      googclient_traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      bucketId: "photos",
      objectId: "a.jpg",
    };
    await traced(attributes, async () => {
      during = traceUnderWay();
    });
    const [span] = exporter.getFinishedSpans();
    expect(span?.spanContext().traceId).toBe("0af7651916cd43dd8448eb211c80319c");
    expect(span?.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
    expect(span?.attributes).toMatchObject({ "gcp.gcs.object": "a.jpg" });
    expect(during).toEqual({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: span?.spanContext().spanId });
  } finally {
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  }
  expect(traceUnderWay()).toBeUndefined();
});
