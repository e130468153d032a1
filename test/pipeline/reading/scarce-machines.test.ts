/** A pool on a machine that lacks something. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ReaderPool } from "../../../src/pipeline/reading/reader-pool.ts";
import { poisonedImage, testBuild } from "../../poison/images.ts";
import { childrenOf } from "../../processes.ts";

const athens = new URL("../../../samples/sample-bucket/2024/athens.jpg", import.meta.url);
const POOL = new URL("../../../src/pipeline/reading/reader-pool.ts", import.meta.url);
/** A name space in which /proc is empty. */
const WITHOUT_PROC = ["unshare", "-rm", "bash", "-c", 'mount -t tmpfs none /proc && exec "$@"', "bash"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-scarce-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What reading an image in a pool of one process comes to, in a Node that `start` starts. */
function readIn(start: readonly string[], uri: string, before = ""): { readonly stdout: string; readonly stderr: string } {
  const script = join(folder, "read.ts");
  writeFileSync(
    script,
    `import { openSync } from "node:fs";
import { ReaderPool } from ${JSON.stringify(POOL.href)};
${before}
const pool = new ReaderPool({ processes: 1, parseSeconds: 1 });
pool.open({ concurrency: 1, share: 1, printed: false, thorough: false, storage: {} });
const { error } = await pool.read({ uri: ${JSON.stringify(uri)} }).catch((error) => ({ error }));
console.log(error.code + ": " + error.message);
await pool.close();
`,
  );
  const [command = "", ...args] = start;
  const env = { ...process.env, ...testBuild };
  return spawnSync(command, [...args, process.execPath, script], { encoding: "utf8", env, timeout: 60_000 });
}

test("says why no process can be started if no file descriptor is left", { timeout: 60_000 }, () => {
  const limited = ["bash", "-c", 'ulimit -n 256 && exec "$@"', "bash"];
  const takeAll = 'try { for (;;) openSync("/dev/null"); } catch {}';
  const { stdout, stderr } = readIn(limited, "gs://photos/a.jpg", takeAll);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^INTERNAL: the processes that read images die when they start \(spawn .*EMFILE\)\n$/);
});

const canHideProc = spawnSync(WITHOUT_PROC[0] ?? "", [...WITHOUT_PROC.slice(1), "true"]).status === 0;
test.skipIf(!canHideProc)("ends a parse that spins if there is no /proc to measure memory by", { timeout: 60_000 }, () => {
  const image = join(folder, "spin.jpg");
  writeFileSync(image, poisonedImage("spin"));
  const { stdout } = readIn(WITHOUT_PROC, pathToFileURL(image).href);
  expect(stdout).toBe("LIMIT_EXCEEDED: parsing the image takes more than 1 s of computing time (--parse-timeout)\n");
});

test("reports a process that the system kills, and reads images in another", { timeout: 60_000 }, async () => {
  const before = childrenOf(process.pid);
  const deaths: [string, number][] = [];
  const pool = new ReaderPool({ processes: 1, parseSeconds: 60, onDeath: (...death) => deaths.push(death) });
  try {
    pool.open({ concurrency: 1, share: 1, printed: false, thorough: false, storage: {} });
    await pool.read({ uri: athens.href });
    const [member = 0] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    process.kill(member, "SIGKILL");
    await expect.poll(() => deaths, { timeout: 20_000 }).toEqual([["SIGKILL", 0]]);
    expect(await pool.read({ uri: athens.href })).toMatchObject({ format: "JPEG" });
  } finally {
    await pool.close();
  }
});
