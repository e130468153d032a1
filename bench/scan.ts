/**
 * `imagemeta scan` of the sample bucket's images, 20,000 under other names, into SQLite, beside a bare undici loop of the same reads:
 * the rate where a request takes 20 ms with 16 in flight, of one process and of two, and CPU time where it takes none, of all processes
 * together; what of that the pool of processes takes; then the peak memory of a scan of 1,000,000 objects beside one of 100,000.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveBucket } from "./bucket.ts";
import { fillBucket } from "./bucket-rate.ts";
import { type Measure, median } from "./measure.ts";
import { serveBucketOfNames } from "./name-server.ts";
import { type Usage, usageOf } from "./usage.ts";

const root = new URL("..", import.meta.url).pathname;
const main = `${root}dist/cli/main.js`;
const IN_FLIGHT = "16";
/** So many that starting processes weighs little. */
const OBJECTS = 20_000;

async function rounds<T>(count: number, round: () => Promise<T>): Promise<readonly T[]> {
  // The first warms what serves, and is not counted.
  await round();
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await round());
  return results;
}

export async function measureScan(count = 3): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  const emptyStore = () => {
    for (const ending of ["", "-wal", "-shm"]) rmSync(`${folder}/catalog.db${ending}`, { force: true });
  };
  const scan = (url: string, ...args: string[]): Promise<Usage> => {
    emptyStore();
    const all = ["scan", "gs://bench", "--to", `${folder}/catalog.db`, "--concurrency", IN_FLIGHT, "--quiet", ...args];
    return usageOf(main, all, { STORAGE_EMULATOR_HOST: url });
  };
  try {
    fillBucket(`${folder}/buckets/bench`, OBJECTS);
    const slow = await serveBucket(`${folder}/buckets`, 20);
    const rates = await rounds(count, async () => {
      const bare = await usageOf(`${root}bench/bare-loop.ts`, [slow.url, "bench", IN_FLIGHT], {});
      const one = await scan(slow.url);
      const two = await scan(slow.url, "--processes", "2");
      return { one: bare.wall / one.wall, two: one.wall / two.wall };
    });
    await slow.close();
    const fast = await serveBucket(`${folder}/buckets`);
    // Neither compiles its sources in the rounds that count.
    const cached = { NODE_COMPILE_CACHE: `${folder}/compiled` };
    const readersIn = async (where: "here" | "pool"): Promise<number> => {
      emptyStore();
      return (await usageOf(`${root}bench/scan-readers.ts`, [fast.url, "bench", IN_FLIGHT, `${folder}/catalog.db`, where], cached)).cpu;
    };
    const times = await rounds(count, async () => {
      const bare = await usageOf(`${root}bench/bare-loop.ts`, [fast.url, "bench", IN_FLIGHT], {});
      const cpu = (await scan(fast.url)).cpu / bare.cpu;
      const here = await readersIn("here");
      return { cpu, pool: (await readersIn("pool")) / here - 1 };
    });
    await fast.close();
    const [one, two] = [median(rates.map((rate) => rate.one)), median(rates.map((rate) => rate.two))];
    const [cpu, pool] = [median(times.map((time) => time.cpu)), median(times.map((time) => time.pool))];
    return [
      {
        what: `scan into SQLite of ${OBJECTS} images at 20 ms a request, ${IN_FLIGHT} in flight, beside bare undici`,
        ratio: one,
        limit: "at least 0.9",
        holds: one >= 0.9,
      },
      { what: "two processes beside one", ratio: two, limit: "at least 1.8", holds: two >= 1.8 },
      { what: "CPU time of the scan, no delay, beside bare undici", ratio: cpu, limit: "at most 3.0", holds: cpu <= 3 },
      {
        what: "CPU time that the pool of one process adds to a scan whose images are read in place",
        ratio: pool,
        limit: "at most 0.05",
        holds: pool <= 0.05,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Peak memory, in MiB, of a scan of so many objects. */
async function peakOf(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  const served = await serveBucketOfNames({ shape: "dates", count });
  try {
    const args = ["scan", "gs://bench", "--to", `${folder}/catalog.db`, "--quiet", "--prune"];
    return (await usageOf(main, args, { STORAGE_EMULATOR_HOST: served.url })).peak;
  } finally {
    await served.close();
    rmSync(folder, { recursive: true });
  }
}

export async function measureScanMemory(): Promise<readonly Measure[]> {
  const small = await peakOf(100_000);
  const large = await peakOf(1_000_000);
  return [
    {
      what: `peak memory of a scan of 1,000,000 objects, beside 100,000 (${small.toFixed(0)} MiB)`,
      ratio: large / small,
      limit: "at most 1.25",
      holds: large / small <= 1.25,
    },
    { what: "the same, in MiB", ratio: large, limit: "under 300", holds: large < 300 },
  ];
}
