/**
 * Brings the events back that a catalogue has not had: first the bucket is connected again and its events flow, then bucket and
 * catalogue are compared, and what differs is published. So there is no gap: what changes before the comparison is found by it, what
 * changes after it has an event of its own, and what has both is done twice, which changes nothing.
 */
import type { TemporarySubscription, Topic } from "../../queue/contract.ts";
import { ImagemetaError } from "../../record/errors.ts";
import { type BucketControl, type LiveConfiguration, topicOf } from "../../storage/gcs/bucket-control.ts";
import { wait } from "../../storage/http/backoff.ts";
import type { Catalogue } from "../../stores/contract.ts";
import { ensureNotification } from "../notifications/configuration.ts";
import { type Pause, pauseOf, putPause, resume } from "../notifications/pause.ts";
import type { ScanPlace } from "../scan/decided.ts";
import { compareInto, type LeftOut } from "./compare.ts";
import { type Cursor, cursorOf, putCursor } from "./cursor.ts";
import { waitForMarker } from "./marker.ts";
import { PlannedEvents, type RecoveredType } from "./planned-events.ts";
import { publishPlan } from "./publish.ts";
import { resolvedSince, type SinceWord } from "./since.ts";

export interface RecoverOptions {
  readonly bucket: BucketControl;
  readonly place: ScanPlace;
  readonly mayHave: (uri: string) => boolean;
  readonly isNotThere: (uri: string) => Promise<boolean>;
  readonly store: Catalogue;
  /** `projects/P/topics/T` */
  readonly topicName: string;
  readonly topic: Topic;
  readonly subscribe: (filter: string) => Promise<TemporarySubscription>;
  readonly since: SinceWord;
  readonly rate: number;
  /** Milliseconds that are waited instead of for a marker's event; absent, a marker is written. */
  readonly settle?: number | undefined;
  /** Milliseconds that a marker's event is waited for. */
  readonly markerPatience: number;
  readonly signal: AbortSignal;
  readonly listener: RecoverListener;
}

export interface RecoverListener {
  /** It goes on where an interrupted one was. */
  goesOn(cursor: Cursor): void;
  connected(made: "restored" | "made" | "found", configuration: LiveConfiguration): void;
  wroteMarker(uri: string): void;
  markerArrived(): void;
  /** So many milliseconds are waited, and why no marker is. */
  settling(milliseconds: number, why: string | undefined): void;
  compared(sum: Comparison): void;
  published(messages: number): void;
  /** All is published: is the pause over, and if there is one and it is not, why? */
  pauseIs(what: "cleared" | "kept" | "none", why?: string): void;
}

export interface Comparison extends LeftOut {
  readonly counts: Readonly<Record<RecoveredType, number>>;
  /** RFC 3339, without the overlap. */
  readonly since: string | undefined;
  /** Of what is planned, what is still to be published. */
  readonly left: number;
}

/** So much before the time is looked at too, in milliseconds: clocks differ, and events come late. */
export const OVERLAP = 10 * 60_000;
/** Milliseconds after which an interrupted recovery begins anew. */
const LONGEST_INTERRUPTION = 24 * 3_600_000;
/** Where no marker may be written, what a new configuration takes to start, in milliseconds. */
const SETTLE = 120_000;
/** Milliseconds that Cloud Storage's right to publish is waited for. */
const NO_PATIENCE = 0;

/** @throws ImagemetaError; the signal's reason. Run again, it goes on where it was. */
export async function recover(options: RecoverOptions): Promise<void> {
  const { bucket, store, place, topicName, since: word, listener } = options;
  const before = await cursorOf(store, bucket.name);
  const isSame = before?.uriPrefix === place.uriPrefix && before.topic === topicName && before.word === word;
  const since = isSame ? before.since : await resolvedSince(word, store, bucket.name, place.uriPrefix);
  const fresh: Cursor = { uriPrefix: place.uriPrefix, topic: topicName, word, ...(since === undefined ? {} : { since }), published: 0 };
  // An object that was passed may have changed while the bucket told of nothing; and who comes back much later wants to know anew.
  const isConnected = (await configurationOf(options)) !== undefined;
  const isRecent = isSame && Date.now() - Date.parse(before.at ?? "") < LONGEST_INTERRUPTION;
  let cursor = isSame && isConnected && isRecent ? before : fresh;
  await putCursor(store, bucket.name, cursor);
  const { configuration, made } = await connect(options);
  listener.connected(made, configuration);
  if (cursor.position !== undefined) listener.goesOn(cursor);
  await untilEventsFlow(configuration, options);
  const plan = new PlannedEvents();
  try {
    listener.compared(await compareSince(plan, since, cursor, options));
    await publishPlan({
      ...options,
      plan,
      configuration,
      from: cursor.position,
      async onPage(published, position) {
        cursor = { ...cursor, position, at: new Date().toISOString(), published: cursor.published + published };
        await putCursor(store, bucket.name, cursor);
        listener.published(published);
      },
    });
  } finally {
    plan.close();
  }
  // In this order: killed in between, all is only published once more.
  await putCursor(store, bucket.name, undefined);
  await endPause(since, options);
}

