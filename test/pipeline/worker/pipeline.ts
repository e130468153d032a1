/** A bucket of the emulator, a topic, a subscription and dead letters of Google's Pub/Sub emulator, and workers as processes. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import type { PubSub, Subscription, Topic } from "@google-cloud/pubsub";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { start } from "../../cli/running.ts";
import { pubsubAt } from "../../pubsub-emulator.ts";
import { openBucket, type TestBucket } from "../../storage/bucket.ts";
import { contentOf } from "../scan/scanning.ts";

interface LogLine {
  readonly severity: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A worker that runs. */
export interface RunningWorker {
  readonly process: ChildProcess;
  /** All lines of its log so far. */
  readonly log: readonly LogLine[];
  /** Resolves with the first line, from the beginning on, of which the test is true. */
  said(test: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

interface Taken {
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TestPipeline {
  readonly bucket: TestBucket;
  readonly folder: string;
  /** The file of a catalogue, in the folder. */
  readonly catalogue: string;
  readonly client: PubSub;
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly deadTopic: Topic;
  /** What the dead-letter topic was sent. */
  readonly deadLetters: Subscription;
  readonly environment: Readonly<Record<string, string>>;
  /** Publishes the event of an object as it is now, or as it was. */
  publish(eventType: string, name: string, object?: Readonly<Record<string, unknown>>): Promise<void>;
  /** The object's resource. */
  resource(name: string): Promise<Record<string, unknown>>;
  /** What the catalogue holds. */
  held(): ReturnType<typeof contentOf>;
  worker(args: readonly string[], environment?: Readonly<Record<string, string>>): RunningWorker;
  /** Any command that serves. */
  process(args: readonly string[], environment?: Readonly<Record<string, string>>): RunningWorker;
  /** Takes and acknowledges all messages that come until there are so many. */
  take(from: Subscription, count: number): Promise<Taken[]>;
  takeDeadLetters(count: number): Promise<readonly Taken[]>;
  close(): Promise<void>;
}

let made = 0;

export async function openPipeline(pubsubHost: string, subscriptionOptions: object = {}): Promise<TestPipeline> {
  const bucket = await openBucket();
  const folder = mkdtempSync(`${tmpdir()}/imagemeta-pipeline-`);
  const catalogue = `${folder}/catalog.db`;
  const client = pubsubAt(pubsubHost, "demo");
  const name = (what: string) => `${what}-${process.pid}-${made}`;
  made++;
  const [topic] = await client.createTopic(name("images"));
  const [dead] = await client.createTopic(name("dead"));
  const [deadLetters] = await client.createSubscription(dead, name("dead-sub"));
  // No retry policy: under one the emulator loses messages (`forgetRetryPolicy`).
  const [subscription] = await client.createSubscription(topic, name("sub"), {
    ackDeadlineSeconds: 10,
    deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 20 },
    ...subscriptionOptions,
  });
  const environment = { STORAGE_EMULATOR_HOST: bucket.emulator.url, PUBSUB_EMULATOR_HOST: pubsubHost };
  const running: RunningWorker[] = [];
  const resource: TestPipeline["resource"] = async (object) => {
    const answer = await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(object)}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const take: TestPipeline["take"] = async (from, count) => {
    const taken: Taken[] = [];
    await new Promise<void>((resolve) => {
      from.on("message", (message) => {
        message.ack();
        taken.push({ data: message.data.toString(), attributes: message.attributes });
        if (taken.length === count) resolve();
      });
    });
    await from.close();
    from.removeAllListeners();
    return taken;
  };
  const begin: TestPipeline["process"] = (args, more = {}) => {
    const worker = runningWorker(start(args, { ...environment, ...more }));
    running.push(worker);
    return worker;
  };
  return {
    bucket,
    folder,
    catalogue,
    client,
    topic,
    subscription,
    deadTopic: dead,
    deadLetters,
    environment,
    resource,
    async held() {
      const store = await openSqlite(catalogue);
      try {
        return await contentOf(store);
      } finally {
        await store.close();
      }
    },
    async publish(eventType, object, given) {
      const said = given ?? (await resource(object));
      await topic.publishMessage({
        data: Buffer.from(JSON.stringify(said)),
        attributes: {
          eventType,
          bucketId: "photos",
          objectId: object,
          objectGeneration: String(said.generation),
          eventTime: new Date().toISOString(),
          payloadFormat: "JSON_API_V1",
          notificationConfig: "projects/_/buckets/photos/notificationConfigs/1",
        },
      });
    },
    process: begin,
    worker: (args, more) => begin(["worker", "--subscription", subscription.name, "--project", "demo", ...args], more),
    take,
    takeDeadLetters: (count) => take(deadLetters, count),
    async close() {
      for (const { process: child } of running) child.kill("SIGKILL");
      await Promise.all(running.map(({ ended }) => ended));
      await client.close();
      await bucket.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function runningWorker(child: ChildProcess): RunningWorker {
  const log: LogLine[] = [];
  const waiting: { test: (line: LogLine) => boolean; resolve: (line: LogLine) => void }[] = [];
  if (child.stderr === null) throw new Error("no stderr");
  createInterface({ input: child.stderr }).on("line", (text) => {
    const line: LogLine = text.startsWith("{") ? JSON.parse(text) : { severity: "", message: text };
    log.push(line);
    for (const { test, resolve } of waiting) if (test(line)) resolve(line);
  });
  return {
    process: child,
    log,
    ended: new Promise((resolve) => child.once("close", resolve)),
    said: (test) => {
      const found = log.find(test);
      return found === undefined ? new Promise((resolve) => waiting.push({ test, resolve })) : Promise.resolve(found);
    },
  };
}
