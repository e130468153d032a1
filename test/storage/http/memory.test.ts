import fc from "fast-check";
import { expect, test } from "vitest";
import { type Share, SharedMemory } from "../../../src/storage/http/memory.ts";

const never = new AbortController().signal;
const later = performance.now() + 3_600_000;
const BYTES = 100;

test("objects that hold a part each and want more all end, and hold no more together than there is", async () => {
  const takes = fc.array(fc.integer({ min: 1, max: BYTES / 2 }), { minLength: 1, maxLength: 5 });
  let waited = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(takes, { minLength: 1, maxLength: 12 }), async (objects) => {
      const memory = new SharedMemory(BYTES);
      const shares: Share[] = [];
      const ends = objects.map(async (wanted, index) => {
        const share = memory.share(`object ${index}`, later);
        shares.push(share);
        let held = 0;
        for (const bytes of wanted) {
          if (held + bytes > BYTES / 2) {
            share.giveBack(held);
            held = 0;
          }
          let isWaiting = true;
          const taken = share.take(bytes, never).then(() => {
            isWaiting = false;
          });
          await new Promise((resolve) => setImmediate(resolve));
          waited += Number(isWaiting);
          await taken;
          held += bytes;
          expect(shares.reduce((sum, { common, alone }) => sum + common + alone, 0)).toBeLessThanOrEqual(BYTES);
        }
        share.close();
      });
      await Promise.all(ends);
      // All is there again.
      const last = memory.share("the last", later);
      await last.take(BYTES / 2, never);
      await memory.share("another", later).take(BYTES / 2, never);
    }),
    { numRuns: 200 },
  );
  expect(waited).toBeGreaterThan(100);
});

test("refuses an object that takes more than one may have", async () => {
  const share = new SharedMemory(BYTES).share("a", later);
  await share.take(40, never);
  await expect(share.take(11, never)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("50 bytes of memory"),
  });
  await share.take(10, never);
});

test("lets one object at a time be larger, as others wait", async () => {
  const memory = new SharedMemory(BYTES);
  const [first, second] = [memory.share("a", later), memory.share("b", later)];
  await first.take(200, never, 200);
  let isTaken = false;
  const taking = second.take(150, never, 200).then(() => {
    isTaken = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isTaken).toBe(false);
  // What is left of it fits into what all share.
  first.giveBack(160);
  await taking;
  expect([first.common, first.alone, second.alone]).toEqual([40, 0, 150]);
});

test("ends a wait at the deadline, by the signal, and at its close", async () => {
  const memory = new SharedMemory(BYTES);
  const holders = [memory.share("a", later), memory.share("b", later)];
  for (const holder of holders) await holder.take(BYTES / 2, never);
  await expect(memory.share("late", performance.now() + 5).take(1, never)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const stop = new AbortController();
  const stopped = memory.share("stopped", later).take(1, stop.signal);
  stop.abort(new Error("enough"));
  await expect(stopped).rejects.toThrow("enough");
  const closed = memory.share("closed", later);
  const taking = closed.take(1, never);
  closed.close();
  const refused = expect(taking).rejects.toMatchObject({ code: "UNAVAILABLE" });
  for (const holder of holders) holder.close();
  await refused;
  // None of the three has kept anything.
  for (const holder of ["c", "d"]) await memory.share(holder, later).take(BYTES / 2, never);
});

test("takes nothing back from what is closed", async () => {
  const memory = new SharedMemory(BYTES);
  const share = memory.share("a", later);
  await share.take(10, never);
  share.close();
  share.giveBack(10);
  share.close();
  await expect(share.take(1, never)).rejects.toThrow("closed");
  expect([share.common, share.alone]).toEqual([0, 0]);
});
