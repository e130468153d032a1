/** `imagemeta setup` as a process, with both emulators; its commands are given to the Google Cloud CLI as printed. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openForEachTest } from "../pipeline/for-each-test.ts";
import { openPipeline, project } from "../pipeline/running-pipeline.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import type { Ran } from "./running.ts";

const shell = promisify(execFile);
/** What was done to what, without notes: `made topic projects/…`. */
const steps = ({ stdout }: Ran): string[] => stdout.split("\n").filter((line) => /^\S/.test(line) && !line.startsWith("left out"));

describe.runIf(hasPubsubEmulator())("setup", { timeout: 120_000 }, () => {
  const bench = openForEachTest(openPipeline, startPubsub);

  const whole = (collection: string, name: string) => `projects/${project}/${collection}/${name}`;
  const subscriptionSaid = async () => (await bench.pubsub.subscription(bench.subscription).getMetadata())[0];
  const configurations = async () => (await bench.bucket.getNotifications())[0].map(({ metadata }) => metadata);

  /** All five things, each done so. */
  const all = (did: string, but: Readonly<Record<string, string>> = {}) =>
    [
      `topic ${whole("topics", bench.topic)}`,
      `topic ${whole("topics", bench.deadLetters)}`,
      `subscription ${whole("subscriptions", `${bench.deadLetters}-sub`)}`,
      `subscription ${whole("subscriptions", bench.subscription)}`,
      "notification of gs://photos",
    ].map((what) => `${(but[what] ?? did).padEnd(9)}${what}`);

  test("makes all that is needed; the second time it finds it, and changes nothing", async () => {
    const first = await bench.setup();
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(steps(first)).toEqual(all("made"));
    expect(first.stdout.match(/the Pub\/Sub emulator has no IAM/g)).toHaveLength(3);
    const said = await subscriptionSaid();
    expect(said).toMatchObject({
      topic: whole("topics", bench.topic),
      ackDeadlineSeconds: 10,
      messageRetentionDuration: { seconds: String(7 * 86_400) },
      expirationPolicy: { ttl: null },
      retryPolicy: { minimumBackoff: { seconds: "10" }, maximumBackoff: { seconds: "600" } },
      deadLetterPolicy: { deadLetterTopic: whole("topics", bench.deadLetters), maxDeliveryAttempts: 20 },
    });
    const made = await configurations();
    expect(made).toMatchObject([
      {
        topic: `//pubsub.googleapis.com/${whole("topics", bench.topic)}`,
        payload_format: "JSON_API_V1",
        event_types: ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"],
      },
    ]);
    const second = await bench.setup();
    expect(second.code).toBe(0);
    expect(steps(second)).toEqual(all("found"));
    expect(await subscriptionSaid()).toEqual(said);
    expect(await configurations()).toEqual(made);
  });

  test("a subscription with other settings is changed, and says from what to what", async () => {
    await bench.setup();
    await bench.pubsub.subscription(bench.subscription).setMetadata({
      ackDeadlineSeconds: 33,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 2 } },
      deadLetterPolicy: { deadLetterTopic: whole("topics", bench.deadLetters), maxDeliveryAttempts: 5 },
    });
    const ran = await bench.setup();
    expect(steps(ran)).toEqual(all("found", { [`subscription ${whole("subscriptions", bench.subscription)}`]: "changed" }));
    expect(ran.stdout).toContain("ack deadline: 33 s → 10 s\n");
    expect(ran.stdout).toContain("retry: 1 s to 2 s → 10 s to 600 s\n");
    expect(ran.stdout).toMatch(/dead letters: \S+ after 5 deliveries → \S+ after 20 deliveries\n/);
    expect(steps(await bench.setup())).toEqual(all("found"));
  });

  test("--push-endpoint makes a push subscription with a longer deadline, --exactly-once a pulled one again", async () => {
    expect((await bench.setup("--push-endpoint", "http://127.0.0.1:9/events")).code).toBe(0);
    expect(await subscriptionSaid()).toMatchObject({ ackDeadlineSeconds: 60, pushConfig: { pushEndpoint: "http://127.0.0.1:9/events" } });
    const ran = await bench.setup("--exactly-once");
    expect(ran.stdout).toContain("exactly once: no → yes");
    expect(await subscriptionSaid()).toMatchObject({
      ackDeadlineSeconds: 10,
      pushConfig: { pushEndpoint: "" },
      enableExactlyOnceDelivery: true,
    });
    expect((await bench.setup("--push-endpoint", "http://127.0.0.1:9/", "--exactly-once")).code).toBe(2);
  });

  test("a subscription of another topic is an error that says so, and the bucket is not connected to it", async () => {
    await bench.pubsub.createTopic("another-topic");
    await bench.pubsub.createSubscription("another-topic", bench.subscription);
    const ran = await bench.setup();
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /takes messages of projects\/imagemeta-test\/topics\/another-topic, and the topic of a subscription cannot be changed/,
    );
    expect(await configurations()).toEqual([]);
  });

  test("another configuration of the topic is left, and told of", async () => {
    await bench.pubsub.createTopic(bench.topic);
    await bench.bucket.createNotification(whole("topics", bench.topic), { payloadFormat: "NONE" });
    const ran = await bench.setup();
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain("gcloud storage buckets notifications delete projects/_/buckets/photos/notificationConfigs/1");
    expect(await configurations()).toHaveLength(2);
  });

  test("what it prints, gcloud does: setup then finds all as it should be", async () => {
    const printed = await bench.setup("--print");
    expect(printed.code).toBe(0);
    expect(await configurations()).toEqual([]);
    const environment = {
      ...process.env,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: "true",
      CLOUDSDK_CORE_PROJECT: project,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `http://${bench.environment.PUBSUB_EMULATOR_HOST}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${bench.emulator.url}/`,
    };
    await shell("sh", ["-e", "-c", printed.stdout], { env: environment });
    expect(steps(await bench.setup())).toEqual(all("found"));
  });

  test("a bucket that is not there is named", async () => {
    const ran = await bench.run(
      ...["setup", "--bucket", "nope", "--topic", bench.topic, "--subscription", bench.subscription, "--dead-letter", bench.deadLetters],
    );
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^failed {3}notification of gs:\/\/nope\n +gs:\/\/nope: cannot list the notification configurations: .*not exist/m,
    );
  });
});
