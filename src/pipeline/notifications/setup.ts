/** All that a pipeline needs between a bucket and its workers, step by step; a step that is refused does not keep the others. */
import type { Ensured, QueueControl, SubscriptionSettings } from "../../queue/contract.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode } from "../../record/types.ts";
import type { BucketControl } from "../../storage/gcs/bucket-control.ts";
import { ensureNotification } from "./configuration.ts";

/** Names are whole. */
export interface Pipeline {
  readonly topic: string;
  readonly subscription: string;
  readonly deadLetterTopic: string;
  readonly deadLetterSubscription: string;
  readonly push?: SubscriptionSettings["push"];
  readonly isExactlyOnce: boolean;
}

/** Seconds, and deliveries. */
const DEFAULTS = {
  ackDeadline: 10,
  /** A push is answered when the record is durable, and nobody extends its lease. */
  pushAckDeadline: 60,
  deadLetterAckDeadline: 60,
  retry: { least: 10, most: 600 },
  /** High: the worker itself sends away what can never succeed, and this only catches what kills workers. */
  attempts: 20,
  /** The longest that Pub/Sub takes, and its emulator. */
  retention: 31 * 86_400,
  emulatorRetention: 7 * 86_400,
} as const;

export const ROLES = { publisher: "roles/pubsub.publisher", subscriber: "roles/pubsub.subscriber" } as const;

export interface SetupOptions {
  readonly pipeline: Pipeline;
  readonly queue: QueueControl;
  readonly bucket: BucketControl;
  /** Has the queue no IAM? */
  readonly isEmulated: boolean;
  /** The number of a project. */
  readonly numberOf: (project: string) => Promise<string>;
  readonly signal: AbortSignal;
  readonly listener: (step: Step) => void;
}

export interface Step {
  readonly what: string;
  readonly did: Ensured["did"] | "left out" | "failed";
  readonly notes: readonly string[];
}

/** What the other steps would meet as well, each after a while. */
const AFFECTS_ALL: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "UNAUTHENTICATED"]);
/** Milliseconds until a grant is in force, at most. */
const GRANTING = 120_000;

/** True where all is as it should be. Rejects where nothing answers or nobody is signed in, with the signal's reason, and where this program has a fault. */
export async function setUp(options: SetupOptions): Promise<boolean> {
  const { pipeline, queue, bucket, signal, listener } = options;
  const { topic, subscription, deadLetterTopic, deadLetterSubscription } = pipeline;
  let isWhole = true;
  const step = async (what: string, ensure: () => Promise<Ensured>): Promise<Ensured["did"] | undefined> => {
    signal.throwIfAborted();
    try {
      const { did, notes } = await ensure();
      listener({ what, did, notes });
      return did;
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError) || AFFECTS_ALL.has(thrown.code)) throw thrown;
      isWhole = false;
      listener({ what, did: "failed", notes: [thrown.message] });
      return undefined;
    }
  };
  const settings = settingsFor(pipeline, options.isEmulated);
  await step(`topic ${topic}`, () => queue.ensureTopic(topic));
  await step(`topic ${deadLetterTopic}`, () => queue.ensureTopic(deadLetterTopic));
  await step(`subscription ${deadLetterSubscription}`, () => queue.ensureSubscription(deadLetterSubscription, settings.deadLetters));
  await step(`subscription ${subscription}`, () => queue.ensureSubscription(subscription, settings.events));
  const isReady = isWhole;
  let isGranted = false;
  for (const { role, on, whose, agent } of grantsOf(options)) {
    const what = `${role} on ${on} for ${whose}`;
    if (options.isEmulated) listener({ what, did: "left out", notes: ["the Pub/Sub emulator has no IAM"] });
    else if ((await step(what, async () => queue.ensureGrant(on, role, `serviceAccount:${await agent()}`))) === "made") isGranted = true;
  }
  const what = `notification of gs://${bucket.name}`;
  if (!isReady) listener({ what, did: "left out", notes: ["first its events need somewhere to go: mend what failed"] });
  else await step(what, () => ensureNotification(bucket, topic, { patience: isGranted ? GRANTING : 0, signal }));
  return isWhole;
}

/** What both subscriptions are to be. */
export function settingsFor(
  { topic, deadLetterTopic, push, isExactlyOnce }: Pipeline,
  isEmulated: boolean,
): { readonly events: SubscriptionSettings; readonly deadLetters: SubscriptionSettings } {
  const retention = isEmulated ? DEFAULTS.emulatorRetention : DEFAULTS.retention;
  return {
    events: {
      topic,
      retention,
      ackDeadline: push === undefined ? DEFAULTS.ackDeadline : DEFAULTS.pushAckDeadline,
      retry: DEFAULTS.retry,
      deadLetters: { topic: deadLetterTopic, attempts: DEFAULTS.attempts },
      // Pub/Sub pushes nothing exactly once.
      ...(push === undefined ? {} : { push, isExactlyOnce: false }),
      ...(isExactlyOnce ? { isExactlyOnce } : {}),
    },
    deadLetters: { topic: deadLetterTopic, retention, ackDeadline: DEFAULTS.deadLetterAckDeadline },
  };
}

interface Grant {
  readonly role: string;
  readonly on: string;
  readonly whose: string;
  readonly agent: () => Promise<string>;
}

/** "Forward to a dead-letter topic", "Grant forwarding permissions"; "Configure Pub/Sub notifications", "Required roles". */
function grantsOf({ pipeline: { topic, subscription, deadLetterTopic }, bucket, numberOf }: SetupOptions): readonly Grant[] {
  const project = subscription.split("/")[1] ?? "";
  const pubsub = {
    whose: "Pub/Sub's service agent",
    agent: async () => `service-${await numberOf(project)}@gcp-sa-pubsub.iam.gserviceaccount.com`,
  };
  return [
    { role: ROLES.publisher, on: deadLetterTopic, ...pubsub },
    { role: ROLES.subscriber, on: subscription, ...pubsub },
    { role: ROLES.publisher, on: topic, whose: "Cloud Storage's service agent", agent: () => bucket.serviceAgent() },
  ];
}
