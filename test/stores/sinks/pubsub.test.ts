import { randomUUID } from "node:crypto";
import type { Message, PubSub, Subscription } from "@google-cloud/pubsub";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openPubsubSink } from "../../../src/stores/sinks/pubsub.ts";
import { record, type SinkPlace, sinkConformance, type Taken } from "../../conformance/sink.ts";
import { hasPubsubEmulator, type PubsubEmulator, pubsubAt, startPubsub } from "../../pubsub-emulator.ts";
import { expectRow, latestRows, type Row } from "../bigquery.ts";

const project = "imagemeta-test";
const numeric = { values: "numeric" } as const;

describe.runIf(hasPubsubEmulator())("pubsub", () => {
  let emulator: PubsubEmulator;
  let client: PubSub;
  beforeAll(async () => {
    emulator = await startPubsub();
    vi.stubEnv("PUBSUB_EMULATOR_HOST", emulator.host);
    client = pubsubAt(emulator.host, project);
  }, 120_000);
  afterAll(async () => {
    await client?.close();
    vi.unstubAllEnvs();
    await emulator?.stop();
  });

  async function newTopic(): Promise<{ readonly topic: string; readonly subscription: Subscription }> {
    const topic = `topic-${randomUUID()}`;
    const [created] = await client.createTopic(topic);
    const [subscription] = await created.createSubscription(`${topic}-all`);
    return { topic, subscription };
  }

  /** So many messages of a subscription. */
  function received(subscription: Subscription, count: number): Promise<readonly Message[]> {
    return new Promise((resolve, reject) => {
      const messages: Message[] = [];
      if (count === 0) return resolve(messages);
      subscription.on("error", reject).on("message", (message) => {
        message.ack();
        if (messages.push(message) === count) void subscription.close().then(() => resolve(messages));
      });
    });
  }

  async function open(): Promise<SinkPlace> {
    const { topic, subscription } = await newTopic();
    let sent = 0;
    return {
      async open() {
        const sink = await openPubsubSink(`pubsub://${project}/${topic}`, numeric);
        const counted = <T extends readonly { readonly result: string }[]>(outcomes: T): T => {
          sent += outcomes.filter(({ result }) => result === "written").length;
          return outcomes;
        };
        return {
          values: sink.values,
          put: async (records) => counted(await sink.put(records)),
          remove: async (gone) => counted(await sink.remove(gone)),
          close: () => sink.close(),
          abandon: () => sink.abandon(),
        };
      },
      async taken() {
        const messages = await received(subscription, sent);
        return latestRows(messages.map(({ data }) => expectRow(data)))
          .map(takenOfRow)
          .sort((a, b) => Buffer.compare(Buffer.from(a.uri), Buffer.from(b.uri)));
      },
    };
  }

  sinkConformance("pubsub", open, { runs: 8 });

  test("a message has the address and generation as attributes, and the table's columns as data", async () => {
    const { topic, subscription } = await newTopic();
    const sink = await openPubsubSink(`pubsub://${project}/${topic}`, numeric);
    const put = record("a.jpg", { generation: "9007199254740993" });
    await sink.put([put]);
    await sink.close();
    const [message] = await received(subscription, 1);
    expect(message?.attributes).toEqual({ uri: put.uri, generation: "9007199254740993" });
    expect(expectRow(message?.data ?? Buffer.alloc(0))).toMatchObject({ uri: put.uri, width: 960, deleted: false });
  });

  test("many records in one call are all acknowledged", async () => {
    const { topic, subscription } = await newTopic();
    const sink = await openPubsubSink(`pubsub://${project}/${topic}`, numeric);
    const records = Array.from({ length: 2500 }, (_, i) => record(`${i}.jpg`, { generation: "1" }));
    expect(new Set((await sink.put(records)).map(({ result }) => result))).toEqual(new Set(["written"]));
    await sink.close();
    expect(new Set((await received(subscription, 2500)).map(({ attributes }) => attributes.uri)).size).toBe(2500);
  });

  test("a topic that is not there fails each record, and says what to do", async () => {
    const sink = await openPubsubSink(`pubsub://${project}/nowhere`, numeric);
    const [outcome] = await sink.put([record("a.jpg")]);
    expect(outcome).toMatchObject({ result: "failed", error: { code: "NOT_FOUND", message: expect.stringContaining("topics create") } });
    await sink.close();
  });
});

function takenOfRow({ uri, generation, title, errorCode }: Row): Taken {
  return {
    uri: String(uri),
    ...(generation !== null && { generation: String(generation) }),
    ...(title !== null && { title: String(title) }),
    ...(errorCode !== null && { error: String(errorCode) }),
  };
}
