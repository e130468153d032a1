/**
 * Keeps Google's Pub/Sub emulator delivering again what was not acknowledged. Under a retry policy the emulator (0.8.20) schedules one
 * message more than once where two wait for the same millisecond, as those of one killed worker do; the second time the message is no
 * longer found, its timer (`MessageBacklog.expireOutstandingMessages`) dies of that, and nothing that waits is ever delivered again. While
 * a subscription has no retry policy, all whose leases ended is delivered at once and nothing waits: so the policy is taken away for a
 * moment, again and again.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Subscription } from "@google-cloud/pubsub";

/** Milliseconds without a retry policy: long enough for a stream to ask for more. */
const MOMENT = 500;

/** @param every milliseconds. @returns what ends it */
export async function keepRedelivering(subscription: Subscription, every: number): Promise<() => Promise<void>> {
  const [{ retryPolicy }] = await subscription.getMetadata();
  if (!retryPolicy) throw new Error(`${subscription.name} has no retry policy, and needs no help`);
  const ending = new AbortController();
  const set = (policy: typeof retryPolicy | null) => subscription.setMetadata({ retryPolicy: policy });
  const ended = (async () => {
    while (!ending.signal.aborted) {
      await pause(every, undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return;
      await set(null);
      await pause(MOMENT);
      await set(retryPolicy);
    }
  })();
  // An emulator that is too busy to answer fails the test by what it does not deliver.
  ended.catch(() => {});
  return async () => {
    ending.abort();
    await ended.catch(() => {});
  };
}
