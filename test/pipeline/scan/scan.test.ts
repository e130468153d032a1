import { afterEach, beforeEach, expect, test } from "vitest";
import { type DifferenceKind, differences } from "../../../src/pipeline/scan/differences.ts";
import { isInShard } from "../../../src/pipeline/scan/shard.ts";
import { ImagemetaError } from "../../../src/record/errors.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { expectRecord } from "../../schema.ts";
import { contentOf, image, localReaders, openScanBench, type ScanBench } from "./scanning.ts";

let bench: ScanBench;
beforeEach(async () => {
  bench = await openScanBench();
});
afterEach(() => bench.close());

const photo = image(0);

test("reads everything once, then nothing that is unchanged", async () => {
  await bench.fill(60);
  await bench.bucket.put("notes.txt", Buffer.from("no image"), {}, "text/plain");
  await bench.bucket.put("broken.jpg", Buffer.from("no image at all"));
  const store = await bench.open();
  const first = await bench.scan(store);
  expect(first.totals).toMatchObject({ listed: 61, leftOut: 1, read: 61, unchanged: 0, readRequests: 61, listRequests: 1, refused: 0 });
  expect(first.totals.failed).toEqual(new Map([["NOT_AN_IMAGE", 1]]));
  expect(first.failures).toEqual([["gs://photos/broken.jpg", "NOT_AN_IMAGE"]]);
  const content = await contentOf(store);
  expect(content.size).toBe(61);
  for await (const record of store.iterate()) expectRecord(record);

  const second = await bench.scan(store);
  expect(second.totals).toMatchObject({ listed: 61, read: 0, unchanged: 61, heldErrors: 1, readRequests: 0, bytes: 0 });
  expect(await contentOf(store)).toEqual(content);
});

test("reads what is new and what was replaced", async () => {
  await bench.fill(10);
  const store = await bench.open();
  await bench.scan(store);
  await bench.bucket.put("img-0003.jpg", image(1));
  await bench.bucket.put("new.jpg", photo);
  expect((await bench.scan(store)).totals).toMatchObject({ read: 2, unchanged: 9 });
  expect((await bench.scan(store)).totals).toMatchObject({ read: 0, unchanged: 11 });
});

test("new metadata updates the object alone", async () => {
  await bench.fill(5);
  const store = await bench.open();
  await bench.scan(store);
  const before = await store.get("gs://photos/img-0002.jpg");
  const patch = await fetch(`${bench.bucket.emulator.url}/storage/v1/b/photos/o/img-0002.jpg`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ metadata: { album: "Ζάκυνθος" } }),
  });
  expect(patch.status).toBe(200);
  const { totals } = await bench.scan(store);
  expect(totals).toMatchObject({ read: 0, updated: 1, unchanged: 4, readRequests: 0 });
  const after = await store.get("gs://photos/img-0002.jpg");
  expect(after).toEqual({ ...before, object: { ...before?.object, ...after?.object } });
  expect(after?.object).toMatchObject({ metageneration: "2", metadata: { album: "Ζάκυνθος" } });
  expect((await bench.scan(store)).totals).toMatchObject({ updated: 0, unchanged: 5 });
});

test("removes what is gone only where that is asked for", async () => {
  await bench.fill(12);
  await bench.bucket.put("notes.txt", photo, {}, "text/plain");
  const store = await bench.open();
  await bench.scan(store, { place: bench.place({ wants: () => true }) });
  for (const name of ["img-0001.jpg", "img-0007.jpg"]) await bench.bucket.remove(name);
  expect((await bench.scan(store)).totals).toMatchObject({ removed: 0 });
  expect((await contentOf(store)).size).toBe(13);
  expect((await bench.scan(store, { prune: true })).totals).toMatchObject({ read: 0, removed: 2 });
  const left = [...(await contentOf(store)).keys()];
  expect(left).not.toContain("gs://photos/img-0001.jpg");
  // An object that is there and not asked for this time is not gone.
  expect(left).toContain("gs://photos/notes.txt");
  expect((await bench.scan(store, { prune: true })).totals).toMatchObject({ removed: 0 });
});