/** What a recovery would publish. Nothing is connected, written or published. @throws as `recover` does */
export async function dryRecover(
  options: Pick<RecoverOptions, "bucket" | "place" | "mayHave" | "store" | "since" | "signal">,
): Promise<Comparison> {
  const { bucket, store, place, since: word } = options;
  const plan = new PlannedEvents();
  try {
    return await compareSince(plan, await resolvedSince(word, store, bucket.name, place.uriPrefix), undefined, options);
  } finally {
    plan.close();
  }
}

async function compareSince(
  plan: PlannedEvents,
  since: string | undefined,
  cursor: Cursor | undefined,
  options: Pick<RecoverOptions, "place" | "mayHave" | "store" | "signal">,
): Promise<Comparison> {
  const left = await compareInto(plan, { ...options, since: since === undefined ? undefined : Date.parse(since) - OVERLAP });
  return { ...left, since, counts: plan.counts, left: plan.countAfter(cursor?.position) };
}

/** The configuration of the pause, unless that was restored already; where none notifies the topic, one is made. */
async function connect(options: RecoverOptions): Promise<{ configuration: LiveConfiguration; made: "restored" | "made" | "found" }> {
  const { bucket, store, topicName, signal } = options;
  const pause = await pauseOf(store, bucket.name);
  const isPaused = pause !== undefined && pause.resumedAt === undefined;
  const isRestored = isPaused && (await resume(bucket, store, new Date())).restored.length > 0;
  let configuration = await configurationOf(options);
  let made: "restored" | "made" | "found" = isRestored ? "restored" : "found";
  if (configuration === undefined) {
    await ensureNotification(bucket, topicName, { patience: NO_PATIENCE, signal });
    configuration = await configurationOf(options);
    made = "made";
  }
  if (configuration === undefined)
    throw new ImagemetaError("INTERNAL", `gs://${bucket.name} has no configuration for ${topicName}, though it was made`);
  return { configuration, made };
}

async function configurationOf({ bucket, topicName }: RecoverOptions): Promise<LiveConfiguration | undefined> {
  return (await bucket.configurations()).find((one) => topicOf(one) === topicName);
}

async function untilEventsFlow(configuration: LiveConfiguration, options: RecoverOptions): Promise<void> {
  const { bucket, subscribe, settle, markerPatience, signal, listener } = options;
  if (settle !== undefined) return settled(settle, undefined, options);
  if (configuration.event_types?.includes("OBJECT_FINALIZE") === false)
    return settled(SETTLE, `configuration ${configuration.id} does not tell of objects that are written`, options);
  try {
    await waitForMarker({
      bucket,
      configuration,
      subscribe,
      patience: markerPatience,
      onWritten: (uri) => listener.wroteMarker(uri),
      signal,
    });
    listener.markerArrived();
  } catch (thrown) {
    if (!(thrown instanceof ImagemetaError) || thrown.code !== "FORBIDDEN") throw thrown;
    await settled(SETTLE, thrown.message, options);
  }
}

async function settled(milliseconds: number, why: string | undefined, { listener, signal }: RecoverOptions): Promise<void> {
  listener.settling(milliseconds, why);
  await wait(milliseconds, signal);
}

/** The pause is over where all of it was looked at: the whole bucket, from its beginning on, and it was not paused again. */
async function endPause(since: string | undefined, { bucket, store, place, listener }: RecoverOptions): Promise<void> {
  const pause = await pauseOf(store, bucket.name);
  if (pause === undefined) return listener.pauseIs("none");
  const why = whyKept(pause, since, place.uriPrefix === `gs://${bucket.name}/`);
  if (why !== undefined) return listener.pauseIs("kept", why);
  await putPause(store, bucket.name, undefined);
  listener.pauseIs("cleared");
}

function whyKept({ pausedAt, resumedAt }: Pause, since: string | undefined, isWhole: boolean): string | undefined {
  if (resumedAt === undefined) return "it was paused again";
  if (!isWhole) return "only a part of the bucket was recovered";
  const isCovered = since === undefined || Date.parse(since) - OVERLAP <= Date.parse(pausedAt);
  return isCovered ? undefined : `it began at ${pausedAt}, before the time that was asked for`;
}
