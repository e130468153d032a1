/** Every command that reads many images, given one that spins for ever among good ones. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ImageRecord } from "../../src/record/types.ts";
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { type Change, pulled, wrappedPush } from "../pipeline/events/forms.ts";
import { contentOf, image } from "../pipeline/scan/scanning.ts";
import { poisonedImage, testBuild } from "../poison/images.ts";
import { childrenOf, isRunning } from "../processes.ts";
import { openBucket, type TestBucket } from "../storage/bucket.ts";
import { imagemeta, start } from "./running.ts";

const GOOD = 200;
const SPINNING = "gs://photos/img-0100-spins.jpg";
/** Seconds of a parse that outlives the test. */
const FOR_EVER = ["--parse-timeout", "3600"];

let bucket: TestBucket;
let folder: string;
let catalogue: string;
let environment: Record<string, string>;

beforeEach(async () => {
  bucket = await openBucket();
  folder = mkdtempSync(`${tmpdir()}/imagemeta-hostile-`);
  catalogue = `${folder}/catalog.db`;
  environment = { ...testBuild, STORAGE_EMULATOR_HOST: bucket.emulator.url };
});
afterEach(async () => {
  await bucket.close();
  rmSync(folder, { recursive: true });
});

async function fill(good = GOOD): Promise<void> {
  for (let i = 0; i < good; i++) await bucket.put(`img-${String(i).padStart(4, "0")}.jpg`, image(i));
  await bucket.put("img-0100-spins.jpg", poisonedImage("spin"));
}

async function held(): Promise<Map<string, Omit<ImageRecord, "read">>> {
  const store = await openSqlite(catalogue);
  try {
    return await contentOf(store);
  } finally {
    await store.close();
  }
}

/** All were read but one. */
function expectOneEnded(records: Iterable<Pick<ImageRecord, "uri" | "error">>): void {
  const all = [...records];
  expect(all).toHaveLength(GOOD + 1);
  expect(all.filter(({ error }) => error !== undefined).map(({ uri, error }) => [uri, error?.code])).toEqual([
    [SPINNING, "LIMIT_EXCEEDED"],
  ]);
}

/** Resolves when the image that spins has been sent to who reads it. */
async function spinning(): Promise<void> {
  await expect.poll(() => bucket.emulator.faults.state(), { timeout: 30_000 }).toMatchObject({ rules: [{ struck: 1 }] });
  // And has been parsed for a while.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

function watchReads(): void {
  bucket.emulator.faults.add({ latency: 0, match: "^GET /photos/.*spins" });
}

async function endOf(child: ReturnType<typeof start>): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));
}

async function change(name: string): Promise<Change> {
  const answer = await fetch(`${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`);
  return { type: "OBJECT_FINALIZE", resource: (await answer.json()) as Record<string, unknown> };
}

async function serve(...args: string[]) {
  const child = start(["serve", "--to", catalogue, "--port", "0", ...args], environment);
  const ended = endOf(child);
  if (child.stderr === null) throw new Error("no stderr");
  const url = await new Promise<string>((resolve, reject) => {
    ended.then((how) => reject(new Error(`it ended with ${how}`)));
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      const said = /"url":"([^"]+)"/.exec(line)?.[1];
      if (said !== undefined) resolve(said);
    });
  });
  const post = async (name: string) => {
    const { headers, body } = wrappedPush(await change(name));
    return (await fetch(url, { method: "POST", headers, body: new Uint8Array(Buffer.from(body)) })).status;
  };
  return { child, ended, url, post };
}

test.each([1, 2])("scan with %i processes ends it and reads the others", { timeout: 120_000 }, async (processes) => {
  await fill();
  const { code, stderr } = await imagemeta(["scan", "gs://photos", "--to", catalogue, "--processes", `${processes}`], environment);
  expectOneEnded((await held()).values());
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /img-0100-spins\.jpg: LIMIT_EXCEEDED: parsing the image takes more than 2 s of computing time \(--parse-timeout\)/,
  );
  expect(stderr).toContain("1 failed (LIMIT_EXCEEDED 1)");
});

