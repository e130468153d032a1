/**
 * A change as Cloud Storage tells it to Pub/Sub ("Pub/Sub notifications for Cloud Storage", "Notification format"): attributes say
 * what happened, and with the payload format JSON_API_V1 the data is the object's resource; with NONE there is none.
 */
import { malformed, type ObjectEvent, objectEvent, parsedJson } from "./object-event.ts";

/** What of a Pub/Sub message an event is read from. */
export interface NotificationMessage {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** @throws ImagemetaError MALFORMED */
export function eventOfMessage({ attributes, data }: NotificationMessage): ObjectEvent {
  const { eventType, bucketId, objectId, objectGeneration, eventTime, payloadFormat = "NONE" } = attributes;
  if (eventType === undefined && data.length > 0) return eventOfResource(data);
  if (payloadFormat !== "NONE" && payloadFormat !== "JSON_API_V1")
    throw malformed(`${JSON.stringify(payloadFormat)} is no format of a payload`);
  return objectEvent({
    type: eventType,
    bucket: bucketId,
    name: objectId,
    generation: objectGeneration,
    time: eventTime,
    ...(payloadFormat === "JSON_API_V1" ? { resource: parsedJson(data) } : {}),
  });
}

/**
 * A payload that lost its attributes, as an unwrapped push without metadata sends it: what happened is not said. It is taken as
 * written: reading finds out whether that generation is still there. It counts as not described, for it may be that of a deletion.
 */
function eventOfResource(data: Uint8Array): ObjectEvent {
  const resource = parsedJson(data) as Readonly<Record<string, unknown>> | null;
  if (resource?.kind !== "storage#object") throw malformed("it has no attribute eventType, and its data is no object of Cloud Storage");
  const { bucket, name, generation } = resource;
  return objectEvent({ type: "OBJECT_FINALIZE", bucket, name, generation });
}
