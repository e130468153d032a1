import { readFileSync } from "node:fs";
import { childrenOf } from "../test/processes.ts";

/** MiB of memory that a process and those that it started have had at the most, so far. Pages that they share count for each. */
export function peakMib(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + peakOf(each), 0);
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}
