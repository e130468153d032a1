/** One change of an object in every form in which it arrives, as Google documents them. */

export interface Change {
  readonly type: keyof typeof CLOUD_EVENT_TYPES;
  /** The object's resource: `bucket`, `name` and `generation` at least. */
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface Pulled {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

export interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** When it happened. */
const TIME = "2026-05-01T12:00:00.123456Z";

const CLOUD_EVENT_TYPES = {
  OBJECT_FINALIZE: "google.cloud.storage.object.v1.finalized",
  OBJECT_METADATA_UPDATE: "google.cloud.storage.object.v1.metadataUpdated",
  OBJECT_DELETE: "google.cloud.storage.object.v1.deleted",
  OBJECT_ARCHIVE: "google.cloud.storage.object.v1.archived",
} as const;

/** "Pub/Sub notifications for Cloud Storage", "Notification format" */
export function pulled({ type, resource }: Change, payloadFormat: "JSON_API_V1" | "NONE" = "JSON_API_V1"): Pulled {
  const { bucket, name, generation } = resource;
  return {
    attributes: {
      notificationConfig: `projects/_/buckets/${bucket}/notificationConfigs/3`,
      eventType: type,
      payloadFormat,
      bucketId: String(bucket),
      objectId: String(name),
      objectGeneration: String(generation),
      eventTime: TIME,
    },
    data: payloadFormat === "NONE" ? Buffer.alloc(0) : Buffer.from(JSON.stringify({ kind: "storage#object", ...resource })),
  };
}

/** "Push subscriptions", "Receive messages" */
export function wrappedPush(change: Change): Request {
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(envelope(change)) };
}

function envelope(change: Change): object {
  const { attributes, data } = pulled(change);
  return {
    message: {
      attributes,
      data: data.toString("base64"),
      messageId: "2070443601311540",
      message_id: "2070443601311540",
      publishTime: "2026-05-01T12:00:00.789Z",
      publish_time: "2026-05-01T12:00:00.789Z",
    },
    subscription: "projects/demo/subscriptions/images",
    deliveryAttempt: 1,
  };
}

/** "Payload unwrapping for push subscriptions", with metadata: attributes are headers, whose text is bytes. */
export function unwrappedPush(change: Change): Request {
  const { attributes, data } = pulled(change);
  const headers = Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), Buffer.from(value).toString("latin1")]);
  return {
    headers: {
      ...Object.fromEntries(headers),
      "x-goog-pubsub-subscription-name": "projects/demo/subscriptions/images",
      "x-goog-pubsub-message-id": "2070443601311540",
      "x-goog-pubsub-publish-time": "2026-05-01T12:00:00.789Z",
    },
    body: data,
  };
}

function cloudEventAttributes({ type, resource }: Change): Readonly<Record<string, string>> {
  return {
    specversion: "1.0",
    id: "2070443601311540",
    source: `//storage.googleapis.com/projects/_/buckets/${resource.bucket}`,
    type: CLOUD_EVENT_TYPES[type],
    time: TIME,
  };
}

/** CloudEvents 1.0, HTTP protocol binding, 3.1: what Eventarc sends. */
export function binaryCloudEvent(change: Change): Request {
  const attributes = Object.entries(cloudEventAttributes(change)).map(([name, value]) => [`ce-${name}`, value]);
  return {
    headers: { "content-type": "application/json", ...Object.fromEntries(attributes) },
    body: JSON.stringify({ kind: "storage#object", ...change.resource }),
  };
}

/** CloudEvents 1.0, JSON event format. */
export function structuredCloudEvent(change: Change): Request {
  return {
    headers: { "content-type": "application/cloudevents+json; charset=UTF-8" },
    body: JSON.stringify({ ...cloudEventAttributes(change), datacontenttype: "application/json", data: change.resource }),
  };
}

/** The bucket's notification, carried by a Pub/Sub trigger of Eventarc. */
export function messagePublished(change: Change): Request {
  return {
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "2070443601311540",
      "ce-source": "//pubsub.googleapis.com/projects/demo/topics/images",
      "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
      "ce-time": TIME,
    },
    body: JSON.stringify(envelope(change)),
  };
}
