import { expect, test } from "vitest";
import { type FetchedToken, sharedToken } from "../../src/auth/shared-token.ts";

/** Tokens `1`, `2` … that last an hour on a clock of our own. */
function tokens(fetched: (number: number) => Promise<FetchedToken | undefined>) {
  const clock = { now: 0 };
  let count = 0;
  const source = sharedToken(
    () => fetched(++count),
    () => clock.now,
  );
  return { source, clock, count: () => count };
}

const HOUR = 3_600_000;
const hourly = (clock: () => number) => async (number: number) => ({ token: String(number), expires: clock() + HOUR });

test("one token for all, fetched once, then at hand without a promise", async () => {
  const { source, count } = tokens(hourly(() => 0));
  expect(await Promise.all([source.token(), source.token(), source.token()])).toEqual(["1", "1", "1"]);
  expect(source.token()).toBe("1");
  expect(count()).toBe(1);
});

test("renewed ahead of its expiry, while the old one still serves", async () => {
  const { source, clock } = tokens(hourly(() => clock.now));
  await source.token();
  clock.now = HOUR - 60_000;
  expect(source.token()).toBe("1");
  await new Promise((resolve) => setImmediate(resolve));
  expect(source.token()).toBe("2");
});

test("a failure to renew is none before the token has expired", async () => {
  const { source, clock } = tokens(async (number) => {
    if (number > 1) throw new Error("the server is away");
    return { token: "1", expires: HOUR };
  });
  await source.token();
  clock.now = HOUR - 60_000;
  expect(source.token()).toBe("1");
  await new Promise((resolve) => setImmediate(resolve));
  expect(source.token()).toBe("1");
  clock.now = HOUR;
  await expect(source.token()).rejects.toThrow("the server is away");
});

test("refused to many requests, it is renewed once; one that was renewed since is not renewed again", async () => {
  const { source, count } = tokens(hourly(() => 0));
  const token = (await source.token()) ?? "";
  await Promise.all([source.refused(token), source.refused(token), source.refused(token)]);
  await source.refused(token);
  expect([source.token(), count()]).toEqual(["2", 2]);
});

test("without credentials it stays anonymous", async () => {
  const { source, count } = tokens(async () => undefined);
  expect(await source.token()).toBeUndefined();
  expect(source.token()).toBeUndefined();
  expect(count()).toBe(1);
});
