/** A part of a bucket's names that one request after the other lists, how many names it may still have, and where to split it. */
import { compareNames } from "../../record/name-order.ts";
import { above, codePoints, commonLength, type NameModel, nameOf } from "./name-model.ts";

/** Names expected from which on a range is split by how names are spelled: a wrong guess of its end is halved level by level. */
const FAR = 1 << 22;
/** Bytes of a name at most. */
const LONGEST = 1024;

export class NameRange {
  /** The first name that is wanted; once there was a page, its last name, which is not wanted any more. */
  start: string;
  /** The first name that is no longer part of it; undefined: none. */
  end: string | undefined;
  /** How to go on, as long as `end` is what it was asked with: a token is good for the offsets that it was given for. */
  token: { readonly pageToken: string; readonly startOffset: string; readonly endOffset: string | undefined } | undefined;
  /** The newest page. */
  #page: { readonly first: readonly number[]; readonly last: readonly number[]; readonly count: number } | undefined;
  /** Names that came since it was last split. */
  #listed = 0;
  /** Names expected where no page has come. */
  #inherited: number;
  #expected: number | undefined;

  constructor(start: string, end: string | undefined, expected: number) {
    this.start = start;
    this.end = end;
    this.#inherited = expected;
  }

  get isStarted(): boolean {
    return this.#page !== undefined;
  }

  /** Does a name that a page holds belong to it, and is it new? */
  wants(name: string): boolean {
    const order = compareNames(name, this.start);
    return (this.isStarted ? order > 0 : order >= 0) && !this.isPast(name);
  }

  isPast(name: string): boolean {
    return this.end !== undefined && compareNames(name, this.end) >= 0;
  }

  /** A page came: `first` and `last` are the ends of its `count` names. */
  advance(first: string, last: string, count: number): void {
    this.start = last;
    this.#page = { first: codePoints(first), last: codePoints(last), count };
    this.#listed += count;
    this.#expected = undefined;
  }

  /** Names that are thought to follow `start`. A range that gave many is thought to have as many again, whatever the model says. */
  expected(model: NameModel): number {
    this.#expected ??= this.#page === undefined ? this.#inherited : Math.max(this.#modelled(this.#page, model), this.#listed);
    return this.#expected;
  }

  #modelled({ first, last, count }: { first: readonly number[]; last: readonly number[]; count: number }, model: NameModel): number {
    const { from, high } = this.#frame(last, model);
    const [place, left] = [model.place(last, from), high - model.place(last, from)];
    if (left <= 0) return 0;
    const span = commonLength(first, last) >= from ? place - model.place(first, from) : place;
    return span > 0 ? (count * left) / span : Number.POSITIVE_INFINITY;
  }

  /** What `low` has in common with the end, and the place of the end among all names that begin so. */
  #frame(low: readonly number[], model: NameModel): { from: number; high: number } {
    if (this.end === undefined) return { from: 0, high: 1 };
    const end = codePoints(this.end);
    const from = commonLength(low, end);
    return { from, high: model.place(end, from) };
  }

  /**
   * Gives away the upper part of what follows the next `ahead` names; undefined where no name is known to split at, and then
   * not again before its next page.
   */
  split(model: NameModel, ahead: number): NameRange | undefined {
    const expected = this.expected(model);
    const low = codePoints(this.start);
    const { from, high } = this.#frame(low, model);
    const place = model.place(low, from);
    const left = high - place;
    let at: string | undefined;
    if (expected <= FAR && left > 0) {
      const reach = Math.min(0.5, ahead / expected);
      at = this.#between(model.nameAt(place + left * (0.5 + reach / 2), low.slice(0, from), left / 16));
    }
    at ??= this.#levelBetween(low, from);
    this.#listed = 0;
    if (at === undefined) {
      this.#expected = 0;
      this.#inherited = 0;
      return undefined;
    }
    const share = left > 0 ? Math.min(1, Math.max(0, (high - model.place(codePoints(at), from)) / left)) : 0;
    const given = Number.isFinite(expected) ? expected * share : 0;
    const upper = new NameRange(at, this.end, given);
    this.end = at;
    this.#inherited = expected - given;
    this.#expected = undefined;
    return upper;
  }

  /** The least name above all that share so many characters with those that came: of the levels below the end, one in the middle. */
  #levelBetween(low: readonly number[], from: number): string | undefined {
    if (this.#page === undefined) return undefined;
    for (const deepest of [commonLength(this.#page.first, this.#page.last), low.length]) {
      for (let level = Math.ceil((from + 1 + deepest) / 2); level <= deepest; level++) {
        const candidate = above(low.slice(0, level));
        const found = candidate === undefined ? undefined : this.#between(candidate);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** The name, where it lies inside and a server takes it. */
  #between(points: readonly number[]): string | undefined {
    const name = nameOf(points);
    const isInside = compareNames(name, this.start) > 0 && !this.isPast(name);
    return isInside && Buffer.byteLength(name) <= LONGEST ? name : undefined;
  }
}
