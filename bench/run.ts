/** `npm run bench`: ratios against peers of the same run, and how much is read of each image. `npm run bench -- PART…` runs some parts. */
import { readdirSync } from "node:fs";
import { corpus } from "../test/corpus.ts";
import { measureBucket } from "./bucket-rate.ts";
import { folders, measureHostile } from "./hostile.ts";
import { measureImageSize } from "./image-size.ts";
import { measureListing } from "./listing.ts";
import type { Measure } from "./measure.ts";
import { measureMemory } from "./memory.ts";
import { measureParquet } from "./parquet.ts";
import { measureProcess } from "./process.ts";
import { measureAdaptation, measureRequests } from "./requests.ts";
import { imagesBelow, SAMPLES } from "./sample-records.ts";
import { measureScan, measureScanMemory } from "./scan.ts";
import { measureStart, measureWorkerStart } from "./startup.ts";
import { measureSteps } from "./steps.ts";
import { measureStores } from "./stores.ts";
import { measureWorkerLatency, measureWorkerMemory, measureWorkerRate } from "./worker.ts";

type Part = () => Promise<readonly Measure[]>;

/** Parts that need a folder of real images say so in place of a figure where there is none. */
const PARTS: Readonly<Record<string, Part>> = {
  requests: withImages(measureRequests),
  adaptation: async () => [await measureAdaptation()],
  memory: async () => measureMemory(imagePaths()),
  process: async () => [measureProcess(imagePaths().find((path) => /\.jpe?g$/i.test(path)) ?? "")],
  hostile: async () => (folders.length === 0 ? without("damaged or hostile files") : measureHostile()),
  steps: measureSteps,
  bucket: () => measureBucket(),
  listing: () => measureListing(),
  scan: () => measureScan(),
  "scan-memory": measureScanMemory,
  stores: () => measureStores(),
  parquet: measureParquet,
  worker: () => measureWorkerRate(),
  "worker-memory": measureWorkerMemory,
  "worker-latency": () => measureWorkerLatency(),
  image: async () => measureImageSize(),
  start: () => measureStart(),
  "worker-start": () => measureWorkerStart(),
};

/** The real images if there are some, else the samples. */
function imagePaths(): readonly string[] {
  return corpus === undefined ? imagesBelow(SAMPLES) : readdirSync(`${corpus}/images`).map((name) => `${corpus}/images/${name}`);
}

function withImages(measure: (images: string) => Promise<readonly Measure[]>): Part {
  return async () => (corpus === undefined ? without("real images") : measure(`${corpus}/images`));
}

function without(what: string): readonly Measure[] {
  process.stdout.write(`IMAGEMETA_CORPUS names no folder of ${what}: left out\n`);
  return [];
}

function say({ what, ratio, limit, holds }: Measure): void {
  process.stdout.write(`${ratio.toFixed(ratio < 10 ? 3 : 0).padStart(8)}  ${limit.padEnd(14)}${holds ? "  " : "✗ "}${what}\n`);
  if (!holds) process.exitCode = 1;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}\n`);
  process.exitCode = 2;
} else {
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) for (const measure of (await PARTS[name]?.()) ?? []) say(measure);
}
