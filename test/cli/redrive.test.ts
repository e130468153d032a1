import { describe, expect, test } from "vitest";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline } from "../pipeline/worker/pipeline.ts";
import { hasPubsubEmulator } from "../pubsub-emulator.ts";
import { imagemeta, start } from "./running.ts";

describe.skipIf(!hasPubsubEmulator())("imagemeta redrive, with Google's Pub/Sub emulator", { timeout: 90_000 }, () => {
  const pipeline = openForEachTest(openPipeline);

  const run = (...args: string[]) =>
    imagemeta(["redrive", "--from", pipeline.deadLetters.name, "--project", "demo", "--wait", "2", ...args], pipeline.environment);
  const lines = (stdout: string): Record<string, unknown>[] =>
    stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const list = async (...args: string[]) => lines((await run("--format", "ndjson", ...args)).stdout);
  const reasons = (code: string) => ({
    "imagemeta-error-code": code,
    "imagemeta-error": `it is ${code}`,
    "imagemeta-message-id": "17",
  });
  const die = (objectId: string, attributes: Readonly<Record<string, string>>) =>
    pipeline.deadTopic.publishMessage({
      data: Buffer.from(`data of ${objectId}`),
      attributes: { eventType: "OBJECT_FINALIZE", bucketId: "photos", objectId, objectGeneration: "1", ...attributes },
    });
  const byPolicy = {
    CloudPubSubDeadLetterSourceDeliveryCount: "20",
    CloudPubSubDeadLetterSourceSubscription: "images-sub",
    CloudPubSubDeadLetterSourceSubscriptionProject: "demo",
    CloudPubSubDeadLetterSourceTopicPublishTime: "2026-05-01T12:00:00.000+00:00",
  };

  test("lists them with their reasons, as often as it is asked", async () => {
    await die("a.jpg", reasons("MALFORMED"));
    await die("b.jpg", byPolicy);
    const listed = await run("--format", "json");
    expect(listed).toMatchObject({ code: 0, stderr: "2 dead letters listed, and given back\n" });
    const found = JSON.parse(listed.stdout) as { object: string }[];
    expect(found.sort((a, b) => a.object.localeCompare(b.object))).toEqual([
      {
        id: expect.any(String),
        published: expect.stringMatching(/^20\d\d-\d\d-\d\dT.*Z$/),
        object: "gs://photos/a.jpg",
        change: "OBJECT_FINALIZE",
        code: "MALFORMED",
        error: "it is MALFORMED",
        messageId: "17",
      },
      expect.objectContaining({
        object: "gs://photos/b.jpg",
        deliveries: 20,
        subscription: "images-sub",
        firstPublished: "2026-05-01T12:00:00.000+00:00",
      }),
    ]);
    const table = (await run()).stdout;
    expect(table).toMatch(/^OBJECT +ID +PUBLISHED +CODE +WHY\n/);
    expect(table).toMatch(/gs:\/\/photos\/a\.jpg +\d+ +\S+Z +MALFORMED +it is MALFORMED\n/);
    expect(table).toMatch(/gs:\/\/photos\/b\.jpg +\d+ +\S+Z +none +after 20 deliveries of images-sub\n/);
  });

  test("sends those that match back as they came, and leaves the others", async () => {
    await die("2026/a.jpg", reasons("MALFORMED"));
    await die("2026/b.jpg", byPolicy);
    await die("2025/c.jpg", reasons("FORBIDDEN"));
    expect(await run("--topic", pipeline.topic.name, "--older-than", "1h")).toMatchObject({
      code: 0,
      stderr: `0 dead letters sent back to ${pipeline.topic.name}; 3 not asked for stay in ${pipeline.deadLetters.name}\n`,
    });
    const sent = lines(
      (await run("--topic", pipeline.topic.name, "--format", "ndjson", "--code", "MALFORMED,none", "--include", "2026/**")).stdout,
    );
    expect(new Set(sent.map(({ object }) => object))).toEqual(new Set(["gs://photos/2026/a.jpg", "gs://photos/2026/b.jpg"]));
    expect(await list()).toEqual([expect.objectContaining({ object: "gs://photos/2025/c.jpg" })]);
    const back = await pipeline.take(pipeline.subscription, 2);
    expect(back.sort((a, b) => a.data.localeCompare(b.data))).toEqual(
      ["2026/a.jpg", "2026/b.jpg"].map((objectId) => ({
        data: `data of ${objectId}`,
        attributes: { eventType: "OBJECT_FINALIZE", bucketId: "photos", objectId, objectGeneration: "1" },
      })),
    );
  });

  test("--limit takes so many, and the rest the next time", async () => {
    for (let i = 0; i < 5; i++) await die(`${i}.jpg`, reasons("MALFORMED"));
    expect((await run("--topic", pipeline.topic.name, "--limit", "3")).stderr).toMatch(/^3 dead letters sent back .*the limit is reached/);
    expect((await list()).length).toBe(2);
    expect((await run("--topic", pipeline.topic.name)).stderr).toMatch(/^2 dead letters sent back/);
    expect(await list()).toEqual([]);
  });

  test("what fails again at once does not go round for ever", async () => {
    // Whatever comes to the topic is a dead letter again: the topic's own subscription forwards it.
    await pipeline.subscription.delete();
    await pipeline.client.createSubscription(pipeline.topic, `${pipeline.topic.name.split("/").at(-1)}-round`);
    const round = pipeline.client.subscription(`${pipeline.topic.name.split("/").at(-1)}-round`);
    round.on("message", (message) => {
      pipeline.deadTopic
        .publishMessage({ data: message.data, attributes: { ...message.attributes, ...reasons("MALFORMED") } })
        .then(() => message.ack());
    });
    await die("a.jpg", reasons("MALFORMED"));
    const ran = await run("--topic", pipeline.topic.name);
    await round.close();
    expect(ran.stderr).toMatch(/^1 dead letter sent back .*; 1 not asked for/);
  });

  test("killed at any time, nothing is lost", { timeout: 150_000 }, async () => {
    const count = 400;
    await Promise.all(Array.from({ length: count }, (_, i) => die(`${i}.jpg`, reasons("MALFORMED"))));
    const taken = new Set<string>();
    const taker = pipeline.client.subscription(pipeline.subscription.name);
    const redriving = start(
      ["redrive", "--from", pipeline.deadLetters.name, "--topic", pipeline.topic.name, "--project", "demo"],
      pipeline.environment,
    );
    taker.on("message", (message) => {
      redriving.kill("SIGKILL");
      taken.add(String(message.attributes.objectId));
      message.ack();
    });
    await new Promise((resolve) => redriving.once("exit", resolve));
    // What it had taken and not acknowledged comes back when its leases are over.
    while (taken.size < count) await run("--topic", pipeline.topic.name);
    await taker.close();
    expect(await list()).toEqual([]);
  });

  test("errors say what to do", async () => {
    await die("a.jpg", reasons("MALFORMED"));
    expect(await run("--topic", "none-such")).toMatchObject({ code: 1, stderr: expect.stringContaining("NOT_FOUND") });
    expect((await list()).length).toBe(1);
    const missing = await imagemeta(["redrive", "--from", "none-such", "--project", "demo"], pipeline.environment);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot pull from projects/demo/subscriptions/none-such") });
    expect(await run("--older-than", "long")).toMatchObject({ code: 2, stderr: expect.stringContaining("90s") });
    expect(await imagemeta(["redrive"], pipeline.environment)).toMatchObject({ code: 2, stderr: expect.stringContaining("--from") });
  });
});
