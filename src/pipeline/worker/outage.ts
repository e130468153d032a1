/**
 * Tells an object that fails from a bucket that is down. While the bucket is down nothing is read: what was taken is held, and
 * goes on when it answers again.
 */
import type { ImagemetaError } from "../../record/errors.ts";
import { delayAfter, wait } from "../../storage/http/backoff.ts";

/** Resolves with why the bucket of an address does not answer; undefined where it does. */
export type AskBucket = (uri: string, signal: AbortSignal) => Promise<ImagemetaError | undefined>;

export interface OutageOptions {
  readonly ask: AskBucket;
  readonly signal: AbortSignal;
  /** Why all wait; undefined when it is over. */
  readonly onWaiting: (why: string | undefined) => void;
  /** Milliseconds before it is asked again, for the first time; they double up to LONGEST doublings. */
  readonly pause: number;
}

const LONGEST = 5;

export class Outage {
  readonly #options: OutageOptions;
  /** The one that asks, for all that failed. */
  #asking: Promise<boolean> | undefined;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** Resolves when no outage is known of. */
  over(): Promise<unknown> | undefined {
    return this.#asking;
  }

  /** A read has failed. Resolves when the bucket answers: true where it had been down. Rejects with the signal's reason. */
  wasDown(uri: string): Promise<boolean> {
    this.#asking ??= this.#wait(uri).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #wait(uri: string): Promise<boolean> {
    const { ask, signal, onWaiting, pause } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const why = await ask(uri, signal);
      signal.throwIfAborted();
      if (why === undefined) {
        if (attempt > 1) onWaiting(undefined);
        return attempt > 1;
      }
      onWaiting(why.message);
      await wait(delayAfter(Math.min(attempt, LONGEST), pause, pause / 2, Math.random()), signal);
    }
  }
}
