/** The rules over one record. A new rule is one entry of its topic's table. */
import type { ImageRecord } from "../../record/types.ts";
import { broken } from "./broken.ts";
import { privacy } from "./privacy.ts";
import { provenance } from "./provenance.ts";
import { rights } from "./rights.ts";
import type { Finding, Rule } from "./rule.ts";
import { TagIndex } from "./tag-index.ts";

/** Every rule, in the order of a report. */
export const RULES: readonly Rule[] = [...privacy, ...rights, ...broken, ...provenance];

/** What the rules find in a record, in their order. Values in either form. */
export function audit(record: ImageRecord, rules: readonly Rule[] = RULES): Finding[] {
  const { uri } = record;
  const image = record.error === undefined ? { record, tags: new TagIndex(record.tags) } : undefined;
  return rules.flatMap((rule) => {
    const { id, topic, severity } = rule;
    const match = image === undefined ? record.error && rule.findFailed?.(record) : rule.find?.(image);
    return match === undefined ? [] : [{ uri, rule: id, topic, severity, found: inOneLine(match.found), tags: match.tags }];
  });
}

/** One finding stays one line in every form. */
const inOneLine = (text: string) => text.replace(/\s+/g, " ");

/** The rules that topics and ids name. */
export function rulesOf(names: readonly string[]): readonly Rule[] {
  return RULES.filter(({ id, topic }) => names.includes(id) || names.includes(topic));
}
