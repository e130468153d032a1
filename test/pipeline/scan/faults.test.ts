/** Scans through what Cloud Storage may do: nothing is lost, nothing stands twice, and a fault that passes leaves no trace in the store. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TokenSource } from "../../../src/auth/token-source.ts";
import type { FaultKind } from "../../../src/emulator/faults.ts";
import { imageReader } from "../../../src/read-image.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { contentOf, openScanBench, type ScanBench } from "./scanning.ts";

const KINDS = ["503", "429", "reset", "truncate", "stall"] as const satisfies readonly FaultKind[];

let bench: ScanBench;
beforeEach(async () => {
  bench = await openScanBench();
});
afterEach(() => bench.close());

function struck(): number[] {
  return (bench.bucket.emulator.faults.state() as { rules: { struck: number }[] }).rules.map((rule) => rule.struck);
}

test.each(KINDS)("%s, in listing and in reading: the store is the same as without", async (kind) => {
  await bench.fill(40);
  const calm = await bench.open("calm.db");
  await bench.scan(calm);
  const { faults } = bench.bucket.emulator;
  faults.add({ kinds: [kind], times: 2, retryAfter: 0, match: "^GET /storage/v1/b/photos/o\\?" });
  faults.add({ kinds: [kind], times: 5, rate: 0.3, retryAfter: 0, match: "^GET /photos/" });
  const stormy = await bench.open("stormy.db");
  const { totals, failures } = await bench.scan(stormy);
  expect(struck()).toEqual([2, 5]);
  expect(failures).toEqual([]);
  expect(totals).toMatchObject({ listed: 40, read: 40, refused: 0, listRequests: 3, readRequests: 45 });
  expect(await contentOf(stormy)).toEqual(await contentOf(calm));
  faults.clear();
  expect((await bench.scan(stormy)).totals).toMatchObject({ read: 0, unchanged: 40, readRequests: 0 });
});

test("5 % of each fault at once, in listing and in reading", async () => {
  await bench.fill(240);
  const calm = await bench.open("calm.db");
  await bench.scan(calm);
  const { faults } = bench.bucket.emulator;
  // One page is one request: each kind strikes it once, and 5 % of the requests to read.
  for (const kind of KINDS) faults.add({ kinds: [kind], times: 1, retryAfter: 0, match: "^GET /storage/v1/" });
  for (const [i, kind] of KINDS.entries()) faults.add({ kinds: [kind], rate: 0.05, seed: i + 11, retryAfter: 0, match: "^GET /photos/" });
  const stormy = await bench.open("stormy.db");
  const { totals } = await bench.scan(stormy);
  expect(totals).toMatchObject({ listed: 240, read: 240, listRequests: 6, failed: new Map() });
  expect(struck().every((count) => count > 0)).toBe(true);
  expect(await contentOf(stormy)).toEqual(await contentOf(calm));
});

test("Retry-After is waited for: no request comes before its time", async () => {
  await bench.fill(3);
  bench.bucket.emulator.faults.add({ kinds: ["429"], times: 1, retryAfter: 1, match: "^GET /photos/img-0001" });
  const started = performance.now();
  const { totals } = await bench.scan(await bench.open());
  expect(totals).toMatchObject({ read: 3, readRequests: 4, failed: new Map() });
  expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
});

test("credentials that expire amid a scan are renewed once, for listing and for reading", async () => {
  await bench.fill(30);
  let renewed = 0;
  const tokens: TokenSource = {
    token: () => `token-${renewed}`,
    async refused(token) {
      if (token === `token-${renewed}`) renewed++;
    },
  };
  const { emulator } = bench.bucket;
  const storage = gcs(resolveOptions({ emulatorHost: emulator.url, backoff: 5 }), tokens);
  const reader = imageReader({ numeric: true });
  const signal = new AbortController().signal;
  emulator.faults.add({ kinds: ["401"], times: 1, match: "^GET /photos/img-0010" });
  const store = await bench.open();
  const { totals, failures } = await bench.scan(store, {
    place: bench.place({ list: (stop) => storage.list({ root: "gs://photos" }, stop) }),
    readers: { capacity: 8, read: (object) => reader.read(storage, object, signal), close: () => storage.close() },
  });
  expect([renewed, failures]).toEqual([1, []]);
  expect(totals).toMatchObject({ read: 30, readRequests: 31 });
  expect((await contentOf(store)).size).toBe(30);
});

test("a listing that stays refused ends the scan, and neither --prune nor anything else touches what was read before", async () => {
  await bench.fill(8);
  const store = await bench.open();
  await bench.scan(store);
  bench.bucket.emulator.faults.add({ kinds: ["503"], match: "^GET /storage/v1/" });
  await expect(bench.scan(store, { prune: true })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect((await contentOf(store)).size).toBe(8);
});
