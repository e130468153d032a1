import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { image } from "../pipeline/scan/scanning.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { poisonedImage, testBuild } from "../poison/images.ts";
import { childrenOf, isRunning } from "../processes.ts";
import { hasPubsubEmulator } from "../pubsub-emulator.ts";
import { imagemeta } from "./running.ts";

const GOOD = 200;
/** Milliseconds after which a message comes again that nobody has extended: the deadline of the subscription. */
const LEASE = 10_000;

describe.skipIf(!hasPubsubEmulator())("imagemeta worker, with Google's Pub/Sub emulator", { timeout: 120_000 }, () => {
  const pipeline = openForEachTest(openPipeline);
  const work = (...args: string[]) => pipeline.worker(["--to", pipeline.catalogue, "--log-level", "debug", ...args]);

  test("reads what was written, refreshes what was updated, removes what was deleted", async () => {
    const { bucket } = pipeline;
    await bucket.put("a.jpg", image(0));
    await bucket.put("b.jpg", image(1));
    await bucket.put("notes.txt", Buffer.from("no image"), {}, "text/plain");
    for (const name of ["a.jpg", "b.jpg", "notes.txt"]) await pipeline.publish("OBJECT_FINALIZE", name);
    const worker = work();
    await worker.said((line) => line.object === "gs://photos/a.jpg" && line.outcome === "recorded");
    await worker.said((line) => line.object === "gs://photos/b.jpg" && line.outcome === "recorded");
    await worker.said((line) => line.object === "gs://photos/notes.txt" && line.outcome === "not an image");
    const before = await pipeline.held();
    expect([...before.keys()].sort()).toEqual(["gs://photos/a.jpg", "gs://photos/b.jpg"]);

    const gone = await pipeline.resource("b.jpg");
    await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/b.jpg`, { method: "DELETE" });
    await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/a.jpg`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ metadata: { album: "Kyoto" } }),
    });
    await pipeline.publish("OBJECT_DELETE", "b.jpg", gone);
    // Once more, and late: what is gone stays gone.
    await worker.said((line) => line.outcome === "removed");
    await pipeline.publish("OBJECT_FINALIZE", "b.jpg", gone);
    await pipeline.publish("OBJECT_METADATA_UPDATE", "a.jpg");
    await worker.said((line) => line.outcome === "updated");
    await worker.said((line) => line.object === "gs://photos/b.jpg" && (line.outcome === "gone" || line.outcome === "superseded"));
    const after = await pipeline.held();
    expect([...after.keys()]).toEqual(["gs://photos/a.jpg"]);
    expect(after.get("gs://photos/a.jpg")?.object).toMatchObject({ metadata: { album: "Kyoto" }, metageneration: "2" });
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
  });

  test("believes a forged removal only with --trust-deletes, and never a generation from the future", async () => {
    await pipeline.bucket.put("a.jpg", image(0));
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    const first = work();
    await first.said((line) => line.outcome === "recorded");
    await pipeline.publish("OBJECT_DELETE", "a.jpg");
    await first.said((line) => line.outcome === "superseded");
    await pipeline.publish("OBJECT_DELETE", "a.jpg", { ...(await pipeline.resource("a.jpg")), generation: "9223372036854775807" });
    await first.said((line) => line.outcome === "from the future");
    expect(await pipeline.takeDeadLetters(1)).toMatchObject([{ attributes: { objectId: "a.jpg", "imagemeta-error-code": "MALFORMED" } }]);
    expect((await pipeline.held()).size).toBe(1);
    first.process.kill("SIGTERM");
    await first.ended;
    const trusting = work("--trust-deletes");
    await pipeline.publish("OBJECT_DELETE", "a.jpg");
    await trusting.said((line) => line.outcome === "removed");
    expect((await pipeline.held()).size).toBe(0);
    const check = () => imagemeta(["check", "gs://photos", "--in", pipeline.catalogue], pipeline.environment);
    expect(await check()).toMatchObject({ code: 1, stdout: "hidden  gs://photos/a.jpg\n", stderr: expect.stringContaining("1 hidden") });
    const scanned = await imagemeta(["scan", "gs://photos", "--to", pipeline.catalogue], pipeline.environment);
    expect(scanned).toMatchObject({ code: 0, stderr: expect.stringContaining("1 restored") });
    expect(await check()).toMatchObject({ code: 0, stdout: "" });
  });

  test("ends an image that spins, reads the others, is healthy all the while and leaves within its grace", async () => {
    const { bucket } = pipeline;
    await bucket.put("spins.jpg", poisonedImage("spin"));
    await pipeline.publish("OBJECT_FINALIZE", "spins.jpg");
    for (let i = 0; i < GOOD; i++) {
      await bucket.put(`${i}.jpg`, image(i));
      await pipeline.publish("OBJECT_FINALIZE", `${i}.jpg`);
    }
    const worker = pipeline.worker(["--to", pipeline.catalogue, "--log-level", "debug", "--port", "0"], testBuild);
    const { health } = await worker.said((line) => line.message === "taking messages");
    const spun = worker.said((line) => line.object === "gs://photos/spins.jpg");
    let isEnded = false;
    spun.then(() => {
      isEnded = true;
    });
    while (!isEnded) {
      expect((await fetch(`${health}/healthz`)).status).toBe(200);
      await pause(50);
    }
    expect(await spun).toMatchObject({ outcome: "broken", code: "LIMIT_EXCEEDED" });
    await expect.poll(async () => (await pipeline.held()).size, { timeout: 60_000 }).toBe(GOOD + 1);
    const members = childrenOf(worker.process.pid);
    expect(members).toHaveLength(1);
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(members.filter(isRunning)).toEqual([]);
  });

  test("what can never succeed goes to the dead letters with its code, and blocks nobody", async () => {
    const { bucket } = pipeline;
    for (let i = 0; i < 5; i++) await pipeline.topic.publishMessage({ data: Buffer.from(`rubbish ${i}`) });
    await bucket.put("a.jpg", image(0));
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    await pipeline.topic.publishMessage({ data: Buffer.from("{}"), attributes: { eventType: "OBJECT_EXPLODED", bucketId: "photos" } });
    const worker = work();
    const dead = await pipeline.takeDeadLetters(6);
    expect(new Set(dead.map(({ data }) => data))).toEqual(new Set([...Array.from({ length: 5 }, (_, i) => `rubbish ${i}`), "{}"]));
    for (const { attributes } of dead) {
      expect(attributes).toMatchObject({ "imagemeta-error-code": "MALFORMED", "imagemeta-message-id": expect.any(String) });
      expect(attributes["imagemeta-error"]).toContain("no event of a bucket");
    }
    expect(dead.find(({ data }) => data === "{}")?.attributes).toMatchObject({ eventType: "OBJECT_EXPLODED", bucketId: "photos" });
    await worker.said((line) => line.outcome === "recorded");
    expect((await pipeline.held()).size).toBe(1);
  });

  test("a broken image gives a record with its error", async () => {
    await pipeline.bucket.put("broken.jpg", Buffer.from("this is no image"));
    await pipeline.publish("OBJECT_FINALIZE", "broken.jpg");
    await work().said((line) => line.outcome === "broken");
    expect((await pipeline.held()).get("gs://photos/broken.jpg")?.error?.code).toBe("NOT_AN_IMAGE");
  });

  test("while the bucket is down messages are held, and go on when it is back; none is delivered twice", async () => {
    const { bucket } = pipeline;
    const objects: Record<string, unknown>[] = [];
    for (let i = 0; i < 20; i++) {
      await bucket.put(`${i}.jpg`, image(i));
      objects.push(await pipeline.resource(`${i}.jpg`));
    }
    bucket.emulator.faults.add({ kinds: ["503"] });
    const worker = work();
    for (const [i, object] of objects.entries()) await pipeline.publish("OBJECT_FINALIZE", `${i}.jpg`, object);
    await worker.said((line) => /^the bucket does not answer/.test(line.message));
    await pause(LEASE * 1.2);
    expect(worker.log.filter(({ outcome }) => outcome !== undefined)).toEqual([]);
    bucket.emulator.faults.clear();
    await worker.said((line) => line.message === "the bucket is back");
    await expect.poll(() => worker.log.filter(({ outcome }) => outcome === "recorded").length, { timeout: 20_000 }).toBe(20);
    expect(worker.log.every(({ attempt }) => attempt === undefined || attempt === 1)).toBe(true);
    expect((await pipeline.held()).size).toBe(20);
  });

  test("while the store is down, longer than a lease lasts, messages are held; none is delivered twice", async () => {
    const { bucket } = pipeline;
    const count = 400;
    const objects = 40;
    for (let i = 0; i < objects; i++) await bucket.put(`${i}.jpg`, image(i));
    await (await openSqlite(pipeline.catalogue)).close();
    const worker = work();
    await worker.said((line) => line.message === "taking messages");
    const other = new DatabaseSync(pipeline.catalogue);
    other.exec("begin exclusive");
    await Promise.all(Array.from({ length: count }, (_, i) => pipeline.publish("OBJECT_FINALIZE", `${i % objects}.jpg`)));
    await worker.said((line) => /^the store does not answer/.test(line.message));
    await pause(LEASE * 2);
    expect(worker.log.filter(({ outcome }) => outcome !== undefined)).toEqual([]);
    other.exec("commit");
    other.close();
    await worker.said((line) => line.message === "the store is back");
    await expect.poll(() => worker.log.filter(({ outcome }) => outcome !== undefined).length, { timeout: 30_000 }).toBe(count);
    expect(worker.log.filter(({ attempt }) => Number(attempt) > 1)).toEqual([]);
    expect((await pipeline.held()).size).toBe(objects);
  });

  test("what it may not read is handed back, and recorded with the last delivery", async () => {
    const { bucket } = pipeline;
    await bucket.put("a.jpg", image(0));
    const said = await pipeline.resource("a.jpg");
    bucket.emulator.faults.add({ kinds: ["403"], match: "a.jpg" });
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg", said);
    const worker = work();
    expect(await worker.said((line) => line.outcome === "forbidden")).toMatchObject({ attempt: 1, code: "FORBIDDEN" });
    expect(await worker.said((line) => line.outcome === "given up")).toMatchObject({ attempt: 8, code: "FORBIDDEN" });
    expect((await pipeline.held()).get("gs://photos/a.jpg")?.error?.code).toBe("FORBIDDEN");
  });

  test("SIGTERM under load: gone within the grace, and another worker does the rest", async () => {
    const { bucket } = pipeline;
    bucket.emulator.faults.add({ latency: 300, match: "^GET /photos/" });
    for (let i = 0; i < 150; i++) {
      await bucket.put(`${i}.jpg`, image(i));
      await pipeline.publish("OBJECT_FINALIZE", `${i}.jpg`);
    }
    const first = work("--concurrency", "4", "--grace", "4");
    await first.said((line) => line.outcome === "recorded");
    first.process.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.log.at(-1)?.message).toBe("left");
    const done = first.log.filter(({ outcome }) => outcome === "recorded").length;
    expect(done).toBeLessThan(150);
    expect((await pipeline.held()).size).toBeGreaterThanOrEqual(done);
    bucket.emulator.faults.clear();
    work();
    await expect.poll(async () => (await pipeline.held()).size, { timeout: 40_000, interval: 500 }).toBe(150);
  });

  test("serves health and metrics", async () => {
    await pipeline.bucket.put("a.jpg", image(0));
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    const worker = work("--port", "0");
    const { health } = await worker.said((line) => line.message === "taking messages");
    await worker.said((line) => line.outcome === "recorded");
    expect(await (await fetch(`${health}/healthz`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${health}/readyz`)).json()).toEqual({ status: "ok", store: "ok", subscription: "ok" });
    const metrics = await (await fetch(`${health}/metrics`)).text();
    expect(metrics).toMatch(/^imagemeta_messages_total\{outcome="recorded"\} 1$/m);
    expect(metrics).toMatch(/^imagemeta_read_requests_total 1$/m);
    expect(metrics).toMatch(/^imagemeta_ack_age_seconds_count 1$/m);
    await pipeline.subscription.delete();
    await expect.poll(async () => (await fetch(`${health}/readyz`)).status, { timeout: 20_000, interval: 500 }).toBe(503);
  });

  test("wrong calls say what to do", async () => {
    const { environment, client } = pipeline;
    const [bare] = await client.createSubscription(pipeline.topic, `bare-${process.pid}`);
    const run = (...args: string[]) => imagemeta(["worker", "--project", "demo", ...args], environment);
    expect(await run("--to", pipeline.catalogue)).toMatchObject({ code: 2, stderr: expect.stringContaining("--subscription") });
    expect(await run("--subscription", "none-such", "--to", pipeline.catalogue)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("NOT_FOUND"),
    });
    expect(await run("--subscription", bare.name, "--to", pipeline.catalogue)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--dead-letter"),
    });
    expect(await run("--subscription", pipeline.subscription.name, "--to", `${pipeline.folder}/x.ndjson`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("a catalogue"),
    });
    expect(await imagemeta(["worker", "--subscription", "short", "--to", pipeline.catalogue], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--project"),
    });
  });
});
