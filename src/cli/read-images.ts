/** Images of the sources that a command line names → records, to stdout or into a file. */
import type { ImageRecord } from "../record/types.ts";
import { visibly } from "../record/visible.ts";
import { selector } from "../stores/formats/select.ts";
import { areSeveral, parseSources, recordsOf } from "./image-sources.ts";
import { onInterrupt } from "./interruption.ts";
import type { Outcome } from "./outcome.ts";
import { closingLine, plural, startProgress } from "./progress.ts";
import type { ReadCommandOptions } from "./read-options.ts";
import { recordOutput } from "./record-format.ts";
import { say } from "./say.ts";

/** Reads what the words and options name; sets the exit code. */
export async function readImages(words: readonly string[], options: ReadCommandOptions, outcome: Outcome): Promise<void> {
  const sources = await parseSources(
    words,
    options,
    "imagemeta photo.jpg, imagemeta --bucket my-bucket (imagemeta read --help shows more)",
  );
  const openOutput = await recordOutput(options);
  const interruption = onInterrupt();
  const { write, quiet = false } = options;
  const several = areSeveral(sources);
  const printsToTerminal = write === undefined && process.stdout.isTTY;
  const progress = await startProgress(process.stderr, several && !quiet && !printsToTerminal);
  const output = await openOutput();
  const select = selector({ only: options.only ?? [], tags: options.tags ?? [] });
  let last: ImageRecord | undefined;
  try {
    for await (const record of recordsOf(sources, { ...options, ...decodedTags(options) }, progress, interruption)) {
      await output.write(select(record));
      last = record;
    }
    await output.close();
  } catch (thrown) {
    await output.abandon();
    if (!interruption.signal.aborted) throw thrown;
    outcome.exitCode = 130;
  } finally {
    interruption.release();
    progress.close();
  }
  const { totals } = progress;
  if (totals.errors.size > 0 && outcome.exitCode === 0) outcome.exitCode = 1;
  if (interruption.signal.aborted) say(`imagemeta: stopped after ${plural(totals.images, "image")}; ${stoppedAdvice(options)}`);
  else if (several && !quiet) say(`${closingLine(totals)}${write === undefined ? "" : `; written to ${write}`}`);
  else if (last?.error !== undefined) say(`imagemeta: ${visibly(`${last.uri}: ${last.error.code}: ${last.error.message}`)}`);
}

/** Tags that are not printed need not be decoded. */
function decodedTags({ only, tags }: ReadCommandOptions): { decodedTags?: readonly string[] } {
  if (only !== undefined && !only.includes("tags")) return { decodedTags: [] };
  return tags === undefined ? {} : { decodedTags: tags };
}

function stoppedAdvice({ write }: ReadCommandOptions): string {
  return write === undefined ? "run it again to read the others" : `${write} was not written; run it again`;
}
