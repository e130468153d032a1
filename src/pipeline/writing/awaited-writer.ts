/** A store writer whose caller waits for the outcome of each change. */
import type { PutOutcome } from "../../stores/contract.ts";
import { type Change, StoreWriter, type StoreWriterOptions } from "./store-writer.ts";

interface Waiting {
  resolve(outcome: PutOutcome): void;
  reject(reason: unknown): void;
}

export class AwaitedWriter {
  readonly #writer: StoreWriter;
  readonly #signal: AbortSignal;
  /** Changes that are not durable yet. */
  readonly #waiting = new Map<Change, Waiting>();

  /** The patience must be endless: only the signal ends the writing. */
  constructor(options: Omit<StoreWriterOptions, "onOutcome" | "onFailure">) {
    const { signal } = options;
    this.#signal = signal;
    this.#writer = new StoreWriter({
      ...options,
      onOutcome: (change, outcome) => {
        this.#waiting.get(change)?.resolve(outcome);
        this.#waiting.delete(change);
      },
      onFailure: () => {},
    });
    signal.addEventListener("abort", () => {
      for (const { reject } of this.#waiting.values()) reject(signal.reason);
      this.#waiting.clear();
    });
  }

  /** Is the store so far behind that no more should be begun? */
  get isFull(): boolean {
    return this.#writer.isFull;
  }

  /** Resolves when the change is durable, or refused. Rejects only with the signal's reason. */
  async write(change: Change): Promise<PutOutcome> {
    this.#signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#waiting.set(change, { resolve, reject });
      this.#writer.add(change);
    });
  }

  /** Writes all changes that wait, now. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }
}