test("does not remove after a listing that failed, nor what came while it was listed", async () => {
  await bench.fill(6);
  const store = await bench.open();
  await bench.scan(store);
  await bench.bucket.remove("img-0001.jpg");
  const whole = bench.place();
  const broken = bench.place({
    async *list(signal) {
      for await (const page of whole.list(signal)) yield page.slice(0, 2);
      throw new ImagemetaError("UNAVAILABLE", "the list broke off");
    },
  });
  await expect(bench.scan(store, { place: broken, prune: true })).rejects.toThrow("the list broke off");
  expect((await contentOf(store)).size).toBe(6);

  const narrow = bench.place({
    async *list(signal) {
      for await (const page of whole.list(signal)) yield page.filter(({ uri }) => !uri.includes("img-0004"));
    },
  });
  expect((await bench.scan(store, { place: narrow, prune: true })).totals).toMatchObject({ removed: 1 });
  expect([...(await contentOf(store)).keys()]).toContain("gs://photos/img-0004.jpg");
});

test("reads again what is asked for", async () => {
  await bench.fill(4);
  await bench.bucket.put("broken.jpg", Buffer.from("no image at all"));
  const store = await bench.open();
  await bench.scan(store);
  expect((await bench.scan(store, { reread: { errors: true } })).totals).toMatchObject({ read: 1, unchanged: 4 });
  expect((await bench.scan(store, { reread: { olderThan: "99.0.0" } })).totals).toMatchObject({ read: 5 });
  expect((await bench.scan(store, { reread: { full: true } })).totals).toMatchObject({ read: 5, unchanged: 0 });
});

test("an error worth another try is read again by the next scan", async () => {
  await bench.fill(5);
  const store = await bench.open();
  bench.bucket.emulator.faults.add({ kinds: ["503"], match: "^GET /photos/img-0002" });
  const first = await bench.scan(store, { pause: 1 });
  expect(first.totals.failed).toEqual(new Map([["UNAVAILABLE", 1]]));
  bench.bucket.emulator.faults.clear();
  expect((await bench.scan(store)).totals).toMatchObject({ read: 1, unchanged: 4 });
  expect((await store.get("gs://photos/img-0002.jpg"))?.error).toBeUndefined();
});

test("shards together take what one takes", async () => {
  await bench.fill(50);
  const whole = await bench.open("whole.db");
  await bench.scan(whole);
  const sharded = await bench.open("sharded.db");
  const counts: number[] = [];
  for (const index of [0, 1, 2]) {
    const { totals } = await bench.scan(sharded, { place: bench.place({ wants: ({ uri }) => isInShard({ index, count: 3 }, uri) }) });
    counts.push(totals.read);
  }
  expect(counts.reduce((sum, count) => sum + count)).toBe(50);
  expect(await contentOf(sharded)).toEqual(await contentOf(whole));
});

test("5 % of each fault at once: the store is the same as without", async () => {
  await bench.fill(240);
  const calm = await bench.open("calm.db");
  await bench.scan(calm);
  (["503", "429", "reset", "truncate", "stall", "401"] as const).forEach((kind, i) => {
    bench.bucket.emulator.faults.add({ kinds: [kind], rate: 0.05, seed: i + 1, retryAfter: 0, match: "^GET /photos/" });
  });
  const stormy = await bench.open("stormy.db");
  const { totals } = await bench.scan(stormy);
  expect(totals.failed.size).toBe(0);
  expect(totals.readRequests).toBeGreaterThan(260);
  expect(await contentOf(stormy)).toEqual(await contentOf(calm));
});

