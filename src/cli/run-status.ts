/** Asks everything that a pipeline is made of how it is. What cannot be had is said in its place, and the rest is told all the same. */

import { pauseOf } from "../pipeline/notifications/pause.ts";
import { contentsOf } from "../pipeline/status/newest.ts";
import { type Monitoring, openMonitoring } from "../queue/pubsub/monitoring.ts";
import { ImagemetaError } from "../record/errors.ts";
import { redacted } from "../record/secrets.ts";
import { safeJson } from "../record/visible.ts";
import { BucketControl, topicOf } from "../storage/gcs/bucket-control.ts";
import type { Catalogue } from "../stores/contract.ts";
import { credentialsOf } from "./access.ts";
import { bucketName } from "./bucket-name.ts";
import { onInterrupt } from "./interruption.ts";
import { leave, type Outcome } from "./outcome.ts";
import type { Backlog, NotificationState, Status, Unknown } from "./pipeline-status.ts";
import { openQueue, projectFor } from "./queue.ts";
import { say } from "./say.ts";
import type { StatusCommandOptions } from "./status-options.ts";
import { statusTable } from "./status-table.ts";
import { openStored } from "./stored-records.ts";

/** Sets the exit code: 1 where something could not be had. */
export async function runStatus(options: StatusCommandOptions, outcome: Outcome): Promise<void> {
  const { to, deadLetterSubscription } = options;
  const bucket = options.bucket === undefined ? undefined : bucketName(options.bucket);
  const project = await projectFor(options);
  const credentials = credentialsOf(options);
  const queue = await openQueue(project, options, false);
  const { signal, release } = onInterrupt();
  const store = to === undefined ? undefined : await openStored("--to", to, options);
  try {
    const known = async <T>(ask: () => Promise<T>): Promise<T | Unknown> => {
      try {
        return await ask();
      } catch (thrown) {
        if (!(thrown instanceof ImagemetaError)) throw thrown;
        outcome.exitCode = 1;
        return { unknown: `${thrown.code}: ${thrown.message}` };
      }
    };
    const subscription = queue.subscriptionName(options.subscription);
    const monitoring = monitoringFor(options);
    const backlog = (name: string) => known(async () => (monitoring === undefined ? NO_MONITORING : backlogOf(monitoring, name)));
    const settings = await known(() => queue.settings(subscription));
    const topic = "topic" in settings ? settings.topic : undefined;
    const status: Status = {
      subscription,
      settings,
      backlog: await backlog(subscription),
      ...(deadLetterSubscription && { deadLetters: await deadLettersOf(queue.subscriptionName(deadLetterSubscription), backlog) }),
      ...(bucket && {
        notification: await known(async () => ({
          bucket,
          ...(await notificationOf(
            await BucketControl.open(bucket, { project, userProject: options.userProject, credentials }),
            topic,
            store,
          )),
        })),
      }),
      ...(store && {
        store: await known(async () => ({
          address: redacted(to ?? ""),
          ...(await contentsOf(store, bucket === undefined ? "" : `gs://${bucket}/`, signal)),
        })),
      }),
    };
    process.stdout.write(options.format === "json" ? `${safeJson(status, 2)}\n` : statusTable(status));
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    outcome.exitCode = 130;
    say("imagemeta: interrupted; without --to it need not read through the store");
  } finally {
    release();
    await store?.close();
    await queue.close();
  }
  leave(outcome);
}

const NO_MONITORING: Unknown = { unknown: "the Pub/Sub emulator has no Cloud Monitoring" };

function monitoringFor(options: StatusCommandOptions): Monitoring | undefined {
  const { monitoringEndpoint } = options;
  const credentials = credentialsOf(options);
  if (monitoringEndpoint !== undefined) return openMonitoring(credentials, monitoringEndpoint.replace(/\/+$/, ""));
  return process.env.PUBSUB_EMULATOR_HOST ? undefined : openMonitoring(credentials);
}

async function backlogOf(monitoring: Monitoring, subscription: string): Promise<Backlog | Unknown> {
  const [messages, age] = await Promise.all([
    monitoring.newest(subscription, "num_undelivered_messages"),
    monitoring.newest(subscription, "oldest_unacked_message_age"),
  ]);
  if (messages === undefined) return { unknown: "nothing was measured in the last minutes, as of a new subscription" };
  return { messages: messages.value, ageSeconds: age?.value ?? 0, measured: messages.time };
}

async function deadLettersOf(subscription: string, backlog: (name: string) => Promise<Backlog | Unknown>) {
  const said = await backlog(subscription);
  return "unknown" in said ? said : { subscription, ...said };
}

/** @param topic that of the subscription; undefined where it is not known, and then any counts */
async function notificationOf(bucket: BucketControl, topic: string | undefined, store: Catalogue | undefined): Promise<NotificationState> {
  const [live, pause] = await Promise.all([bucket.configurations(), store && pauseOf(store, bucket.name)]);
  const fit = live.filter((configuration) => topic === undefined || topicOf(configuration) === topic);
  const isPaused = pause !== undefined && pause.resumedAt === undefined;
  return {
    state: fit.length > 0 ? "connected" : isPaused ? "paused" : "not connected",
    ...(pause && { pausedAt: pause.pausedAt, ...(pause.resumedAt && { resumedAt: pause.resumedAt }) }),
    configurations: fit.map(({ id }) => id),
  };
}
