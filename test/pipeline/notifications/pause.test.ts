/** Pausing and resuming a bucket's notification, with ends between any two steps: what is run again goes on from there. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Pause, pause, pauseOf, resume } from "../../../src/pipeline/notifications/pause.ts";
import { cursorOf, putCursor } from "../../../src/pipeline/recovery/cursor.ts";
import { BucketControl, type NotificationConfiguration } from "../../../src/storage/gcs/bucket-control.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { emulatorOver, type Running } from "../../emulator/running.ts";

const first = new Date("2026-03-01T10:00:00.000Z");
const later = new Date("2026-03-01T11:00:00.000Z");
const images: NotificationConfiguration = {
  topic: "//pubsub.googleapis.com/projects/p/topics/images",
  payload_format: "JSON_API_V1",
  event_types: ["OBJECT_DELETE", "OBJECT_FINALIZE"],
  custom_attributes: { myTeam: "a", other: "b" },
  object_name_prefix: "in/",
};
const second: NotificationConfiguration = { topic: images.topic, payload_format: "NONE" };
const others: NotificationConfiguration = { topic: "//pubsub.googleapis.com/projects/p/topics/others", payload_format: "NONE" };

let emulator: Running;
let bucket: BucketControl;
let store: Catalogue;
beforeEach(async () => {
  emulator = await emulatorOver({ "photos/a.txt": "a" });
  process.env.STORAGE_EMULATOR_HOST = emulator.url;
  bucket = await BucketControl.open("photos", { project: "p" });
  store = await openSqlite(`${emulator.folder}.db`);
});
afterEach(async () => {
  delete process.env.STORAGE_EMULATOR_HOST;
  await store.close();
  rmSync(`${emulator.folder}.db`);
});

/** What the bucket has, without numbers. */
const live = async () => (await bucket.configurations()).map(({ id: _, ...configuration }) => configuration);
/** The catalogue, whose next write of a setting ends the process as far as the caller can tell: before or after it is durable. */
function failing(when: "before" | "after"): Catalogue {
  return Object.assign(Object.create(store) as Catalogue, {
    getSetting: (key: string) => store.getSetting(key),
    async putSetting(key: string, value: string | undefined) {
      if (when === "after") await store.putSetting(key, value);
      throw new Error("killed");
    },
  });
}
/** From now on the removal of one configuration fails. */
const failRemoval = (id: number) => emulator.faults.add({ kinds: ["401"], match: `^DELETE .*notificationConfigs/${id}` });

test("there and back: the configurations are exactly those that were", async () => {
  for (const configuration of [images, second]) await bucket.create(configuration);
  const paused = await pause(bucket, store, undefined, first);
  expect(await live()).toEqual([]);
  expect(paused.pause).toEqual({ pausedAt: first.toISOString(), configurations: [images, second] });
  expect(await pauseOf(store, "photos")).toEqual(paused.pause);
  const resumed = await resume(bucket, store, later);
  expect(await live()).toEqual([images, second]);
  expect(resumed.pause).toEqual({ ...paused.pause, resumedAt: later.toISOString() });
});

test("both run twice: the earliest time stays, and nothing is made twice", async () => {
  await bucket.create(images);
  await pause(bucket, store, undefined, first);
  expect(await pause(bucket, store, undefined, later)).toEqual({ pause: await pauseOf(store, "photos"), removed: [] });
  await resume(bucket, store, later);
  expect((await resume(bucket, store, later)).restored).toEqual([]);
  expect(await live()).toEqual([images]);
  const again = await pause(bucket, store, undefined, later);
  expect(again.pause).toEqual({ pausedAt: first.toISOString(), configurations: [images] });
});

test.each(["before", "after"] as const)("an end just %s the catalogue has it", async (when) => {
  await bucket.create(images);
  await expect(pause(bucket, failing(when), undefined, first)).rejects.toThrow("killed");
  expect(await live()).toEqual([images]);
  await pause(bucket, store, undefined, later);
  expect((await pauseOf(store, "photos"))?.pausedAt).toBe((when === "after" ? first : later).toISOString());
  await resume(bucket, store, later);
  expect(await live()).toEqual([images]);
});

test.each([
  ["before the first is removed", 0],
  ["between the first and the second", 1],
])("an end %s: both are remembered, and both are restored", async (_, removed) => {
  for (const configuration of [images, second]) await bucket.create(configuration);
  failRemoval(removed + 1);
  await expect(pause(bucket, store, undefined, first)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect(await live()).toEqual([images, second].slice(removed));
  emulator.faults.clear();
  const { pause: record } = await pause(bucket, store, undefined, later);
  expect(await live()).toEqual([]);
  expect(record.pausedAt).toBe(first.toISOString());
  await resume(bucket, store, later);
  expect(await live()).toEqual(expect.arrayContaining([images, second]));
  expect(await live()).toHaveLength(2);
});

test("a resumption that ends before the catalogue has it makes nothing twice", async () => {
  await bucket.create(images);
  await pause(bucket, store, undefined, first);
  await expect(resume(bucket, failing("before"), later)).rejects.toThrow("killed");
  expect(await live()).toEqual([images]);
  await resume(bucket, store, later);
  expect(await live()).toEqual([images]);
});

test("of several topics one must be named, and only its configurations are removed", async () => {
  for (const configuration of [images, others]) await bucket.create(configuration);
  await expect(pause(bucket, store, undefined, first)).rejects.toThrow(
    /name one with --topic, of projects\/p\/topics\/images, projects\/p\/topics\/others/,
  );
  await pause(bucket, store, "projects/p/topics/images", first);
  expect(await live()).toEqual([others]);
});

test("a configuration that was taken away by hand after a resumption is not restored by a later pause", async () => {
  await bucket.create(images);
  await pause(bucket, store, undefined, first);
  await resume(bucket, store, later);
  for (const { id } of await bucket.configurations()) await bucket.remove(id);
  await bucket.create(second);
  const { pause: record } = await pause(bucket, store, undefined, later);
  expect(record).toEqual({ pausedAt: first.toISOString(), configurations: [second] } satisfies Pause);
});

test("where nothing is to be paused or resumed, it says so", async () => {
  await expect(pause(bucket, store, undefined, first)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(resume(bucket, store, first)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await bucket.create(images);
  expect(await resume(bucket, store, first)).toEqual({ pause: undefined, restored: [] });
});

test("a pause makes a recovery that was interrupted begin anew, from the same time", async () => {
  await bucket.create(images);
  const cursor = { uriPrefix: "gs://photos/", topic: "projects/p/topics/images", word: "newest", since: first.toISOString(), published: 0 };
  const position = { part: "listed", uri: "gs://photos/m.jpg" } as const;
  await putCursor(store, "photos", { ...cursor, position, at: first.toISOString(), published: 9 });
  await pause(bucket, store, undefined, later);
  expect(await cursorOf(store, "photos")).toEqual(cursor);
});
