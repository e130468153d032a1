import { expect, test } from "vitest";
import { delayAfter, isTransient, retryAfter, wait } from "../../../src/storage/http/backoff.ts";

test("full jitter below a ceiling that doubles up to a minute", () => {
  expect([1, 2, 3, 7, 50].map((attempt) => delayAfter(attempt, 1000, 0, 1))).toEqual([1000, 2000, 4000, 60_000, 60_000]);
  expect(delayAfter(3, 1000, 0, 0.25)).toBe(1000);
  expect(delayAfter(3, 1000, 0, 0)).toBe(0);
});

test("never less than Retry-After asks, in seconds or as a date", () => {
  expect(delayAfter(1, 1000, retryAfter("7", 0), 0.5)).toBe(7000);
  const now = Date.UTC(2024, 0, 1);
  expect(retryAfter("Mon, 01 Jan 2024 00:00:05 GMT", now)).toBe(5000);
  expect([retryAfter("Sun, 31 Dec 2023 00:00:00 GMT", now), retryAfter("soon", now), retryAfter(undefined, now)]).toEqual([0, 0, 0]);
});

test("what is worth another try", () => {
  expect([200, 400, 401, 403, 404, 408, 412, 416, 429, 500, 501, 502, 503, 504].filter(isTransient)).toEqual([
    408, 429, 500, 502, 503, 504,
  ]);
});

test("waiting ends with the signal's reason", async () => {
  const stop = new AbortController();
  const waiting = wait(60_000, stop.signal);
  stop.abort("enough");
  await expect(waiting).rejects.toBe("enough");
  await expect(wait(1, stop.signal)).rejects.toBe("enough");
});
