/** What a recovery publishes, with Google's Pub/Sub emulator, the project's storage emulator and SQLite. */
import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import type { Message } from "@google-cloud/pubsub";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventOfMessage } from "../../../src/pipeline/events/notification.ts";
import { pause, pauseOf } from "../../../src/pipeline/notifications/pause.ts";
import { cursorOf, putCursor } from "../../../src/pipeline/recovery/cursor.ts";
import { type Comparison, dryRecover, type RecoverListener, recover } from "../../../src/pipeline/recovery/recover.ts";
import { isNotThere } from "../../../src/pipeline/scan/prune.ts";
import { scan } from "../../../src/pipeline/scan/scan.ts";
import { newTotals } from "../../../src/pipeline/scan/totals.ts";
import { PubsubQueue } from "../../../src/queue/pubsub/queue.ts";
import { BucketControl } from "../../../src/storage/gcs/bucket-control.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { looksLikeImage } from "../../../src/storage/selection.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { hasPubsubEmulator, type PubsubEmulator, startPubsub } from "../../pubsub-emulator.ts";
import { openPipeline, type PipelineBench, project } from "../running-pipeline.ts";
import { localReaders } from "../scan/scanning.ts";

const hour = 3_600_000;

describe.runIf(hasPubsubEmulator())("recover", { timeout: 60_000 }, () => {
  let emulator: PubsubEmulator;
  let bench: PipelineBench;
  let queue: PubsubQueue;
  let bucket: BucketControl;
  let store: Catalogue;
  beforeAll(async () => {
    emulator = await startPubsub();
    process.env.PUBSUB_EMULATOR_HOST = emulator.host;
    queue = await PubsubQueue.open(project);
  }, 120_000);
  afterAll(async () => {
    delete process.env.PUBSUB_EMULATOR_HOST;
    await queue?.close();
    await emulator?.stop();
  });
  beforeEach(async () => {
    bench = await openPipeline(emulator.host);
    process.env.STORAGE_EMULATOR_HOST = bench.emulator.url;
    bucket = await BucketControl.open("photos", { project });
    store = await bench.store();
    await bench.pubsub.createTopic(bench.topic);
  });
  afterEach(async () => {
    delete process.env.STORAGE_EMULATOR_HOST;
    await bench.close();
  });

  const topicName = () => queue.topicName(bench.topic);
  const place = () => {
    const storage = gcs(resolveOptions({ emulatorHost: bench.emulator.url }));
    return {
      storage,
      list: (signal: AbortSignal) =>
        storage.listParallel?.({ root: "gs://photos" }, signal) ?? storage.list({ root: "gs://photos" }, signal),
      uriPrefix: "gs://photos/",
      wants: ({ info = {} }: { info?: object }) => looksLikeImage(info),
      requests: 0,
    };
  };
  /** The store holds what the bucket has now. */
  async function scanned(): Promise<void> {
    const readers = localReaders(bench.emulator.url);
    const { signal } = new AbortController();
    const listener = { allListed() {}, waiting() {}, failed() {} };
    const totals = newTotals();
    await scan({ place: place(), store, readers, reread: {}, patience: 0, signal, totals, listener });
    await readers.close();
  }

  interface Recovered {
    readonly messages: readonly Message[];
    readonly heard: readonly string[];
    readonly compared: Comparison | undefined;
  }

  /** Recovers, and gives the messages that were recovered, in the order of their objects. */
  async function recovered(
    since: string,
    options: Partial<Parameters<typeof recover>[0]> = {},
    on: { readonly published?: () => void; readonly settling?: () => void } = {},
  ): Promise<Recovered> {
    const { subscription, messages } = await listening();
    const heard: string[] = [];
    let compared: Comparison | undefined;
    const { storage, ...where } = place();
    const signal = options.signal ?? new AbortController().signal;
    const listener: RecoverListener = {
      goesOn: ({ published }) => heard.push(`goes on after ${published}`),
      connected: (made) => heard.push(made),
      wroteMarker: () => heard.push("marker"),
      markerArrived: () => heard.push("arrived"),
      settling(milliseconds, why) {
        heard.push([`settling ${milliseconds}`, why].filter(Boolean).join(": "));
        on.settling?.();
      },
      compared: (sum) => (compared = sum),
      published: () => on.published?.(),
      pauseIs: (what, why) => heard.push([what, why].filter(Boolean).join(": ")),
    };
    try {
      await recover({
        bucket,
        place: where,
        mayHave: () => true,
        isNotThere: (uri) => isNotThere(uri, storage, signal),
        store,
        topicName: topicName(),
        topic: queue.topic(bench.topic),
        subscribe: (filter) => queue.temporary(bench.topic, filter),
        since,
        rate: 1000,
        markerPatience: 30_000,
        settle: 0,
        signal,
        listener,
        ...options,
      });
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
    // What was published before this one has been delivered when it comes.
    await bench.pubsub.topic(bench.topic).publishMessage({ data: Buffer.from("end"), attributes: { "imagemeta-recovered": "end" } });
    await expect.poll(() => messages.some(({ data }) => data.toString() === "end"), { timeout: 20_000 }).toBe(true);
    await subscription.close();
    const events = messages.filter(({ data }) => data.toString() !== "end");
    return { messages: events.sort((a, b) => ((a.attributes.objectId ?? "") < (b.attributes.objectId ?? "") ? -1 : 1)), heard, compared };
  }

  /** From now on, what was recovered is taken. */
  async function listening() {
    const [subscription] = await bench.pubsub.createSubscription(bench.topic, `all-${Math.random().toString(36).slice(2)}`);
    const messages: Message[] = [];
    subscription.on("message", (message: Message) => {
      message.ack();
      if ("imagemeta-recovered" in message.attributes) messages.push(message);
    });
    return { subscription, messages };
  }

  const told = ({ messages }: Recovered) => messages.map(({ attributes }) => `${attributes.eventType} ${attributes.objectId}`);

  /** Of a pause: one of each is made, replaced, changed, deleted, or left. */
  async function changesDuringPause(): Promise<void> {
    for (const name of ["changed.jpg", "deleted.jpg", "left.jpg", "replaced.jpg"]) await bench.put(name);
    await scanned();
    await bucket.create({
      topic: `//pubsub.googleapis.com/${topicName()}`,
      payload_format: "JSON_API_V1",
      custom_attributes: { team: "a" },
    });
    await pause(bucket, store, undefined, new Date());
    await bench.put("made.jpg");
    await bench.put("notes.txt.jpg", 1);
    await bench.put("replaced.jpg", 1);
    await bench.bucket.file("changed.jpg").setMetadata({ metadata: { by: "me" } });
    await bench.bucket.file("deleted.jpg").delete();
    await bench.bucket.file("readme.txt").save("no image", { resumable: false, contentType: "text/plain" });
  }
  const changes = [
    "OBJECT_METADATA_UPDATE changed.jpg",
    "OBJECT_DELETE deleted.jpg",
    "OBJECT_FINALIZE made.jpg",
    "OBJECT_FINALIZE notes.txt.jpg",
    "OBJECT_FINALIZE replaced.jpg",
  ];

  test.each(["paused", "newest", "all", "an hour ago"])(
    "--since %s: all changes of the pause, and nothing else; then the pause is over",
    async (since) => {
      await changesDuringPause();
      const word = since === "an hour ago" ? new Date(Date.now() - hour).toISOString() : since;
      const ran = await recovered(word);
      expect(told(ran)).toEqual(changes);
      expect(ran.heard).toEqual(["restored", "settling 0", "cleared"]);
      expect(await pauseOf(store, "photos")).toBeUndefined();
      expect(await cursorOf(store, "photos")).toBeUndefined();
      expect(await bucket.configurations()).toMatchObject([{ custom_attributes: { team: "a" } }]);
    },
  );

  test("each message has the form that Cloud Storage itself sends, and one attribute more", async () => {
    await changesDuringPause();
    const held = (await store.lookup(["gs://photos/replaced.jpg"]))[0];
    const { messages } = await recovered("paused");
    const [metadata] = await bench.bucket.file("replaced.jpg").getMetadata();
    const replaced = messages.at(-1);
    expect(replaced?.attributes).toEqual({
      team: "a",
      notificationConfig: "projects/_/buckets/photos/notificationConfigs/2",
      eventType: "OBJECT_FINALIZE",
      payloadFormat: "JSON_API_V1",
      bucketId: "photos",
      objectId: "replaced.jpg",
      objectGeneration: metadata.generation,
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      overwroteGeneration: held?.generation,
      "imagemeta-recovered": expect.stringMatching(/Z$/),
    });
    const resource = JSON.parse(String(replaced?.data));
    expect(metadata).toMatchObject(resource);
    expect(resource).toMatchObject({ kind: "storage#object", md5Hash: metadata.md5Hash, size: metadata.size, metageneration: "1" });
    const [updated, deleted] = messages.map((message) => eventOfMessage({ ...message, attributes: message.attributes }));
    expect(updated).toMatchObject({ change: "updated", isDescribed: true, info: { metageneration: "2", metadata: { by: "me" } } });
    expect(deleted).toMatchObject({ change: "removed", uri: "gs://photos/deleted.jpg" });
  });

  test("what the store lacks from before is counted and left; --all publishes it, and what another try may mend", async () => {
    await bench.put("old.jpg");
    await bench.put("failed.jpg");
    await bench.put("held.jpg");
    await scanned();
    const [failed] = await bench.bucket.file("failed.jpg").getMetadata();
    const record = await store.get("gs://photos/failed.jpg");
    await store.remove(["old.jpg", "failed.jpg"].map((name) => ({ uri: `gs://photos/${name}` })));
    const fresh = await openPipeline(emulator.host);
    try {
      const { uri, schema, engine, values, object, read } = record ?? ({} as never);
      const other = await fresh.store();
      await other.put([{ uri, schema, engine, values, object, read, error: { code: "UNAVAILABLE", message: "for a while" } }]);
      const held = await store.get("gs://photos/held.jpg");
      if (held) await other.put([held]);
      expect((await other.lookup([uri]))[0]).toMatchObject({ generation: failed.generation, error: "UNAVAILABLE" });
      const late = new Date(Date.now() + hour).toISOString();
      const left = await recovered(late, { store: other });
      expect(told(left)).toEqual([]);
      expect(left.compared).toMatchObject({ images: 3, older: 1, unread: 1, left: 0 });
      expect(told(await recovered("all", { store: other }))).toEqual(["OBJECT_FINALIZE failed.jpg", "OBJECT_FINALIZE old.jpg"]);
    } finally {
      await fresh.close();
    }
  });

  test("an object that has come again is not told to be deleted", async () => {
    await bench.put("back.jpg");
    await bench.put("gone.jpg");
    await scanned();
    for (const name of ["back.jpg", "gone.jpg"]) await bench.bucket.file(name).delete();
    const { storage: _, ...where } = place();
    const list = async function* (signal: AbortSignal) {
      yield* where.list(signal);
      await bench.put("back.jpg", 1);
    };
    expect(told(await recovered("all", { place: { ...where, list } }))).toEqual(["OBJECT_DELETE gone.jpg"]);
  });

  test("a marker's event is waited for; the marker and its subscription are gone then", async () => {
    await bench.put("a.jpg");
    const { heard } = await recovered("all", { settle: undefined });
    expect(heard).toEqual(["made", "marker", "arrived", "none"]);
    expect((await bench.bucket.getFiles())[0].map(({ name }) => name)).toEqual(["a.jpg"]);
    const [subscriptions] = await bench.pubsub.topic(bench.topic).getSubscriptions();
    expect(subscriptions.map(({ name }) => name).filter((name) => name.includes("/subscriptions/imagemeta-"))).toEqual([]);
  });

  test("where no event of the marker comes in time nothing is published, and it says what to see to", async () => {
    await bench.put("a.jpg");
    await bucket.create({ topic: `//pubsub.googleapis.com/${topicName()}`, payload_format: "NONE", object_name_prefix: "in/" });
    // Cloud Storage would tell of it; a subscription of another topic never hears.
    await bench.pubsub.createTopic(`${bench.topic}-deaf`);
    const deaf = recovered("all", {
      settle: undefined,
      markerPatience: 300,
      subscribe: (filter: string) => queue.temporary(`${bench.topic}-deaf`, filter),
    });
    await expect(deaf).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/gs:\/\/photos\/in\/\.imagemeta\/marker-.* nothing is published/),
    });
    expect((await bench.bucket.getFiles())[0].map(({ name }) => name)).toEqual(["a.jpg"]);
  });

  test("without the right to write a marker a stated time is waited instead, and it says why", async () => {
    await bench.put("a.jpg");
    const proxy = createServer((request, response) => {
      if (request.method === "POST" && request.url?.startsWith("/upload/")) {
        const error = { code: 403, message: "caller does not have storage.objects.create access" };
        return response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error }));
      }
      const { method = "", url = "", headers } = request;
      request.pipe(
        send(bench.emulator.url + url, { method, headers }, (answer) =>
          answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)),
        ),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const stop = new AbortController();
      const refused = await BucketControl.open("photos", { project });
      const on = { settling: () => stop.abort(new Error("enough")) };
      const { heard, messages } = await recovered("all", { bucket: refused, settle: undefined, signal: stop.signal }, on);
      expect(heard).toEqual([
        "made",
        expect.stringMatching(/^settling 120000: gs:\/\/photos: cannot write .* grant roles\/storage\.objectUser/),
      ]);
      expect(messages).toEqual([]);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  test("interrupted, it goes on where it was, and keeps its time though newer records have come", async () => {
    for (const name of ["z.jpg"]) await bench.put(name);
    await scanned();
    await bucket.create({ topic: `//pubsub.googleapis.com/${topicName()}`, payload_format: "JSON_API_V1" });
    for (let i = 0; i < 9; i++) await bench.put(`m${i}.jpg`, i);
    const stop = new AbortController();
    const first = await recovered("newest", { rate: 3, signal: stop.signal }, { published: () => stop.abort(new Error("interrupted")) });
    expect(told(first)).toEqual(["m0.jpg", "m1.jpg", "m2.jpg"].map((name) => `OBJECT_FINALIZE ${name}`));
    const cursor = await cursorOf(store, "photos");
    expect(cursor).toMatchObject({ word: "newest", published: 3, position: { part: "listed", uri: "gs://photos/m2.jpg" } });
    // A worker has written what is far newer.
    const record = await store.get("gs://photos/z.jpg");
    if (record)
      await store.put([
        { ...record, object: { ...record.object, metageneration: "9", updated: new Date(Date.now() + 9 * hour).toISOString() } },
      ]);
    const second = await recovered("newest");
    expect(second.heard).toContain("goes on after 3");
    expect(told(second)).toEqual([3, 4, 5, 6, 7, 8].map((i) => `OBJECT_FINALIZE m${i}.jpg`));
    expect(await cursorOf(store, "photos")).toBeUndefined();
  });

  test.each(["the bucket disconnected meanwhile", "long ago"])("interrupted, and %s, it begins anew", async (what) => {
    await bucket.create({ topic: `//pubsub.googleapis.com/${topicName()}`, payload_format: "JSON_API_V1" });
    for (let i = 0; i < 4; i++) await bench.put(`m${i}.jpg`, i);
    const stop = new AbortController();
    await recovered("all", { rate: 2, signal: stop.signal }, { published: () => stop.abort(new Error("interrupted")) });
    const cursor = await cursorOf(store, "photos");
    if (what !== "long ago") for (const { id } of await bucket.configurations()) await bucket.remove(id);
    else if (cursor) await putCursor(store, "photos", { ...cursor, at: new Date(Date.now() - 25 * hour).toISOString() });
    const second = await recovered("all");
    expect(second.heard[0]).toBe(what === "long ago" ? "found" : "made");
    expect(second.messages).toHaveLength(4);
  });

  test("a part of the bucket, or a later time, leaves the pause remembered", async () => {
    await changesDuringPause();
    const { storage: _, ...where } = place();
    const part = await recovered("paused", { place: { ...where, uriPrefix: "gs://photos/ma" } });
    expect(part.heard.at(-1)).toMatch(/^kept: only a part/);
    const late = await recovered(new Date(Date.now() + hour).toISOString());
    expect(late.heard.at(-1)).toMatch(/^kept: it began at/);
    expect(await pauseOf(store, "photos")).toMatchObject({ resumedAt: expect.any(String) });
  });

  test("without a pause, or with an empty store, it says what to say instead; a dry run connects nothing", async () => {
    await bench.put("a.jpg");
    await expect(recovered("paused")).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringMatching(/--since newest/) });
    await expect(recovered("newest")).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringMatching(/holds nothing/) });
    const { signal } = new AbortController();
    const sum = await dryRecover({ bucket, place: place(), mayHave: () => true, store, since: "all", signal });
    expect(sum).toMatchObject({ images: 1, counts: { OBJECT_FINALIZE: 1 } });
    expect(await bucket.configurations()).toEqual([]);
  });
});