test("objects that are replaced and deleted while they are read", async () => {
  await bench.fill(60);
  const store = await bench.open();
  const readers = localReaders(bench.bucket.emulator.url, 2);
  let count = 0;
  const racing = {
    capacity: readers.capacity,
    close: () => readers.close(),
    async read(object: Parameters<typeof readers.read>[0]) {
      const name = object.info?.name ?? "";
      const turn = ++count;
      if (turn % 5 === 0) await bench.bucket.put(name, image(2));
      if (turn % 7 === 0) await bench.bucket.remove(name);
      return readers.read(object);
    },
  };
  const { totals, failures } = await bench.scan(store, { readers: racing });
  expect(failures).toEqual([]);
  expect(totals.gone).toBe(8);
  const fresh = await bench.open("fresh.db");
  await bench.scan(fresh);
  const [raced, calm] = [await contentOf(store), await contentOf(fresh)];
  expect([...raced.keys()].sort()).toEqual([...calm.keys()].sort());
  for (const [uri, record] of calm) {
    const { object, ...content } = raced.get(uri) ?? {};
    expect(object?.generation).toBe(record.object.generation);
    expect({ ...content, object: record.object }).toEqual(record);
  }
});

test("a store that is down for a while is waited for", async () => {
  await bench.fill(40);
  const store = await bench.open();
  const told: (string | undefined)[] = [];
  let calls = 0;
  const flaky: Catalogue = new Proxy(store, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key !== "put" && key !== "lookup") return typeof value === "function" ? value.bind(target) : value;
      return (...args: unknown[]) =>
        calls++ < 3 ? Promise.reject(new ImagemetaError("UNAVAILABLE", "the store is down")) : value.apply(target, args);
    },
  });
  const listener = { allListed() {}, failed() {}, waiting: (why: string | undefined) => told.push(why) };
  const { totals } = await bench.scan(flaky, { listener });
  expect(totals).toMatchObject({ read: 40, readRequests: 40 });
  expect(told[0]).toBe("the store is down");
  expect(told.at(-1)).toBeUndefined();
  expect((await contentOf(store)).size).toBe(40);
});

test("a store that stays down ends it, and what it has taken is not read again", async () => {
  await bench.fill(80);
  const store = await bench.open();
  let puts = 0;
  const failing: Catalogue = new Proxy(store, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key !== "put") return typeof value === "function" ? value.bind(target) : value;
      return (...args: unknown[]) =>
        ++puts > 2 ? Promise.reject(new ImagemetaError("UNAVAILABLE", "the store is down")) : value.apply(target, args);
    },
  });
  const batching = { records: 10, bytes: 1 << 20, milliseconds: 5 };
  await expect(bench.scan(failing, { patience: 0, batching })).rejects.toThrow(/still fails: the store is down/);
  const kept = (await contentOf(store)).size;
  expect(kept).toBeGreaterThan(0);
  expect((await bench.scan(store)).totals).toMatchObject({ read: 80 - kept, unchanged: kept });
});

test("interrupted, it stops at a clean point: what was read is kept", async () => {
  await bench.fill(100);
  bench.bucket.emulator.faults.add({ latency: 20, match: "^GET /photos/" });
  const store = await bench.open();
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("interrupted")), 120);
  const { totals } = await bench.scan(store, { signal: stop.signal, readers: localReaders(bench.bucket.emulator.url, 4) });
  const kept = (await contentOf(store)).size;
  expect(kept).toBe(totals.read);
  expect(kept).toBeLessThan(100);
  bench.bucket.emulator.faults.clear();
  expect((await bench.scan(store)).totals).toMatchObject({ read: 100 - kept, unchanged: kept });
});

test("when every image is refused it says so and ends", async () => {
  await bench.fill(130);
  bench.bucket.emulator.faults.add({ kinds: ["401"], match: "^GET /photos/" });
  await expect(bench.scan(await bench.open())).rejects.toThrow(/first 100 images were all refused: .*no credentials/);
});

async function differing(store: Catalogue): Promise<[DifferenceKind, string][]> {
  const found: [DifferenceKind, string][] = [];
  for await (const { difference, uri } of differences(
    bench.place(),
    store,
    () => true,
    new AbortController().signal,
    () => {},
  ))
    found.push([difference, uri]);
  return found;
}

