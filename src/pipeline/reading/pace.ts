/**
 * How many requests are in flight: twice as many after each round that went well until the first that did not (slow start), then one
 * more a round; fewer at once when the server pushes back or its answers take much longer than they did (additive increase,
 * multiplicative decrease); and never faster than the ramp.
 */
import { isTransient, wait } from "../../storage/http/backoff.ts";
import { onAbort } from "../../storage/http/on-abort.ts";
import type { RequestGate } from "../../storage/options.ts";
import type { RateRamp } from "./rate-ramp.ts";

/** In flight at the beginning. */
const START = 16;
/** What is left of the limit when the server pushes back, and when it slows down. */
const PUSHED_BACK = 0.7;
const SLOWER = 0.85;
/** Milliseconds between two decreases: what was in flight at the first says nothing new. */
const SETTLING = 1000;
/** Answers of which the mean time is taken. */
const WINDOW = 128;
/** Slow is a mean of so many times the best mean, and so many milliseconds above it: less is chance, or this machine's own load. */
const SLOW = { times: 4, above: 150 };
/** The best mean is forgotten by so much with each window, so that a path that got longer is not held against the server for ever. */
const FORGETTING = 1.02;

export class Pace implements RequestGate {
  /** Requests that were sent. */
  requests = 0;
  readonly #most: number;
  readonly #ramp: RateRamp;
  readonly #waiting: { readonly enter: () => void }[] = [];
  #limit: number;
  /** Has nothing gone wrong yet? */
  #isStarting = true;
  #inFlight = 0;
  #decreasedAt = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  #best = Number.POSITIVE_INFINITY;

  constructor(most: number, ramp: RateRamp) {
    this.#most = most;
    this.#ramp = ramp;
    this.#limit = Math.min(START, most);
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  enter(signal: AbortSignal): Promise<void> | undefined {
    if (this.#inFlight >= this.limit) return this.#queue(signal);
    return this.#send(signal);
  }

  leave(status: number, milliseconds: number): void {
    this.#inFlight--;
    const now = performance.now();
    if (status === 0 || isTransient(status)) {
      this.#decrease(now, PUSHED_BACK);
    } else {
      this.#limit = Math.min(this.#most, this.#limit + (this.#isStarting ? 1 : 1 / this.#limit));
      this.#observe(now, milliseconds);
    }
    while (this.#inFlight < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.enter();
    }
  }

  /** Takes a place in flight, and waits for its place in time. */
  #send(signal: AbortSignal): Promise<void> | undefined {
    this.#inFlight++;
    this.requests++;
    const delay = this.#ramp.take(performance.now());
    if (delay < 1) return undefined;
    return wait(delay, signal).catch((thrown) => {
      this.#inFlight--;
      throw thrown;
    });
  }

  #queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        enter: () => {
          keep();
          const sending = this.#send(signal);
          if (sending === undefined) resolve();
          else sending.then(resolve, reject);
        },
      };
      if (signal.aborted) return reject(signal.reason);
      const keep = onAbort(signal, () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason);
      });
      this.#waiting.push(entry);
    });
  }

  #observe(now: number, milliseconds: number): void {
    this.#sum += milliseconds;
    if (++this.#count < WINDOW) return;
    const mean = this.#sum / this.#count;
    this.#sum = 0;
    this.#count = 0;
    if (mean > SLOW.times * this.#best && mean > this.#best + SLOW.above) this.#decrease(now, SLOWER);
    this.#best = Math.min(mean, this.#best * FORGETTING);
  }

  #decrease(now: number, factor: number): void {
    if (now - this.#decreasedAt < SETTLING) return;
    this.#decreasedAt = now;
    this.#isStarting = false;
    this.#limit = Math.max(1, this.#limit * factor);
  }
}
