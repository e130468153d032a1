// Changes of objects as messages for Pub/Sub: one for each notification configuration of the bucket that wants the change.
// Google Cloud Storage "Pub/Sub notifications for Cloud Storage" (https://cloud.google.com/storage/docs/pubsub-notifications): "Event types",
// "Attributes", "Payload". Without object versioning the replaced generation of an object is deleted, never archived.
import type { Bucket, Change, ChangeListener } from "./bucket.ts";
import type { Version } from "./journal.ts";
import { type Configuration, configurationsFor, topicOf } from "./notifications.ts";
import type { Outbox } from "./outbox.ts";
import type { Message } from "./publisher.ts";
import { objectResource } from "./resources.ts";

interface Event {
  readonly type: "OBJECT_FINALIZE" | "OBJECT_METADATA_UPDATE" | "OBJECT_DELETE";
  readonly version: Version;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Puts each change into the outbox. `base` says the emulator's own address, for the links in resources. */
export function changeEvents(outbox: Outbox, base: () => string): ChangeListener {
  let lastTime = 0;
  return {
    wantsResource: (bucket, name) => configurationsFor(bucket, name).some(({ payload_format }) => payload_format === "JSON_API_V1"),
    tell(bucket, change) {
      const configurations = configurationsFor(bucket, change.version.name);
      if (configurations.length === 0) return;
      lastTime = Math.max(lastTime + 1, Date.now() * 1000);
      for (const event of eventsOf(change)) {
        for (const configuration of configurations) {
          if (configuration.event_types?.includes(event.type) === false) continue;
          outbox.post(topicOf(configuration), messageOf(bucket, event, configuration, { time: lastTime, base: base() }));
        }
      }
    },
  };
}

// The replaced generation's deletion comes last. Cloud Storage promises no order, and who takes it for the new object's shall notice.
function eventsOf({ kind, version, replaced }: Change): readonly Event[] {
  if (kind === "changed") return [{ type: "OBJECT_METADATA_UPDATE", version }];
  if (kind === "removed") return [{ type: "OBJECT_DELETE", version }];
  if (replaced === undefined) return [{ type: "OBJECT_FINALIZE", version }];
  return [
    { type: "OBJECT_FINALIZE", version, attributes: { overwroteGeneration: String(replaced.generation) } },
    { type: "OBJECT_DELETE", version: replaced, attributes: { overwrittenByGeneration: String(version.generation) } },
  ];
}

/** `time` is in microseconds. The attributes of Cloud Storage win over custom ones of their names. */
function messageOf(
  bucket: Bucket,
  { type, version, attributes }: Event,
  { id, payload_format, custom_attributes }: Configuration,
  { time, base }: { readonly time: number; readonly base: string },
): Message {
  return {
    attributes: {
      ...custom_attributes,
      notificationConfig: `projects/_/buckets/${bucket.name}/notificationConfigs/${id}`,
      eventType: type,
      payloadFormat: payload_format,
      bucketId: bucket.name,
      objectId: version.name,
      objectGeneration: String(version.generation),
      eventTime: microseconds(time),
      ...attributes,
    },
    data: Buffer.from(payload_format === "NONE" ? "" : `${JSON.stringify(objectResource(bucket, version, base), undefined, 2)}\n`),
  };
}

/** RFC 3339 with six digits of a second. */
function microseconds(time: number): string {
  const ms = Math.floor(time / 1000);
  return new Date(ms).toISOString().replace("Z", `${String(time - ms * 1000).padStart(3, "0")}Z`);
}
