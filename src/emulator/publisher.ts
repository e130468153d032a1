// The Pub/Sub that messages go to, by Google's client, which is loaded when the first message is to be sent.
// Pub/Sub "Publish messages to topics"; topics are named in full, such as `projects/PROJECT/topics/TOPIC`.
import type { PubSub, Topic } from "@google-cloud/pubsub";

/** A message as Pub/Sub takes it. */
export interface Message {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where messages go. */
export interface Publisher {
  /** Rejects if Pub/Sub cannot be reached. */
  hasTopic(topic: string): Promise<boolean>;
  /** Sends messages in order. One outcome each: `undefined` for one that Pub/Sub has taken. */
  publish(topic: string, messages: readonly Message[]): Promise<readonly (Error | undefined)[]>;
  /** Ends all connections; sending opens new ones. */
  close(): Promise<void>;
}

/** gRPC's. */
const NOT_FOUND = 5;
// Trying again is the outbox's part: one attempt, and not for longer than this.
const ONCE = { retry: null, timeout: 10_000 };
// Below the 1,000 messages and 10 MB that one request takes.
const BATCHING = { maxMessages: 500, maxBytes: 5_000_000, maxMilliseconds: 1 };
// Where the universe is said, Google's client looks for no credentials to learn it from.
const WITHOUT_CREDENTIALS = { emulatorMode: true, universeDomain: "googleapis.com", projectId: "emulator" };
// By itself gRPC waits up to two minutes before it connects again to a server that was gone.
const RECONNECTING = { "grpc.grpc.initial_reconnect_backoff_ms": 100, "grpc.grpc.max_reconnect_backoff_ms": 1000 };

/** The Pub/Sub emulator at `host`, as PUBSUB_EMULATOR_HOST names it: `127.0.0.1:8085`. */
export function pubsubPublisher(host: string): Publisher {
  let client: Promise<PubSub> | undefined;
  const topics = new Map<string, Topic>();
  const topicOf = async (name: string): Promise<Topic> => {
    client ??= import("@google-cloud/pubsub").then(
      ({ PubSub }) => new PubSub({ apiEndpoint: host, ...WITHOUT_CREDENTIALS, ...RECONNECTING }),
    );
    const opened = await client;
    const topic = topics.get(name) ?? opened.topic(name, { batching: BATCHING, gaxOpts: ONCE });
    topics.set(name, topic);
    return topic;
  };
  return {
    async hasTopic(name) {
      const topic = await topicOf(name);
      try {
        await topic.getMetadata(ONCE);
        return true;
      } catch (thrown) {
        if ((thrown as { code?: unknown }).code === NOT_FOUND) return false;
        throw thrown;
      }
    },
    async publish(name, messages) {
      const topic = await topicOf(name);
      const sent = await Promise.allSettled(messages.map(({ data, attributes }) => topic.publishMessage({ data, attributes })));
      return sent.map((outcome) => (outcome.status === "fulfilled" ? undefined : (outcome.reason as Error)));
    },
    async close() {
      const opened = await client;
      client = undefined;
      topics.clear();
      await opened?.close();
    },
  };
}