test("read ends it and gives the others, in their order", { timeout: 120_000 }, async () => {
  await fill();
  const { code, stdout } = await imagemeta(["--bucket", "photos", "--format", "ndjson"], environment);
  const records: ImageRecord[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expectOneEnded(records);
  expect(records.map(({ uri }) => uri)).toEqual(records.map(({ uri }) => uri).sort());
  expect(code).toBe(1);
});

test("audit ends it, judges the others, and fails because it judged not all", { timeout: 120_000 }, async () => {
  await fill();
  const args = ["audit", "gs://photos", "--only", "unseen", "--format", "json"];
  const { code, stdout, stderr } = await imagemeta(args, environment);
  expect(stderr).toContain(`${GOOD + 1} images in`);
  expect(JSON.parse(stdout)).toMatchObject([{ rule: "unseen", uri: SPINNING, found: expect.stringMatching(/^LIMIT_EXCEEDED: /) }]);
  expect(code).toBe(1);
});

test("serve answers every push, and says that it is healthy all the while", { timeout: 120_000 }, async () => {
  await fill();
  watchReads();
  const { child, ended, url, post } = await serve("--parse-timeout", "5");
  const names = Array.from({ length: GOOD }, (_, i) => `img-${String(i).padStart(4, "0")}.jpg`);
  let isEnded = false;
  const spun = post("img-0100-spins.jpg").finally(() => {
    isEnded = true;
  });
  await spinning();
  let healthy = 0;
  while (!isEnded && healthy < 100) {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    healthy++;
  }
  expect(isEnded).toBe(false);
  const statuses = await Promise.all(names.map(post));
  expect(new Set([...statuses, await spun])).toEqual(new Set([204]));
  expectOneEnded((await held()).values());
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("an image that is ended is recorded in its event's version, even if the event says nothing else", { timeout: 60_000 }, async () => {
  await fill(0);
  const { child, ended, url } = await serve("--parse-timeout", "1");
  const { attributes } = pulled(await change("img-0100-spins.jpg"), "NONE");
  const body = JSON.stringify({ message: { attributes, data: "", messageId: "1" }, subscription: "projects/demo/subscriptions/images" });
  expect((await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })).status).toBe(204);
  expect((await held()).get(SPINNING)).toMatchObject({
    object: { bucket: "photos", name: "img-0100-spins.jpg", generation: attributes.objectGeneration },
    error: { code: "LIMIT_EXCEEDED" },
  });
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("serve leaves within its grace while an image spins, and leaves no process behind", { timeout: 60_000 }, async () => {
  await fill(1);
  watchReads();
  const { child, ended, post } = await serve("--grace", "3", ...FOR_EVER);
  const answer = post("img-0100-spins.jpg").catch(() => undefined);
  await spinning();
  const members = childrenOf(child.pid);
  expect(members).toHaveLength(1);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(await answer).toBe(503);
  expect(members.filter(isRunning)).toEqual([]);
});

test.each([
  ["scan", ["scan", "gs://photos", "--to", "out.db"], "SIGINT", 130],
  ["scan", ["scan", "gs://photos", "--to", "out.db"], "SIGTERM", 130],
  ["read", ["gs://photos"], "SIGINT", 130],
  ["audit", ["audit", "gs://photos"], "SIGINT", 130],
] as const)(
  "%s %j ends by %s while an image spins, and leaves no process behind",
  { timeout: 60_000 },
  async (_name, args, signal, code) => {
    await fill(1);
    watchReads();
    const child = start([...args.map((arg) => arg.replace("out.db", catalogue)), ...FOR_EVER], environment);
    const ended = endOf(child);
    await spinning();
    const members = childrenOf(child.pid);
    expect(members).toHaveLength(1);
    // As a terminal does: to all of them.
    for (const pid of [...members, child.pid ?? 0]) process.kill(pid, signal);
    expect(await ended).toBe(code);
    expect(members.filter(isRunning)).toEqual([]);
  },
);

test("a process that spins ends when its parent is killed", { timeout: 60_000 }, async () => {
  await fill(1);
  watchReads();
  const child = start(["scan", "gs://photos", "--to", catalogue, ...FOR_EVER], environment);
  await spinning();
  const members = childrenOf(child.pid);
  expect(members).toHaveLength(1);
  child.kill("SIGKILL");
  await expect.poll(() => members.filter(isRunning), { timeout: 10_000 }).toEqual([]);
});

test("read of one image ends it in its own process", { timeout: 60_000 }, async () => {
  await fill(0);
  const { code, stdout } = await imagemeta([SPINNING, "--parse-timeout", "1"], environment);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    { uri: SPINNING, error: { code: "LIMIT_EXCEEDED", message: "parsing the image takes more than 1 s (--parse-timeout)" } },
  ]);
});

test("Ctrl-C ends the read of one image while it spins", { timeout: 60_000 }, async () => {
  await fill(0);
  watchReads();
  const child = start([SPINNING, ...FOR_EVER], environment);
  const ended = endOf(child);
  await spinning();
  expect(childrenOf(child.pid)).toEqual([]);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
});

test("standard input among other images is read too", { timeout: 60_000 }, async () => {
  await bucket.put("a.jpg", image(1));
  const { code, stdout } = await imagemeta(["-", "gs://photos/a.jpg", "--format", "ndjson"], environment, image(0));
  const records: ImageRecord[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(records.map(({ uri, error }) => [uri, error])).toEqual([
    ["-", undefined],
    ["gs://photos/a.jpg", undefined],
  ]);
  expect(code).toBe(0);
});
