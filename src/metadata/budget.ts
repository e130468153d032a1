import { ImagemetaError } from "../record/errors.ts";
import type { Limits } from "../record/limits.ts";

/** Work that was done. */
export interface Cost {
  readonly steps: number;
  readonly tags: number;
}

export const NO_COST: Cost = { steps: 0, tags: 0 };

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

  /** All that was drawn so far. */
  get spent(): Cost {
    return { steps: this.limits.steps - this.#steps, tags: this.limits.tags - this.#tags };
  }

  /** What was drawn since `before`. */
  since(before: Cost): Cost {
    const { steps, tags } = this.spent;
    return { steps: steps - before.steps, tags: tags - before.tags };
  }

  /** More was asked for than there was. */
  get exhausted(): boolean {
    return this.#steps < 0 || this.#tags < 0;
  }

  /** Draws what is known to be needed; false, and nothing drawn, where there is not so much. */
  draw({ steps, tags }: Cost): boolean {
    if (steps > this.#steps || tags > this.#tags) return false;
    this.#steps -= steps;
    this.#tags -= tags;
    return true;
  }

  /** Draws one tag. */
  tag(): void {
    this.#tags--;
    if (this.#tags < 0) throw new ImagemetaError("LIMIT_EXCEEDED", `the image has more than ${this.limits.tags} tags`);
  }
}
