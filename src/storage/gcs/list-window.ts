/**
 * How many objects a parallel listing has asked for or holds, at most: what bounds its memory. It opens by what is taken, as
 * TCP's congestion window does by what arrives (RFC 5681, "slow start"), and closes where pages wait for whoever takes them.
 */

const LEAST = 16_000;
const MOST = 64_000;

export class ListWindow {
  #objects = LEAST;

  get objects(): number {
    return this.#objects;
  }

  /** A page of so many objects came, while `waiting` pages before it were not taken yet. */
  arrived(count: number, waiting: number): void {
    this.#objects = waiting === 0 ? Math.min(MOST, this.#objects + count) : Math.max(LEAST, this.#objects - count);
  }
}
