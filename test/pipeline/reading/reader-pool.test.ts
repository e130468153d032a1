import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ReaderPool } from "../../../src/pipeline/reading/reader-pool.ts";
import { recordText } from "../../../src/record/text.ts";
import type { ImageRecord } from "../../../src/record/types.ts";
import { type Harm, poisonedImage, testBuild } from "../../poison/images.ts";
import { childrenOf } from "../../processes.ts";
import { expectRecord } from "../../schema.ts";
import { contentOf, openScanBench, type ScanBench } from "../scan/scanning.ts";

let bench: ScanBench;
beforeEach(async () => {
  bench = await openScanBench();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await bench.close();
  expect(childrenOf(process.pid).filter((pid) => !before.includes(pid))).toEqual([]);
});
/** Those of the test runner. */
const before = childrenOf(process.pid);

const GOOD = 20;
/** A computing time that no good image comes near, on a busy machine either. */
const PARSE_SECONDS = 1;

function openPool({ processes = 2, parseSeconds = PARSE_SECONDS } = {}): ReaderPool {
  const storage = { emulatorHost: bench.bucket.emulator.url, backoff: 5 };
  const pool = new ReaderPool({ processes, parseSeconds });
  return pool.open({ concurrency: 8, share: 1, printed: false, thorough: false, storage });
}

/** The processes of pools that are opened from now on preload a script. */
const preload = (options: { readonly NODE_OPTIONS: string }) => vi.stubEnv("NODE_OPTIONS", options.NODE_OPTIONS);

async function readPoisoned(harms: readonly Harm[], processes: number, parseSeconds = PARSE_SECONDS): Promise<readonly ImageRecord[]> {
  preload(testBuild);
  await bench.fill(GOOD);
  for (const [i, harm] of harms.entries()) await bench.bucket.put(`img-000${i}-poison.jpg`, poisonedImage(harm));
  const store = await bench.open();
  const { totals } = await bench.scan(store, { readers: openPool({ processes, parseSeconds }) });
  expect(totals).toMatchObject({ read: GOOD + harms.length, refused: 0 });
  const records: ImageRecord[] = [];
  for await (const record of store.iterate()) records.push(record);
  expect(records).toHaveLength(GOOD + harms.length);
  for (const record of records) expectRecord(record);
  return records.filter(({ error }) => error !== undefined).sort((a, b) => (a.uri < b.uri ? -1 : 1));
}

test("gives the records that one process gives", async () => {
  await bench.fill(80);
  const [own, others] = [await bench.open("own.db"), await bench.open("others.db")];
  await bench.scan(own);
  const { totals } = await bench.scan(others, { readers: openPool() });
  expect(totals).toMatchObject({ read: 80, readRequests: 80 });
  expect(await contentOf(others)).toEqual(await contentOf(own));
});

test("a record that comes from a process reads like one that was made here", async () => {
  await bench.fill(1);
  const pool = openPool({ processes: 1 });
  try {
    const record = await pool.read({ uri: "gs://photos/img-0000.jpg" });
    const { tags } = { tags: {}, ...record };
    expect(Object.keys(record).slice(0, 6)).toEqual(["schema", "engine", "values", "uri", "object", "format"]);
    expect(Object.keys(tags).length).toBeGreaterThan(2);
    expect(recordText(structuredClone(record))).toEqual(recordText(record));
    expect({ ...record }).toMatchObject({ tags });
  } finally {
    await pool.close();
  }
});

describe.each([1, 2])("of %i processes", { timeout: 120_000 }, (processes) => {
  test("ends a parse that spins, and reads the others", async () => {
    const [spun] = await readPoisoned(["spin"], processes);
    expect(spun).toMatchObject({ uri: "gs://photos/img-0000-poison.jpg", object: { bucket: "photos", contentType: "image/jpeg" } });
    expect(spun?.error).toEqual({
      code: "LIMIT_EXCEEDED",
      message: `parsing the image takes more than ${PARSE_SECONDS} s of computing time (--parse-timeout)`,
    });
  });

  test("finds the image that kills its process at once, and reads the others", async () => {
    const [killed] = await readPoisoned(["abort"], processes);
    expect(killed?.error).toEqual({
      code: "INTERNAL",
      message: expect.stringMatching(/^the process that reads the image died twice \(SIG/),
    });
  });
});

test("ends a parse that takes too much memory: heap and buffers", { timeout: 120_000 }, async () => {
  const failed = await readPoisoned(["heap", "buffers"], 1, 60);
  expect(failed.map(({ uri, error }) => [uri, error?.code])).toEqual([
    ["gs://photos/img-0000-poison.jpg", "LIMIT_EXCEEDED"],
    ["gs://photos/img-0001-poison.jpg", "LIMIT_EXCEEDED"],
  ]);
  for (const { error } of failed) expect(error?.message).toMatch(/MiB/);
});

test("survives many harmful images among good ones", { timeout: 120_000 }, async () => {
  const failed = await readPoisoned(["spin", "abort", "throw", "spin", "abort"], 2);
  expect(failed.map(({ error }) => error?.code)).toEqual(["LIMIT_EXCEEDED", "INTERNAL", "MALFORMED", "LIMIT_EXCEEDED", "INTERNAL"]);
});

test("processes that die when they start end the scan, and say why", async () => {
  await bench.fill(5);
  const script = join(bench.folder, "dead.mjs");
  writeFileSync(script, "throw new Error('no memory is left');");
  preload({ NODE_OPTIONS: `--import=${script}` });
  await expect(bench.scan(await bench.open(), { readers: openPool() })).rejects.toThrow(
    /die when they start \(exit code 1: Error: no memory is left\)/,
  );
});

test("rejects an image whose storage cannot be opened, and reads the others", async () => {
  await bench.fill(1);
  const pool = openPool({ processes: 1 });
  try {
    const reads = await Promise.allSettled(["ftp://photos/a.jpg", "gs://photos/img-0000.jpg"].map((uri) => pool.read({ uri })));
    expect(reads).toMatchObject([
      { status: "rejected", reason: { code: "NOT_FOUND", message: expect.stringContaining("no address of a storage") } },
      { status: "fulfilled", value: { format: expect.any(String) } },
    ]);
  } finally {
    await pool.close();
  }
});

test("ends a process that spins when it is closed", async () => {
  preload(testBuild);
  await bench.bucket.put("spin.jpg", poisonedImage("spin"));
  bench.bucket.emulator.faults.add({ latency: 0, match: "^GET /photos/" });
  const pool = openPool({ processes: 1, parseSeconds: 3600 });
  const reading = pool.read({ uri: "gs://photos/spin.jpg" });
  reading.catch(() => {});
  const [member = 0] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
  expect(member).toBeGreaterThan(0);
  await expect.poll(() => bench.bucket.emulator.faults.state(), { timeout: 20_000 }).toMatchObject({ rules: [{ struck: 1 }] });
  await pool.close();
  await expect(reading).rejects.toThrow(/closed/);
});
