import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import type { ImageRecord } from "../../src/record/types.ts";
import { expectRecord } from "../schema.ts";
import { imagemeta, start } from "./running.ts";

const samples = new URL("../../samples", import.meta.url).pathname;
const athens = `${samples}/sample-bucket/2024/athens.jpg`;
let emulator: Emulator;
let cloud: Record<string, string>;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator({ folder: samples, port: 0 });
  cloud = { STORAGE_EMULATOR_HOST: emulator.url };
});
afterAll(() => emulator.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-cli-"));
});
afterEach(() => {
  emulator.faults.clear();
  rmSync(folder, { recursive: true });
});

const records = (text: string): ImageRecord[] => {
  const parsed = text.startsWith("[")
    ? JSON.parse(text)
    : text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
  for (const record of parsed) expectRecord(record);
  return parsed;
};

test("--file reads one object with one request, the name as it is", async () => {
  const { code, stdout, stderr } = await imagemeta(["--file", "/sample-bucket/2024/Café Zürich.jpg"], cloud);
  const [record] = records(stdout);
  expect(record).toMatchObject({
    uri: "gs://sample-bucket/2024/Café Zürich.jpg",
    format: "JPEG",
    object: {
      bucket: "sample-bucket",
      name: "2024/Café Zürich.jpg",
      contentType: "image/jpeg",
      generation: expect.stringMatching(/^\d+$/),
    },
    read: { requests: 1 },
  });
  expect([code, stderr]).toEqual([0, ""]);
});

test.each(["printed", "numeric"])("--write out.parquet writes a row an image, with %s values", async (values) => {
  const path = `${folder}/out/meta.parquet`;
  const form = values === "numeric" ? ["-n"] : [];
  const { code, stdout, stderr } = await imagemeta(["--bucket", "sample-bucket", "--write", path, ...form], cloud);
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toContain(`written to ${path}`);
  expect(readdirSync(`${folder}/out`)).toEqual(["meta.parquet"]);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  const read = records((await imagemeta(["--bucket", "sample-bucket", ...form], cloud)).stdout);
  expect(rows.map(({ uri, values, tags }) => ({ uri, values, tags: JSON.parse(String(tags)) }))).toEqual(
    read.map((record) => ({ uri: record.uri, values, tags: "tags" in record ? record.tags : undefined })),
  );
});

test("--bucket --write writes every image of the bucket, and says so", async () => {
  const { code, stdout, stderr } = await imagemeta(["--bucket", "sample-bucket", "--write", `${folder}/out/meta.json`], cloud);
  expect([code, stdout]).toEqual([0, ""]);
  const written = records(readFileSync(`${folder}/out/meta.json`, "utf8"));
  expect(written.map(({ uri }) => uri)).toEqual(written.map(({ uri }) => uri).sort());
  expect(written).toHaveLength(12);
  expect(stderr).toMatch(
    /^12 images in [\d.]+ s: 12 requests, [\d.]+ kB; 1 other object left out \(--all reads them too\); written to .*meta\.json\n$/,
  );
  expect(readdirSync(`${folder}/out`)).toEqual(["meta.json"]);
});

test("the same image is the same record from bucket, file, web and standard input", async () => {
  const bytes = readFileSync(athens);
  const web = createServer((request, response) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const part = range === null ? bytes : bytes.subarray(Number(range[1]), Number(range[2]) + 1);
    const first = Number(range?.[1] ?? 0);
    response.writeHead(range === null ? 200 : 206, {
      "content-length": part.length,
      etag: '"1"',
      ...(range === null ? {} : { "content-range": `bytes ${first}-${first + part.length - 1}/${bytes.length}` }),
    });
    response.end(part);
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(web.address() as AddressInfo).port}/a.jpg`;
  const all = await Promise.all([
    imagemeta(["gs://sample-bucket/2024/athens.jpg"], cloud),
    imagemeta([athens]),
    imagemeta([address]),
    imagemeta(["-"], {}, bytes),
  ]);
  await new Promise((resolve) => web.close(resolve));
  const contents = all.map(({ stdout }) => {
    const [{ uri, object, read, ...content } = {} as ImageRecord] = records(stdout);
    return content;
  });
  for (const content of contents) expect(content).toEqual(contents[0]);
  expect(all.map(({ stdout }) => records(stdout)[0]?.uri)).toEqual([
    "gs://sample-bucket/2024/athens.jpg",
    `file://${athens}`,
    address,
    "-",
  ]);
});

test("-n, --only and --tags", async () => {
  const run = async (...args: string[]) =>
    records((await imagemeta([athens, ...args])).stdout)[0] as unknown as Record<string, Record<string, unknown>>;
  expect((await run("--tags", "ExifIFD:ExposureTime")).tags).toEqual({ ExifIFD: { ExposureTime: "1/1250" } });
  expect((await run("-n", "--tags", "exposuretime")).tags).toEqual({ ExifIFD: { ExposureTime: 0.0008 } });
  const only = await imagemeta([athens, "--only", "format,summary"]);
  expect(Object.keys(JSON.parse(only.stdout)[0])).toEqual(["uri", "schema", "engine", "values", "format", "summary"]);
});

