import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";
import type { Finding } from "../../src/pipeline/audit/rule.ts";
import { imagemeta } from "./running.ts";

const samples = new URL("../../samples", import.meta.url).pathname;
let folder: string;
let emulator: Emulator;
let cloud: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-audit-"));
  emulator = await startEmulator({ folder: samples, port: 0 });
  cloud = { STORAGE_EMULATOR_HOST: emulator.url };
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => imagemeta(["audit", ...args], cloud);
const findingsOf = (text: string): Finding[] => text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));

test("the report counts by rule and names examples", async () => {
  const { code, stdout, stderr } = await run("gs://sample-bucket", "--only", "privacy,broken", "--examples", "1");
  expect(stdout).toBe(`12 images, 7 with findings

privacy
        2  high    gps                   the position where it was taken
                   gs://sample-bucket/2024/athens.jpg
                   … and 1 more
        2  high    serial                a serial number of the camera or lens
                   gs://sample-bucket/2024/kyoto.avif
                   … and 1 more
        1  high    owner                 the name of the camera's owner
                   gs://sample-bucket/press/harbour.jpg
        1  high    people                names of people who are shown
                   gs://sample-bucket/press/portrait.jpg
        2  medium  location              the place in words
                   gs://sample-bucket/press/harbour.jpg
                   … and 1 more
        1  medium  contact               addresses or telephone numbers
                   gs://sample-bucket/press/portrait.jpg
        4  low     artist                the name of who made it
                   gs://sample-bucket/2024/kyoto.avif
                   … and 3 more
        1  low     preview               an embedded preview
                   gs://sample-bucket/2024/athens.jpg

broken
        1  high    truncated             an end before their end
                   gs://sample-bucket/broken/cut-off.jpg
`);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^12 images in [\d.]+ s: 12 requests, .*; 15 findings\n$/)]);
});

test("the machine's forms have one finding a line or item", async () => {
  const only = ["gs://sample-bucket/2024/", "--only", "gps"];
  const ndjson = await run(...only, "--format", "ndjson");
  const found = findingsOf(ndjson.stdout);
  expect(found).toEqual([
    {
      uri: "gs://sample-bucket/2024/athens.jpg",
      rule: "gps",
      topic: "privacy",
      severity: "high",
      found: "37.971532, 23.725749",
      tags: ["GPS:GPSLatitude", "GPS:GPSLongitude"],
    },
    expect.objectContaining({ uri: "gs://sample-bucket/2024/lisbon.heic" }),
  ]);
  expect(JSON.parse((await run(...only, "--format", "json")).stdout)).toEqual(found);
  expect((await run(...only, "--format", "csv")).stdout.split("\n").slice(0, 2)).toEqual([
    "uri,topic,rule,severity,found,tags",
    'gs://sample-bucket/2024/athens.jpg,privacy,gps,high,"37.971532, 23.725749",GPS:GPSLatitude; GPS:GPSLongitude',
  ]);
});

test("--write takes the format of the ending", async () => {
  const { stdout, stderr } = await run("gs://sample-bucket", "--only", "ai", "--write", join(folder, "ai.csv"));
  expect([stdout, stderr]).toEqual(["", expect.stringContaining(`written to ${join(folder, "ai.csv")}`)]);
  expect(readFileSync(join(folder, "ai.csv"), "utf8").trimEnd().split("\n")).toHaveLength(5);
  await run("gs://sample-bucket", "--only", "ai", "--write", join(folder, "ai.txt"));
  expect(readFileSync(join(folder, "ai.txt"), "utf8")).toMatch(/^12 images, 2 with findings\n\nai\n/);
});

test("--fail-on fails where one of the rules finds something, and nowhere else", async () => {
  const failing = async (...args: string[]) => {
    const { code, stderr } = await run(...args);
    return [code, /--fail-on: (.*)\n/.exec(stderr)?.[1]];
  };
  expect(await failing("gs://sample-bucket", "--fail-on", "gps,serial,faces")).toEqual([1, "gps 2, serial 2"]);
  expect(await failing("gs://sample-bucket/generated/", "--fail-on", "gps,serial")).toEqual([0, undefined]);
  expect(await failing("gs://sample-bucket/broken/", "--fail-on", "broken")).toEqual([1, "truncated 1"]);
  expect(await failing("gs://sample-bucket", "--where", "summary.make = 'samsung'", "--fail-on", "privacy")).toEqual([0, undefined]);
});

test("content that is no image is a finding; what cannot be looked at fails", async () => {
  const rules = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, "--format", "ndjson", "--only", "broken");
    return [code, findingsOf(stdout).map(({ rule }) => rule), /(\d+) images? could not be looked at/.exec(stderr)?.[1]];
  };
  expect(await rules("gs://sample-bucket/notes.txt")).toEqual([0, ["unreadable"], undefined]);
  expect(await rules("gs://sample-bucket/none.jpg")).toEqual([1, ["unseen"], "1"]);
});

test("a store is judged as its bucket is", async () => {
  const store = join(folder, "catalog.db");
  await imagemeta(["scan", "gs://sample-bucket", "--to", store], cloud);
  const sorted = (text: string) => findingsOf(text).sort((a, b) => (`${a.uri} ${a.rule}` < `${b.uri} ${b.rule}` ? -1 : 1));
  const [bucket, stored] = await Promise.all([run("gs://sample-bucket", "--format", "ndjson"), run("--from", store, "--format", "ndjson")]);
  expect(sorted(stored.stdout)).toEqual(sorted(bucket.stdout));
  expect([stored.code, stored.stderr]).toEqual([0, expect.stringMatching(/^12 records in [\d.]+ s; 47 findings\n$/)]);
  const narrow = await run(
    "--from",
    store,
    "--prefix",
    "gs://sample-bucket/press/",
    "--where",
    "summary.creators contains 'Giulia Ferraro'",
    "--fail-on",
    "serial",
  );
  expect([narrow.code, narrow.stdout.split("\n")[0]]).toEqual([1, "1 image, 1 with findings"]);
});

test("names of files reach a terminal only in visible characters", async () => {
  const hostile = join(folder, "hostile");
  cpSync(join(samples, "sample-bucket/broken"), hostile, { recursive: true });
  writeFileSync(join(hostile, "\u001b[31m\u202egpj.jpg"), readFileSync(join(hostile, "cut-off.jpg")));
  const { stdout } = await run(hostile, "--only", "broken");
  expect(stdout).toContain("\\u{1b}[31m\\u{202e}gpj.jpg");
});

test("wrong calls leave with 2 and say what to write", async () => {
  const wrong = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(await wrong()).toContain("imagemeta audit gs://my-bucket");
  expect(await wrong("gs://sample-bucket", "--only", "nonsense")).toContain("nonsense");
  expect(await wrong("gs://sample-bucket", "--fail-on", "gps", "--only", "rights")).toContain("--fail-on takes gps");
  expect(await wrong("gs://sample-bucket", "--from", "catalog.db")).toContain("leave one out");
  expect(await wrong("--from", join(folder, "none.db"))).toContain("is not there");
  expect(await wrong("gs://sample-bucket", "--where", "summary.iso > ")).toContain("column 15");
  expect(await wrong("gs://sample-bucket", "--write", "a.docx")).toContain(".csv");
});
