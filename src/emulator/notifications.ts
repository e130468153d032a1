// The notification configurations of a bucket, kept beside it.
// Google Cloud Storage JSON API v1, "Notifications".
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Exchange, sendJson, sendNothing } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { invalid, notFound, unavailable } from "./failures.ts";
import type { Outbox } from "./outbox.ts";
import { serviceAgentOf } from "./projects.ts";
import { readJson } from "./request-body.ts";

const EVENT_TYPES: readonly unknown[] = ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"];
const MOST = 100;

/** A configuration as it was given, with its number. */
export interface Configuration {
  readonly id: string;
  readonly topic: string;
  readonly payload_format: string;
  readonly event_types?: readonly string[];
  readonly custom_attributes?: Readonly<Record<string, string>>;
  readonly object_name_prefix?: string;
}

interface Kept {
  readonly lastId: number;
  readonly configurations: readonly Configuration[];
}

/** `/storage/v1/b/BUCKET/notificationConfigs` and `…/notificationConfigs/ID` */
export async function handleNotifications(exchange: Exchange, bucket: Bucket, id: string | undefined, outbox: Outbox): Promise<void> {
  const { method } = exchange.request;
  const kept = keptBy(bucket);
  const resource = (configuration: Configuration): object => ({
    kind: "storage#notification",
    selfLink: `${exchange.base}/storage/v1/b/${encodeURIComponent(bucket.name)}/notificationConfigs/${configuration.id}`,
    etag: configuration.id,
    ...configuration,
  });
  if (id === undefined && method === "GET") {
    const items = kept.configurations.map(resource);
    return sendJson(exchange, 200, { kind: "storage#notifications", ...(items.length === 0 ? {} : { items }) });
  }
  if (id === undefined && method === "POST") {
    const said = saidBy(await readJson(exchange.request));
    await checkTopic(said, outbox);
    return sendJson(exchange, 200, resource(add(bucket, said)));
  }
  const configuration = kept.configurations.find((one) => one.id === id);
  if (configuration === undefined) throw notFound();
  if (method === "GET") return sendJson(exchange, 200, resource(configuration));
  if (method !== "DELETE") throw notFound();
  keep(bucket, { ...kept, configurations: kept.configurations.filter((one) => one !== configuration) });
  return sendNothing(exchange, 204);
}

/** The configurations that want changes of an object, as far as its name goes. */
export const configurationsFor = (bucket: Bucket, name: string): readonly Configuration[] =>
  keptBy(bucket).configurations.filter(({ object_name_prefix = "" }) => name.startsWith(object_name_prefix));

/** The topic as Pub/Sub names it: `projects/PROJECT/topics/TOPIC`. */
export const topicOf = ({ topic }: Pick<Configuration, "topic">): string => topic.slice("//pubsub.googleapis.com/".length);

/** Throws a 400 if there is no such topic: Cloud Storage has to be able to publish to it. */
async function checkTopic(said: Pick<Configuration, "topic">, outbox: Outbox): Promise<void> {
  const topic = topicOf(said);
  const exists = await outbox.hasTopic(topic).catch(() => {
    throw unavailable();
  });
  if (exists !== false) return;
  const agent = serviceAgentOf(topic.split("/")[1] ?? "");
  throw invalid(`Cloud Pub/Sub topic '${said.topic}' not found, or user '${agent}' does not have permission to it.'`);
}

/** The configuration that a request gives. Throws a 400 if it is not one. */
function saidBy(said: Readonly<Record<string, unknown>>): Omit<Configuration, "id"> {
  const { topic, payload_format, event_types, custom_attributes, object_name_prefix } = said;
  const [, name] = /^(?:\/\/pubsub\.googleapis\.com\/)?(projects\/[^/]+\/topics\/[^/]+)$/.exec(String(topic)) ?? [];
  if (name === undefined) {
    throw invalid(`Invalid Google Cloud Pub/Sub topic: ${String(topic)}`);
  }
  if (payload_format !== "JSON_API_V1" && payload_format !== "NONE") throw invalid(`Invalid payload format: ${String(payload_format)}`);
  if (event_types !== undefined && !(Array.isArray(event_types) && event_types.every((type) => EVENT_TYPES.includes(type)))) {
    throw invalid(`Invalid event types: ${String(event_types)}`);
  }
  if (object_name_prefix !== undefined && typeof object_name_prefix !== "string") throw invalid("Invalid object name prefix");
  if (custom_attributes !== undefined && !areAttributes(custom_attributes)) throw invalid("Invalid custom attributes");
  return {
    // gcloud leaves the service out, and the answer has it.
    topic: `//pubsub.googleapis.com/${name}`,
    payload_format,
    ...(event_types === undefined || event_types.length === 0 ? {} : { event_types }),
    ...(custom_attributes === undefined ? {} : { custom_attributes }),
    ...(object_name_prefix === undefined ? {} : { object_name_prefix }),
  };
}

/** At most ten custom attributes, each as Pub/Sub takes it with a message: a key of up to 256 bytes, a value of up to 1024. */
const areAttributes = (said: unknown): said is Record<string, string> =>
  typeof said === "object" &&
  said !== null &&
  Object.keys(said).length <= 10 &&
  Object.entries(said).every(
    ([key, value]) => key !== "" && Buffer.byteLength(key) <= 256 && typeof value === "string" && Buffer.byteLength(value) <= 1024,
  );

/** Keeps a new configuration. Throws a 400 if there are too many. */
function add(bucket: Bucket, said: Omit<Configuration, "id">): Configuration {
  const kept = keptBy(bucket);
  if (kept.configurations.length >= MOST) throw invalid(`A bucket has no more than ${MOST} notification configurations.`);
  const configuration: Configuration = { id: String(kept.lastId + 1), ...said };
  keep(bucket, { lastId: kept.lastId + 1, configurations: [...kept.configurations, configuration] });
  return configuration;
}

const fileOf = (bucket: Bucket): string => join(bucket.sidecar, "notifications.json");

const keptBy = (bucket: Bucket): Kept =>
  existsSync(fileOf(bucket)) ? JSON.parse(readFileSync(fileOf(bucket), "utf8")) : { lastId: 0, configurations: [] };

function keep(bucket: Bucket, kept: Kept): void {
  mkdirSync(bucket.sidecar, { recursive: true });
  writeFileSync(`${fileOf(bucket)}.new`, JSON.stringify(kept, undefined, 2));
  renameSync(`${fileOf(bucket)}.new`, fileOf(bucket));
}
