/** What a store holds beside what a bucket is: versions by a list, contents by reading every image anew. */
import { execFile } from "node:child_process";
import { isDeepStrictEqual, promisify } from "node:util";
import type { ImageRecord } from "../src/record/types.ts";

const main = new URL("../dist/cli/main.js", import.meta.url).pathname;

/** A line for each image that is lost, stale, or there although it is gone. */
export async function compareStore(url: string, address: string, environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const [inBucket, inStore] = await Promise.all([
    records(["read", "gs://chaos", "-n", "--format", "ndjson", "--quiet"], { ...environment, STORAGE_EMULATOR_HOST: url }),
    records(["export", "--from", address, "--format", "ndjson", "--quiet"], environment),
  ]);
  const differences: string[] = [];
  for (const [uri, expected] of inBucket) {
    const held = inStore.get(uri);
    if (held === undefined) differences.push(`lost: ${uri}`);
    else if (held.error !== undefined) differences.push(`error: ${uri}: ${held.error.code}`);
    else if (!isDeepStrictEqual(withoutCost(held), withoutCost(expected)))
      differences.push(
        `stale: ${uri}: ${held.object.generation}/${held.object.metageneration} for ${expected.object.generation}/${expected.object.metageneration}`,
      );
  }
  for (const uri of inStore.keys()) if (!inBucket.has(uri)) differences.push(`resurrected: ${uri}`);
  return differences;
}

async function records(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Map<string, ImageRecord>> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { env: environment, maxBuffer: 1 << 30 });
  return new Map(
    stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as ImageRecord)
      .map((record) => [record.uri, record]),
  );
}

/** An event gives the object as the bucket told it; the order of keys is no difference. */
function withoutCost({ read: _read, ...record }: ImageRecord): object {
  return record;
}
