/** What a dead letter says of itself: where it came from, and why. */
import type { Leased, Message } from "../../queue/contract.ts";
import { eventOfMessage } from "../events/notification.ts";
import { BY_POLICY, ERROR_CODE, ERROR_MESSAGE, MESSAGE_ID } from "../worker/dead-letter.ts";

export interface DeadLetter {
  /** Its number as a dead letter. */
  readonly id: string;
  /** When it became one, RFC 3339. */
  readonly published: string;
  /** `gs://bucket/name`, where the message says it. */
  readonly object?: string;
  readonly change?: string;
  /** Why a worker sent it here; absent where the subscription's policy did. */
  readonly code?: string;
  readonly error?: string;
  /** Its number before, where a worker sent it here. */
  readonly messageId?: string;
  /** Where the subscription's policy sent it here: after so many deliveries of which subscription, and when it was first published. */
  readonly deliveries?: number;
  readonly subscription?: string;
  readonly firstPublished?: string;
}

export function deadLetterOf({ id, publishTime, ...message }: Leased): DeadLetter {
  const { attributes } = message;
  const deliveries = Number(attributes[`${BY_POLICY}DeliveryCount`]);
  const said = {
    object: objectOf(message),
    change: attributes.eventType,
    code: attributes[ERROR_CODE],
    error: attributes[ERROR_MESSAGE],
    messageId: attributes[MESSAGE_ID],
    deliveries: Number.isSafeInteger(deliveries) && deliveries > 0 ? deliveries : undefined,
    subscription: attributes[`${BY_POLICY}Subscription`],
    firstPublished: attributes[`${BY_POLICY}TopicPublishTime`],
  };
  return {
    id,
    published: new Date(publishTime).toISOString(),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  };
}

/** The name alone, where it says no more; also of what is no event. */
export function nameOf({ attributes, data }: Message): string | undefined {
  return attributes.objectId ?? eventOf({ attributes, data })?.info.name;
}

function objectOf(message: Message): string | undefined {
  const { bucketId, objectId } = message.attributes;
  if (bucketId !== undefined && objectId !== undefined) return `gs://${bucketId}/${objectId}`;
  return eventOf(message)?.uri ?? objectId;
}

function eventOf(message: Message) {
  try {
    return eventOfMessage(message);
  } catch {
    return undefined;
  }
}
