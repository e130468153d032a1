import fc from "fast-check";
import { expect, test } from "vitest";
import { plan } from "../../src/read-image/plan.ts";

const KiB = 1024;
const room = { requests: 15, bytes: 32 << 20 };

test("neighbours are fetched together, far ones apart, with read-ahead", () => {
  const ranges = plan(
    [
      { start: 500 * KiB, end: 500 * KiB + 10 },
      { start: 70 * KiB, end: 71 * KiB },
      { start: 100 * KiB, end: 100 * KiB + 8 },
    ],
    1,
    room,
    1 << 20,
  );
  expect(ranges).toEqual([
    { start: 70 * KiB, end: 132 * KiB },
    { start: 500 * KiB, end: 532 * KiB },
  ]);
});

test("read-ahead grows by rounds, and ends where the object ends", () => {
  const missing = [{ start: 0, end: 4 }];
  expect([1, 2, 3, 40].map((round) => plan(missing, round, room, undefined)[0]?.end)).toEqual([32 * KiB, 64 * KiB, 128 * KiB, 1024 * KiB]);
  expect(plan(missing, 3, room, 100)).toEqual([{ start: 0, end: 100 }]);
});

test("with few requests left, the nearest are joined; with few bytes left, read-ahead is given up, then the last ranges", () => {
  const far = [0, 10, 11, 30].map((at) => ({ start: at << 20, end: (at << 20) + 8 }));
  expect(plan(far, 1, { requests: 3, bytes: 32 << 20 }, undefined)).toEqual([
    { start: 0, end: 8 },
    { start: 10 << 20, end: (11 << 20) + 8 },
    { start: 30 << 20, end: (30 << 20) + 8 },
  ]);
  expect(plan(far, 1, { requests: 4, bytes: 40 }, undefined)).toEqual(far);
  expect(plan(far, 1, { requests: 4, bytes: 20 }, undefined)).toEqual(far.slice(0, 2));
  expect(plan(far, 1, { requests: 0, bytes: 1 << 20 }, undefined)).toEqual([]);
});

test("never more requests or bytes than there is room for; where there is room for all, all of it is fetched", () => {
  const range = fc.tuple(fc.nat(1 << 22), fc.integer({ min: 1, max: 1 << 16 })).map(([start, length]) => ({ start, end: start + length }));
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 30 }),
      fc.nat(20),
      fc.nat(1 << 22),
      fc.integer({ min: 1, max: 9 }),
      (missing, requests, bytes, round) => {
        const ranges = plan(missing, round, { requests, bytes }, undefined);
        expect(ranges.length).toBeLessThanOrEqual(requests);
        expect(ranges.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThanOrEqual(bytes);
        if (requests >= 30 && bytes >= 1 << 22) {
          for (const { start, end } of missing) expect(ranges.some((each) => each.start <= start && each.end >= end)).toBe(true);
        }
      },
    ),
  );
});
