import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Bytes of the young generation once much was kept and let go of, in a process of its own: flags are the whole process's. */
function youngGeneration(isLean: boolean): number {
  const { href } = new URL("../../src/cli/lean-heap.ts", import.meta.url);
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { keepHeapLean } from "${href}";
    if (${isLean}) keepHeapLean();
    let kept = [];
    for (let turn = 0; turn < 100; turn++) {
      for (let i = 0; i < 20_000; i++) kept.push({ turn, i: [i] });
      if (turn % 10 === 9) kept = [];
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    process.stdout.write(String(getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }));
}

test("the young generation grows to 32 MiB and no further", () => {
  expect(youngGeneration(true)).toBe(32 << 20);
  expect(youngGeneration(false)).toBeGreaterThan(32 << 20);
});
