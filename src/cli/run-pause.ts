/** Disconnects a bucket from its topic, or connects it again, and says what was done. */
import { pause, resume } from "../pipeline/notifications/pause.ts";
import { BucketControl, type NotificationConfiguration, topicOf } from "../storage/gcs/bucket-control.ts";
import type { Catalogue } from "../stores/contract.ts";
import { isStoreThere, openCatalogue } from "../stores/open.ts";
import { type AccessOptions, credentialsOf } from "./access.ts";
import { bucketName } from "./bucket-name.ts";
import { UsageError } from "./outcome.ts";
import { openQueue, projectFor } from "./queue.ts";
import { say } from "./say.ts";
import type { PauseCommandOptions } from "./setup-options.ts";

export async function runPause(options: PauseCommandOptions): Promise<void> {
  const project = await projectFor(options);
  const topic = options.topic === undefined ? undefined : await wholeTopicName(options.topic, project, options);
  await withBoth(options, project, async (bucket, store) => {
    const { pause: record, removed } = await pause(bucket, store, topic, new Date());
    for (const configuration of removed) say(`removed  ${textOf(configuration)}`);
    if (removed.length === 0) say("nothing notifies any more, as it should be");
    say(`gs://${bucket.name} is paused since ${record.pausedAt}: ${options.to} remembers it, and what was removed`);
    say(`connect it again with imagemeta recover (which also publishes what was missed), or imagemeta resume`);
  });
}

export async function runResume(options: PauseCommandOptions): Promise<void> {
  await withBoth(options, await projectFor(options), async (bucket, store) => {
    const { pause: record, restored } = await resume(bucket, store, new Date());
    if (record === undefined) return say(`gs://${bucket.name} is not paused, and nothing is left to recover`);
    for (const configuration of restored) say(`restored ${textOf(configuration)}`);
    if (restored.length === 0) say("all notifies as before the pause already");
    say(`gs://${bucket.name} was paused at ${record.pausedAt}, and ${options.to} keeps that time: what changed since then is published by`);
    const topic = record.configurations[0];
    say(`  imagemeta recover gs://${bucket.name} --topic ${topic === undefined ? "TOPIC" : topicOf(topic)} --to ${options.to}`);
  });
}

async function withBoth(
  options: PauseCommandOptions,
  project: string | undefined,
  work: (bucket: BucketControl, store: Catalogue) => Promise<void>,
): Promise<void> {
  const { bucket, to, userProject } = options;
  const name = bucketName(bucket);
  const credentials = credentialsOf(options);
  if (!isStoreThere(to)) throw new UsageError(`--to: there is no ${to}: name the catalogue that the workers write to`);
  const store = await openCatalogue(to, { credentials });
  try {
    await work(await BucketControl.open(name, { project, userProject, credentials }), store);
  } finally {
    await store.close();
  }
}

/** @throws ImagemetaError MALFORMED */
async function wholeTopicName(topic: string, project: string | undefined, options: AccessOptions): Promise<string> {
  const queue = await openQueue(project, options, false);
  try {
    return queue.topicName(topic);
  } finally {
    await queue.close();
  }
}

function textOf(configuration: NotificationConfiguration): string {
  const { payload_format, event_types, object_name_prefix } = configuration;
  const prefix = object_name_prefix ? `, names that start with ${object_name_prefix}` : "";
  return `the notification to ${topicOf(configuration)} (${payload_format}, ${event_types?.join(", ") ?? "all events"}${prefix})`;
}
