/** A Pub/Sub topic to send to. */
import type { PublishOptions, PubSub, Topic as PubsubTopic } from "@google-cloud/pubsub";
import type { Message, Topic } from "../contract.ts";
import { refusal } from "./refusal.ts";

/** @param name `projects/P/topics/T` */
export function openTopic(client: PubSub, name: string, options: PublishOptions = {}): Topic {
  return new PublishingTopic(client.topic(name, options), name);
}

class PublishingTopic implements Topic {
  readonly #topic: PubsubTopic;
  readonly #name: string;

  constructor(topic: PubsubTopic, name: string) {
    this.#topic = topic;
    this.#name = name;
  }

  async publish({ data, attributes }: Message): Promise<void> {
    try {
      await this.#topic.publishMessage({ data, attributes });
    } catch (cause) {
      throw refusal(`cannot publish to ${this.#name}`, cause, {
        NOT_FOUND: "create the topic first: gcloud pubsub topics create",
        FORBIDDEN: "grant the role roles/pubsub.publisher on the topic",
      });
    }
  }

  async close(): Promise<void> {
    await this.#topic.flush();
  }
}
