import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProcessReaders } from "../../../src/pipeline/reading/reader-pool.ts";
import { contentOf, openScanBench, type ScanBench } from "../scan/scanning.ts";

let bench: ScanBench;
beforeEach(async () => {
  bench = await openScanBench();
});
afterEach(() => bench.close());

const main = new URL("../../../src/cli/main.ts", import.meta.url).pathname;

function processReaders(script: string, scriptArguments: readonly string[], processes = 2): ProcessReaders {
  const storage = { emulatorHost: bench.bucket.emulator.url, backoff: 5 };
  return new ProcessReaders({
    processes,
    reader: { concurrency: 8, share: 1, printed: false, thorough: false, storage },
    script,
    scriptArguments,
  });
}

test("other processes read the same as this one", async () => {
  await bench.fill(80);
  const [own, others] = [await bench.open("own.db"), await bench.open("others.db")];
  await bench.scan(own);
  const { totals } = await bench.scan(others, { readers: processReaders(main, ["read-for-scan"]) });
  expect(totals).toMatchObject({ read: 80, readRequests: 80 });
  expect(await contentOf(others)).toEqual(await contentOf(own));
});

test("a process that dies is started again: the image that kills is found, the others are read", async () => {
  await bench.fill(60);
  await bench.bucket.put("img-0030-deadly.jpg", Buffer.from("\xff\xd8"));
  // A reader that kills itself when it is given the deadly image.
  const script = join(bench.folder, "deadly.ts");
  const serve = new URL("../../../src/pipeline/scan/serve-reads.ts", import.meta.url).href;
  writeFileSync(
    script,
    `import { serveReads } from ${JSON.stringify(serve)};
     process.on("message", ({ read = [] }) => {
       if (read.some(({ object }) => object.uri.includes("deadly"))) process.kill(process.pid, "SIGKILL");
     });
     serveReads();`,
  );
  const store = await bench.open();
  const { totals, failures } = await bench.scan(store, { readers: processReaders(script, []) });
  expect(failures).toEqual([["gs://photos/img-0030-deadly.jpg", "INTERNAL"]]);
  expect(totals).toMatchObject({ read: 61, refused: 0 });
  const deadly = await store.get("gs://photos/img-0030-deadly.jpg");
  expect(deadly?.error?.message).toMatch(/died twice \(SIGKILL\)/);
  expect((await contentOf(store)).size).toBe(61);
});

test("processes that die at once end the scan", async () => {
  await bench.fill(5);
  const script = join(bench.folder, "dead.ts");
  writeFileSync(script, "process.exit(3);");
  await expect(bench.scan(await bench.open(), { readers: processReaders(script, []) })).rejects.toThrow(/die at once \(exit code 3\)/);
});
