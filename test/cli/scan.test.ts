import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import type { ImageRecord } from "../../src/record/types.ts";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { contentOf } from "../pipeline/scan/scanning.ts";
import { imagemeta, type Ran, start } from "./running.ts";

const samples = new URL("../../samples/sample-bucket/2024/", import.meta.url).pathname;
const files = readdirSync(samples).filter((name) => /\.(jpe?g|png|webp|gif)$/i.test(name));
let folder: string;
let emulator: Emulator;
let cloud: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(`${tmpdir()}/imagemeta-cli-scan-`);
  mkdirSync(`${folder}/buckets/photos`, { recursive: true });
  emulator = await startEmulator({ folder: `${folder}/buckets`, port: 0 });
  cloud = { STORAGE_EMULATOR_HOST: emulator.url };
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

function fill(count: number): void {
  for (let i = 0; i < count; i++) {
    copyFileSync(samples + files[i % files.length], `${folder}/buckets/photos/img-${String(i).padStart(4, "0")}.jpg`);
  }
}

const scan = (args: readonly string[], environment = cloud) => imagemeta(["scan", "gs://photos", ...args], environment);

async function held(path: string): Promise<Map<string, Omit<ImageRecord, "read">>> {
  const store = await openSqlite(path);
  try {
    return await contentOf(store);
  } finally {
    await store.close();
  }
}

/** Requests to read that the emulator has answered since the rule was added. */
function readsSoFar(): number {
  return (emulator.faults.state() as { rules: { struck: number }[] }).rules[0]?.struck ?? 0;
}

test("fills a catalogue, and says what it took; the second time nothing is read", async () => {
  fill(30);
  const first = await scan(["--to", `${folder}/catalog.db`]);
  expect(first).toMatchObject({ code: 0, stdout: "" });
  expect(first.stderr).toMatch(/^30 images in \d+\.\d s: 30 read, 0 unchanged; 2 requests to list, 30 to read, \d+(\.\d)? [kM]B\n$/);
  expect((await held(`${folder}/catalog.db`)).size).toBe(30);
  const second = await scan(["--to", `sqlite:${folder}/catalog.db`]);
  expect(second.stderr).toMatch(/0 read, 30 unchanged; 2 requests to list, 0 to read, 0 B/);
});

test("--processes 2 holds the same", async () => {
  fill(60);
  await scan(["--to", `${folder}/one.db`]);
  expect(await scan(["--to", `${folder}/two.db`, "--processes", "2"])).toMatchObject({ code: 0 });
  expect(await held(`${folder}/two.db`)).toEqual(await held(`${folder}/one.db`));
});

test("a dry run says what the scan then takes, and makes nothing", async () => {
  fill(25);
  const dry = await scan(["--to", `${folder}/catalog.db`, "--dry-run"]);
  expect(existsSync(`${folder}/catalog.db`)).toBe(false);
  const line = (ran: Ran, name: string) => new RegExp(`^${name} +([\\d,]+)`, "m").exec(ran.stdout)?.[1]?.replaceAll(",", "");
  const size = readdirSync(`${folder}/buckets/photos`).reduce(
    (sum, name) => sum + readFileSync(`${folder}/buckets/photos/${name}`).length,
    0,
  );
  expect(line(dry, "to read")).toBe("25");
  expect(line(dry, "bytes to read")).toBe(String(size));
  expect(dry.stdout).toMatch(/Prices of .* https:/);
  const taken = await scan(["--to", `${folder}/catalog.db`]);
  expect(taken.stderr).toContain(`${line(dry, "requests to list")} requests to list, ${line(dry, "requests to read")} to read`);
  let bytes = 0;
  const store = await openSqlite(`${folder}/catalog.db`);
  for await (const { read } of store.iterate()) bytes += read.bytes;
  await store.close();
  expect(String(bytes)).toBe(line(dry, "bytes to read"));
  const after = await scan(["--to", `${folder}/catalog.db`, "--dry-run"]);
  expect([line(after, "unchanged"), line(after, "to read"), line(after, "bytes to read")]).toEqual(["25", "0", "0"]);
});

