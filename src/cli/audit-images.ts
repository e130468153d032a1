/** Images of sources or records of a store → what the rules find in them. */
import { audit, RULES, rulesOf } from "../pipeline/audit/audit.ts";
import { isUnseen } from "../pipeline/audit/broken.ts";
import type { Finding, Rule } from "../pipeline/audit/rule.ts";
import type { ImageRecord } from "../record/types.ts";
import { matches } from "../stores/condition.ts";
import type { Condition } from "../stores/contract.ts";
import type { RecordFormat } from "../stores/formats/format.ts";
import { json, ndjson } from "../stores/formats/json.ts";
import type { AuditCommandOptions } from "./audit-options.ts";
import { report, Tally } from "./audit-report.ts";
import { areSeveral, parseSources, recordsOf } from "./image-sources.ts";
import { type Interruption, onInterrupt } from "./interruption.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { openOutput } from "./output.ts";
import { closingLine, plural, startProgress } from "./progress.ts";
import { formatOfFile } from "./record-format.ts";
import { say } from "./say.ts";
import { openStored, parseCondition, queryOf, storedRecords } from "./stored-records.ts";

/** Audits; sets the exit code. */
export async function auditImages(words: readonly string[], options: AuditCommandOptions, outcome: Outcome): Promise<void> {
  const { write, quiet = false, examples } = options;
  const where = parseCondition(options.where);
  const rules = options.only === undefined ? RULES : rulesOf(options.only);
  const failing = failingRules(options, rules);
  const tally = new Tally(examples);
  const format = await openFormat(options, tally, rules);
  const records = await openRecords(words, options, where);

  const interruption = onInterrupt();
  const output = await openOutput(write, format);
  try {
    for await (const record of records.all(interruption)) {
      const findings = audit(record, rules);
      tally.add(findings);
      if (record.error !== undefined && isUnseen(record)) tally.unseen++;
      for (const finding of findings) await output.write(finding);
    }
    await output.close();
  } catch (thrown) {
    await output.abandon();
    if (!interruption.signal.aborted) throw thrown;
    outcome.exitCode = 130;
    say(`imagemeta: stopped after ${plural(tally.images, "image")}; run it again to judge the others`);
    return;
  } finally {
    interruption.release();
    await records.close();
  }
  const failed = failing.filter(({ id }) => tally.countOf(id) > 0);
  if (failed.length > 0 || tally.unseen > 0) outcome.exitCode = 1;
  if (!quiet)
    say(
      `${[records.closing(tally), plural(tally.findings, "finding"), ...(write === undefined ? [] : [`written to ${write}`])].join("; ")}`,
    );
  if (tally.unseen > 0) say(`imagemeta: ${plural(tally.unseen, "image")} could not be looked at (rule unseen)`);
  if (failed.length > 0) {
    const counts = failed.map(({ id }) => `${id} ${tally.countOf(id).toLocaleString("en-US")}`);
    say(`imagemeta: --fail-on: ${counts.join(", ")}`);
  }
}

/** Records, from wherever they are. */
interface Records {
  all(interruption: Interruption): AsyncIterable<ImageRecord>;
  close(): Promise<void>;
  /** How the closing line begins. */
  closing(tally: Tally): string;
}

async function openRecords(words: readonly string[], options: AuditCommandOptions, where: Condition | undefined): Promise<Records> {
  const { from, prefix, write, format = "report", quiet = false } = options;
  if (from !== undefined) {
    const source = words.length > 0 || ["file", "bucket", "include", "exclude", "all"].some((name) => name in options);
    if (source) throw new UsageError("--from takes the records of a store, and no sources, --include, --exclude or --all: leave one out");
    const store = await openStored("--from", from, options);
    const started = performance.now();
    return {
      all: ({ signal }) => storedRecords(store, queryOf(where, prefix), signal),
      close: () => store.close(),
      closing: ({ images }) => `${plural(images, "record")} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    };
  }
  const sources = await parseSources(words, options, "imagemeta audit gs://my-bucket, imagemeta audit --from catalog.db");
  const printsToTerminal = process.stdout.isTTY && write === undefined && format !== "report";
  const progress = await startProgress(process.stderr, areSeveral(sources) && !quiet && !printsToTerminal);
  return {
    async *all(interruption) {
      const numeric = { ...options, numeric: true } as const;
      for await (const record of recordsOf(sources, numeric, progress, interruption))
        if (where === undefined || matches(where, record)) yield record;
    },
    close: async () => progress.close(),
    closing: () => closingLine(progress.totals),
  };
}

/** The rules of `--fail-on`. @throws UsageError where `--only` leaves one out */
function failingRules({ failOn = [] }: AuditCommandOptions, rules: readonly Rule[]): readonly Rule[] {
  const failing = rulesOf(failOn);
  const left = failing.find((rule) => !rules.includes(rule));
  if (left !== undefined) throw new UsageError(`--fail-on takes ${left.id}, which --only leaves out: name it there too`);
  return failing;
}

async function openFormat({ format, write }: AuditCommandOptions, tally: Tally, rules: readonly Rule[]): Promise<RecordFormat<Finding>> {
  switch (format ?? (write === undefined || /\.txt$/i.test(write) ? "report" : formatOfFile(write, ".txt"))) {
    case "report":
      return report(tally, rules);
    case "csv":
      return (await import("./findings-csv.ts")).findingsCsv;
    case "ndjson":
      return ndjson;
    default:
      return json;
  }
}
