/** 200,000 objects listed in pages of 1,000 at 100 ms a request, by many requests at once beside one after the other. */
import type { StorageObject } from "../src/storage/contract.ts";
import { gcs } from "../src/storage/gcs/storage.ts";
import { resolveOptions } from "../src/storage/options.ts";
import { namesOf, SHAPES, type Shape } from "../test/storage/name-shapes.ts";
import type { Measure } from "./measure.ts";
import { serveBucketOfNames } from "./name-server.ts";

const OBJECTS = 200_000;
const never = new AbortController().signal;
const where = { root: "gs://names" };

type Pages = AsyncIterable<readonly Required<StorageObject>[]>;

/** How many times as fast, for each shape of names; 0 where a name is missing or comes twice. */
export async function measureListing(shapes: readonly Shape[] = SHAPES): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const shape of shapes) {
    const served = await serveBucketOfNames({ shape, count: OBJECTS, latency: 100, pageLimit: 1000 });
    const storage = gcs(resolveOptions({ emulatorHost: served.url, concurrency: 64 }));
    try {
      const expected = namesOf(shape, OBJECTS);
      const inParallel = await timed(storage.listParallel?.(where, never) ?? storage.list(where, never), expected);
      const requests = await served.lists();
      const inOrder = await timed(storage.list(where, never), expected);
      const times = requests / ((await served.lists()) - requests);
      const ratio = inParallel.isWhole && inOrder.isWhole ? inOrder.seconds / inParallel.seconds : 0;
      const what = `listing ${OBJECTS} objects in parallel, beside in order: ${shape} (${inParallel.seconds.toFixed(1)} s, ${times.toFixed(2)} times the requests)`;
      measures.push({ what, ratio, limit: "at least 10", holds: ratio >= 10 });
    } finally {
      await storage.close();
      await served.close();
    }
  }
  return measures;
}

async function timed(pages: Pages, expected: readonly string[]): Promise<{ seconds: number; isWhole: boolean }> {
  const names: string[] = [];
  const started = performance.now();
  for await (const page of pages) for (const { info } of page) names.push(info.name ?? "");
  const seconds = (performance.now() - started) / 1000;
  const wanted = new Set(expected);
  const isWhole = names.length === expected.length && names.every((name) => wanted.delete(name));
  return { seconds, isWhole };
}
