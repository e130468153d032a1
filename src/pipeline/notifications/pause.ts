/**
 * Disconnects a bucket from its topic, and connects it again as it was. What is needed for that is in the catalogue before anything
 * is removed, so that an end between any two steps loses nothing: whatever is run again goes on from there.
 */
import { ImagemetaError } from "../../record/errors.ts";
import { type BucketControl, type NotificationConfiguration, topicOf } from "../../storage/gcs/bucket-control.ts";
import type { Catalogue } from "../../stores/contract.ts";
import { forgetPosition } from "../recovery/cursor.ts";
import { isSame } from "./configuration.ts";

type Settings = Pick<Catalogue, "getSetting" | "putSetting">;

/** What the catalogue remembers of a pause, until `recover` has done its work. */
export interface Pause {
  /** RFC 3339: since then events may be missing. The earliest, where it was paused again before all was recovered. */
  readonly pausedAt: string;
  /** When it was connected again. */
  readonly resumedAt?: string;
  /** What was removed, as the API gave it. */
  readonly configurations: readonly NotificationConfiguration[];
}

const keyOf = (bucket: string): string => `paused:${bucket}`;

export async function pauseOf(store: Settings, bucket: string): Promise<Pause | undefined> {
  const said = await store.getSetting(keyOf(bucket));
  return said === undefined ? undefined : (JSON.parse(said) as Pause);
}

/** @param pause undefined where all since then is recovered */
export function putPause(store: Settings, bucket: string, pause: Pause | undefined): Promise<void> {
  return store.putSetting(keyOf(bucket), pause && JSON.stringify(pause));
}

export interface Paused {
  readonly pause: Pause;
  readonly removed: readonly NotificationConfiguration[];
}

/**
 * @param topic only configurations of this one: `projects/P/topics/T`
 * @throws ImagemetaError NOT_FOUND where there is nothing to pause, MALFORMED where it is not clear what; and what bucket and store throw
 */
export async function pause(bucket: BucketControl, store: Settings, topic: string | undefined, now: Date): Promise<Paused> {
  const live = (await bucket.configurations()).filter((configuration) => topic === undefined || topicOf(configuration) === topic);
  const topics = new Set(live.map(topicOf));
  if (topics.size > 1)
    throw new ImagemetaError(
      "MALFORMED",
      `gs://${bucket.name} notifies several topics: name one with --topic, of ${[...topics].join(", ")}`,
    );
  const before = await pauseOf(store, bucket.name);
  if (live.length === 0) {
    if (before !== undefined && before.resumedAt === undefined) return { pause: before, removed: [] };
    const whom = topic ?? "any topic";
    throw new ImagemetaError(
      "NOT_FOUND",
      `gs://${bucket.name} does not notify ${whom}: there is nothing to pause; connect it with imagemeta setup`,
    );
  }
  const configurations: NotificationConfiguration[] = live.map(({ id: _, ...configuration }) => configuration);
  // One that was not resumed may have been interrupted: what it has removed already is only in the catalogue.
  const earlier = before?.resumedAt === undefined ? (before?.configurations ?? []) : [];
  const record: Pause = {
    pausedAt: before?.pausedAt ?? now.toISOString(),
    configurations: [...earlier.filter((one) => !configurations.some((other) => isSame(one, other))), ...configurations],
  };
  await putPause(store, bucket.name, record);
  await forgetPosition(store, bucket.name);
  for (const { id } of live) await bucket.remove(id);
  return { pause: record, removed: configurations };
}

export interface Resumed {
  /** Undefined where it is not paused, and all is recovered. */
  readonly pause: Pause | undefined;
  readonly restored: readonly NotificationConfiguration[];
}

/** @throws ImagemetaError NOT_FOUND where the catalogue knows of no pause and the bucket notifies none; and what bucket and store throw */
export async function resume(bucket: BucketControl, store: Settings, now: Date): Promise<Resumed> {
  const before = await pauseOf(store, bucket.name);
  const live = await bucket.configurations();
  if (before === undefined) {
    if (live.length > 0) return { pause: undefined, restored: [] };
    throw new ImagemetaError(
      "NOT_FOUND",
      `the catalogue knows of no pause of gs://${bucket.name}, and it notifies no topic: connect it with imagemeta setup`,
    );
  }
  const restored = before.configurations.filter((one) => !live.some((other) => isSame(one, other)));
  for (const configuration of restored) await bucket.create(configuration);
  const record: Pause = { ...before, resumedAt: before.resumedAt ?? now.toISOString() };
  await putPause(store, bucket.name, record);
  return { pause: record, restored };
}
