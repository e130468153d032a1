/** Says what differs between what a command line names and a store. */
import { type DifferenceKind, differences } from "../pipeline/scan/differences.ts";
import { newTotals } from "../pipeline/scan/totals.ts";
import { safeJson, visibly } from "../record/visible.ts";
import type { Outcome } from "./outcome.ts";
import { plural } from "./progress.ts";
import { say } from "./say.ts";
import type { CheckCommandOptions } from "./scan-options.ts";
import { openPlace } from "./scan-place.ts";
import { startScanProgress } from "./scan-progress.ts";
import { openStored } from "./stored-records.ts";

/** Checks; sets the exit code. */
export async function checkImages(word: string, options: CheckCommandOptions, outcome: Outcome): Promise<void> {
  const { in: address, format, quiet = false } = options;
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  const place = await openPlace(word, options);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const counts = new Map<DifferenceKind, number>();
  const totals = newTotals();
  try {
    const store = await openStored("--in", address, options);
    try {
      const progress = await startScanProgress(process.stderr, !quiet && !process.stdout.isTTY, totals);
      try {
        const found = differences(place, store, place.mayHave, stop.signal, (images) => (totals.listed += images));
        let isFirst = true;
        for await (const difference of found) {
          counts.set(difference.difference, (counts.get(difference.difference) ?? 0) + 1);
          if (format === "json") process.stdout.write(`${isFirst ? "[" : ","}\n${safeJson(difference)}`);
          else process.stdout.write(`${difference.difference.padEnd(8)}${visibly(difference.uri)}\n`);
          isFirst = false;
          if (process.stdout.writableNeedDrain) await new Promise<void>((resolve) => process.stdout.once("drain", () => resolve()));
        }
        if (format === "json") process.stdout.write(isFirst ? "[]\n" : "\n]\n");
      } finally {
        progress.close();
      }
    } finally {
      await store.close();
    }
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
    outcome.exitCode = 130;
    say("imagemeta: stopped before all was compared; run it again");
    return;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await place.close();
  }
  if (counts.size > 0) outcome.exitCode = 1;
  const differing = [...counts].map(([kind, count]) => `${count.toLocaleString("en-US")} ${kind}`).join(", ");
  if (!quiet) say(`${plural(totals.listed, "image")} compared: ${differing === "" ? "nothing differs" : differing}`);
}
