import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventOfMessage } from "../../../src/pipeline/events/notification.ts";
import { askBucketOf } from "../../../src/pipeline/worker/ask-bucket.ts";
import { EventHandler, type Trust } from "../../../src/pipeline/worker/event-handler.ts";
import { Storages } from "../../../src/storage/table.ts";
import type { Catalogue, ObjectVersion, Sink } from "../../../src/stores/contract.ts";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { openBucket, type TestBucket } from "../../storage/bucket.ts";
import { type Change, pulled } from "../events/forms.ts";
import { type BucketReaders, image, localReaders } from "../scan/scanning.ts";

let bucket: TestBucket;
let folder: string;
let store: Catalogue;
let storages: Storages;
let readers: BucketReaders;
let stop: AbortController;
let waited: string[];

beforeEach(async () => {
  bucket = await openBucket();
  folder = mkdtempSync(`${tmpdir()}/imagemeta-claims-`);
  store = await openSqlite(`${folder}/catalog.db`);
  storages = new Storages({ emulatorHost: bucket.emulator.url, backoff: 5, stall: 300 });
  readers = localReaders(bucket.emulator.url);
  stop = new AbortController();
  waited = [];
});
afterEach(async () => {
  stop.abort(new Error("the test is over"));
  await readers.close();
  await storages.close();
  await store.close();
  await bucket.close();
  rmSync(folder, { recursive: true });
});

const uri = "gs://photos/a.jpg";

interface Working {
  readonly trust?: Partial<Trust>;
  readonly into?: Catalogue | Sink;
  readonly isLast?: boolean;
  readonly onQuestion?: () => void;
}

function handled(changes: readonly Change[], { trust, into = store, isLast = false, onQuestion }: Working = {}) {
  const handler = new EventHandler({
    store: into,
    readers,
    askBucket: askBucketOf(storages),
    findLive(address) {
      onQuestion?.();
      return readers.findLive(address);
    },
    trust: { facts: true, removals: false, ...trust },
    all: false,
    signal: stop.signal,
    pause: 5,
    listener: { read() {}, stored() {}, waiting: (what, why) => waited.push(why === undefined ? `${what} is back` : what) },
  });
  return Promise.all(changes.map((change) => handler.handle(eventOfMessage(pulled(change)), { isLast }).then(({ kind }) => kind)));
}

