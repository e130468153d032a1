/** What a command says on standard error, beside its results. */
import { redacted } from "../record/secrets.ts";
import { visibleLines } from "../record/visible.ts";

/** @param text of one or more lines; names and messages of strangers may be in it */
export function say(text: string): void {
  process.stderr.write(`${redacted(visibleLines(text))}\n`);
}
