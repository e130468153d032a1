/**
 * A recovered event as Cloud Storage would have told it ("Pub/Sub notifications for Cloud Storage", "Notification format"), with one
 * attribute more.
 */
import type { Message } from "../../queue/contract.ts";
import type { ObjectInfo } from "../../record/types.ts";
import type { LiveConfiguration } from "../../storage/gcs/bucket-control.ts";
import type { PlannedEvent } from "./planned-events.ts";

/** When it was recovered, RFC 3339. */
const RECOVERED = "imagemeta-recovered";

export function recoveredMessage(
  { type, info, overwrote }: PlannedEvent,
  { id, custom_attributes }: Pick<LiveConfiguration, "id" | "custom_attributes">,
  now: Date,
): Message {
  const { bucket = "", name = "", generation = "" } = info;
  const time = now.toISOString();
  const happened = { OBJECT_FINALIZE: info.timeCreated, OBJECT_METADATA_UPDATE: info.updated, OBJECT_DELETE: undefined }[type];
  return {
    attributes: {
      ...custom_attributes,
      notificationConfig: `projects/_/buckets/${bucket}/notificationConfigs/${id}`,
      eventType: type,
      payloadFormat: "JSON_API_V1",
      bucketId: bucket,
      objectId: name,
      objectGeneration: generation,
      eventTime: microseconds(happened ?? time),
      ...(overwrote === undefined ? {} : { overwroteGeneration: overwrote }),
      [RECOVERED]: time,
    },
    data: Buffer.from(`${JSON.stringify(resourceOf(info), undefined, 2)}\n`),
  };
}

/** The object's resource in the JSON API's names (JSON API v1, "Objects"), as far as it is known: 64-bit numbers are texts. */
function resourceOf({ md5, size, ...info }: ObjectInfo): object {
  const { bucket, name, generation } = info;
  return {
    kind: "storage#object",
    id: `${bucket}/${name}/${generation}`,
    ...info,
    ...(size === undefined ? {} : { size: String(size) }),
    ...(md5 === undefined ? {} : { md5Hash: md5 }),
  };
}

/** RFC 3339 with six digits of a second, as Cloud Storage writes the times of events. */
function microseconds(time: string): string {
  return new Date(time).toISOString().replace("Z", "000Z");
}
