/** A request with its retries: until there is a whole answer, the attempts or the time are spent, or the answer is final. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ReadCost } from "../../record/types.ts";
import { ATTEMPTS, delayAfter, isTransient, retryAfter, wait } from "./backoff.ts";
import { type Answer, OutOfTime, type Request, type Transport } from "./transport.ts";

export interface Asking {
  readonly transport: Transport;
  /** Milliseconds of the first wait's ceiling. */
  readonly backoff: number;
  readonly cost: ReadCost;
  readonly signal: AbortSignal;
  /** When it is given up, by `performance.now()`. */
  readonly deadline: number;
  /** For messages: what is asked for. */
  readonly what: string;
}

type Taken<T> = { readonly outcome: T } | "retry" | "again";

/** What to send, and what its answers mean. */
export interface Exchange<T> {
  /** The request, given anew for each attempt. */
  request(): Request | Promise<Request>;
  /**
   * Takes an answer that is not transient: its outcome; or `retry` where the body broke off; or `again`, at once and as often
   * as the exchange sees fit, for a redirect or with newer credentials. Throws ImagemetaError.
   */
  take(answer: Answer): Taken<T> | Promise<Taken<T>>;
}

/** Connection failures that a second try may not mend: they are tried fewer times. */
const FEW = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);
const FEW_ATTEMPTS = 3;

/** @throws ImagemetaError UNAVAILABLE once it is given up; what `take` throws; the signal's reason */
export async function ask<T>(exchange: Exchange<T>, asking: Asking): Promise<T> {
  const { transport, cost, signal, deadline, what } = asking;
  let failure = "";
  for (let attempt = 1; ; ) {
    const left = deadline - performance.now();
    if (left <= 0) throw unavailable(what, attempt - 1, failure || "its time was spent before it could be asked", "the deadline passed");
    let asked = 0;
    let most = ATTEMPTS;
    try {
      const answer = await transport.get(await exchange.request(), cost, signal, Math.ceil(left));
      if (!isTransient(answer.status)) {
        const taken = await exchange.take(answer);
        if (taken === "again") continue;
        if (taken !== "retry") return taken.outcome;
        failure = answer.broken === undefined ? "the body was shorter than promised" : `the body broke off: ${reason(answer.broken)}`;
      } else {
        failure = `the server answered ${answer.status}`;
        asked = retryAfter(answer.headers["retry-after"], Date.now());
      }
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof ImagemetaError) throw thrown;
      failure = reason(thrown);
      if (thrown instanceof OutOfTime) throw unavailable(what, attempt, failure, "the deadline passed");
      if (FEW.has((thrown as NodeJS.ErrnoException).code ?? "")) most = FEW_ATTEMPTS;
    }
    if (attempt >= most) throw unavailable(what, attempt, failure, "no more attempts are made");
    const delay = delayAfter(attempt, asking.backoff, asked, Math.random());
    if (performance.now() + delay >= deadline) throw unavailable(what, attempt, failure, "the next try would come after the deadline");
    await wait(delay, signal);
    attempt++;
  }
}

function reason(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return "the connection stalled";
  return code === undefined || message.includes(code) ? message || String(thrown) : `${message} (${code})`;
}

function unavailable(what: string, attempts: number, failure: string, why: string): ImagemetaError {
  const times = attempts === 1 ? "once" : `${attempts} times`;
  return new ImagemetaError(
    "UNAVAILABLE",
    `${what}: asked ${times}, the last time ${failure}; ${why}. Try again later, or check the network`,
  );
}
