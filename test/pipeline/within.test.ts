import { expect, test } from "vitest";
import { within } from "../../src/pipeline/within.ts";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("ends when the time is over", async () => {
  await within(1, new Promise(() => {}));
});

test.each([
  ["is done", () => Promise.resolve(), undefined],
  ["fails", () => Promise.reject(new Error("it failed")), "it failed"],
])("leaves no timer behind if the work %s", async (_name, work, why) => {
  const before = timers();
  const ended = within(3_600_000, work());
  expect(timers()).toBe(before + 1);
  if (why === undefined) await ended;
  else await expect(ended).rejects.toThrow(why);
  expect(timers()).toBe(before);
});
