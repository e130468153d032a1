/** Records of a store → stdout, or a file of any format. */
import type { ImageRecord } from "../record/types.ts";
import type { PartialRecord } from "../stores/formats/format.ts";
import { writeRecordFile } from "../stores/formats/record-file.ts";
import { selector } from "../stores/formats/select.ts";
import type { ExportCommandOptions } from "./export-options.ts";
import { onInterrupt } from "./interruption.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { openOutput } from "./output.ts";
import { plural } from "./progress.ts";
import { openFormat } from "./record-format.ts";
import { openStored, parseCondition, queryOf, storedRecords } from "./stored-records.ts";

type WriteAll = (records: AsyncIterable<PartialRecord>) => Promise<void>;

/** Exports; sets the exit code. */
export async function exportRecords(options: ExportCommandOptions, outcome: Outcome): Promise<void> {
  const { from, prefix, write, quiet = false } = options;
  const where = parseCondition(options.where);
  const writeAll = await openTarget(options);
  const store = await openStored(from);
  const started = performance.now();
  const interruption = onInterrupt();
  const select = selector({ only: options.only ?? [], tags: options.tags ?? [] });
  let count = 0;
  async function* selected(records: AsyncIterable<ImageRecord>): AsyncGenerator<PartialRecord> {
    for await (const record of records) {
      yield select(record);
      count++;
    }
  }
  try {
    await writeAll(selected(storedRecords(store, queryOf(where, prefix), interruption.signal)));
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    outcome.exitCode = 130;
    const advice = write === undefined ? "" : ` and ${write} is as it was`;
    process.stderr.write(`imagemeta: stopped after ${plural(count, "record")}${advice}; run it again\n`);
    return;
  } finally {
    interruption.release();
    await store.close();
  }
  const seconds = (performance.now() - started) / 1000;
  if (quiet) return;
  process.stderr.write(`${plural(count, "record")} in ${seconds.toFixed(1)} s${write === undefined ? "" : `; written to ${write}`}\n`);
}

/** What writes to the place that the options name. @throws UsageError */
async function openTarget(options: ExportCommandOptions): Promise<WriteAll> {
  const { write, format: name, only } = options;
  if (write !== undefined && name === undefined && /\.parquet$/i.test(write)) {
    if (only !== undefined) throw new UsageError("--only does not go with parquet: its columns are fixed");
    return (records) => writeRecordFile(write, records);
  }
  const format = await openFormat(options);
  return async (records) => {
    const output = await openOutput(write, format);
    try {
      for await (const record of records) await output.write(record);
      await output.close();
    } catch (thrown) {
      await output.abandon();
      throw thrown;
    }
  };
}
