/** Records into a Pub/Sub topic, one message each, at least once and in no order. What a message holds is told in message.ts. */
import type { CredentialOptions } from "../../auth/options.ts";
import type { Topic } from "../../queue/contract.ts";
import { PubsubQueue } from "../../queue/pubsub/queue.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ValueForm } from "../../record/types.ts";
import type { ObjectVersion, PutOutcome, Sink } from "../contract.ts";
import { type Message, recordMessage, removalMessage } from "./message.ts";

/** Bytes of messages that may wait for their acknowledgement; then no more are made. */
const OUTSTANDING_BYTES = 32 << 20;
/** Below the 1,000 messages and 10 MB that one publish request takes; a larger message goes alone. */
const BATCHING = { maxMessages: 500, maxBytes: 5_000_000, maxMilliseconds: 10 };

/**
 * Opens a topic that exists: `pubsub://PROJECT/TOPIC`. `PUBSUB_EMULATOR_HOST` names an emulator. Nothing is sent before the first record.
 * @throws ImagemetaError MALFORMED where the address names no topic
 */
export async function openPubsubSink(
  address: string,
  { values, credentials }: { readonly values: ValueForm; readonly credentials?: CredentialOptions },
): Promise<Sink> {
  const [, project, topic] = /^pubsub:\/\/([^/]+)\/([^/]+)$/i.exec(address) ?? [];
  if (project === undefined || topic === undefined)
    throw new ImagemetaError("MALFORMED", `${address} names no topic: it takes pubsub://PROJECT/TOPIC`);
  const queue = await PubsubQueue.open(project, credentials);
  await queue.signIn();
  return new PubsubSink(queue.topic(topic, { batching: BATCHING }), () => queue.close(), values);
}

class PubsubSink implements Sink {
  readonly values: ValueForm;
  readonly #topic: Topic;
  readonly #closeQueue: () => Promise<void>;
  #lastTime = 0;
  #closing: Promise<void> | undefined;

  constructor(topic: Topic, closeQueue: () => Promise<void>, values: ValueForm) {
    this.values = values;
    this.#topic = topic;
    this.#closeQueue = closeQueue;
  }

  put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]> {
    return this.#publishAll(records, (record, time) => {
      if (record.values === this.values) return recordMessage(record, time);
      throw new ImagemetaError(
        "MALFORMED",
        `the topic is sent ${this.values} values, and this record has ${record.values} ones: they do not mix`,
      );
    });
  }

  remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]> {
    return this.#publishAll(gone, removalMessage);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#topic.close().then(this.#closeQueue);
    await this.#closing;
  }

  abandon(): Promise<void> {
    return this.close();
  }

  async #publishAll<Item extends { readonly uri: string }>(
    items: readonly Item[],
    messageOf: (item: Item, time: string) => Message,
  ): Promise<readonly PutOutcome[]> {
    const outcomes: Promise<PutOutcome>[] = [];
    let waiting = 0;
    for (const item of items) {
      let message: Message;
      try {
        message = messageOf(item, this.#time());
      } catch (thrown) {
        if (!(thrown instanceof ImagemetaError)) throw thrown;
        outcomes.push(Promise.resolve({ uri: item.uri, result: "failed", error: thrown }));
        continue;
      }
      outcomes.push(this.#publish(item.uri, message));
      waiting += message.data.length;
      if (waiting < OUTSTANDING_BYTES) continue;
      await Promise.all(outcomes);
      waiting = 0;
    }
    return Promise.all(outcomes);
  }

  /** Written is what Pub/Sub has acknowledged. */
  async #publish(uri: string, message: Message): Promise<PutOutcome> {
    try {
      await this.#topic.publish(message);
      return { uri, result: "written" };
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      return { uri, result: "failed", error: thrown };
    }
  }

  /** Now, in microseconds, each later than the one before: of a source without versions it is what the later row is told by. */
  #time(): string {
    this.#lastTime = Math.max(this.#lastTime + 1, Date.now() * 1000);
    const milliseconds = Math.floor(this.#lastTime / 1000);
    return new Date(milliseconds).toISOString().replace("Z", `${String(this.#lastTime - milliseconds * 1000).padStart(3, "0")}Z`);
  }
}
