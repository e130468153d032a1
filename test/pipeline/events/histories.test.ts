import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventOfMessage } from "../../../src/pipeline/events/notification.ts";
import { EventHandler } from "../../../src/pipeline/worker/event-handler.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { looksLikeImage } from "../../../src/storage/selection.ts";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { openBucket, type TestBucket } from "../../storage/bucket.ts";
import { contentOf, image, localReaders } from "../scan/scanning.ts";
import { type Change, pulled } from "./forms.ts";
import { deliver } from "./lying-sender.ts";

/** One whose ending says image, and those that only their type tells of. */
const NAMES = ["a.jpg", "b", "c d/é%2F"];
const TYPES = ["image/jpeg", "text/plain"];

const MAX_STEPS = 10;
/** A replacement tells of two. */
const MAX_EVENTS = 2 * MAX_STEPS;

type Step =
  | { readonly kind: "write"; readonly name: string; readonly type: string; readonly content: number }
  | { readonly kind: "update"; readonly name: string; readonly type: string | undefined; readonly album: string }
  | { readonly kind: "delete"; readonly name: string };

const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("write" as const), name, type: fc.constantFrom(...TYPES), content: fc.nat({ max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("update" as const),
      name,
      type: fc.option(fc.constantFrom(...TYPES), { nil: undefined }),
      album: fc.constantFrom("x", "y", "z"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), name }) },
);

/** What a bucket of the emulator tells while a history happens to it: each change, with the resource as it was. */
async function happen(bucket: TestBucket, steps: readonly Step[]): Promise<readonly Change[]> {
  const live = new Map<string, Record<string, unknown>>();
  const changes: Change[] = [];
  const url = (object: string) => `${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(object)}`;
  for (const each of steps) {
    const before = live.get(each.name);
    if (each.kind === "write") {
      const content = each.content === 3 ? Buffer.from("this is not an image") : image(each.content);
      await bucket.put(each.name, content, {}, each.type);
      const after = (await (await fetch(url(each.name))).json()) as Record<string, unknown>;
      live.set(each.name, after);
      changes.push({ type: "OBJECT_FINALIZE", resource: after });
      if (before !== undefined) changes.push({ type: "OBJECT_DELETE", resource: before });
    } else if (before === undefined) {
      // Nothing is there that could be changed.
    } else if (each.kind === "update") {
      const body = JSON.stringify({ metadata: { album: each.album }, ...(each.type && { contentType: each.type }) });
      const answer = await fetch(url(each.name), { method: "PATCH", headers: { "content-type": "application/json" }, body });
      const after = (await answer.json()) as Record<string, unknown>;
      live.set(each.name, after);
      changes.push({ type: "OBJECT_METADATA_UPDATE", resource: after });
    } else {
      await bucket.remove(each.name);
      live.delete(each.name);
      changes.push({ type: "OBJECT_DELETE", resource: before });
    }
  }
  return changes;
}

/** The records of a bucket as it is now: of what is an image, or was one as long as this generation is there. */
async function recordsOf(bucket: TestBucket, folder: string, changes: readonly Change[]) {
  const once = new Set(
    changes
      .filter(({ type, resource }) => type !== "OBJECT_DELETE" && looksLikeImage(resource))
      .map(({ resource }) => `${resource.name} ${resource.generation}`),
  );
  const readers = localReaders(bucket.emulator.url);
  const storage = gcs(resolveOptions({ emulatorHost: bucket.emulator.url }));
  const store = await openSqlite(join(folder, "expected.db"));
  try {
    for await (const page of storage.list({ root: "gs://photos" }, new AbortController().signal)) {
      for (const object of page) {
        if (once.has(`${object.info?.name} ${object.info?.generation}`)) await store.put([await readers.read(object)]);
      }
    }
    return await contentOf(store);
  } finally {
    await store.close();
    await storage.close();
    await readers.close();
  }
}

/** What was an image for a moment, and is one no more when its events come. */
const ONCE_AN_IMAGE: readonly Step[] = [
  { kind: "write", name: "b", type: "text/plain", content: 0 },
  { kind: "update", name: "b", type: "image/jpeg", album: "x" },
  { kind: "update", name: "b", type: "text/plain", album: "x" },
];
const AT_ONCE = Array.from({ length: MAX_EVENTS }, () => ({ first: 0, again: null }));

test("any history, told in any order and repeatedly, gives the records of the bucket as it is in the end", {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: MAX_STEPS }),
      fc.array(fc.noBias(fc.record({ first: fc.nat(), again: fc.option(fc.nat()) })), { minLength: MAX_EVENTS, maxLength: MAX_EVENTS }),
      fc.constantFrom(1, 8),
      async (steps, times, together) => {
        const folder = mkdtempSync(join(tmpdir(), "imagemeta-histories-"));
        const bucket = await openBucket();
        const readers = localReaders(bucket.emulator.url);
        const store = await openSqlite(join(folder, "told.db"));
        const stop = new AbortController();
        try {
          const changes = await happen(bucket, steps);
          const handler = new EventHandler({
            store,
            readers,
            askBucket: async () => undefined,
            findLive: (uri) => readers.findLive(uri),
            trust: { facts: true, removals: false },
            all: false,
            signal: stop.signal,
            pause: 1,
            batching: { records: 4, bytes: 1 << 20, milliseconds: 1 },
            listener: { read() {}, stored() {}, waiting() {} },
          });
          const told = changes
            .flatMap((each, i) => [times[i]?.first, times[i]?.again].flatMap((at) => (at == null ? [] : [{ each, at }])))
            .sort((a, b) => a.at - b.at)
            .map(({ each }) => eventOfMessage(pulled(each)));
          for (let i = 0; i < told.length; i += together)
            await Promise.all(told.slice(i, i + together).map((event) => deliver(handler, event)));
          expect(await contentOf(store)).toEqual(await recordsOf(bucket, folder, changes));
        } finally {
          stop.abort(new Error("the test is over"));
          await readers.close();
          await store.close();
          await bucket.close();
          rmSync(folder, { recursive: true });
        }
      },
    ),
    { numRuns: 100, examples: [[[...ONCE_AN_IMAGE], AT_ONCE, 1]] },
  );
});
