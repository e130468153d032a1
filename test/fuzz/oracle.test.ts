import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { measureApart } from "../../fuzz/measure.ts";
import { broken, type Cost, growsTooFast, LIMITS } from "../../fuzz/oracle.ts";
import { keepInput } from "../../fuzz/saved.ts";

const main = fileURLToPath(new URL("../../fuzz/main.ts", import.meta.url));
const planted = fileURLToPath(new URL("planted-engine.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "imagemeta-fuzz-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Searches until each target has one finding: what it prints. */
function fuzz(...targets: readonly string[]): Promise<string> {
  const options = ["--seconds", "60", "--findings", "1", "--seed", "1", "--engine", planted, "--keep", folder];
  const args = [main, ...options, ...targets.flatMap((target) => ["--target", target])];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (_, stdout) => resolve(stdout));
  });
}

const cost = (given: Partial<Cost>): Cost => ({
  bytes: 1000,
  cpuMs: 1,
  ended: false,
  steps: 1000,
  recordBytes: 100,
  warnings: 0,
  memoryBytes: 0,
  ...given,
});

test("finds decoders that spin, keep too much, throw and compare all with all", { timeout: 600_000 }, async () => {
  const output = await fuzz("block-spins", "block-keeps", "block-throws", "block-quadratic");
  expect(output).toMatch(/^FOUND time in block-spins after .*: \d+ bytes by .+\n {2}not ended after /m);
  expect(output).toMatch(/^FOUND (time\+)?memory in block-keeps /m);
  expect(output).toMatch(/^FOUND throw in block-throws .*\n {2}TypeError: Cannot read properties of undefined/m);
  expect(output).toMatch(/^FOUND (time|growth|undercharged) in block-quadratic .*\n.*planted-engine\.ts/m);
  for (const target of ["block-spins", "block-keeps", "block-throws", "block-quadratic"]) {
    expect(readdirSync(join(folder, target)).filter((name) => name.endsWith(".bin"))).toHaveLength(1);
    expect(output).toMatch(new RegExp(`^ {2}npm run fuzz -- --target ${target} --file `, "m"));
  }
});

test("measures a decoder that does what it should as cheap", { timeout: 60_000 }, () => {
  const measured = measureApart(planted, "block-linear", keepInput(folder, { bytes: Buffer.alloc(100_000, 1) }));
  expect(measured).toMatchObject({ bytes: 100_000, ended: false, warnings: 0 });
  // Its own steps, and those of the engine, which reads the block and keeps a tag.
  expect(measured?.steps).toBeGreaterThan(100_000);
  expect(measured?.steps).toBeLessThan(120_000);
  expect(broken(measured as Cost)).toEqual([]);
});

test("names each limit that a run breaks", () => {
  expect(broken(cost({}))).toEqual([]);
  expect(broken(cost({ cpuMs: LIMITS.cpuMs + 1 }))).toEqual(["time"]);
  expect(broken(cost({ memoryBytes: LIMITS.memoryBytes + 1, recordBytes: LIMITS.recordBytes + 1 }))).toEqual(["memory", "record"]);
  expect(broken(cost({ warnings: LIMITS.warnings + 1 }))).toEqual(["warnings"]);
  expect(broken(cost({ cpuMs: 500, steps: 10_000 }))).toEqual(["undercharged"]);
  expect(broken(cost({ cpuMs: 500, steps: 1_000_000 }))).toEqual([]);
});

test("tells growth that neither bytes nor steps explain", () => {
  const costs = (times: readonly number[], steps: readonly number[]) =>
    [0, 1, 2].map((i) => cost({ bytes: 1000 * 2 ** i, cpuMs: times[i] ?? 0, steps: steps[i] ?? 0 })) as [Cost, Cost, Cost];
  expect(growsTooFast(costs([10, 40, 160], [1000, 2000, 4000]))).toBe(true);
  expect(growsTooFast(costs([40, 80, 160], [1000, 2000, 4000]))).toBe(false);
  expect(growsTooFast(costs([10, 40, 160], [100_000, 400_000, 1_600_000]))).toBe(false);
  expect(growsTooFast(costs([1, 4, 16], [1000, 2000, 4000]))).toBe(false);
});
