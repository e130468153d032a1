/**
 * A change that arrives as an HTTP request: a Pub/Sub push, wrapped or unwrapped ("Push subscriptions", "Payload unwrapping"), or a
 * CloudEvent in binary or structured mode (CloudEvents 1.0, HTTP protocol binding, sections 3.1 and 3.2) as Eventarc sends it.
 */
import { eventOfMessage, type NotificationMessage } from "./notification.ts";
import { malformed, type ObjectEvent, objectEvent, parsedJson } from "./object-event.ts";

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpEvent {
  readonly event: ObjectEvent;
  /** The message's or CloudEvent's own number, for logs. */
  readonly id: string;
  /** How often Pub/Sub has delivered it, this time included; 0 where it does not say. */
  readonly attempt: number;
  /** What carries the trace, where there is one. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The request that a push or Eventarc made. @throws ImagemetaError MALFORMED */
export function eventOfRequest(headers: Headers, body: Uint8Array): HttpEvent {
  const { id, attempt, read, attributes } = partsOf(headers, body);
  return { id, attempt, attributes, event: read() };
}

interface Parts extends Omit<HttpEvent, "event"> {
  read(): ObjectEvent;
}

function partsOf(headers: Headers, body: Uint8Array): Parts {
  const type = text(headers["content-type"])?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/cloudevents+json") return structured(record(parsedJson(body)), headers);
  if (headers["ce-specversion"] !== undefined) {
    const attribute = (name: string): string | undefined => text(headers[`ce-${name}`]);
    return cloudEvent(attribute, () => parsedJson(body), headers);
  }
  if (headers["x-goog-pubsub-message-id"] !== undefined || headers.eventtype !== undefined) return unwrapped(headers, body);
  const wrapped = record(parsedJson(body));
  if (typeof wrapped.message === "object") return pushed(wrapped);
  // An unwrapped push that writes no metadata: the payload alone.
  return parts({ attributes: {}, data: body }, "");
}

/** `{"message": {"attributes", "data", "messageId"}, "subscription", "deliveryAttempt"}` */
function pushed({ message, deliveryAttempt }: Readonly<Record<string, unknown>>): Parts {
  const { attributes = {}, data = "", messageId = "" } = record(message);
  if (typeof data !== "string") throw malformed("the data of the message is no text");
  return parts({ attributes: texts(record(attributes)), data: Buffer.from(data, "base64") }, String(messageId), deliveryAttempt);
}

/** Attributes are headers of their own names, which HTTP gives in lower case. */
const ATTRIBUTES = ["eventType", "bucketId", "objectId", "objectGeneration", "eventTime", "payloadFormat"];

function unwrapped(headers: Headers, body: Uint8Array): Parts {
  const attributes: Record<string, string> = { ...traceOf(headers) };
  for (const name of ATTRIBUTES) {
    const value = text(headers[name.toLowerCase()]);
    if (value !== undefined) attributes[name] = value;
  }
  // A header gives the UTF-8 of a name byte by byte.
  if (attributes.objectId !== undefined) attributes.objectId = Buffer.from(attributes.objectId, "latin1").toString();
  return parts({ attributes, data: body }, text(headers["x-goog-pubsub-message-id"]) ?? "");
}

function parts(message: NotificationMessage, id: string, attempt?: unknown): Parts {
  const isCounted = typeof attempt === "number" && Number.isSafeInteger(attempt) && attempt > 0;
  return { id, attempt: isCounted ? attempt : 0, attributes: message.attributes, read: () => eventOfMessage(message) };
}

function structured(envelope: Readonly<Record<string, unknown>>, headers: Headers): Parts {
  const { data, data_base64: encoded } = envelope;
  const attribute = (name: string): string | undefined => (typeof envelope[name] === "string" ? (envelope[name] as string) : undefined);
  return cloudEvent(attribute, () => (typeof encoded === "string" ? parsedJson(Buffer.from(encoded, "base64")) : data), headers);
}

/** A Pub/Sub message that Eventarc carries, instead of the bucket's own event. */
const MESSAGE_PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";

function cloudEvent(attribute: (name: string) => string | undefined, data: () => unknown, headers: Headers): Parts {
  const type = attribute("type");
  const trace = { ...traceOf(headers), ...texts({ traceparent: attribute("traceparent"), tracestate: attribute("tracestate") }) };
  if (type === MESSAGE_PUBLISHED) {
    const message = pushed(record(data()));
    return { ...message, attributes: { ...trace, ...message.attributes } };
  }
  return {
    id: attribute("id") ?? "",
    attempt: 0,
    attributes: trace,
    read() {
      const resource = record(data());
      const { bucket, name, generation } = resource;
      return objectEvent({ type, bucket, name, generation: String(generation), time: attribute("time"), resource });
    },
  };
}

function traceOf(headers: Headers): Record<string, string> {
  return texts({ traceparent: text(headers.traceparent), tracestate: text(headers.tracestate) });
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("it is no JSON object");
  return value as Readonly<Record<string, unknown>>;
}