const LARGEST_GENERATION = "9223372036854775807";

test("restores what a tombstone hides if it is live, and a check names it", async () => {
  await bench.fill(6);
  const store = await bench.open();
  await bench.scan(store);
  const before = await contentOf(store);
  const uri = (i: number) => `gs://photos/img-000${i}.jpg`;
  const generation = async (i: number) => (await store.get(uri(i)))?.object.generation ?? "";
  const last = await generation(0);
  await store.remove([
    { uri: uri(0), generation: last },
    { uri: uri(1), generation: LARGEST_GENERATION },
    { uri: "gs://photos/never.jpg", generation: "1" },
  ]);
  // An update announces a generation that does not exist, and content of the true one is no longer given out.
  await store.update([{ uri: uri(2), object: { ...before.get(uri(2))?.object, generation: LARGEST_GENERATION } }]);
  // A worker that was not allowed to read it has given such a generation up.
  const refused = before.get(uri(3));
  await store.remove([{ uri: uri(3), generation: refused?.object.generation ?? "" }]);
  await store.put([
    {
      schema: 1,
      engine: refused?.engine ?? "",
      values: "numeric",
      uri: uri(3),
      object: { ...refused?.object, generation: LARGEST_GENERATION },
      read: { requests: 1, bytes: 0 },
      error: { code: "FORBIDDEN", message: "not allowed" },
    },
  ]);
  expect(await differing(store)).toEqual([
    ["hidden", uri(0)],
    ["hidden", uri(1)],
    ["stale", uri(2)],
    ["stale", uri(3)],
  ]);
  const { totals, failures } = await bench.scan(store);
  expect([totals.restored, totals.read, totals.unchanged, failures]).toEqual([4, 4, 2, []]);
  expect(await contentOf(store)).toEqual(before);
  expect(await differing(store)).toEqual([]);
  expect((await bench.scan(store)).totals).toMatchObject({ read: 0, restored: 0, unchanged: 6 });
});

test("an object that is deleted while a scan reads it stays removed", async () => {
  await bench.fill(1);
  const store = await bench.open();
  const uri = "gs://photos/img-0000.jpg";
  const local = localReaders(bench.bucket.emulator.url);
  const readers = {
    capacity: 1,
    async read(object: Parameters<typeof local.read>[0]) {
      const record = await local.read(object);
      // Its event is handled before the scan writes what it has read.
      await bench.bucket.remove("img-0000.jpg");
      await store.remove([{ uri, generation: record.object.generation ?? "" }]);
      return record;
    },
    close: () => local.close(),
  };
  expect((await bench.scan(store, { readers })).totals).toMatchObject({ read: 1, restored: 0 });
  expect([await store.get(uri), (await store.tombstones([uri]))[0]]).toEqual([undefined, expect.any(String)]);
});

test("an object that is deleted while it is restored stays removed, at its own generation", async () => {
  await bench.fill(1);
  const store = await bench.open();
  const uri = "gs://photos/img-0000.jpg";
  await store.remove([{ uri, generation: LARGEST_GENERATION }]);
  const deleting = new Proxy(store, {
    get(target, property) {
      const value = Reflect.get(target, property);
      if (property !== "rewind") return typeof value === "function" ? value.bind(target) : value;
      return async (...rewinds: Parameters<Catalogue["rewind"]>) => {
        await bench.bucket.remove("img-0000.jpg");
        await target.rewind(...rewinds);
      };
    },
  });
  const { totals } = await bench.scan(deleting);
  expect(totals).toMatchObject({ read: 1, restored: 0 });
  expect(await store.get(uri)).toBeUndefined();
  const [tombstone] = await store.tombstones([uri]);
  expect(BigInt(tombstone ?? 0)).toBeLessThan(BigInt(LARGEST_GENERATION));
});
