/**
 * Waits until a bucket's events flow: a new notification configuration takes time to start, and what changes before then is told by
 * none. An object is written, and again while no event of it comes.
 */
import { randomUUID } from "node:crypto";
import type { TemporarySubscription } from "../../queue/contract.ts";
import { ImagemetaError } from "../../record/errors.ts";
import { type BucketControl, type LiveConfiguration, topicOf } from "../../storage/gcs/bucket-control.ts";
import { wait } from "../../storage/http/backoff.ts";

export interface MarkerOptions {
  readonly bucket: BucketControl;
  readonly configuration: LiveConfiguration;
  /** A subscription of the configuration's topic, of messages that a filter lets through. */
  readonly subscribe: (filter: string) => Promise<TemporarySubscription>;
  /** Milliseconds that an event is waited for. */
  readonly patience: number;
  /** Milliseconds after which the object is written again; absent, ten seconds. */
  readonly again?: number;
  /** Told of its address, once it is written. */
  readonly onWritten: (uri: string) => void;
  readonly signal: AbortSignal;
}

const AGAIN = 10_000;
/** Milliseconds for the last acknowledgement to reach Pub/Sub. */
const CLOSING = 2000;
/** Bytes of a filter ("Filter messages from a subscription"). */
const LONGEST_FILTER = 256;

/**
 * Resolves when an event of the object has come; the object and the subscription are gone then.
 * @throws ImagemetaError FORBIDDEN where the caller may not write or subscribe, UNAVAILABLE where none came in time; the signal's reason
 */
export async function waitForMarker(options: MarkerOptions): Promise<void> {
  const { bucket, configuration, subscribe } = options;
  const name = `${configuration.object_name_prefix ?? ""}.imagemeta/marker-${randomUUID()}`;
  const subscription = await subscribe(filterFor(name));
  try {
    await writeUntilTold(name, subscription, options);
  } finally {
    await subscription.close(CLOSING);
    await subscription.remove();
    // What cannot be removed harms nobody: it is not an image.
    await bucket.removeObject(name).catch(() => {});
  }
}

async function writeUntilTold(name: string, subscription: TemporarySubscription, options: MarkerOptions): Promise<void> {
  const { bucket, configuration, patience, again = AGAIN, onWritten, signal } = options;
  const told = new AbortController();
  let failure: Error | undefined;
  subscription.receive(
    (delivery) => {
      const { eventType, objectId, bucketId } = delivery.attributes;
      if (eventType === "OBJECT_FINALIZE" && objectId === name && bucketId === bucket.name) told.abort();
      void delivery.acknowledge();
    },
    (why) => {
      failure = why;
    },
  );
  const either = AbortSignal.any([told.signal, signal]);
  const until = performance.now() + patience;
  for (let isFirst = true; !told.signal.aborted; isFirst = false) {
    signal.throwIfAborted();
    if (performance.now() >= until)
      throw new ImagemetaError(
        "UNAVAILABLE",
        `no event of gs://${bucket.name}/${name} came within ${Math.round(patience / 1000)} s, so nothing is published: see that Cloud Storage may publish to ${topicOf(configuration)} (imagemeta setup), then run the same command again${failure === undefined ? "" : `; ${failure.message}`}`,
      );
    await bucket.write(name);
    if (isFirst) onWritten(`gs://${bucket.name}/${name}`);
    await wait(Math.min(again, Math.max(0, until - performance.now())), either).catch(() => {});
  }
}

function filterFor(name: string): string {
  const filter = `attributes.objectId = "${name.replace(/["\\]/g, "\\$&")}"`;
  return Buffer.byteLength(filter) > LONGEST_FILTER ? 'attributes.eventType = "OBJECT_FINALIZE"' : filter;
}
