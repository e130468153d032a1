/** The notification configurations of a bucket: which one this pipeline needs, and whether two tell the same. */
import type { Ensured } from "../../queue/contract.ts";
import { ImagemetaError } from "../../record/errors.ts";
import { type BucketControl, type LiveConfiguration, type NotificationConfiguration, topicOf } from "../../storage/gcs/bucket-control.ts";
import { wait } from "../../storage/http/backoff.ts";

/** All that Cloud Storage tells of ("Pub/Sub notifications for Cloud Storage", "Event types"). */
export const EVENT_TYPES = ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"] as const;

/** Milliseconds between two tries while a grant is not yet in force. */
const BETWEEN_TRIES = 5000;

export interface EnsureOptions {
  /** Milliseconds that Cloud Storage's right to publish is waited for, where it was just given. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/**
 * Creating one twice tells everything twice, so those that are there are looked at first.
 * @param topic `projects/P/topics/T`
 * @throws ImagemetaError MALFORMED where Cloud Storage may not publish to the topic; NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE
 */
export async function ensureNotification(bucket: BucketControl, topic: string, { patience, signal }: EnsureOptions): Promise<Ensured> {
  const live = (await bucket.configurations()).filter((configuration) => topicOf(configuration) === topic);
  const fit = live.find(tellsAll);
  const notes = live
    .filter((other) => other !== fit)
    .map(
      ({ id }) =>
        `another configuration tells that topic too, and its events come twice: gcloud storage buckets notifications delete projects/_/buckets/${bucket.name}/notificationConfigs/${id}`,
    );
  if (fit !== undefined) return { did: "found", notes };
  const wanted: NotificationConfiguration = {
    topic: `//pubsub.googleapis.com/${topic}`,
    payload_format: "JSON_API_V1",
    event_types: EVENT_TYPES,
  };
  for (const until = performance.now() + patience; ; ) {
    try {
      await bucket.create(wanted);
      return { did: "made", notes };
    } catch (thrown) {
      if (!isRefusedByTopic(thrown) || performance.now() + BETWEEN_TRIES > until) throw thrown;
      await wait(BETWEEN_TRIES, signal);
    }
  }
}

/** Cloud Storage looks whether it may publish, and a grant takes a while to be in force. */
function isRefusedByTopic(thrown: unknown): boolean {
  return (
    thrown instanceof ImagemetaError && (thrown.code === "MALFORMED" || thrown.code === "FORBIDDEN") && /permission/i.test(thrown.message)
  );
}

/** Does it tell of every change of every object, with the object's metadata? */
function tellsAll({ payload_format, event_types = EVENT_TYPES, object_name_prefix = "" }: LiveConfiguration): boolean {
  return payload_format === "JSON_API_V1" && object_name_prefix === "" && EVENT_TYPES.every((type) => event_types.includes(type));
}

/** Do two tell the same, whatever their numbers? */
export function isSame(a: NotificationConfiguration, b: NotificationConfiguration): boolean {
  return canonical(a) === canonical(b);
}

function canonical(configuration: NotificationConfiguration): string {
  const { payload_format, event_types = EVENT_TYPES, custom_attributes = {}, object_name_prefix = "" } = configuration;
  const attributes = Object.entries(custom_attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([topicOf(configuration), payload_format, [...event_types].sort(), attributes, object_name_prefix]);
}
