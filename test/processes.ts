/** Processes as the system sees them. */
import { spawnSync } from "node:child_process";

/** The processes that a process has started and that run. */
export function childrenOf(parent: number | undefined): readonly number[] {
  return running()
    .filter(({ ppid }) => ppid === parent)
    .map(({ pid }) => pid);
}

export function isRunning(pid: number): boolean {
  return running().some((each) => each.pid === pid);
}

/** Without those that have ended and wait for their parent to ask how, and without the process that asks here. */
function running(): readonly { readonly pid: number; readonly ppid: number }[] {
  const asking = spawnSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  return asking.stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state = ""]) => !state.startsWith("Z"))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }))
    .filter(({ pid }) => pid !== asking.pid);
}
