/** What an audit says: a report for people, or one finding a line. Memory does not grow with the images. */
import type { Finding, Rule } from "../pipeline/audit/rule.ts";
import { TOPICS } from "../pipeline/audit/rule.ts";
import { visibly } from "../record/visible.ts";
import type { RecordFormat } from "../stores/formats/format.ts";
import { plural } from "./progress.ts";
import { shownName } from "./shown-name.ts";

/** What was found so far. */
export class Tally {
  images = 0;
  /** Images with any finding. */
  withFindings = 0;
  findings = 0;
  /** Images of which nothing is known, so that no rule can judge them. */
  unseen = 0;
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<string, string[]>();
  readonly #examples: number;

  constructor(examples: number) {
    this.#examples = examples;
  }

  add(findings: readonly Finding[]): void {
    this.images++;
    this.findings += findings.length;
    if (findings.length > 0) this.withFindings++;
    for (const { rule, uri } of findings) {
      this.#counts.set(rule, this.countOf(rule) + 1);
      const names = this.#names.get(rule) ?? [];
      if (names.length < this.#examples) this.#names.set(rule, [...names, uri]);
    }
  }

  countOf(rule: string): number {
    return this.#counts.get(rule) ?? 0;
  }

  /** The first images that a rule found something in. */
  examplesOf(rule: string): readonly string[] {
    return this.#names.get(rule) ?? [];
  }
}

/** The report: nothing for each finding, all at the end. */
export function report(tally: Tally, rules: readonly Rule[]): RecordFormat<Finding> {
  return { head: "", record: () => "", tail: () => reportText(tally, rules) };
}

function reportText(tally: Tally, rules: readonly Rule[]): string {
  const lines = [`${plural(tally.images, "image")}, ${tally.withFindings.toLocaleString("en-US")} with findings`];
  for (const topic of TOPICS) {
    const found = rules.filter((rule) => rule.topic === topic && tally.countOf(rule.id) > 0);
    if (found.length > 0) lines.push("", topic, ...found.flatMap((rule) => ruleLines(tally, rule)));
  }
  return `${lines.join("\n")}\n`;
}

function ruleLines(tally: Tally, { id, severity, title }: Rule): string[] {
  const count = tally.countOf(id);
  const examples = tally.examplesOf(id);
  const more = count - examples.length;
  return [
    `${count.toLocaleString("en-US").padStart(9)}  ${severity.padEnd(6)}  ${id.padEnd(20)}  ${title}`,
    ...examples.map((uri) => `${" ".repeat(19)}${visibly(shownName(uri))}`),
    ...(examples.length > 0 && more > 0 ? [`${" ".repeat(19)}… and ${more.toLocaleString("en-US")} more`] : []),
  ];
}
