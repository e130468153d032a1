/** Changes of objects as Pub/Sub messages: Google's own clients, and Google's Pub/Sub emulator. */
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Message, PubSub, Subscription } from "@google-cloud/pubsub";
import { type Bucket, type CreateNotificationOptions, Storage } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { pubsubPublisher } from "../../src/emulator/publisher.ts";
import { hasPubsubEmulator, type PubsubEmulator, pubsubAt, startPubsub } from "../pubsub-emulator.ts";
import { emulatorOver, type Running } from "./running.ts";

const project = "imagemeta-test";
const bucketAt = (url: string): Bucket => new Storage({ apiEndpoint: url, projectId: project }).bucket("photos");
const resourceOf = ({ data }: Message): Record<string, unknown> => JSON.parse(data.toString());

describe.runIf(hasPubsubEmulator())("messages", () => {
  let pubsub: PubsubEmulator;
  let client: PubSub;
  beforeAll(async () => {
    pubsub = await startPubsub();
    client = pubsubAt(pubsub.host, project);
  }, 120_000);
  afterAll(async () => {
    await client?.close();
    await pubsub?.stop();
  });

  async function newTopic(): Promise<{ readonly topic: string; readonly subscription: Subscription }> {
    const [topic] = await client.createTopic(`topic-${randomUUID()}`);
    const [subscription] = await topic.createSubscription(`subscription-${randomUUID()}`);
    return { topic: topic.name, subscription };
  }

  /** An emulator over a bucket `photos`, which tells a topic of its changes. */
  async function told(
    files: Readonly<Record<string, string>>,
    configuration: CreateNotificationOptions = {},
  ): Promise<{ readonly bucket: Bucket; readonly emulator: Running; readonly topic: string; readonly subscription: Subscription }> {
    const { topic, subscription } = await newTopic();
    const emulator = await emulatorOver({ "photos/keep": "", ...files }, { publisher: pubsubPublisher(pubsub.host) });
    const bucket = bucketAt(emulator.url);
    await bucket.createNotification(topic, configuration);
    return { bucket, emulator, topic, subscription };
  }

  /** So many messages in the order of their times; more would come up as one too many. */
  async function received(subscription: Subscription, count: number): Promise<readonly Message[]> {
    const messages: Message[] = [];
    await new Promise<void>((resolve, reject) => {
      subscription.on("error", reject).on("message", (message) => {
        message.ack();
        if (messages.push(message) === count) resolve();
      });
    });
    await subscription.close();
    return messages.sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
  }
  const timeOf = ({ attributes }: Message): string => attributes.eventTime ?? "";
  const typesOf = (messages: readonly Message[]) => messages.map(({ attributes }) => [attributes.eventType, attributes.objectId]);

  test("a life of an object: made, changed, overwritten, deleted", async () => {
    const { bucket, subscription } = await told({}, { customAttributes: { team: "a" } });
    const file = bucket.file("sub/é 1.jpg");
    const since = new Date().toISOString();
    await file.save("first", { resumable: false, contentType: "image/jpeg", metadata: { metadata: { by: "me" } } });
    const [first] = await file.getMetadata();
    await file.setMetadata({ metadata: { by: "you" } });
    const [changed] = await file.getMetadata();
    await file.save("second", { resumable: true });
    const [second] = await file.getMetadata();
    await file.delete();
    const [made, updated, ...rest] = await received(subscription, 5);
    const replaced = rest.find(({ attributes }) => "overwrittenByGeneration" in attributes);
    const overwrote = rest.find(({ attributes }) => "overwroteGeneration" in attributes);
    const attributes = (type: string, { generation }: { generation?: unknown }, more: object = {}) => ({
      team: "a",
      notificationConfig: "projects/_/buckets/photos/notificationConfigs/1",
      eventType: type,
      payloadFormat: "JSON_API_V1",
      bucketId: "photos",
      objectId: "sub/é 1.jpg",
      objectGeneration: generation,
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      ...more,
    });
    expect(made?.attributes).toEqual(attributes("OBJECT_FINALIZE", first));
    expect(updated?.attributes).toEqual(attributes("OBJECT_METADATA_UPDATE", first));
    expect(overwrote?.attributes).toEqual(attributes("OBJECT_FINALIZE", second, { overwroteGeneration: first.generation }));
    expect(replaced?.attributes).toEqual(attributes("OBJECT_DELETE", first, { overwrittenByGeneration: second.generation }));
    expect(rest[2]?.attributes).toEqual(attributes("OBJECT_DELETE", second));
    expect([made, updated, overwrote, replaced, rest[2]].map((message) => message && resourceOf(message))).toEqual([
      first,
      changed,
      second,
      changed,
      second,
    ]);
    expect(timeOf(made as Message) > since).toBe(true);
  });

  test("copies, compositions and simple uploads are made objects", async () => {
    const { bucket, emulator, subscription } = await told({ "photos/a": "a", "photos/b": "b" });
    await bucket.file("a").copy(bucket.file("rewritten"));
    await bucket.combine(["a", "b"], "composed");
    await fetch(`${emulator.url}/storage/v1/b/photos/o/a/copyTo/b/photos/o/copied`, { method: "POST" });
    await fetch(`${emulator.url}/upload/storage/v1/b/photos/o?uploadType=media&name=media`, { method: "POST", body: "bytes" });
    const messages = await received(subscription, 4);
    expect(typesOf(messages)).toEqual(["rewritten", "composed", "copied", "media"].map((name) => ["OBJECT_FINALIZE", name]));
    expect(messages.map((message) => resourceOf(message).size)).toEqual(["1", "2", "1", "5"]);
  });

  test("a refused change tells nothing", async () => {
    const { bucket, subscription } = await told({ "photos/a": "a" });
    await expect(bucket.file("a").delete({ ifGenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
    await expect(bucket.file("a").save("b", { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } })).rejects.toMatchObject({
      code: 412,
    });
    await bucket.file("last").save("", { resumable: false });
    expect(typesOf(await received(subscription, 1))).toEqual([["OBJECT_FINALIZE", "last"]]);
  });

  test("files put into the folder have their checksums in what is told of their end", async () => {
    const { bucket, emulator, subscription } = await told({ "photos/gone": "123456789", "photos/replaced": "123456789" });
    writeFileSync(join(emulator.folder, "photos", "new"), "behind the API's back");
    rmSync(join(emulator.folder, "photos", "new"));
    await bucket.file("gone").delete();
    await bucket.file("replaced").save("", { resumable: false });
    const messages = await received(subscription, 3);
    const deletions = messages.filter(({ attributes }) => attributes.eventType === "OBJECT_DELETE");
    expect(typesOf(deletions)).toEqual(["gone", "replaced"].map((name) => ["OBJECT_DELETE", name]));
    for (const message of deletions) expect(resourceOf(message)).toMatchObject({ md5Hash: "JfnnlDI7RTiF9RgfG2JNCw==", crc32c: "4waSgw==" });
  });

  test("a configuration chooses event types and names, and may leave the resource out", async () => {
    const { bucket, topic, subscription } = await told(
      {},
      { eventTypes: ["OBJECT_DELETE"], objectNamePrefix: "sub/", payloadFormat: "NONE" },
    );
    const other = await newTopic();
    await bucket.createNotification(other.topic, { eventTypes: ["OBJECT_FINALIZE"] });
    for (const name of ["sub/a", "other"]) {
      await bucket.file(name).save("a", { resumable: false });
      await bucket.file(name).delete();
    }
    await bucket.notification("1").delete();
    await bucket.createNotification(topic, { payloadFormat: "NONE", objectNamePrefix: "end" });
    await bucket.file("end").save("a", { resumable: false });
    const messages = await received(subscription, 2);
    expect(typesOf(messages)).toEqual([
      ["OBJECT_DELETE", "sub/a"],
      ["OBJECT_FINALIZE", "end"],
    ]);
    expect(messages.map(({ data, attributes }) => [data.length, attributes.payloadFormat, attributes.notificationConfig])).toEqual([
      [0, "NONE", "projects/_/buckets/photos/notificationConfigs/1"],
      [0, "NONE", "projects/_/buckets/photos/notificationConfigs/3"],
    ]);
    expect(typesOf(await received(other.subscription, 3))).toEqual(["sub/a", "other", "end"].map((name) => ["OBJECT_FINALIZE", name]));
  });

  test("a topic that does not exist is refused", async () => {
    const emulator = await emulatorOver({ "photos/a": "" }, { publisher: pubsubPublisher(pubsub.host) });
    const bucket = bucketAt(emulator.url);
    const [{ emailAddress }] = await bucket.storage.getServiceAccount();
    await expect(bucket.createNotification(`projects/${project}/topics/nowhere`)).rejects.toMatchObject({
      code: 400,
      message: `Cloud Pub/Sub topic '//pubsub.googleapis.com/projects/${project}/topics/nowhere' not found, or user '${emailAddress}' does not have permission to it.'`,
    });
    expect((await bucket.getNotifications())[0]).toEqual([]);
  });

  test("the attributes of Cloud Storage win over custom ones of their names", async () => {
    const { bucket, emulator, topic, subscription } = await told({}, { objectNamePrefix: "nothing" });
    const custom_attributes = { eventType: "mine", team: "a" };
    const body = JSON.stringify({ topic: `//pubsub.googleapis.com/${topic}`, payload_format: "NONE", custom_attributes });
    await fetch(`${emulator.url}/storage/v1/b/photos/notificationConfigs`, { method: "POST", body });
    await bucket.file("a").save("", { resumable: false });
    const [message] = await received(subscription, 1);
    expect(message?.attributes).toMatchObject({ eventType: "OBJECT_FINALIZE", team: "a" });
  });

  test("messages wait while Pub/Sub is gone, and come in order", { timeout: 120_000 }, async () => {
    const own = await startPubsub();
    const unsent: string[] = [];
    const reader = pubsubAt(own.host, project);
    const [topic] = await reader.createTopic("images");
    const emulator = await emulatorOver(
      { "photos/a": "" },
      { publisher: pubsubPublisher(own.host), onUnsent: (...said) => unsent.push(said.join(": ")) },
    );
    const bucket = bucketAt(emulator.url);
    await bucket.createNotification(topic.name, { payloadFormat: "NONE" });
    await reader.close();
    await own.stop();
    const names = Array.from({ length: 30 }, (_, i) => `object-${i}`);
    for (const name of names) await bucket.file(name).save("", { resumable: false });
    await vi.waitFor(() => expect(unsent).toEqual([expect.stringMatching(/^projects\/imagemeta-test\/topics\/images: .*tried again$/s)]));
    await expect(bucket.createNotification(topic.name)).rejects.toMatchObject({ code: 503 });
    const again = await startPubsub(own.host);
    const later = pubsubAt(again.host, project);
    const [, subscription] = [await later.createTopic("images"), (await later.createSubscription("images", "images"))[0]];
    const messages = await received(subscription, 30);
    expect(messages.map(({ attributes }) => attributes.objectId)).toEqual(names);
    await later.close();
    await again.stop();
  });

  test("the end sends what waits", async () => {
    const { bucket, emulator, subscription } = await told({}, { payloadFormat: "NONE" });
    const names = Array.from({ length: 50 }, (_, i) => `object-${i}`);
    await Promise.all(names.map((name) => bucket.file(name).save("", { resumable: false })));
    await emulator.close();
    expect(new Set((await received(subscription, 50)).map(({ attributes }) => attributes.objectId))).toEqual(new Set(names));
  });
});

test("the end does not wait long for a Pub/Sub that is not there, and says what was left", async () => {
  const unsent: string[] = [];
  const onUnsent = (_: string, why: string) => unsent.push(why);
  const emulator = await emulatorOver({ "photos/a": "" }, { onUnsent });
  await bucketAt(emulator.url).createNotification("projects/test/topics/images");
  const gone = await emulator.restart({ publisher: pubsubPublisher("127.0.0.1:1") });
  await bucketAt(gone.url).file("a").save("", { resumable: false });
  await gone.close();
  expect(unsent.at(-1)).toBe("2 were left when the emulator ended");
});

test("without a Pub/Sub a change is told once", async () => {
  const unsent: string[] = [];
  const emulator = await emulatorOver({ "photos/a": "" }, { onUnsent: (...said) => unsent.push(said.join(": ")) });
  const bucket = bucketAt(emulator.url);
  await bucket.createNotification("projects/test/topics/images", { objectNamePrefix: "sub/" });
  await bucket.file("a").delete();
  expect(unsent).toEqual([]);
  await bucket.file("sub/a").save("", { resumable: false });
  await bucket.file("sub/a").delete();
  expect(unsent).toEqual(["projects/test/topics/images: there is no Pub/Sub to send to"]);
});

test("a topic without its service, as gcloud names it, is the same", async () => {
  const { url } = await emulatorOver({ "photos/a": "" });
  const body = JSON.stringify({ topic: "projects/p/topics/t", payload_format: "NONE" });
  const made = await fetch(`${url}/storage/v1/b/photos/notificationConfigs`, { method: "POST", body });
  expect(await made.json()).toMatchObject({ topic: "//pubsub.googleapis.com/projects/p/topics/t" });
});

test("a configuration's attributes are few, and text", async () => {
  const { url } = await emulatorOver({ "photos/a": "" });
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`attribute-${i}`, ""]));
  for (const custom_attributes of [[1], { team: 1 }, { "": "a" }, { long: "é".repeat(513) }, many, "text", null]) {
    const body = JSON.stringify({ topic: "//pubsub.googleapis.com/projects/p/topics/t", payload_format: "NONE", custom_attributes });
    const { status } = await fetch(`${url}/storage/v1/b/photos/notificationConfigs`, { method: "POST", body });
    expect(status).toBe(400);
  }
});

test("a project's service agent has a number that follows from the project's id", async () => {
  const { url } = await emulatorOver({ "photos/a": "" });
  const get = async (path: string) => (await fetch(url + path)).json();
  const agent = await get(`/storage/v1/projects/${project}/serviceAccount`);
  expect(agent).toEqual({
    kind: "storage#serviceAccount",
    email_address: expect.stringMatching(/^service-\d{12}@gs-project-accounts\.iam\.gserviceaccount\.com$/),
  });
  expect(await get(`/projects/${project}/serviceAccount`)).toEqual(agent);
  expect(await get("/storage/v1/projects/other/serviceAccount")).not.toEqual(agent);
  expect(await get("/storage/v1/projects/123/serviceAccount")).toMatchObject({ email_address: expect.stringContaining("service-123@") });
});
