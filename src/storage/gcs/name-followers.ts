/** How often each byte was seen to follow something, by a number that stands for it. */

export interface Seen {
  readonly counts: ReadonlyMap<number, number>;
  readonly total: number;
}

export class Followers {
  readonly #seen = new Map<number, { readonly counts: Map<number, number>; total: number }>();
  #room: number;

  /** @param most pairs of what and a byte that are kept: what bounds memory, whatever the names */
  constructor(most: number) {
    this.#room = most;
  }

  add(what: number, byte: number): void {
    let seen = this.#seen.get(what);
    const count = seen?.counts.get(byte) ?? 0;
    if (count === 0 && --this.#room < 0) return;
    if (seen === undefined) {
      seen = { counts: new Map(), total: 0 };
      this.#seen.set(what, seen);
    }
    seen.counts.set(byte, count + 1);
    seen.total++;
  }

  of(what: number): Seen | undefined {
    return this.#seen.get(what);
  }

  all(): IterableIterator<Seen> {
    return this.#seen.values();
  }
}
