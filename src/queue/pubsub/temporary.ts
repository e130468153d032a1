/** A subscription for a while, of one kind of messages of a topic. */
import { randomUUID } from "node:crypto";
import type { PubSub } from "@google-cloud/pubsub";
import type { TemporarySubscription } from "../contract.ts";
import { projectOf } from "./names.ts";
import { refusal } from "./refusal.ts";
import { openSubscription } from "./subscription.ts";

/** The shortest that Pub/Sub takes, in seconds: a day without use, and ten minutes of messages. */
const EXPIRES = 86_400;
const RETENTION = 600;
const FLOW = { messages: 10, bytes: 1_000_000 };

/**
 * @param topic `projects/P/topics/T`
 * @param filter in Pub/Sub's language ("Filter messages from a subscription")
 * @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE
 */
export async function openTemporary(client: PubSub, topic: string, filter: string): Promise<TemporarySubscription> {
  const name = `projects/${projectOf(topic)}/subscriptions/imagemeta-${randomUUID()}`;
  try {
    await client.createSubscription(topic, name, {
      filter,
      expirationPolicy: { ttl: { seconds: EXPIRES } },
      messageRetentionDuration: { seconds: RETENTION },
    });
  } catch (thrown) {
    throw refusal(`cannot make a subscription of ${topic} for a while`, thrown, {
      NOT_FOUND: "make the topic first: imagemeta setup",
      FORBIDDEN: `grant roles/pubsub.editor in the project ${projectOf(topic)}`,
    });
  }
  const subscription = await openSubscription(client, name, FLOW);
  return {
    receive: (handler, failed) => subscription.receive(handler, failed),
    close: (milliseconds) => subscription.close(milliseconds),
    // It expires where it cannot be removed.
    remove: () =>
      client
        .subscription(name)
        .delete()
        .then(
          () => {},
          () => {},
        ),
  };
}