async function resource(name = "a.jpg"): Promise<Readonly<Record<string, unknown>>> {
  return (await (await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`)).json()) as Record<
    string,
    unknown
  >;
}

async function change(type: Change["type"], facts: Readonly<Record<string, unknown>> = {}): Promise<Change> {
  return { type, resource: { ...(await resource()), ...facts } };
}

test("a removal of an object that is live is not believed, and the image is read if the store lacks it", async () => {
  await bucket.put("a.jpg", image(0));
  const forged = await change("OBJECT_DELETE");
  expect(await handled([forged])).toEqual(["recorded"]);
  expect(await handled([forged])).toEqual(["superseded"]);
  expect((await store.get(uri))?.object.generation).toBe(forged.resource.generation);
  expect(await store.tombstones([uri])).toEqual([undefined]);
});

test("a removal that is trusted asks the bucket nothing", async () => {
  await bucket.put("a.jpg", image(0));
  const removal = await change("OBJECT_DELETE");
  await handled([await change("OBJECT_FINALIZE")]);
  await bucket.remove("a.jpg");
  let questions = 0;
  expect(await handled([removal], { trust: { removals: true }, onQuestion: () => questions++ })).toEqual(["removed"]);
  expect([questions, await store.get(uri)]).toEqual([0, undefined]);
});

test("a removal of a version that was replaced costs one reading of the new one, whichever event comes first", async () => {
  await bucket.put("a.jpg", image(0));
  const [old, first] = [await change("OBJECT_DELETE"), await change("OBJECT_FINALIZE")];
  await handled([first]);
  await bucket.put("a.jpg", image(1));
  const reads: unknown[] = [];
  const read = readers.read.bind(readers);
  readers.read = (object) => {
    reads.push(object.info?.generation);
    return read(object);
  };
  const written = await change("OBJECT_FINALIZE");
  expect(await handled([written, old])).toEqual(["recorded", "superseded"]);
  expect(reads).toEqual([written.resource.generation]);
  expect((await store.get(uri))?.object.generation).toBe(written.resource.generation);
});

test("a version that was replaced by what is not an image is removed", async () => {
  await bucket.put("b", image(0));
  const was = await resource("b");
  await handled([{ type: "OBJECT_FINALIZE", resource: was }]);
  await bucket.put("b", Buffer.from("a text"), {}, "text/plain");
  expect(await handled([{ type: "OBJECT_DELETE", resource: was }])).toEqual(["removed"]);
  expect(await store.get("gs://photos/b")).toBeUndefined();
});

test("refuses a generation from the future, and takes one that clocks can explain", async () => {
  await bucket.put("a.jpg", image(0));
  const generation = (minutes: number) => String((Date.now() + minutes * 60_000) * 1000);
  for (const type of ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"] as const) {
    const forged = [await change(type, { generation: generation(11) }), await change(type, { generation: "9223372036854775807" })];
    for (const removals of [false, true])
      expect(await handled(forged, { trust: { removals } })).toEqual(["from the future", "from the future"]);
  }
  expect([await store.lookup([uri]), await store.tombstones([uri])]).toEqual([[undefined], [undefined]]);
  await bucket.remove("a.jpg");
  expect(await handled([{ type: "OBJECT_DELETE", resource: { bucket: "photos", name: "a.jpg", generation: generation(9) } }])).toEqual([
    "removed",
  ]);
  // What is made now has an older generation than that tombstone.
  await bucket.put("a.jpg", image(0));
  expect(await handled([await change("OBJECT_FINALIZE")])).toEqual(["recorded"]);
  expect(await store.get(uri)).toBeDefined();
});

test("an object that is made while a forged removal of a later generation is written is not hidden", async () => {
  await bucket.put("other.jpg", image(0));
  const forged = {
    type: "OBJECT_DELETE",
    resource: { bucket: "photos", name: "a.jpg", generation: String((Date.now() + 300_000) * 1000) },
  } as const;
  const racing = new Proxy(store, {
    get(target, property) {
      const value = Reflect.get(target, property);
      if (property !== "remove") return typeof value === "function" ? value.bind(target) : value;
      return async (gone: readonly ObjectVersion[]) => {
        // Its creation is handled before the tombstone stands.
        await bucket.put("a.jpg", image(1));
        await handled([await change("OBJECT_FINALIZE")]);
        return target.remove(gone);
      };
    },
  });
  await handled([forged], { into: racing });
  expect((await store.get(uri))?.object.generation).toBe((await resource()).generation);
});

test("an update of a generation that does not exist drops no content", async () => {
  await bucket.put("a.jpg", image(0));
  await handled([await change("OBJECT_FINALIZE")]);
  const before = await store.get(uri);
  const forged = await change("OBJECT_METADATA_UPDATE", { generation: String(Date.now() * 1000), metageneration: "7" });
  expect(await handled([forged])).toEqual(["superseded"]);
  expect(await store.get(uri)).toEqual(before);
});

test("describes an object as the bucket does if the sender is not verified", async () => {
  await bucket.put("a.jpg", image(0));
  const lie = { metageneration: "9223372036854775807", contentType: "image/gif", metadata: { album: "a lie" }, storageClass: "ARCHIVE" };
  const isTold = (facts: object | undefined) => facts !== undefined && JSON.stringify(facts).includes("a lie");
  expect(await handled([await change("OBJECT_FINALIZE", lie)], { trust: { facts: false } })).toEqual(["recorded"]);
  expect(isTold((await store.get(uri))?.object)).toBe(false);
  expect(await handled([await change("OBJECT_METADATA_UPDATE", lie)], { trust: { facts: false } })).toEqual(["superseded"]);
  await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/a.jpg`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ metadata: { album: "true" } }),
  });
  expect(await handled([await change("OBJECT_METADATA_UPDATE", lie)], { trust: { facts: false } })).toEqual(["updated"]);
  expect((await store.get(uri))?.object).toMatchObject({ metageneration: "2", contentType: "image/jpeg", metadata: { album: "true" } });
  // Of who is verified it is believed, which saves the request.
  let questions = 0;
  const told = { metageneration: "3", metadata: { album: "told" } };
  expect(await handled([await change("OBJECT_METADATA_UPDATE", told)], { onQuestion: () => questions++ })).toEqual(["updated"]);
  expect([questions, (await store.get(uri))?.object.metadata]).toEqual([0, { album: "told" }]);
});

