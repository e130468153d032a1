/** What a subscription is and what it should be, setting by setting (Pub/Sub REST v1, "projects.subscriptions"). */
import type { protos } from "@google-cloud/pubsub";
import type { SubscriptionSettings } from "../contract.ts";

export type SubscriptionFields = protos.google.pubsub.v1.ISubscription;

interface Setting {
  readonly what: string;
  /** As people read it. */
  readonly wanted: string;
  readonly held: (said: SubscriptionFields) => string;
  readonly fields: SubscriptionFields;
}

/** @param isEmulated Google's emulator cannot change when a subscription expires */
export function settingsOf(settings: SubscriptionSettings, isEmulated: boolean): readonly Setting[] {
  const { ackDeadline, retention, retry, deadLetters, push, isExactlyOnce } = settings;
  const setting = (what: string, held: Setting["held"], fields: SubscriptionFields): Setting => ({
    what,
    held,
    fields,
    wanted: held(fields),
  });
  return [
    setting("ack deadline", ({ ackDeadlineSeconds }) => `${ackDeadlineSeconds} s`, { ackDeadlineSeconds: ackDeadline }),
    setting("retention", ({ messageRetentionDuration }) => duration(messageRetentionDuration), {
      messageRetentionDuration: { seconds: retention },
    }),
    setting("expiration", ({ expirationPolicy }) => (isEmulated ? "never" : expirationOf(expirationPolicy)), { expirationPolicy: {} }),
    ...(retry === undefined
      ? []
      : [
          setting("retry", ({ retryPolicy }) => retryOf(retryPolicy), {
            retryPolicy: { minimumBackoff: { seconds: retry.least }, maximumBackoff: { seconds: retry.most } },
          }),
        ]),
    ...(deadLetters === undefined
      ? []
      : [
          setting("dead letters", ({ deadLetterPolicy }) => deadLettersOf(deadLetterPolicy), {
            deadLetterPolicy: { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: deadLetters.attempts },
          }),
        ]),
    setting("delivery", ({ pushConfig }) => pushOf(pushConfig), { pushConfig: pushFields(push) }),
    ...(isExactlyOnce === undefined
      ? []
      : [
          setting("exactly once", ({ enableExactlyOnceDelivery }) => (enableExactlyOnceDelivery ? "yes" : "no"), {
            enableExactlyOnceDelivery: isExactlyOnce,
          }),
        ]),
  ];
}

/** All that matters of a subscription, as people read it. */
export function shownSettings(said: SubscriptionFields): Readonly<Record<string, string>> {
  return {
    topic: said.topic ?? "",
    delivery: pushOf(said.pushConfig),
    "ack deadline": `${said.ackDeadlineSeconds} s`,
    retry: retryOf(said.retryPolicy),
    "dead letters": deadLettersOf(said.deadLetterPolicy),
    "exactly once": said.enableExactlyOnceDelivery ? "yes" : "no",
    retention: duration(said.messageRetentionDuration),
    expiration: expirationOf(said.expirationPolicy),
  };
}

function pushFields(push: SubscriptionSettings["push"]): NonNullable<SubscriptionFields["pushConfig"]> {
  if (push === undefined) return {};
  const { endpoint, serviceAccount } = push;
  return { pushEndpoint: endpoint, ...(serviceAccount && { oidcToken: { serviceAccountEmail: serviceAccount } }) };
}

function pushOf(push: SubscriptionFields["pushConfig"]): string {
  if (!push?.pushEndpoint) return "pull";
  const account = push.oidcToken?.serviceAccountEmail;
  return `push to ${push.pushEndpoint}${account ? ` as ${account}` : ""}`;
}

function retryOf(policy: SubscriptionFields["retryPolicy"]): string {
  return policy == null ? "at once" : `${duration(policy.minimumBackoff)} to ${duration(policy.maximumBackoff)}`;
}

function deadLettersOf(policy: SubscriptionFields["deadLetterPolicy"]): string {
  return policy?.deadLetterTopic ? `${policy.deadLetterTopic} after ${policy.maxDeliveryAttempts} deliveries` : "none";
}

/** Absent, Pub/Sub lets a subscription expire after 31 days; a policy without a time is never. */
function expirationOf(policy: SubscriptionFields["expirationPolicy"]): string {
  if (policy == null) return "after 31 days";
  return policy.ttl == null ? "never" : `after ${duration(policy.ttl)}`;
}

function duration(said: protos.google.protobuf.IDuration | null | undefined): string {
  const seconds = Number(said?.seconds ?? 0);
  return seconds >= 86_400 && seconds % 86_400 === 0 ? `${seconds / 86_400} days` : `${seconds} s`;
}
