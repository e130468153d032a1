/** The summary of tags as they are stored. */
import type { Facts, TagInput } from "../../../src/metadata/contracts.ts";
import { factsOf } from "../../../src/metadata/findings.ts";
import { summarize } from "../../../src/metadata/summary/summary.ts";
import { TagSet } from "../../../src/metadata/tag-set.ts";
import type { Summary } from "../../../src/record/types.ts";

export function summaryOf(
  stored: Record<string, TagInput>,
  facts: Partial<Facts> = {},
): { readonly summary: Summary; readonly warnings: readonly string[] } {
  const tags = new TagSet();
  for (const [key, value] of Object.entries(stored)) {
    const at = key.indexOf(":");
    tags.add({ group: key.slice(0, at), name: key.slice(at + 1), stored: value, print: undefined, low: false });
  }
  const warnings: string[] = [];
  return { summary: summarize(tags, { ...factsOf([]), ...facts }, (message) => warnings.push(message)), warnings };
}
