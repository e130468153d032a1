/** Brings a store up to date with what a command line names; or says what that would take. */

import type { ReaderPool } from "../pipeline/reading/reader-pool.ts";
import type { Reread } from "../pipeline/scan/decide.ts";
import { estimate } from "../pipeline/scan/estimate.ts";
import { goneSince } from "../pipeline/scan/prune.ts";
import { type ScanOptions, scan } from "../pipeline/scan/scan.ts";
import { newTotals, type ScanTotals } from "../pipeline/scan/totals.ts";
import { version } from "../record/version.ts";
import { visibleLines } from "../record/visible.ts";
import type { Store } from "../stores/contract.ts";
import { isStoreThere, openCatalogue, openStore, type StoreOptions } from "../stores/open.ts";
import { credentialsOf } from "./access.ts";
import { estimateText } from "./estimate-text.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { readerOptionsOf, startReaders } from "./readers.ts";
import { say } from "./say.ts";
import type { ScanCommandOptions } from "./scan-options.ts";
import { type OpenPlace, openPlace } from "./scan-place.ts";
import { type ScanProgress, scanClosingLine, startScanProgress } from "./scan-progress.ts";
import { named } from "./stored-records.ts";

/** Failures that are told one by one; the closing line counts them all. */
const TOLD = 20;

/** Scans; sets the exit code. */
export async function scanImages(word: string, options: ScanCommandOptions, outcome: Outcome): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  const place = await openPlace(word, options);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    if (options.prune && place.narrowedBy !== undefined)
      throw new UsageError(`--prune needs the whole listing, so that what is not in it is gone: leave out ${place.narrowedBy}`);
    await (options.dryRun ? dryRun(place, options, stop.signal) : scanPlace(place, options, stop.signal, outcome));
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await place.close();
  }
  if (stop.signal.aborted) outcome.exitCode = 130;
}

/** The processes that read start while the store is opened. */
async function scanPlace(place: OpenPlace, options: ScanCommandOptions, signal: AbortSignal, outcome: Outcome): Promise<void> {
  const readers = startReaders(options);
  try {
    await scanInto(readers, place, options, signal, outcome);
  } finally {
    await readers.close();
  }
}

async function scanInto(
  readers: ReaderPool,
  place: OpenPlace,
  options: ScanCommandOptions,
  signal: AbortSignal,
  outcome: Outcome,
): Promise<void> {
  const { to, quiet = false } = options;
  // To prune needs a store that gives records back.
  const store = await named("--to", options.prune ? openCatalogue(to, formOf(options)) : openStore(to, formOf(options)));
  const totals = newTotals();
  let isWhole = false;
  try {
    const progress = await startScanProgress(process.stderr, !quiet, totals);
    readers.open(readerOptionsOf(options, store.values === "printed", place.shard?.count));
    try {
      await scan({
        place,
        store,
        readers,
        reread: rereadOf(options),
        ...(options.prune ? { prune: goneIn(place, signal) } : {}),
        ...findLiveIn(place, signal),
        patience: options.storeWait * 1000,
        signal,
        totals,
        listener: listenerOf(progress, quiet),
      });
      isWhole = !signal.aborted && totals.refused === 0;
    } finally {
      const seconds = progress.close();
      if (!quiet) say(`${scanClosingLine(totals, seconds)}${isWhole ? "" : `; ${advice(store, to)}`}`);
    }
  } finally {
    await (isWhole || !("abandon" in store) ? store.close() : store.abandon());
  }
  if (totals.failed.size > 0 || totals.refused > 0) outcome.exitCode = 1;
}

function listenerOf(progress: ScanProgress, quiet: boolean) {
  let told = 0;
  return {
    allListed: () => progress.allListed(),
    waiting: (why: string | undefined) => progress.waiting(why),
    failed(uri: string, code: string, message: string) {
      if (quiet || ++told > TOLD) return;
      progress.say(`imagemeta: ${uri}: ${code}: ${message}${told === TOLD ? " (further failures are only counted)" : ""}`);
    },
  };
}

/** A store that has a form already keeps it. */
function formOf(options: ScanCommandOptions): StoreOptions {
  return { credentials: credentialsOf(options), ...(options.printed ? { values: "printed" as const } : {}) };
}

function rereadOf({ full, reread = [] }: ScanCommandOptions): Reread {
  return { full: full ?? false, errors: reread.includes("errors"), ...(reread.includes("older-engine") ? { olderThan: version } : {}) };
}

function findLiveIn({ storage }: OpenPlace, signal: AbortSignal): Pick<ScanOptions, "findLive"> {
  const { findLive } = storage;
  return findLive === undefined ? {} : { findLive: (uri) => findLive(uri, signal) };
}

/** What is not in the listing is gone where the place would have listed it. */
function goneIn(place: OpenPlace, signal: AbortSignal) {
  const isGone = goneSince(Date.now(), place.storage, signal);
  return async (...[uri, held]: Parameters<typeof isGone>) => place.mayHave(uri) && (await isGone(uri, held));
}

function advice(store: Store, to: string): string {
  if ("lookup" in store) return `what was read is kept in ${to}: run the same command again to go on`;
  return `what was read has gone to ${to}, which cannot tell: the same command reads all again`;
}

async function dryRun(place: OpenPlace, options: ScanCommandOptions, signal: AbortSignal): Promise<void> {
  const { to, quiet = false, concurrency, processes } = options;
  const store = isStoreThere(to) ? await named("--to", openStore(to, formOf(options))) : undefined;
  const totals: ScanTotals = newTotals();
  const progress = await startScanProgress(process.stderr, !quiet, totals);
  try {
    const sum = await estimate(place, store, rereadOf(options), signal, ({ listed, unchanged }) => {
      totals.listed = listed;
      totals.unchanged = unchanged;
    });
    signal.throwIfAborted();
    progress.close();
    process.stdout.write(visibleLines(estimateText(sum, concurrency, processes, place.uriPrefix.startsWith("gs:"))));
  } finally {
    progress.close();
    await (store !== undefined && "abandon" in store ? store.abandon() : store?.close());
  }
}
