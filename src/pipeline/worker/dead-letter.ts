/** A message that can never succeed, as it is sent to the dead letters: as it came, and why. And back again. */
import type { Message } from "../../queue/contract.ts";
import type { EventOutcome } from "./outcomes.ts";

/** Attributes that say why. */
export const ERROR_CODE = "imagemeta-error-code";
export const ERROR_MESSAGE = "imagemeta-error";
export const MESSAGE_ID = "imagemeta-message-id";

/** What Pub/Sub adds where the subscription's own policy sends a message there ("Dead-letter topics", "Track delivery attempts"). */
export const BY_POLICY = "CloudPubSubDeadLetterSource";

/** Attributes of a message at most ("Pub/Sub quotas and limits"), less those that say why it is here. */
const ATTRIBUTES = 100 - 3;
/** Bytes of a value at most. */
const VALUE = 1024;

export function deadLetter({ data, attributes }: Message, id: string, { code = "INTERNAL", message = "" }: EventOutcome): Message {
  const own = Object.entries(attributes).slice(0, ATTRIBUTES);
  // Cut within a character, which is then replaced by three bytes at most.
  const why = Buffer.from(message)
    .subarray(0, VALUE - 3)
    .toString();
  return { data, attributes: { ...Object.fromEntries(own), [ERROR_CODE]: code, [ERROR_MESSAGE]: why, [MESSAGE_ID]: id } };
}

/** The message as it first came. */
export function withoutReason({ data, attributes }: Message): Message {
  const isReason = (name: string) => [ERROR_CODE, ERROR_MESSAGE, MESSAGE_ID].includes(name) || name.startsWith(BY_POLICY);
  return { data, attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !isReason(name))) };
}