test("check says what differs", async () => {
  fill(5);
  const check = (...args: string[]) => imagemeta(["check", "gs://photos", "--in", `${folder}/catalog.db`, ...args], cloud);
  expect(await check()).toMatchObject({ code: 2, stderr: expect.stringContaining("catalog.db is not there") });
  expect(existsSync(`${folder}/catalog.db`)).toBe(false);
  await scan(["--to", `${folder}/catalog.db`]);
  expect(await check()).toEqual({ code: 0, stdout: "", stderr: "5 images compared: nothing differs\n" });
  rmSync(`${folder}/buckets/photos/img-0000.jpg`);
  copyFileSync(samples + files[1], `${folder}/buckets/photos/new.jpg`);
  copyFileSync(samples + files[0], `${folder}/buckets/photos/img-0001.jpg`);
  const differs = await check();
  expect(differs.code).toBe(1);
  expect(differs.stdout).toBe("stale   gs://photos/img-0001.jpg\nmissing gs://photos/new.jpg\ngone    gs://photos/img-0000.jpg\n");
  expect(differs.stderr).toContain("5 images compared: 1 stale, 1 missing, 1 gone");
  const json = await check("--format", "json", "--quiet");
  expect(JSON.parse(json.stdout)).toEqual([
    { difference: "stale", uri: "gs://photos/img-0001.jpg", listed: expect.anything(), held: expect.anything() },
    { difference: "missing", uri: "gs://photos/new.jpg", listed: expect.objectContaining({ metageneration: "1" }) },
    { difference: "gone", uri: "gs://photos/img-0000.jpg", held: expect.objectContaining({ generation: expect.any(String) }) },
  ]);
  await scan(["--to", `${folder}/catalog.db`, "--prune"]);
  expect(await check()).toMatchObject({ code: 0 });
});

test("what is not asked for is not gone for check, nor for --prune", async () => {
  fill(4);
  await scan(["--to", `${folder}/catalog.db`]);
  const inCatalogue = ["--in", `${folder}/catalog.db`];
  for (const args of [
    ["--prefix", "img-0001"],
    ["--include", "img-0002*"],
    ["--exclude", "*1.jpg"],
    ["--shard", "0/2"],
  ]) {
    expect(await imagemeta(["check", "gs://photos", ...inCatalogue, ...args], cloud), args.join(" ")).toMatchObject({
      code: 0,
      stdout: "",
    });
  }
  for (const narrow of [
    ["--include", "*.png"],
    ["--exclude", "img-0001*"],
    ["--storage-class", "NEARLINE"],
  ]) {
    const refused = await scan(["--to", `${folder}/catalog.db`, "--prune", ...narrow]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`leave out ${narrow[0]}`) });
  }
  for (const narrow of [
    ["--prefix", "img-0001"],
    ["--shard", "1/3"],
  ]) {
    expect((await scan(["--to", `${folder}/catalog.db`, "--prune", ...narrow])).code).toBe(0);
  }
  expect((await held(`${folder}/catalog.db`)).size).toBe(4);
});

test("the shards of a Cloud Run job share the bucket", async () => {
  fill(20);
  const counts: number[] = [];
  for (const index of ["0", "1"]) {
    const environment = { ...cloud, CLOUD_RUN_TASK_INDEX: index, CLOUD_RUN_TASK_COUNT: "2" };
    const { stderr } = await scan(["--to", `${folder}/catalog.db`], environment);
    counts.push(Number(/(\d+) read/.exec(stderr)?.[1]));
  }
  expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(20);
  expect((await held(`${folder}/catalog.db`)).size).toBe(20);
});

