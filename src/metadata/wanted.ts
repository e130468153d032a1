/** The tags that a caller wants. Others are not decoded, unless the summary needs them. */
import { type TagPattern, tagPattern } from "../record/tag-pattern.ts";
import type { Wanted } from "./sink.ts";
import { summaryNames } from "./summary/names.ts";

class WantedTags implements Wanted {
  readonly #texts: readonly string[];
  readonly #patterns: readonly TagPattern[];
  /** By number of name. */
  readonly #verdicts: boolean[] = [];

  /** @param patterns `GROUP:NAME` or `NAME`, with `*` */
  constructor(patterns: readonly string[]) {
    this.#texts = [...patterns];
    this.#patterns = patterns.map(tagPattern);
  }

  /** Are these still its patterns? */
  isOf(patterns: readonly string[]): boolean {
    return patterns.length === this.#texts.length && this.#texts.every((text, i) => text === patterns[i]);
  }

  needs(name: string, number: number): boolean {
    const before = this.#verdicts[number];
    if (before !== undefined) return before;
    const verdict = this.needsName(name);
    this.#verdicts[number] = verdict;
    return verdict;
  }

  needsName(name: string): boolean {
    return this.#patterns.some((pattern) => pattern.name(name)) || summaryNames.has(name) || summaryNames.has(withoutLanguage(name));
  }

  gives(group: string, name: string): boolean {
    return this.#patterns.some((pattern) => pattern.group(group) && pattern.name(name));
  }
}

/** `Title` of `Title-fr`. */
function withoutLanguage(name: string): string {
  const at = name.indexOf("-");
  return at < 0 ? name : name.slice(0, at);
}

const made = new WeakMap<readonly string[], WantedTags>();

/** What these patterns want, made once for all images that are read with them. The caller may change the list between two. */
export function wantedBy(patterns: readonly string[]): Wanted {
  const before = made.get(patterns);
  if (before?.isOf(patterns)) return before;
  const wanted = new WantedTags(patterns);
  made.set(patterns, wanted);
  return wanted;
}
