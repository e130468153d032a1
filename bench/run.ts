/** `npm run bench`: ratios against peers of the same run, and how much is read of each image. Needs a folder of real images for most. */
import { readdirSync } from "node:fs";
import { corpus } from "../test/corpus.ts";
import { measureBucket } from "./bucket-rate.ts";
import { malformed, measureMalformed } from "./malformed.ts";
import type { Measure } from "./measure.ts";
import { measureMemory } from "./memory.ts";
import { measureProcess } from "./process.ts";
import { measureAdaptation, measureRequests } from "./requests.ts";
import { measureStores } from "./stores.ts";

function say({ what, ratio, limit, holds }: Measure): void {
  process.stdout.write(`${ratio.toFixed(ratio < 10 ? 3 : 0).padStart(8)}  ${limit.padEnd(14)}${holds ? "  " : "✗ "}${what}\n`);
  if (!holds) process.exitCode = 1;
}

if (corpus === undefined) {
  process.stdout.write("IMAGEMETA_CORPUS names no folder of real images: only the measures that need none\n");
} else {
  for (const measure of await measureRequests(`${corpus}/images`)) say(measure);
}
say(await measureAdaptation());
if (corpus !== undefined) {
  const jpeg = readdirSync(`${corpus}/images`).find((name) => /\.jpe?g$/i.test(name));
  say(await measureMemory(`${corpus}/images`));
  say(measureProcess(`${corpus}/images/${jpeg}`));
}
if (malformed !== undefined) say(await measureMalformed(malformed));
for (const measure of await measureBucket()) say(measure);
for (const measure of await measureStores()) say(measure);
