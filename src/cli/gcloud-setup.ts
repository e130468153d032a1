/** What setup does, as commands of the Google Cloud CLI. */
import { EVENT_TYPES } from "../pipeline/notifications/configuration.ts";
import { type Pipeline, ROLES, settingsFor } from "../pipeline/notifications/setup.ts";
import type { SubscriptionSettings } from "../queue/contract.ts";

/** @param isEmulated then what the emulator does not have is left out */
export function gcloudCommands(bucket: string, pipeline: Pipeline, isEmulated: boolean): string {
  const { topic, subscription, deadLetterTopic, deadLetterSubscription } = pipeline;
  const { events, deadLetters } = settingsFor(pipeline, isEmulated);
  return [
    command("gcloud pubsub topics create", [topic]),
    command("gcloud pubsub topics create", [deadLetterTopic]),
    command("gcloud pubsub subscriptions create", [deadLetterSubscription, ...flagsOf(deadLetters)]),
    command("gcloud pubsub subscriptions create", [subscription, ...flagsOf(events)]),
    ...(isEmulated ? ["# Grants are left out: the Pub/Sub emulator has no IAM."] : grants(bucket, pipeline)),
    command("gcloud storage buckets notifications create", [
      `gs://${bucket}`,
      `--topic=${topic}`,
      "--payload-format=json",
      `--event-types=${EVENT_TYPES.join(",")}`,
      "--skip-topic-setup",
    ]),
    "",
  ].join("\n");
}

function grants(bucket: string, { topic, subscription, deadLetterTopic }: Pipeline): readonly string[] {
  const project = subscription.split("/")[1] ?? "";
  const pubsub = '--member="serviceAccount:service-$NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com"';
  return [
    `NUMBER=$(gcloud projects describe ${quoted(project)} --format="value(projectNumber)")`,
    command("gcloud pubsub topics add-iam-policy-binding", [deadLetterTopic, pubsub, `--role=${ROLES.publisher}`]),
    command("gcloud pubsub subscriptions add-iam-policy-binding", [subscription, pubsub, `--role=${ROLES.subscriber}`]),
    `# Of the project that gs://${bucket} is in, where that is another one:`,
    `AGENT=$(gcloud storage service-agent --project=${quoted(project)})`,
    command("gcloud pubsub topics add-iam-policy-binding", [topic, '--member="serviceAccount:$AGENT"', `--role=${ROLES.publisher}`]),
  ];
}

function flagsOf({ topic, ackDeadline, retention, retry, deadLetters, push, isExactlyOnce }: SubscriptionSettings): readonly string[] {
  return [
    `--topic=${topic}`,
    `--ack-deadline=${ackDeadline}`,
    `--message-retention-duration=${retention}s`,
    "--expiration-period=never",
    ...(retry === undefined ? [] : [`--min-retry-delay=${retry.least}s`, `--max-retry-delay=${retry.most}s`]),
    ...(deadLetters === undefined ? [] : [`--dead-letter-topic=${deadLetters.topic}`, `--max-delivery-attempts=${deadLetters.attempts}`]),
    ...(push === undefined ? [] : [`--push-endpoint=${push.endpoint}`]),
    ...(push?.serviceAccount === undefined ? [] : [`--push-auth-service-account=${push.serviceAccount}`]),
    ...(isExactlyOnce ? ["--enable-exactly-once-delivery"] : []),
  ];
}

function command(what: string, words: readonly string[]): string {
  return `${what} ${words.map(quoted).join(" \\\n  ")}`;
}

/** For a POSIX shell; what has quotes already has a variable in it. */
function quoted(word: string): string {
  return word.includes('"') || /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
