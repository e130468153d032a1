/**
 * A change that arrives as an HTTP request: a Pub/Sub push, wrapped or unwrapped ("Push subscriptions", "Payload unwrapping"), or a
 * CloudEvent in binary or structured mode (CloudEvents 1.0, HTTP protocol binding, sections 3.1 and 3.2) as Eventarc sends it.
 */
import { ImagemetaError } from "../../record/errors.ts";
import { eventOfMessage, type NotificationMessage } from "./notification.ts";
import { malformed, type ObjectEvent, parsedJson } from "./object-event.ts";

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Arrival {
  /** As Pub/Sub would give it to who pulls, whatever the form; where that cannot be made out, the body alone. */
  readonly message: NotificationMessage;
  /** The message's or CloudEvent's own number. */
  readonly id: string;
  /** How often Pub/Sub has delivered it, this time included; 0 where it does not say. */
  readonly attempt: number;
  /** Milliseconds since 1970; undefined where it is not said. */
  readonly publishTime: number | undefined;
  /** @throws ImagemetaError MALFORMED */
  event(): ObjectEvent;
}

/** The request that a push or Eventarc made. It throws nothing: what is no event says so when it is asked for. */
export function arrivalOf(headers: Headers, body: Uint8Array): Arrival {
  return orNone(
    () => partsOf(headers, body),
    () => body,
  );
}

/** A CloudEvent in the JSON form that somebody else has parsed, as the Functions Framework does. It throws nothing either. */
export function arrivalOfCloudEvent(event: unknown): Arrival {
  return orNone(
    () => structured(record(event), {}),
    () => {
      try {
        return bytesOf(event);
      } catch {
        // Nested too deep to be written again.
        return Buffer.alloc(0);
      }
    },
  );
}

function orNone(read: () => Arrival, body: () => Uint8Array): Arrival {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof ImagemetaError)) throw thrown;
    return {
      ...parts({ attributes: {}, data: body() }, {}),
      event() {
        throw thrown;
      },
    };
  }
}

function partsOf(headers: Headers, body: Uint8Array): Arrival {
  const type = text(headers["content-type"])?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/cloudevents+json") return structured(record(parsedJson(body)), headers);
  if (headers["ce-specversion"] !== undefined) return cloudEvent((name) => text(headers[`ce-${name}`]), body, headers);
  if (headers["x-goog-pubsub-message-id"] !== undefined || headers.eventtype !== undefined) return unwrapped(headers, body);
  const wrapped = record(parsedJson(body));
  if (typeof wrapped.message === "object") return pushed(wrapped);
  // An unwrapped push that writes no metadata: the payload alone.
  return parts({ attributes: {}, data: body }, {});
}

/** `{"message": {"attributes", "data", "messageId"}, "subscription", "deliveryAttempt"}` */
function pushed({ message, deliveryAttempt }: Readonly<Record<string, unknown>>): Arrival {
  const { attributes = {}, data = "", messageId, publishTime } = record(message);
  if (typeof data !== "string") throw malformed("the data of the message is no text");
  const said = { attributes: texts(record(attributes)), data: Buffer.from(data, "base64") };
  return parts(said, { id: messageId, attempt: deliveryAttempt, time: publishTime });
}

/** Attributes are headers of their own names, which HTTP gives in lower case. */
const ATTRIBUTES = ["eventType", "bucketId", "objectId", "objectGeneration", "eventTime", "payloadFormat"];

function unwrapped(headers: Headers, body: Uint8Array): Arrival {
  const attributes: Record<string, string> = { ...traceOf(headers) };
  for (const name of ATTRIBUTES) {
    const value = text(headers[name.toLowerCase()]);
    if (value !== undefined) attributes[name] = value;
  }
  // A header gives the UTF-8 of a name byte by byte.
  if (attributes.objectId !== undefined) attributes.objectId = Buffer.from(attributes.objectId, "latin1").toString();
  const [id, time] = [text(headers["x-goog-pubsub-message-id"]), text(headers["x-goog-pubsub-publish-time"])];
  return parts({ attributes, data: body }, { id, time });
}

function parts(
  message: NotificationMessage,
  { id, attempt, time }: { readonly id?: unknown; readonly attempt?: unknown; readonly time?: unknown },
): Arrival {
  const isCounted = typeof attempt === "number" && Number.isSafeInteger(attempt) && attempt > 0;
  const published = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return {
    message,
    id: typeof id === "string" ? id : "",
    attempt: isCounted ? attempt : 0,
    publishTime: Number.isNaN(published) ? undefined : published,
    event: () => eventOfMessage(message),
  };
}

function structured(envelope: Readonly<Record<string, unknown>>, headers: Headers): Arrival {
  const { data, data_base64: encoded } = envelope;
  const attribute = (name: string): string | undefined => (typeof envelope[name] === "string" ? (envelope[name] as string) : undefined);
  return cloudEvent(attribute, typeof encoded === "string" ? Buffer.from(encoded, "base64") : bytesOf(data), headers);
}

/** A Pub/Sub message that Eventarc carries, instead of the bucket's own event. */
const MESSAGE_PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";

/** @param data JSON */
function cloudEvent(attribute: (name: string) => string | undefined, data: Uint8Array, headers: Headers): Arrival {
  const type = attribute("type") ?? "";
  const trace = { ...traceOf(headers), ...texts({ traceparent: attribute("traceparent"), tracestate: attribute("tracestate") }) };
  const said = record(parsedJson(data));
  if (type === MESSAGE_PUBLISHED) {
    const { message, ...arrival } = pushed(said);
    const traced = { ...message, attributes: { ...trace, ...message.attributes } };
    return { ...arrival, message: traced, event: () => eventOfMessage(traced) };
  }
  const { bucket, name, generation } = said;
  const attributes = texts({
    ...trace,
    eventType: type,
    bucketId: bucket,
    objectId: name,
    objectGeneration: typeof generation === "number" ? String(generation) : generation,
    eventTime: attribute("time"),
    payloadFormat: "JSON_API_V1",
  });
  return parts({ attributes, data }, { id: attribute("id"), time: attribute("time") });
}

function bytesOf(data: unknown): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(data ?? null));
  } catch (cause) {
    throw malformed("its data is nested too deep", cause);
  }
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
