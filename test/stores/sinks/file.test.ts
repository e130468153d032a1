import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import type { ImageRecord } from "../../../src/record/types.ts";
import { openFileSink } from "../../../src/stores/sinks/file.ts";
import { record, takenOf } from "../../conformance/sink.ts";
import { rejection } from "../../conformance/storage.ts";
import { numbered } from "./numbered.ts";
import { readJson, temporary } from "./target.ts";

const numeric = { values: "numeric" } as const;

/** Kills the child with SIGKILL once it has said that so many records are durable; gives the last number it said. */
async function killedAfter(path: string, count: number, batch: number): Promise<number> {
  const child = spawn(process.execPath, [new URL("filling.ts", import.meta.url).pathname, path, String(batch)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let durable = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    durable = Number(line);
    if (durable >= count) child.kill("SIGKILL");
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  return durable;
}

test("a run that is killed goes on where it was, and writes what an undisturbed one writes", async () => {
  const folder = temporary();
  const path = join(folder, "out.json");
  const durable = await killedAfter(path, 120, 7);
  expect(existsSync(path)).toBe(false);
  const sink = await openFileSink(path, numeric);
  const all = Array.from({ length: durable + 30 }, (_, i) => numbered(i));
  const held = await sink.lookup(all.map(({ uri }) => uri));
  expect(held.slice(0, durable).every((each) => each?.engine === "0.1.0")).toBe(true);
  expect(held[3]).toEqual({ uri: numbered(3).uri, generation: "1700000000000003", metageneration: "1", size: 3, engine: "0.1.0" });
  const lacking = all.filter((_, i) => held[i] === undefined);
  expect(lacking.length).toBeGreaterThanOrEqual(30 - 7);
  await sink.put(lacking);
  await sink.close();
  const undisturbed = await openFileSink(join(folder, "other.json"), numeric);
  await undisturbed.put(all.toReversed());
  await undisturbed.close();
  expect(readFileSync(path).equals(readFileSync(join(folder, "other.json")))).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(["other.json", "out.json"]);
});

test("what stood at the place stays until the new file is whole", async () => {
  const path = join(temporary(), "out.ndjson");
  writeFileSync(path, "before\n");
  const sink = await openFileSink(path, numeric);
  await sink.put([record("a.jpg", { generation: "1" })]);
  await sink.abandon();
  expect(readFileSync(path, "utf8")).toBe("before\n");
  const again = await openFileSink(path, numeric);
  await again.put([record("b.jpg", { generation: "1" })]);
  await again.close();
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(2);
});

test("an update changes the object and keeps what was read; without content it asks for a read", async () => {
  const path = join(temporary(), "out.json");
  const sink = await openFileSink(path, numeric);
  const read = record("a.jpg", { generation: "4" });
  await sink.put([read]);
  const object = { ...read.object, metageneration: "2", contentType: "image/jpeg" };
  const unread = { ...object, generation: "9" };
  expect(
    await sink.update([
      { uri: read.uri, object },
      { uri: "gs://photos/unread.jpg", object: unread },
    ]),
  ).toEqual([
    { uri: read.uri, result: "written" },
    { uri: "gs://photos/unread.jpg", result: "superseded" },
  ]);
  expect(await sink.lookup([read.uri, "gs://photos/unread.jpg", "gs://photos/unknown.jpg"])).toEqual([
    { uri: read.uri, generation: "4", metageneration: "2", size: 1000, engine: "0.1.0" },
    undefined,
    undefined,
  ]);
  await sink.close();
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual([{ ...read, object }]);
});

test("the forms of values do not mix, in one run or the next", async () => {
  const path = join(temporary(), "out.json");
  const sink = await openFileSink(path, { values: "printed" });
  const [outcome] = await sink.put([record("a.jpg")]);
  expect(outcome).toMatchObject({
    result: "failed",
    error: { code: "MALFORMED", message: expect.stringContaining("takes printed values") },
  });
  await sink.abandon();
  await expect(openFileSink(path, numeric)).rejects.toMatchObject({
    code: "MALFORMED",
    message: expect.stringContaining("was begun with printed values"),
  });
});

test("two runs do not write the same file", async () => {
  const path = join(temporary(), "out.json");
  const first = await openFileSink(path, numeric);
  await expect(openFileSink(path, numeric)).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("is in use") });
  await first.put([record("a.jpg")]);
  await first.close();
  expect(await readJson(path)).toEqual([takenOf(record("a.jpg"))]);
});

test("a journal that is none, or of another version, is left alone", async () => {
  const path = join(temporary(), "out.json");
  writeFileSync(`${path}.journal`, "not a database, but long enough to be looked at as one".repeat(50));
  expect(await rejection(openFileSink(path, numeric))).toBe("UNAVAILABLE");
  expect(readFileSync(`${path}.journal`, "utf8")).toMatch(/^not a database/);
});

test("a target that cannot be written keeps the journal", async () => {
  const path = join(temporary(), "out.json");
  const sink = await openFileSink(path, numeric);
  await sink.put([record("a.jpg")]);
  mkdirSync(path);
  writeFileSync(join(path, "in the way"), "");
  expect(await rejection(sink.close())).toBe("UNAVAILABLE");
  await sink.abandon();
  expect(existsSync(`${path}.journal`)).toBe(true);
});

test("an unknown ending names the known ones", async () => {
  await expect(openFileSink("out.xlsx", numeric)).rejects.toMatchObject({
    code: "UNSUPPORTED_FORMAT",
    message: expect.stringContaining(".ndjson"),
  });
});

test("the file is in the order of names as UTF-8 bytes, with each record as it was put", async () => {
  const path = join(temporary(), "out.json");
  const sink = await openFileSink(path, numeric);
  const records = ["😀.jpg", "\uffee.jpg", "b.jpg", "a\u0000b.jpg", "a.jpg"].map((name) => record(name, { generation: "1" }));
  await sink.put(records);
  await sink.close();
  const written: ImageRecord[] = JSON.parse(readFileSync(path, "utf8"));
  expect(written.map(({ uri }) => uri)).toEqual([3, 4, 2, 1, 0].map((i) => records[i]?.uri));
  expect(written[4]).toEqual(records[0]);
});
