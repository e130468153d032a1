/**
 * The sample bucket's images, 5,000 under other names, read by `imagemeta --bucket` from another process, 32 in flight, beside
 * a bare undici loop of the same requests: the rate where a request takes 20 ms, CPU time where it takes none.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveBucket } from "./bucket.ts";
import { type Measure, median } from "./measure.ts";
import { imagesBelow, SAMPLES } from "./sample-records.ts";
import { usageOf } from "./usage.ts";

const root = new URL("..", import.meta.url).pathname;
const OBJECTS = 5000;
const IN_FLIGHT = "32";

export async function measureBucket(rounds = 5): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  try {
    fillBucket(`${folder}/bench`, OBJECTS);
    const rate = await compare(folder, 20, rounds, (ours, bare) => bare.wall / ours.wall);
    const cpu = await compare(folder, 0, rounds, (ours, bare) => ours.cpu / bare.cpu);
    return [
      {
        what: `rate of ${OBJECTS} images at 20 ms a request, ${IN_FLIGHT} in flight, beside bare undici`,
        ratio: rate,
        limit: "at least 0.9",
        holds: rate >= 0.9,
      },
      { what: "CPU time of the same, no delay, beside bare undici", ratio: cpu, limit: "at most 3", holds: cpu <= 3 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The sample images, over and over under other names. */
export function fillBucket(bucket: string, count: number): void {
  mkdirSync(bucket, { recursive: true });
  const samples = imagesBelow(SAMPLES);
  for (let i = 0; i < count; i++) {
    const sample = samples[i % samples.length] ?? "";
    symlinkSync(sample, `${bucket}/${String(i).padStart(5, "0")}${sample.slice(sample.lastIndexOf("."))}`);
  }
}

type Usage = Awaited<ReturnType<typeof usageOf>>;

async function compare(folder: string, latency: number, rounds: number, ratio: (ours: Usage, bare: Usage) => number): Promise<number> {
  const bucket = await serveBucket(folder, latency);
  try {
    const ratios: number[] = [];
    // The first round warms the emulator's index and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const bare = await usageOf(`${root}bench/bare-loop.ts`, [bucket.url, "bench", IN_FLIGHT], {});
      const args = ["--bucket", "bench", "--concurrency", IN_FLIGHT, "--write", `${folder}/out.ndjson`, "--quiet"];
      const ours = await usageOf(`${root}dist/cli/main.js`, args, { STORAGE_EMULATOR_HOST: bucket.url });
      if (round > 0) ratios.push(ratio(ours, bare));
    }
    return median(ratios);
  } finally {
    await bucket.close();
  }
}
