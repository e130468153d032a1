/**
 * A Pub/Sub subscription, pulled by one stream. Leases are extended by the client library as long as a message is held. Where the
 * subscription delivers exactly once, an acknowledgement counts when Pub/Sub has confirmed it.
 */
import type { PubSub, Message as PubsubMessage, Subscription as PubsubSubscription, SubscriberOptions } from "@google-cloud/pubsub";
import type { Delivery, Subscription } from "../contract.ts";
import { refusal } from "./refusal.ts";

export interface FlowOptions {
  /** Messages held at once. */
  readonly messages: number;
  /** Bytes of their data. */
  readonly bytes: number;
}

/** Milliseconds before a stream that failed is opened again: they double, up to the longest. */
const REOPEN = { first: 1000, longest: 60_000 };
/** Milliseconds that answers wait for others to be sent with. */
const ANSWERS_WAIT = 20;
/** A lease is extended as long as a message may live, each time by so much at most: after that the messages of a killed process come again. */
const LONGEST_LEASE = { hours: 31 * 24 };
const LONGEST_EXTENSION = { seconds: 60 };

/** @param name `projects/P/subscriptions/S` */
export async function openSubscription(client: PubSub, name: string, flow: FlowOptions): Promise<Subscription> {
  const { Duration } = await import("@google-cloud/pubsub");
  return new PullingSubscription(client, name, {
    flowControl: { maxMessages: flow.messages, maxBytes: flow.bytes, allowExcessMessages: true },
    // One stream brings more than a worker reads, and the fewer messages wait in it for this worker while others have nothing to do.
    streamingOptions: { maxStreams: 1 },
    batching: { maxMilliseconds: ANSWERS_WAIT },
    maxExtensionTime: Duration.from(LONGEST_LEASE),
    maxAckDeadline: Duration.from(LONGEST_EXTENSION),
    // What is held when it closes is ours to answer: the library would hand it all back at once.
    closeOptions: { behavior: "WAIT" },
  });
}

class PullingSubscription implements Subscription {
  readonly #name: string;
  readonly #subscription: PubsubSubscription;
  readonly #options: SubscriberOptions;
  #failures = 0;
  #reopening: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(client: PubSub, name: string, options: SubscriberOptions) {
    this.#name = name;
    this.#options = options;
    this.#subscription = client.subscription(name, options);
  }

  receive(handler: (delivery: Delivery) => void, failed: (why: Error) => void): void {
    this.#subscription.on("error", (cause) => {
      failed(
        refusal(`cannot pull from ${this.#name}`, cause, {
          NOT_FOUND: "create it first: imagemeta setup",
          FORBIDDEN: "grant the role roles/pubsub.subscriber on the subscription",
        }),
      );
      this.#reopen();
    });
    this.#subscription.on("message", (message: PubsubMessage) => {
      this.#failures = 0;
      handler(deliveryOf(message));
    });
  }

  /** The library closes a stream that failed for good, such as of a subscription that was deleted: it may be made again. */
  #reopen(): void {
    if (this.#isClosed || this.#reopening !== undefined) return;
    const delay = Math.min(REOPEN.longest, REOPEN.first * 2 ** this.#failures++);
    this.#reopening = setTimeout(() => {
      this.#reopening = undefined;
      if (!this.#isClosed) this.#subscription.open();
    }, delay);
  }

  async close(milliseconds: number): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#reopening);
    const { Duration } = await import("@google-cloud/pubsub");
    this.#subscription.setOptions({
      ...this.#options,
      closeOptions: { behavior: "WAIT", timeout: Duration.from({ milliseconds }) },
    });
    // The library's close may hang where the connection does.
    let timer: NodeJS.Timeout | undefined;
    const outOfTime = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    await Promise.race([this.#subscription.close().catch(() => {}), outOfTime]);
    clearTimeout(timer);
  }
}

function deliveryOf(message: PubsubMessage): Delivery {
  const { id, data, attributes, deliveryAttempt, publishTime } = message;
  return {
    id,
    data,
    attributes,
    publishTime: publishTime.getTime(),
    attempt: deliveryAttempt,
    acknowledge: () =>
      message.ackWithResponse().then(
        () => true,
        () => false,
      ),
    handBack: () => message.nack(),
  };
}
