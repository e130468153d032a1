/** Scans whose store goes away for a while, or for good: what was taken is kept, what was not is read again, and the exit code tells. */
import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import { openCatalogue } from "../../src/stores/open.ts";
import { contentOf } from "../pipeline/scan/scanning.ts";
import { requireProgram } from "../requirements.ts";
import { hasFirestoreEmulator, startFirestore } from "../stores/firestore-emulator.ts";
import { hasPostgres, startPostgres } from "../stores/postgres-server.ts";
import { imagemeta, start } from "./running.ts";

const samples = new URL("../../samples/sample-bucket/2024/", import.meta.url).pathname;
const files = readdirSync(samples).filter((name) => /\.(jpe?g|png|webp|gif)$/i.test(name));
const COUNT = 600;
let folder: string;
let emulator: Emulator;
let cloud: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(`${tmpdir()}/imagemeta-outage-`);
  mkdirSync(`${folder}/buckets/photos`, { recursive: true });
  for (let i = 0; i < COUNT; i++)
    copyFileSync(samples + files[i % files.length], `${folder}/buckets/photos/img-${String(i).padStart(4, "0")}.jpg`);
  emulator = await startEmulator({ folder: `${folder}/buckets`, port: 0 });
  cloud = { STORAGE_EMULATOR_HOST: emulator.url };
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const reads = () => (emulator.faults.state() as { rules: { struck: number }[] }).rules[0]?.struck ?? 0;

async function held(address: string) {
  const store = await openCatalogue(address);
  try {
    return await contentOf(store);
  } finally {
    await store.close();
  }
}

/** A scan, slow enough that `outage` comes amid it. */
async function scanThrough(to: string, outage: () => Promise<void>) {
  emulator.faults.add({ latency: 25, match: "^GET /photos/" });
  const child = start(["scan", "gs://photos", "--to", to, "--concurrency", "4"], cloud);
  const [stderr, code] = [text(child.stderr as NodeJS.ReadableStream), new Promise((resolve) => child.once("close", resolve))];
  await expect.poll(reads, { timeout: 30_000 }).toBeGreaterThan(100);
  await outage();
  return { stderr: await stderr, code: await code };
}

async function expectWhole(to: string, { stderr, code }: { stderr: string; code: unknown }) {
  expect([code, stderr]).toEqual([0, expect.stringMatching(/600 read, 0 unchanged/)]);
  expect(reads()).toBe(COUNT);
  emulator.faults.clear();
  await imagemeta(["scan", "gs://photos", "--to", `${folder}/calm.db`], cloud);
  expect(await held(to)).toEqual(await held(`${folder}/calm.db`));
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

test.runIf(hasPostgres())(
  "PostgreSQL that crashes and comes back is waited for",
  async () => {
    const server = await startPostgres();
    try {
      const to = server.database("photos");
      const ran = await scanThrough(to, async () => {
        const startAgain = await server.crash();
        await seconds(3);
        await startAgain();
      });
      await expectWhole(to, ran);
    } finally {
      await server.stop();
    }
  },
  120_000,
);

test.runIf(hasFirestoreEmulator())(
  "Firestore that answers nothing for a while is waited for",
  async () => {
    const firestore = await startFirestore();
    try {
      cloud.FIRESTORE_EMULATOR_HOST = firestore.host;
      process.env.FIRESTORE_EMULATOR_HOST = firestore.host;
      const to = "firestore://demo/(default)/images";
      const ran = await scanThrough(to, async () => {
        const goOn = firestore.freeze();
        await seconds(5);
        goOn();
      });
      await expectWhole(to, ran);
    } finally {
      delete process.env.FIRESTORE_EMULATOR_HOST;
      await firestore.stop();
    }
  },
  180_000,
);

/** Whether this user may mount a file system of a few megabytes, in a namespace of its own. */
function mayMount(): boolean {
  if (process.platform !== "linux" || !requireProgram("unshare", "install util-linux")) return false;
  return spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
}

describe.runIf(mayMount())("a full disk", () => {
  const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;

  /** Scans onto a disk of so many KiB; then everything on it is copied into `copy`. */
  function scanOntoDisk(kilobytes: number, name: string): Promise<{ code: number; stderr: string }> {
    const disk = `${folder}/disk`;
    mkdirSync(disk, { recursive: true });
    const script = `mount -t tmpfs -o size=${kilobytes}k tmpfs "$1" && "$2" "$3" scan gs://photos --to "$1/${name}"; code=$?; cp -r "$1" "$4"; exit $code`;
    const args = ["-rm", "sh", "-c", script, "sh", disk, process.execPath, main, `${folder}/copy`];
    return new Promise((resolve) =>
      execFile("unshare", args, { env: { ...process.env, ...cloud } }, (error, _, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      ),
    );
  }

  test("ends the scan of a catalogue at once; with room it goes on", async () => {
    const { code, stderr } = await scanOntoDisk(1000, "catalog.db");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/UNAVAILABLE: .*disk is full: make room/)]);
    const kept = (await held(`${folder}/copy/catalog.db`)).size;
    expect(kept).toBeGreaterThan(0);
    const { stderr: rest } = await imagemeta(["scan", "gs://photos", "--to", `${folder}/copy/catalog.db`], cloud);
    expect(rest).toContain(`${COUNT - kept} read, ${kept} unchanged`);
    expect((await held(`${folder}/copy/catalog.db`)).size).toBe(COUNT);
  }, 60_000);

  test.each(["out.ndjson", "out.parquet"])(
    "ends the scan into %s at once; with room it goes on",
    async (name) => {
      const { code, stderr } = await scanOntoDisk(1000, name);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/UNAVAILABLE: .*full/)]);
      expect(readdirSync(`${folder}/copy`)).not.toContain(name);
      const { stderr: rest } = await imagemeta(["scan", "gs://photos", "--to", `${folder}/copy/${name}`], cloud);
      const [, read, unchanged] = /(\d+) read, (\d+) unchanged/.exec(rest) ?? [];
      expect(Number(read) + Number(unchanged)).toBe(COUNT);
      expect(Number(unchanged)).toBeGreaterThan(0);
      expect(readdirSync(`${folder}/copy`)).toEqual([name]);
    },
    60_000,
  );

  test("that has room for what is read, not for the file itself, keeps it; with little more nothing is left over", async () => {
    const name = "out.ndjson";
    const failures: string[] = [];
    for (let kilobytes = 1500; ; kilobytes *= 1.25) {
      const { code, stderr } = await scanOntoDisk(Math.round(kilobytes), name);
      const left = readdirSync(`${folder}/copy`);
      if (code === 0) {
        expect(left).toEqual([name]);
        break;
      }
      failures.push(stderr);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/UNAVAILABLE: .*(full|no space)/)]);
      expect(left).not.toContain(name);
      if (!stderr.includes("journal")) {
        const { stderr: rest } = await imagemeta(["scan", "gs://photos", "--to", `${folder}/copy/${name}`], cloud);
        expect(rest).toContain(`0 read, ${COUNT} unchanged`);
      }
      rmSync(`${folder}/copy`, { recursive: true });
    }
    expect(failures.some((stderr) => stderr.includes(`cannot write ${folder}/disk/${name}:`))).toBe(true);
  }, 120_000);
});
