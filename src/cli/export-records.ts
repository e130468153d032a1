/** Records of a store → stdout, or a file of any format. */
import { selector } from "../stores/formats/select.ts";
import type { ExportCommandOptions } from "./export-options.ts";
import { onInterrupt } from "./interruption.ts";
import type { Outcome } from "./outcome.ts";
import { plural } from "./progress.ts";
import { recordOutput } from "./record-format.ts";
import { say } from "./say.ts";
import { openStored, parseCondition, queryOf, storedRecords } from "./stored-records.ts";

/** Exports; sets the exit code. */
export async function exportRecords(options: ExportCommandOptions, outcome: Outcome): Promise<void> {
  const { from, prefix, write, quiet = false } = options;
  const where = parseCondition(options.where);
  const openOutput = await recordOutput(options);
  const store = await openStored("--from", from, options);
  const started = performance.now();
  const interruption = onInterrupt();
  const select = selector({ only: options.only ?? [], tags: options.tags ?? [] });
  let count = 0;
  try {
    const output = await openOutput();
    try {
      for await (const record of storedRecords(store, queryOf(where, prefix), interruption.signal)) {
        await output.write(select(record));
        count++;
      }
      await output.close();
    } catch (thrown) {
      await output.abandon();
      throw thrown;
    }
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    outcome.exitCode = 130;
    const advice = write === undefined ? "" : ` and ${write} is as it was`;
    say(`imagemeta: stopped after ${plural(count, "record")}${advice}; run it again`);
    return;
  } finally {
    interruption.release();
    await store.close();
  }
  const seconds = (performance.now() - started) / 1000;
  if (quiet) return;
  say(`${plural(count, "record")} in ${seconds.toFixed(1)} s${write === undefined ? "" : `; written to ${write}`}`);
}
