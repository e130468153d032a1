/** The summary of tags as they are stored. */
import { Budget } from "../../../src/metadata/budget.ts";
import type { Facts, TagInput } from "../../../src/metadata/contracts.ts";
import { factsOf } from "../../../src/metadata/findings.ts";
import { Sink } from "../../../src/metadata/sink.ts";
import { summarize } from "../../../src/metadata/summary/summary.ts";
import { defaultLimits } from "../../../src/record/limits.ts";
import type { Summary } from "../../../src/record/types.ts";

export function summaryOf(
  stored: Record<string, TagInput>,
  facts: Partial<Facts> = {},
): { readonly summary: Summary; readonly warnings: readonly string[] } {
  const tags = new Sink();
  tags.begin(new Budget(defaultLimits));
  for (const [key, value] of Object.entries(stored)) {
    const at = key.indexOf(":");
    tags.put(tags.groupNumber(key.slice(0, at)), tags.numberOf(key.slice(at + 1)), value, undefined, false, false);
  }
  const warnings: string[] = [];
  return { summary: summarize(tags, { ...factsOf([]), ...facts }, (message) => warnings.push(message)), warnings };
}
