/** A store that is down is waited for, so long and no longer. */
import { ImagemetaError } from "../../record/errors.ts";
import { delayAfter, wait } from "../../storage/http/backoff.ts";

export interface PatienceOptions {
  /** Milliseconds that a store that is down is waited for, from the first failure on. */
  readonly patience: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Is a failure waited for? Absent: where the store says that it may pass, and its disk is not full. */
  readonly endures?: (why: ImagemetaError) => boolean;
  /** The store is waited for, and why; undefined when it is back. */
  readonly onWaiting?: (why: string | undefined) => void;
}

const FIRST_WAIT = 500;
/** The wait doubles so many times. */
const DOUBLINGS = 5;

/** The patience with one call. */
export class Patience {
  readonly #options: PatienceOptions;
  #since: number | undefined;
  #attempt = 0;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Waits before the call is made again. @throws ImagemetaError where waiting does not mend it, or was long enough */
  async after(thrown: unknown, isSomeDone = false): Promise<void> {
    const { patience, signal, onWaiting, endures = mayPass } = this.#options;
    const why = failureOf(thrown);
    if (!endures(why)) throw why;
    if (isSomeDone) this.#since = undefined;
    this.#since ??= performance.now();
    const delay = delayAfter(Math.min(++this.#attempt, DOUBLINGS), FIRST_WAIT, FIRST_WAIT / 2, Math.random());
    if (performance.now() + delay - this.#since > patience) {
      throw new ImagemetaError(
        "UNAVAILABLE",
        `the store was waited for ${Math.round(patience / 1000)} s and still fails: ${why.message}. What it has taken is kept: see that it is up, then run the same command again`,
        { cause: why },
      );
    }
    onWaiting?.(why.message);
    await wait(delay, signal).catch(() => {
      throw why;
    });
  }

  /** The call was answered. */
  answered(): void {
    if (this.#since !== undefined) this.#options.onWaiting?.(undefined);
  }
}

/** Asks a store until it answers. */
export async function patiently<T>(options: PatienceOptions, ask: () => Promise<T>): Promise<T> {
  const patience = new Patience(options);
  for (;;) {
    try {
      const answer = await ask();
      patience.answered();
      return answer;
    } catch (thrown) {
      await patience.after(thrown);
    }
  }
}

export function failureOf(thrown: unknown): ImagemetaError {
  if (thrown instanceof ImagemetaError) return thrown;
  return new ImagemetaError("INTERNAL", `the store failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    cause: thrown,
  });
}

function mayPass(why: ImagemetaError): boolean {
  return why.code === "UNAVAILABLE" && !isDiskFull(why);
}

/** A full disk does not empty itself. SQLITE_FULL is 13. */
function isDiskFull({ cause }: ImagemetaError): boolean {
  const { code, errcode } = (cause ?? {}) as { code?: unknown; errcode?: unknown };
  return code === "ENOSPC" || code === "EDQUOT" || errcode === 13;
}
