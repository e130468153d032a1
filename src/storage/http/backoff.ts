/**
 * When to ask again: truncated exponential backoff with full jitter, as Cloud Storage's retry strategy says
 * (docs.cloud.google.com/storage/docs/retry-strategy), and Retry-After (RFC 9110 section 10.2.3).
 */
import { onAbort } from "./on-abort.ts";

/** Requests for one range at most. */
export const ATTEMPTS = 6;
const MOST = 60_000;

/** Is the answer worth another try? */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Milliseconds to wait after the failure number `attempt`, counted from 1. `first` is the first ceiling, which doubles. */
export function delayAfter(attempt: number, first: number, retryAfter: number, random: number): number {
  return Math.max(retryAfter, random * Math.min(MOST, first * 2 ** (attempt - 1)));
}

/** Milliseconds that a Retry-After header asks to wait: seconds, or a date. 0 where it says nothing. */
export function retryAfter(header: string | string[] | undefined, now: number): number {
  const text = String(header ?? "").trim();
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}

/** Waits; rejects with the signal's reason. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      keep();
      resolve();
    }, milliseconds);
    const keep = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
