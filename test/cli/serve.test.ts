import { describe, expect, test } from "vitest";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { image } from "../pipeline/scan/scanning.ts";
import { openPipeline, type RunningWorker } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator } from "../pubsub-emulator.ts";
import { imagemeta } from "./running.ts";

describe.skipIf(!hasPubsubEmulator())("imagemeta serve, with Google's Pub/Sub emulator", { timeout: 120_000 }, () => {
  const pipeline = openForEachTest(openPipeline);
  /** Serves, and has the topic pushed to it. */
  const serve = async (pushConfig: object = {}, ...args: string[]): Promise<RunningWorker & { readonly url: string }> => {
    const { catalogue } = pipeline;
    const server = pipeline.process(["serve", "--to", catalogue, "--port", "0", "--log-level", "debug", "--project", "demo", ...args]);
    const { url } = await server.said((line) => line.message === "taking requests");
    await pipeline.subscription.modifyPushConfig({ pushEndpoint: `${url}/events`, ...pushConfig });
    return { ...server, url: String(url) };
  };

  test.each([
    ["wrapped", {}],
    ["unwrapped", { noWrapper: { writeMetadata: true } }],
  ])("takes %s pushes", async (_form, pushConfig) => {
    const { bucket } = pipeline;
    await bucket.put("a.jpg", image(0));
    await bucket.put("notes.txt", Buffer.from("no image"), {}, "text/plain");
    const server = await serve(pushConfig);
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    await pipeline.publish("OBJECT_FINALIZE", "notes.txt");
    await server.said((line) => line.object === "gs://photos/a.jpg" && line.outcome === "recorded");
    await server.said((line) => line.object === "gs://photos/notes.txt" && line.outcome === "not an image");
    expect([...(await pipeline.held()).keys()]).toEqual(["gs://photos/a.jpg"]);
    const gone = await pipeline.resource("a.jpg");
    await bucket.remove("a.jpg");
    await pipeline.publish("OBJECT_DELETE", "a.jpg", gone);
    await server.said((line) => line.outcome === "removed");
    expect((await pipeline.held()).size).toBe(0);
  });

  test("what can never succeed goes to the dead letters", async () => {
    const server = await serve({}, "--dead-letter", pipeline.deadTopic.name);
    await pipeline.topic.publishMessage({ data: Buffer.from("rubbish"), attributes: { objectId: "x.jpg" } });
    await server.said((line) => line.outcome === "no event");
    expect(await pipeline.takeDeadLetters(1)).toEqual([
      { data: "rubbish", attributes: expect.objectContaining({ objectId: "x.jpg", "imagemeta-error-code": "MALFORMED" }) },
    ]);
  });

  test("asks the bucket about an object if it does not know who pushes", async () => {
    await pipeline.bucket.put("a.jpg", image(0));
    const server = await serve();
    const lie = { ...(await pipeline.resource("a.jpg")), metageneration: "9", metadata: { album: "a lie" } };
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg", lie);
    await server.said((line) => line.outcome === "recorded");
    expect((await pipeline.held()).get("gs://photos/a.jpg")?.object).toMatchObject({ metageneration: "1" });
    await pipeline.publish("OBJECT_DELETE", "a.jpg", lie);
    await server.said((line) => line.outcome === "superseded");
    expect((await pipeline.held()).size).toBe(1);
  });

  test("without a dead-letter topic it answers 400, and the subscription's policy decides", async () => {
    await pipeline.subscription.setMetadata({ deadLetterPolicy: { deadLetterTopic: pipeline.deadTopic.name, maxDeliveryAttempts: 5 } });
    await serve();
    await pipeline.topic.publishMessage({ data: Buffer.from("rubbish") });
    const [dead] = await pipeline.takeDeadLetters(1);
    expect(dead?.attributes).toMatchObject({ CloudPubSubDeadLetterSourceDeliveryCount: expect.any(String) });
  });

  test("while the bucket is down pushes are answered 503, and come again when it is back", async () => {
    const { bucket } = pipeline;
    await bucket.put("a.jpg", image(0));
    const said = await pipeline.resource("a.jpg");
    bucket.emulator.faults.add({ kinds: ["503"] });
    const server = await serve();
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg", said);
    await server.said((line) => /^the bucket does not answer, requests are answered with 503/.test(line.message));
    bucket.emulator.faults.clear();
    await server.said((line) => line.message === "the bucket is back");
    await expect.poll(async () => (await pipeline.held()).size, { timeout: 30_000 }).toBe(1);
  });

  test("SIGTERM under load: gone within the grace, and another process gets the rest", async () => {
    const { bucket } = pipeline;
    const count = 80;
    bucket.emulator.faults.add({ latency: 300, match: "^GET /photos/" });
    for (let i = 0; i < count; i++) await bucket.put(`${i}.jpg`, image(i));
    const first = await serve({}, "--concurrency", "2", "--grace", "3");
    for (let i = 0; i < count; i++) await pipeline.publish("OBJECT_FINALIZE", `${i}.jpg`);
    await first.said((line) => line.outcome === "recorded");
    first.process.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.log.at(-1)?.message).toBe("left");
    const done = first.log.filter(({ outcome }) => outcome === "recorded").length;
    expect((await pipeline.held()).size).toBeGreaterThanOrEqual(done);
    expect(done).toBeLessThan(count);
    bucket.emulator.faults.clear();
    await serve();
    await expect.poll(async () => (await pipeline.held()).size, { timeout: 60_000, interval: 500 }).toBe(count);
  });

  test.each([
    ["", "--bucket names no bucket"],
    ["photos,Not a bucket", "Not a bucket is no name of a bucket"],
  ])("IMAGEMETA_BUCKET=%j is a wrong call", async (names, why) => {
    const ran = await imagemeta(["serve", "--to", pipeline.catalogue, "--port", "0"], { IMAGEMETA_BUCKET: names });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });

  test("events of buckets that are not named are dead letters", async () => {
    await pipeline.bucket.put("a.jpg", image(0));
    const server = await serve({}, "--bucket", "gs://others,more", "--dead-letter", pipeline.deadTopic.name);
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    await server.said((line) => line.outcome === "foreign" && line.object === "gs://photos/a.jpg");
    expect(await pipeline.takeDeadLetters(1)).toMatchObject([
      { attributes: { "imagemeta-error-code": "FORBIDDEN", "imagemeta-error": expect.stringContaining("others, more") } },
    ]);
  });

  test("SIGTERM at once when it has said that it is ready is heard", async () => {
    const server = pipeline.process(["serve", "--to", pipeline.catalogue, "--port", "0"]);
    server.process.stderr?.once("data", () => server.process.kill("SIGTERM"));
    expect([await server.ended, server.log.at(-1)?.message]).toEqual([0, "left"]);
  });

  test("serves health and metrics, and the port of Cloud Run", async () => {
    const server = await serve();
    await pipeline.bucket.put("a.jpg", image(0));
    await pipeline.publish("OBJECT_FINALIZE", "a.jpg");
    await server.said((line) => line.outcome === "recorded");
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: "ok", store: "ok" });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^imagemeta_messages_total\{outcome="recorded"\} 1$/m);
    expect(metrics).toMatch(/^imagemeta_held_messages 0$/m);
    const run = (port: string) =>
      imagemeta(["serve", "--to", pipeline.catalogue, "--project", "demo"], { ...pipeline.environment, PORT: port });
    expect(await run("eighty")).toMatchObject({ code: 2, stderr: expect.stringContaining("PORT is eighty") });
    expect(await run(new URL(server.url).port)).toMatchObject({ code: 1, stderr: expect.stringContaining("EADDRINUSE") });
  });
});
