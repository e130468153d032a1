import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/server.ts";
import type { ImageRecord } from "../../src/record/types.ts";
import { openCatalogue } from "../../src/stores/open.ts";
import { expectRecord } from "../schema.ts";
import { imagemeta, start } from "./running.ts";

const samples = new URL("../../samples", import.meta.url).pathname;
let folder: string;
let store: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-export-"));
  store = join(folder, "catalog.db");
  const emulator = await startEmulator({ folder: samples, port: 0 });
  const { code, stderr } = await imagemeta(["scan", "gs://sample-bucket", "--to", store], { STORAGE_EMULATOR_HOST: emulator.url });
  await emulator.close();
  expect([code, stderr]).toEqual([0, expect.stringContaining("12 read")]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => imagemeta(["export", "--from", store, ...args]);

async function names(...args: string[]): Promise<string[]> {
  const { code, stdout } = await run("--format", "ndjson", ...args);
  expect(code).toBe(0);
  const records: ImageRecord[] = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return records.map(({ uri }) => uri.slice("gs://sample-bucket/".length)).sort();
}

test("prints the records that the store holds", async () => {
  const { code, stdout, stderr } = await run();
  const records: ImageRecord[] = JSON.parse(stdout);
  for (const record of records) expectRecord(record);
  const catalogue = await openCatalogue(store);
  expect(records).toHaveLength(12);
  for (const record of records) expect(record).toEqual(await catalogue.get(record.uri));
  await catalogue.close();
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^12 records in [\d.]+ s\n$/)]);
});

test("--where and --prefix", async () => {
  expect(await names("--where", "summary.make = 'Apple' or summary.make = 'Google'")).toEqual(["2024/athens.jpg", "2024/lisbon.heic"]);
  expect(await names("--where", "summary.latitude exists and not summary.iso >= 80")).toEqual(["2024/athens.jpg"]);
  expect(await names("--where", `tags."XMP-dc".Creator contains 'Nadia Okafor'`)).toEqual(["press/portrait.jpg"]);
  expect(await names("--where", "summary.takenAt >= '2024-06' and summary.takenAt < '2025'")).toEqual([
    "2024/Café Zürich.jpg",
    "2024/kyoto.avif",
    "2024/lisbon.heic",
  ]);
  expect(await names("--prefix", "gs://sample-bucket/press/", "--where", "not summary.copyright = ''")).toEqual([
    "press/harbour.jpg",
    "press/portrait.jpg",
  ]);
});

test("--only and --tags pick parts", async () => {
  const { stdout } = await run("--prefix", "gs://sample-bucket/2024/athens", "--only", "format,tags", "--tags", "GPS:GPSLatitude");
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ uri: "gs://sample-bucket/2024/athens.jpg", format: "JPEG", tags: { GPS: { GPSLatitude: 37.971532 } } }),
  ]);
});

test("--write takes every format of files", async () => {
  const write = async (name: string, ...args: string[]) => {
    const { code, stdout, stderr } = await run("--write", join(folder, "out", name), ...args);
    expect([code, stdout, stderr]).toEqual([0, "", expect.stringMatching(new RegExp(`^12 records in [\\d.]+ s; written to .*${name}\n$`))]);
    return join(folder, "out", name);
  };
  expect(JSON.parse(readFileSync(await write("a.json"), "utf8"))).toHaveLength(12);
  expect(
    readFileSync(await write("a.jsonl"), "utf8")
      .trimEnd()
      .split("\n"),
  ).toHaveLength(12);
  expect(readFileSync(await write("a.csv", "--tags", "IFD0:Artist"), "utf8").split("\n")[0]).toMatch(/^uri,.*,IFD0:Artist$/);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(await write("a.parquet")) });
  expect(rows.map(({ uri }) => uri)).toContain("gs://sample-bucket/2024/athens.jpg");
  expect(rows).toHaveLength(12);
  expect(readdirSync(join(folder, "out")).sort()).toEqual(["a.csv", "a.json", "a.jsonl", "a.parquet"]);
});

test("wrong calls leave with 2, and print nothing", async () => {
  const wrong = async (...args: string[]) => {
    const { code, stdout, stderr } = await imagemeta(["export", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(await wrong()).toContain("--from");
  expect(await wrong("--from", join(folder, "none.db"))).toContain("none.db is not there");
  expect(readdirSync(folder)).not.toContain("none.db");
  expect(await wrong("--from", "images.csv")).toContain("only takes records");
  expect(await wrong("--from", "redis://here")).toContain("redis://here is no address of a store");
  expect(await wrong("--from", store, "--where", "make = 'Apple'")).toMatch(
    /--where, column 1: .*write summary\.make\n {2}make = 'Apple'\n {2}\^/,
  );
  expect(await wrong("--from", store, "--write", "a.docx")).toContain(".ndjson");
  expect(await wrong("--from", store, "--write", "a.parquet", "--only", "summary")).toContain("parquet");
});

test("what is no catalogue fails with a reason, and a file that stood there is left", async () => {
  writeFileSync(join(folder, "text.db"), "not a database, but a text that is long enough to be looked at as one".repeat(20));
  writeFileSync(join(folder, "kept.csv"), "before");
  const { code, stderr } = await imagemeta(["export", "--from", join(folder, "text.db"), "--write", join(folder, "kept.csv")]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^imagemeta: [A-Z_]+: .*text\.db/)]);
  expect(readFileSync(join(folder, "kept.csv"), "utf8")).toBe("before");
});

test("a reader that leaves early is no error", async () => {
  const child = start(["export", "--from", store]);
  child.stdout?.once("data", () => child.stdout?.destroy());
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(0);
});
