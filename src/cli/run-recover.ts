/** Connects a bucket again, publishes what a store has not had, and says what was done. */
import { type Comparison, dryRecover, OVERLAP, type RecoverListener, recover } from "../pipeline/recovery/recover.ts";
import { isNotThere } from "../pipeline/scan/prune.ts";
import { BucketControl, topicOf } from "../storage/gcs/bucket-control.ts";
import { isStoreThere, openCatalogue } from "../stores/open.ts";
import { credentialsOf } from "./access.ts";
import { onInterrupt } from "./interruption.ts";
import { leave, type Outcome, UsageError } from "./outcome.ts";
import { duration, plural } from "./progress.ts";
import { openQueue, projectFor } from "./queue.ts";
import { say } from "./say.ts";
import { type OpenPlace, openPlace } from "./scan-place.ts";
import type { RecoverCommandOptions } from "./setup-options.ts";

/** Bytes and milliseconds of a batch: several messages go in one request. */
const BATCHING = { maxMessages: 100, maxBytes: 5_000_000, maxMilliseconds: 10 };

/** Sets the exit code: 130 where it was interrupted. */
export async function runRecover(word: string, options: RecoverCommandOptions, outcome: Outcome): Promise<void> {
  const since = sinceOf(options);
  if (!isStoreThere(options.to)) throw new UsageError(`--to: there is no ${options.to}: name the catalogue that the workers write to`);
  const { signal, release } = onInterrupt();
  const place = await openRecoveryPlace(word, options);
  const project = await projectFor(options);
  const queue = await openQueue(project, options, options.dryRun !== true);
  const credentials = credentialsOf(options);
  const store = await openCatalogue(options.to, { credentials });
  try {
    const topicName = queue.topicName(options.topic);
    const [, bucketName = ""] = /^gs:\/\/([^/]+)\//.exec(place.uriPrefix) ?? [];
    const bucket = await BucketControl.open(bucketName, { project, userProject: options.userProject, credentials });
    const shared = { bucket, place, mayHave: place.mayHave, store, since, signal };
    if (options.dryRun) {
      process.stdout.write(`${comparisonText(await dryRecover(shared))}\nnothing was connected or published: --dry-run only counts\n`);
      return;
    }
    const topic = queue.topic(topicName, { batching: BATCHING });
    const { listener, total } = listenerFor(bucketName, topicName);
    await recover({
      ...shared,
      isNotThere: (uri) => isNotThere(uri, place.storage, signal),
      topicName,
      topic,
      subscribe: (filter) => queue.temporary(topicName, filter),
      rate: options.rate,
      settle: options.settle === undefined ? undefined : options.settle * 1000,
      markerPatience: options.markerWait * 1000,
      listener,
    });
    say(`recovered: ${plural(total(), "message")} published to ${topicName}, by which workers bring ${options.to} up to date`);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    outcome.exitCode = 130;
    say("imagemeta: stopped before all was published: run the same command again to go on");
  } finally {
    release();
    await store.close();
    await place.close();
    await queue.close();
    leave(outcome);
  }
}

/** @throws UsageError */
function sinceOf({ since, all = false }: RecoverCommandOptions): string {
  if (all && since !== undefined) throw new UsageError("--all is whatever the time: leave out --since, or --all");
  if (all) return "all";
  if (since === undefined || since === "paused" || since === "newest") return since ?? "paused";
  // RFC 3339 section 5.6; a time without its zone would mean another one elsewhere.
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(since) || Number.isNaN(Date.parse(since)))
    throw new UsageError(`--since: ${since} is none of paused, newest or a time such as 2026-11-24T08:00:00Z`);
  return since;
}

/** @throws UsageError where it is no whole bucket or prefix */
async function openRecoveryPlace(word: string, { everyObject, all: _, ...options }: RecoverCommandOptions): Promise<OpenPlace> {
  const place = await openPlace(word, { ...options, ...(everyObject ? { all: true } : {}) });
  const isSharded = place.shard !== undefined && place.shard.count > 1;
  if (place.uriPrefix.startsWith("gs://") && place.narrowedBy === undefined && !isSharded) return place;
  await place.close();
  if (isSharded) throw new UsageError("a recovery is one task: run it as a job of one task");
  throw new UsageError(`${word} is no bucket and no prefix: write gs://BUCKET or gs://BUCKET/PREFIX/`);
}

function listenerFor(bucket: string, topic: string): { readonly listener: RecoverListener; readonly total: () => number } {
  let published = 0;
  let written = 0;
  return {
    total: () => published,
    listener: {
      connected(made, configuration) {
        const how = { restored: "restored the notification of the pause", made: "made a notification", found: "the notification is there" }[
          made
        ];
        say(`gs://${bucket}: ${how} (configuration ${configuration.id}, ${topicOf(configuration)})`);
      },
      goesOn: (cursor) => say(`goes on where it was interrupted: ${plural(cursor.published, "message")} published before`),
      wroteMarker(uri) {
        written = performance.now();
        say(`waiting for the event of a marker object, ${uri}`);
      },
      markerArrived: () => say(`events flow: that of the marker came after ${((performance.now() - written) / 1000).toFixed(1)} s`),
      settling: (milliseconds, why) =>
        say(
          `waiting ${duration(milliseconds / 1000)} instead of for the event of a marker object${why === undefined ? " (--settle)" : `: ${why}`}`,
        ),
      compared(sum) {
        say(comparisonText(sum));
        say(`publishing ${plural(sum.left, "message")} to ${topic}`);
      },
      published: (messages) => (published += messages),
      pauseIs(what, why) {
        if (what === "cleared") say("the pause is over, and is forgotten");
        if (what === "kept") say(`the pause is still remembered: ${why}`);
      },
    },
  };
}

function comparisonText({ images, counts, since, older, unread }: Comparison): string {
  const { OBJECT_FINALIZE: written, OBJECT_METADATA_UPDATE: updated, OBJECT_DELETE: deleted } = counts;
  const when = since === undefined ? "whatever the time" : `since ${since}, and ${OVERLAP / 60_000} minutes before`;
  return [
    `${plural(images, "image")} compared, ${when}: ${written} to read, ${plural(updated, "metadata update")}, ${plural(deleted, "deletion")}`,
    ...(older > 0 ? [`${older} more that the store lacks are older, and are left: --all publishes them`] : []),
    ...(unread > 0 ? [`${unread} are held with an error that another try may mend, and are left: --all publishes them`] : []),
  ].join("\n");
}