test("a removal that the bucket may not be asked about is handed back, then a dead letter, and nothing is written", async () => {
  await bucket.put("a.jpg", image(0));
  const removal = await change("OBJECT_DELETE");
  await handled([await change("OBJECT_FINALIZE")]);
  await bucket.remove("a.jpg");
  bucket.emulator.faults.add({ kinds: ["403"], match: "^GET /storage/v1/b/photos/o/" });
  expect(await handled([removal])).toEqual(["forbidden"]);
  expect(await handled([removal], { isLast: true })).toEqual(["unconfirmed"]);
  expect(await store.get(uri)).toBeDefined();
});

test("a removal waits while the bucket is down, and an object that fails alone is handed back", async () => {
  await bucket.put("a.jpg", image(0));
  const removal = await change("OBJECT_DELETE");
  await handled([await change("OBJECT_FINALIZE")]);
  await bucket.remove("a.jpg");
  bucket.emulator.faults.add({ kinds: ["503"], match: "^GET /storage/v1/b/photos/o/", retryAfter: 0 });
  expect(await handled([removal])).toEqual(["failing"]);
  expect([waited, await store.get(uri)]).toEqual([[], expect.anything()]);
  bucket.emulator.faults.clear();
  bucket.emulator.faults.add({ kinds: ["reset"], times: 40 });
  expect(await handled([removal])).toEqual(["removed"]);
  expect(waited[0]).toBe("bucket");
  expect(waited.at(-1)).toBe("bucket is back");
  expect(await store.get(uri)).toBeUndefined();
});

test("an object that the bucket calls live and does not give out is taken for gone, and the event ends", async () => {
  await bucket.put("a.jpg", image(0));
  const read = readers.read.bind(readers);
  readers.read = async ({ info = {} }) => ({ ...(await read({ uri: "gs://photos/absent.jpg" })), uri, object: info });
  const written = await change("OBJECT_FINALIZE");
  expect(await handled([written])).toEqual(["gone"]);
  expect(await store.tombstones([uri])).toEqual([written.resource.generation]);
});

test("objects went with their bucket", async () => {
  const gone = { bucket: "deleted-bucket", name: "a.jpg", generation: "5" };
  expect(await handled([{ type: "OBJECT_DELETE", resource: gone }])).toEqual(["removed"]);
});

test("many removals are asked for at once", async () => {
  const names = Array.from({ length: 40 }, (_, i) => `img-${i}.jpg`);
  const removals: Change[] = [];
  for (const name of names) {
    await bucket.put(name, image(0));
    removals.push({ type: "OBJECT_DELETE", resource: await resource(name) });
  }
  await handled(removals.map(({ resource }) => ({ type: "OBJECT_FINALIZE", resource })));
  for (const name of names) await bucket.remove(name);
  let [underWay, most] = [0, 0];
  const find = readers.findLive.bind(readers);
  readers.findLive = async (address) => {
    most = Math.max(most, ++underWay);
    return find(address).finally(() => underWay--);
  };
  expect(new Set(await handled(removals))).toEqual(new Set(["removed"]));
  expect(most).toBe(40);
  expect(await store.lookup(names.map((name) => `gs://photos/${name}`))).toEqual(names.map(() => undefined));
});

test("a sink is told of a removal only if the object is gone or replaced", async () => {
  const told: ObjectVersion[] = [];
  const sink: Sink = {
    values: "numeric",
    put: async (records) => records.map((record) => ({ uri: record.uri, result: "written" })),
    async remove(gone) {
      told.push(...gone);
      return gone.map((each) => ({ uri: each.uri, result: "written" }));
    },
    async close() {},
    async abandon() {},
  };
  await bucket.put("a.jpg", image(0));
  const first = await change("OBJECT_DELETE");
  expect(await handled([first], { into: sink })).toEqual(["superseded"]);
  await bucket.put("a.jpg", image(1));
  const second = await change("OBJECT_DELETE");
  expect(await handled([first, second], { into: sink })).toEqual(["removed", "superseded"]);
  await bucket.remove("a.jpg");
  expect(await handled([second], { into: sink })).toEqual(["removed"]);
  expect(told.map(({ generation }) => generation)).toEqual([first.resource.generation, second.resource.generation]);
});
