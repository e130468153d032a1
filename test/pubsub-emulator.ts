/** Google's Pub/Sub emulator for a test run or a benchmark. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PubSub, type Subscription } from "@google-cloud/pubsub";
import { hasGoogleEmulator, startGoogleEmulator } from "./google-emulator.ts";
import { startPubsubRelay } from "./pubsub-relay.ts";

export interface PubsubEmulator {
  /** `127.0.0.1:PORT`, as PUBSUB_EMULATOR_HOST takes it. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Whether the emulator can be started here. */
export const hasPubsubEmulator = (): boolean => hasGoogleEmulator("pubsub-emulator");

/** Google's client at an emulator. It is told its universe, or it would look for credentials to ask for that. */
export const pubsubAt = (host: string, projectId: string): PubSub =>
  new PubSub({ projectId, apiEndpoint: host, emulatorMode: true, universeDomain: "googleapis.com" });

/** Starts the emulator, by itself at a free port. @throws Error with what it said, if it does not come up */
export async function startPubsub(at?: string): Promise<PubsubEmulator> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-pubsub-"));
  const emulator = await startGoogleEmulator({ what: "pubsub", ready: "Server started", host: at, args: [`--data-dir=${folder}`] });
  return {
    host: emulator.host,
    async stop() {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same behind a relay that ends the streams of clients that died: for tests that kill workers. */
export async function startRelayedPubsub(): Promise<PubsubEmulator> {
  const emulator = await startPubsub();
  const relay = await startPubsubRelay(emulator.host);
  return {
    host: relay.host,
    async stop() {
      await relay.close();
      await emulator.stop();
    },
  };
}

/**
 * Takes a retry policy away, because the emulator (0.8.20) does not keep it: where two messages wait for the same millisecond, as those
 * of one killed worker do, it schedules one of them more than once, its timer (`MessageBacklog.expireOutstandingMessages`) dies of the
 * second time, and nothing that waits is ever delivered again. Each message that waits is also compared with all others again and
 * again, until leases run out because the emulator does not answer. Without a policy what was not acknowledged comes at once.
 */
export async function forgetRetryPolicy(subscription: Subscription): Promise<void> {
  await subscription.setMetadata({ retryPolicy: null });
}
