/** Google's Pub/Sub emulator for a suite, and at it a pipeline of its own for each test. */
import { beforeAll, beforeEach } from "vitest";
import { type PubsubEmulator, startRelayedPubsub } from "../pubsub-emulator.ts";

/** What `open` gives for the test that runs: always the same object, filled anew. `start` is without the relay where no worker is killed. */
export function openForEachTest<Pipeline extends { close(): Promise<void> }>(
  open: (pubsubHost: string) => Promise<Pipeline>,
  start: () => Promise<PubsubEmulator> = startRelayedPubsub,
): Pipeline {
  const pipeline = {} as Pipeline;
  let host: string;
  beforeAll(async () => {
    const emulator = await start();
    host = emulator.host;
    return () => emulator.stop();
  }, 120_000);
  beforeEach(async () => {
    Object.assign(pipeline, await open(host));
    return () => pipeline.close();
  });
  return pipeline;
}
