/** The whole process for one local JPEG, beside `exiftool -j`: wall time, in turn. */
import { execFileSync } from "node:child_process";
import { type Measure, median } from "./measure.ts";

export function measureProcess(file: string, rounds = 15): Measure {
  const root = new URL("..", import.meta.url).pathname;
  const exiftool = `${root}node_modules/exiftool-vendored.pl/bin/exiftool`;
  const time = (command: string, args: readonly string[]) => {
    const start = performance.now();
    execFileSync(command, args, { stdio: "ignore" });
    return performance.now() - start;
  };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = time(process.execPath, [`${root}dist/cli/main.js`, file]);
    ratios.push(ours / time("perl", [exiftool, "-j", file]));
  }
  // The first rounds fill the disk cache and the compile cache.
  const ratio = median(ratios.slice(3));
  return { what: "whole process for one local JPEG, beside exiftool -j", ratio, limit: "at most 0.8", holds: ratio <= 0.8 };
}
