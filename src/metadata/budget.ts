import { ImagemetaError } from "../record/errors.ts";
import type { Limits } from "../record/limits.ts";

/** The work budget of one parse. Synchronous code cannot be timed out, so every loop over a file's bytes draws on this. */
export class Budget {
  readonly limits: Limits;
  #steps: number;
  #tags: number;

  constructor(limits: Limits) {
    this.limits = limits;
    this.#steps = limits.steps;
    this.#tags = limits.tags;
  }

  /** Draws `n` units; throws LIMIT_EXCEEDED when the budget is spent. About one unit an entry, box, chunk or 16 bytes scanned. */
  step(n = 1): void {
    this.#steps -= n;
    if (this.#steps < 0) throw new ImagemetaError("LIMIT_EXCEEDED", `the image needs more than ${this.limits.steps} steps of work`);
  }

  /** Units drawn so far. */
  get spent(): number {
    return this.limits.steps - this.#steps;
  }

  /** Draws one tag. */
  tag(): void {
    this.#tags--;
    if (this.#tags < 0) throw new ImagemetaError("LIMIT_EXCEEDED", `the image has more than ${this.limits.tags} tags`);
  }
}
