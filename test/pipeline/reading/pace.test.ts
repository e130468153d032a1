import { expect, test, vi } from "vitest";
import { Pace } from "../../../src/pipeline/reading/pace.ts";
import { RateRamp } from "../../../src/pipeline/reading/rate-ramp.ts";

const never = new AbortController().signal;
const fast = () => new RateRamp({ start: 1e9 });

/** Enters as often as it may at once. */
function fill(pace: Pace): number {
  let entered = 0;
  while (entered < 1000) {
    const stop = new AbortController();
    const waiting = pace.enter(stop.signal);
    if (waiting !== undefined) {
      waiting.catch(() => {});
      stop.abort();
      return entered;
    }
    entered++;
  }
  return entered;
}

test("begins with 16 in flight, doubles with each round, and takes one more a round once something went wrong", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const pace = new Pace(64, fast());
    expect(fill(pace)).toBe(16);
    for (let i = 0; i < 16; i++) pace.leave(206, 20);
    expect(pace.limit).toBe(32);
    pace.leave(503, 20);
    expect(pace.limit).toBe(22);
    for (let i = 0; i < 23; i++) pace.leave(206, 20);
    expect(pace.limit).toBe(23);
    for (let i = 0; i < 10_000; i++) pace.leave(206, 20);
    expect(pace.limit).toBe(64);
  } finally {
    vi.useRealTimers();
  }
});

test.each([429, 503, 408, 0])("%s takes away three tenths, once for all that were in flight", (status) => {
  const pace = new Pace(64, fast());
  for (let i = 0; i < 8; i++) pace.leave(status, 20);
  expect(pace.limit).toBe(11);
});

test("a refusal of one object is no reason to slow down", () => {
  const pace = new Pace(16, fast());
  for (const status of [404, 403, 416, 200]) pace.leave(status, 20);
  expect(pace.limit).toBe(16);
});

test("answers that take much longer than they did are", () => {
  const pace = new Pace(16, fast());
  for (let i = 0; i < 128; i++) pace.leave(206, 30);
  expect(pace.limit).toBe(16);
  for (let i = 0; i < 128; i++) pace.leave(206, 60);
  expect(pace.limit).toBe(16);
  for (let i = 0; i < 128; i++) pace.leave(206, 400);
  expect(pace.limit).toBe(13);
});

test("those who wait go in their order, and one that is stopped leaves the queue", async () => {
  const pace = new Pace(1, fast());
  expect(pace.enter(never)).toBeUndefined();
  const order: string[] = [];
  const stop = new AbortController();
  const second = pace.enter(never)?.then(() => order.push("second"));
  const stopped = pace.enter(stop.signal);
  const third = pace.enter(never)?.then(() => order.push("third"));
  stop.abort(new Error("enough"));
  await expect(stopped).rejects.toThrow("enough");
  pace.leave(206, 1);
  await second;
  pace.leave(206, 1);
  await third;
  expect(order).toEqual(["second", "third"]);
  expect(pace.requests).toBe(3);
});

test("the ramp begins with 5,000 a second and doubles within 20 minutes", () => {
  const ramp = new RateRamp();
  expect(ramp.rate(0)).toBe(5000);
  expect(ramp.rate(20 * 60_000)).toBe(10_000);
  expect(new RateRamp({ share: 1 / 10 }).rate(0)).toBe(500);
});

test("requests are spaced by the rate, and a pause is made up for by few", () => {
  const ramp = new RateRamp({ start: 100 });
  const delays = Array.from({ length: 26 }, () => ramp.take(10_000));
  // 50 ms are made up for, then they come 10 ms apart.
  expect(delays.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(delays[25]).toBeCloseTo(200, 0);
});