test("globs, prefixes and exclusions narrow a bucket", async () => {
  const names = async (...args: string[]) =>
    records((await imagemeta([...args, "--format", "ndjson"], cloud)).stdout).map(({ uri }) => uri.slice("gs://sample-bucket/".length));
  expect(await names("gs://sample-bucket/**/*.png")).toEqual(["generated/castle.png", "generated/fox.png"]);
  expect(await names("gs://sample-bucket/press/")).toEqual(["press/harbour.jpg", "press/portrait.jpg"]);
  expect(await names("--bucket", "sample-bucket", "--prefix", "2024/", "--include", "*.heic", "--include", "*.avif")).toEqual([
    "2024/kyoto.avif",
    "2024/lisbon.heic",
  ]);
  expect(await names("gs://sample-bucket/press/", "--exclude", "**/portrait*")).toEqual(["press/harbour.jpg"]);
});

test("csv and table", async () => {
  const csv = await imagemeta([athens, "--format", "csv", "--tags", "IFD0:Model"]);
  expect(csv.stdout.split("\n")[1]).toMatch(/^file:\/\/.*athens\.jpg,.*,Pixel 8 Pro$/);
  const table = await imagemeta(["--bucket", "sample-bucket", "--format", "table"], cloud);
  expect(table.stdout).toMatch(/generated\/castle\.png +PNG +512×384 .*AI/);
});

test("what is no image has a record with an error, and the exit code says so", async () => {
  const { code, stdout, stderr } = await imagemeta(
    ["gs://sample-bucket/notes.txt", "gs://sample-bucket/none.jpg", "gs://no-bucket/a.jpg"],
    cloud,
  );
  expect(records(stdout).map(({ error }) => error?.code)).toEqual(["NOT_AN_IMAGE", "NOT_FOUND", "NOT_FOUND"]);
  expect(code).toBe(1);
  expect(stderr).toContain("3 failed (NOT_AN_IMAGE 1, NOT_FOUND 2)");
});

test("--all reads what neither type nor name calls an image", async () => {
  const { code, stderr } = await imagemeta(["--bucket", "sample-bucket", "--all", "--format", "ndjson"], cloud);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^13 images .*1 failed \(NOT_AN_IMAGE 1\)\n$/);
});

test("a bucket that is not there fails the run with a reason", async () => {
  const { code, stdout, stderr } = await imagemeta(["--bucket", "no-such-bucket"], cloud);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^imagemeta: NOT_FOUND: .*no-such-bucket/);
  expect(stdout).toBe("[]\n");
});

test("faults on the way are retried, and counted", async () => {
  emulator.faults.add({ kinds: ["503", "reset", "truncate"], rate: 0.3, seed: 7 });
  const { code, stdout } = await imagemeta(["--bucket", "sample-bucket", "--format", "ndjson"], cloud);
  const read = records(stdout);
  expect([code, read.length, read.filter(({ error }) => error).length]).toEqual([0, 12, 0]);
  expect(read.reduce((sum, { read: { requests } }) => sum + requests, 0)).toBeGreaterThan(12);
});

test("wrong calls leave with 2 and say what to write", async () => {
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await imagemeta(args);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await wrong()).toContain("no image is named");
  expect(await wrong("--bogus")).toContain("unknown option");
  expect(await wrong("--file", "photo.jpg")).toContain("/bucket/name");
  expect(await wrong(athens, "--write", `${folder}/x.docx`)).toContain(".parquet");
  expect(await wrong(athens, "--write", `${folder}/x.parquet`, "--only", "summary")).toContain("parquet");
  expect(await wrong(athens, "--only", "nonsense")).toContain("nonsense");
  expect(await wrong(athens, "--concurrency", "0")).toContain("whole number");
  expect(await wrong("ftp://example.org/a.jpg")).toContain("ftp://");
});

test("a switch's variable can say no", async () => {
  const quiet = async (value: string) => (await imagemeta(["--bucket", "sample-bucket"], { ...cloud, IMAGEMETA_QUIET: value })).stderr;
  expect(await quiet("1")).toBe("");
  expect(await quiet("false")).toMatch(/^12 images/);
});

test("a reader that leaves early is no error", async () => {
  const child = start(["--bucket", "sample-bucket"], cloud);
  child.stdout?.once("data", () => child.stdout?.destroy());
  let stderr = "";
  child.stderr?.on("data", (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("EPIPE")]);
});

test("interrupted, the array is closed, a file is left as it was", async () => {
  writeFileSync(`${folder}/meta.json`, "before");
  emulator.faults.add({ kinds: [], latency: 400 });
  for (const args of [
    ["--concurrency", "1"],
    ["--concurrency", "1", "--write", `${folder}/meta.json`],
  ]) {
    const child = start(["--bucket", "sample-bucket", ...args], cloud);
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk) => (stdout += chunk));
    child.stderr?.on("data", (chunk) => (stderr += chunk));
    setTimeout(() => child.kill("SIGINT"), 2000);
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped after \d+ images?; .*run it again/);
    if (stdout !== "") expect(records(stdout).length).toBeLessThan(12);
  }
  expect(readFileSync(`${folder}/meta.json`, "utf8")).toBe("before");
  expect(readdirSync(folder)).toEqual(["meta.json"]);
});

test("what a terminal would obey in a name is shown in errors, not sent", async () => {
  const { code, stderr } = await imagemeta(["--file", "/sample-bucket/\u001b]0;owned\u0007\u202egpj.jpg"], cloud);
  expect([code, stderr]).toEqual([1, expect.stringContaining("\\u{1b}]0;owned\\u{7}\\u{202e}gpj.jpg: NOT_FOUND")]);
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});
