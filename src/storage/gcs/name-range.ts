/** A part of a bucket's names that one request after the other lists, how many names it may still have, and where to split it. */
import { compareNames } from "../../record/name-order.ts";
import { bytesOf, commonLength, nameFrom } from "./name-bytes.ts";
import type { NameModel } from "./name-model.ts";
import { NamePath } from "./name-path.ts";

/** Names of a page that are kept. */
const KEPT = 16;
/** For each page that came, the pages within which one is as likely as the other to be the last. */
const KNOWN = 2;
/** Pages expected at most: a guess that says more says nothing. */
const MOST = 2 ** 40;

interface Outlook {
  readonly path: NamePath;
  /** The share of a page, and of all that may follow. */
  readonly page: number;
  readonly left: number;
}

export class NameRange {
  /** The first name that is wanted; once there was a page, its last name, which is not wanted any more. */
  start: string;
  /** The first name that is no longer part of it; undefined: none. */
  end: string | undefined;
  /** How to go on, as long as `end` is what it was asked with: a token is good for the offsets that it was given for. */
  token: { readonly pageToken: string; readonly startOffset: string; readonly endOffset: string | undefined } | undefined;
  /** Of the newest page, every so many-th name, the last one included. */
  #kept: readonly Uint8Array[] = [];
  #pages = 0;
  /** Was it split since its newest page? What that page told is spent. */
  #isSplit = false;
  /** What may follow, worked out for `end`. */
  #outlook: Outlook | undefined;

  /** Was its first name guessed, so that it may have none? */
  readonly isGuess: boolean;

  constructor(start: string, end: string | undefined, isGuess = false) {
    this.start = start;
    this.end = end;
    this.isGuess = isGuess;
  }

  get isStarted(): boolean {
    return this.#pages > 0;
  }

  /** Those of a page, which is in order, that belong to it and are new. */
  ownOf<T extends { readonly name: string }>(page: readonly T[]): readonly T[] {
    const from = firstAt(page, ({ name }) => {
      const order = compareNames(name, this.start);
      return this.isStarted ? order > 0 : order >= 0;
    });
    const to = firstAt(page, ({ name }) => this.isPast(name));
    return from === 0 && to === page.length ? page : page.slice(from, to);
  }

  isPast(name: string): boolean {
    return this.end !== undefined && compareNames(name, this.end) >= 0;
  }

  /** Could it be cut at this name? */
  isInside(name: string): boolean {
    return compareNames(name, this.start) > 0 && !this.isPast(name);
  }

  /** Gives away what follows, from a name on that is inside. */
  cutAt(name: string): NameRange {
    const after = new NameRange(name, this.end);
    this.end = name;
    this.#outlook = undefined;
    return after;
  }

  /** A page came with these names, one at least, in order. */
  advance(names: readonly { readonly name: string }[]): void {
    this.start = names.at(-1)?.name ?? this.start;
    const count = Math.min(KEPT, names.length);
    this.#kept = Array.from({ length: count }, (_, at) => bytesOf(names[Math.ceil(((at + 1) * names.length) / count) - 1]?.name ?? ""));
    this.#pages++;
    this.#isSplit = false;
    this.#outlook = undefined;
  }

  /**
   * What it is worth to split it: the pages thought to follow the one that is on its way, in the sense of `depth`. 0 where it has
   * no page yet.
   */
  worth(model: NameModel): number {
    if (this.#isSplit) return 0;
    const { page, left } = this.#look(model) ?? { page: 1, left: 0 };
    return Math.max(0, this.#depth(left / page) - this.#depth(1));
  }

  /** How far its names reach is as uncertain as the guess is large, so that each doubling of what is known counts alike. */
  #depth(pages: number): number {
    const known = KNOWN * Math.max(1, this.#pages);
    return known * Math.log1p(Math.min(MOST, pages) / known);
  }

  #pagesAt(depth: number): number {
    const known = KNOWN * Math.max(1, this.#pages);
    return known * Math.expm1(depth / known);
  }

  #look(model: NameModel): Outlook | undefined {
    const last = this.#kept.at(-1);
    if (last === undefined) return undefined;
    if (this.#outlook !== undefined) return this.#outlook;
    const end = this.end === undefined ? undefined : bytesOf(this.end);
    const from = end === undefined ? 0 : commonLength(last, end);
    const inside = this.#kept.filter((name) => commonLength(name, last) >= from);
    const first = inside[0] ?? last;
    const split = commonLength(first, last);
    const path = new NamePath(model, last, from, split);
    const spanned = inside.length < 2 ? path.sharesBelow(from) : shareBetween(new NamePath(model, first, from, split), path, split);
    const steps = inside.length < 2 ? 1 : inside.length - 1;
    const left = end === undefined ? path.sharesAbove(from) : shareBetween(path, new NamePath(model, end, from, end.length), from);
    // What gave many pages is thought to have as many again, whatever the model says.
    const page = Math.min((spanned * this.#kept.length) / steps, left / (1 + this.#pages));
    this.#outlook = { path, page: Math.max(Number.MIN_VALUE, page), left };
    return this.#outlook;
  }

  /** Gives away what follows the page that is on its way, in so many parts, or fewer where no names are known to split at. */
  split(model: NameModel, parts: number): readonly NameRange[] {
    const outlook = this.#look(model);
    if (outlook === undefined) return [];
    this.#isSplit = true;
    const { path, page, left } = outlook;
    const near = this.#depth(Math.min(1, left / page / 2));
    const far = this.#depth(left / page);
    const names: string[] = [];
    let before = 0;
    for (let part = 1; part <= parts; part++) {
      const pages = this.#pagesAt(near + ((far - near) * part) / (parts + 1));
      const share = Math.min(pages * page, left);
      const name = nameFrom(path.nameAfter(share, (share - before) / 4));
      before = share;
      if (name !== undefined && compareNames(name, names.at(-1) ?? this.start) > 0 && !this.isPast(name)) names.push(name);
    }
    const ends = [...names.slice(1), this.end];
    this.end = names[0] ?? this.end;
    this.#outlook = names.length === 0 ? { path, page, left: 0 } : undefined;
    return names.map((name, at) => new NameRange(name, ends[at], true));
  }
}

/** Where a list begins to pass a test that all after the first passing one pass too; its length, where none does. */
function firstAt<T>(list: readonly T[], passes: (item: T) => boolean): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (passes(list[middle] as T)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The share of names between two that differ first at the byte `split`. */
function shareBetween(low: NamePath, high: NamePath, split: number): number {
  return low.sharesAbove(split + 1) + low.aboveAt(split, high.name[split] ?? 0) + high.sharesBelow(split + 1);
}