test("an image that fails gives exit code 1, and its record says why", async () => {
  fill(3);
  copyFileSync(new URL(import.meta.url).pathname, `${folder}/buckets/photos/text.jpg`);
  const { code, stderr } = await scan(["--to", `${folder}/catalog.db`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/gs:\/\/photos\/text\.jpg: NOT_AN_IMAGE: /);
  expect(stderr).toContain("1 failed (NOT_AN_IMAGE 1)");
  expect((await held(`${folder}/catalog.db`)).get("gs://photos/text.jpg")?.error?.code).toBe("NOT_AN_IMAGE");
});

test("wrong calls", async () => {
  for (const args of [
    ["scan", "gs://photos"],
    ["scan", "gs://photos", "--to", `${folder}/c.db`, "--shard", "3/2"],
    ["scan", "gs://photos", "--to", `${folder}/c.db`, "--reread", "everything"],
    ["scan", "-", "--to", `${folder}/c.db`],
    ["scan", "gs://photos", "--to", `${folder}/c.json`, "--prune"],
    ["scan", "gs://photos", "--to", "redis://here"],
    ["scan", "gs://photos", "--to", "gs://photos"],
    ["scan", "gs://photos", "--to", "firestore://project"],
    ["scan", "gs://photos", "--to", `${folder}/no/such/folder/c.db`],
    ["scan", `${folder}/no-such-folder`, "--to", `${folder}/c.db`],
    ["check", "gs://photos"],
    ["check", "gs://photos", "--in", "redis://here"],
    ["check", "gs://photos", "--in", `${folder}/c.json`],
  ]) {
    expect((await imagemeta(args, cloud)).code, args.join(" ")).toBe(2);
  }
  expect(readdirSync(folder)).toEqual(["buckets"]);
});

test("Ctrl-C stops at a clean point and says how to go on", async () => {
  fill(200);
  emulator.faults.add({ latency: 50, match: "^GET /photos/" });
  const child = start(["scan", "gs://photos", "--to", `${folder}/catalog.db`, "--concurrency", "4"], cloud);
  let stderr = "";
  child.stderr?.on("data", (chunk) => (stderr += chunk));
  await expect.poll(readsSoFar, { timeout: 10_000 }).toBeGreaterThan(20);
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(130);
  expect(stderr).toMatch(/what was read is kept in .*run the same command again to go on/);
  const kept = (await held(`${folder}/catalog.db`)).size;
  expect(Number(/(\d+) read,/.exec(stderr)?.[1])).toBe(kept);
  emulator.faults.clear();
  expect((await scan(["--to", `${folder}/catalog.db`])).stderr).toContain(`${200 - kept} read, ${kept} unchanged`);
});

const KILLS = 20;
/** More than are read before the last kill: 8 × (1 + 2 + … + 20), and a few that are on their way. */
const IMAGES = 2000;

test.each(["catalog.db", "out.ndjson"])(
  "killed at twenty random moments, then finished: %s is as if undisturbed",
  async (name) => {
    fill(IMAGES);
    await scan(["--to", `${folder}/calm-${name}`]);
    emulator.faults.add({ latency: 10, match: "^GET /photos/" });
    const args = ["scan", "gs://photos", "--to", `${folder}/${name}`, "--concurrency", "4"];
    for (let kill = 0; kill < KILLS; kill++) {
      // Counted in reads, not in time, which says nothing on a slow machine: some after the first few, some after many batches.
      const moment = readsSoFar() + Math.ceil((kill + Math.random()) * 8);
      const child = start(args, cloud);
      const ended = new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
      while (child.exitCode === null && readsSoFar() < moment) await new Promise((resolve) => setTimeout(resolve, 2));
      child.kill("SIGKILL");
      expect(await ended).toBe("SIGKILL");
    }
    const { code } = await imagemeta(args, cloud);
    expect(code).toBe(0);
    // In flight: eight started, and what is read within the tenth of a second that a batch waits. If nothing were kept, 80 a kill.
    expect(readsSoFar()).toBeLessThanOrEqual(IMAGES + KILLS * 60);
    if (name.endsWith(".db")) expect(await held(`${folder}/${name}`)).toEqual(await held(`${folder}/calm-${name}`));
    else {
      const lines = (path: string) =>
        readFileSync(path, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => ({ ...JSON.parse(line), read: undefined }));
      expect(lines(`${folder}/${name}`)).toEqual(lines(`${folder}/calm-${name}`));
    }
  },
  300_000,
);
