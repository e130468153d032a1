/** Messages as Cloud Storage sends them to Pub/Sub ("Pub/Sub notifications for Cloud Storage", "Notification format"). */

export interface EventMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

type Resource = Readonly<Record<string, unknown>>;

/** Of a new object; and, where it replaced another, of the deletion of that. */
export function finalized(after: Resource, before: Resource | undefined): readonly EventMessage[] {
  if (before === undefined) return [messageOf("OBJECT_FINALIZE", after)];
  return [
    messageOf("OBJECT_FINALIZE", after, { overwroteGeneration: String(before.generation) }),
    messageOf("OBJECT_DELETE", before, { overwrittenByGeneration: String(after.generation) }),
  ];
}

export function messageOf(eventType: string, resource: Resource, more: Readonly<Record<string, string>> = {}): EventMessage {
  return {
    data: Buffer.from(JSON.stringify(resource)),
    attributes: {
      notificationConfig: "projects/_/buckets/chaos/notificationConfigs/1",
      eventType,
      payloadFormat: "JSON_API_V1",
      bucketId: String(resource.bucket),
      objectId: String(resource.name),
      objectGeneration: String(resource.generation),
      eventTime: new Date().toISOString(),
      ...more,
    },
  };
}
