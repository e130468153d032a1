/**
 * How many requests a second a bucket is asked: Cloud Storage's guidance (docs.cloud.google.com/storage/docs/request-rate) is to
 * begin with no more than the 5,000 reads that any bucket takes, and to double no faster than every 20 minutes.
 */

export const START = 5000;
const DOUBLING = 20 * 60_000;
/** What was not sent for so many milliseconds may be made up for. */
const BURST = 50;

export interface RateRampOptions {
  /** Requests a second at the beginning. */
  readonly start?: number;
  /** The share of the bucket's rate that is this process's: 1 where it is alone. */
  readonly share?: number;
}

export class RateRamp {
  readonly #start: number;
  #began: number | undefined;
  #next = 0;

  constructor({ start = START, share = 1 }: RateRampOptions = {}) {
    this.#start = start * share;
  }

  /** Requests a second that are allowed after so many milliseconds. */
  rate(elapsed: number): number {
    return this.#start * 2 ** Math.min(20, elapsed / DOUBLING);
  }

  /** Takes the place of one request; milliseconds from `now` until it may be sent. */
  take(now: number): number {
    this.#began ??= now;
    const at = Math.max(this.#next, now - BURST);
    this.#next = at + 1000 / this.rate(now - this.#began);
    return Math.max(0, at - now);
  }
}
