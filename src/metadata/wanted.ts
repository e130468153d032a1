/** The tags that a caller wants. Others are not decoded, unless the summary needs them. */
import { type TagPattern, tagPattern } from "../record/tag-pattern.ts";
import { summaryNames } from "./summary/names.ts";

const made = new WeakMap<readonly string[], Wanted>();

/** What these patterns want, made once for all images that are read with them. */
export function wantedBy(patterns: readonly string[]): Wanted {
  const before = made.get(patterns);
  if (before !== undefined) return before;
  const wanted = new Wanted(patterns);
  made.set(patterns, wanted);
  return wanted;
}

export class Wanted {
  readonly #patterns: readonly TagPattern[];
  /** By number of name. */
  readonly #verdicts: boolean[] = [];

  /** @param patterns `GROUP:NAME` or `NAME`, with `*` */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map(tagPattern);
  }

  /**
   * Must a tag of this name be decoded? In whatever group it is: which of two tags of one name wins depends on all of them.
   * @param number see `Sink`; of a name that a table holds
   */
  needs(name: string, number: number): boolean {
    const before = this.#verdicts[number];
    if (before !== undefined) return before;
    const verdict = this.needsName(name);
    this.#verdicts[number] = verdict;
    return verdict;
  }

  /** The same of a name that a file has chosen. */
  needsName(name: string): boolean {
    return this.#patterns.some((pattern) => pattern.name(name)) || summaryNames.has(name) || summaryNames.has(withoutLanguage(name));
  }

  /** Is the tag given? */
  gives(group: string, name: string): boolean {
    return this.#patterns.some((pattern) => pattern.group(group) && pattern.name(name));
  }
}

/** `Title` of `Title-fr`. */
function withoutLanguage(name: string): string {
  const at = name.indexOf("-");
  return at < 0 ? name : name.slice(0, at);
}
