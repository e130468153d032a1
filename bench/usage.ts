/**
 * Runs a script in a process of its own and says what it took, with the processes that it started and waited for.
 * `node bench/usage.ts SCRIPT ARG…` is that process.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { peakMib } from "./peak-memory.ts";

export interface Usage {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of user and system time. */
  readonly cpu: number;
  /** MiB of memory at the most. */
  readonly peak: number;
}

/** Milliseconds between two looks at its memory: a process that has ended cannot be asked. */
const SAMPLE_MS = 500;

export async function usageOf(script: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Usage> {
  const started = performance.now();
  const running = promisify(execFile)(process.execPath, [import.meta.filename, script, ...args], {
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 28,
  });
  let peak = 0;
  const sampling = setInterval(() => {
    peak = Math.max(peak, peakMib(running.child.pid ?? 0));
  }, SAMPLE_MS);
  const { stderr } = await running.finally(() => clearInterval(sampling));
  const wall = (performance.now() - started) / 1000;
  const cpu = Number(/^cpu (\S+)$/m.exec(stderr)?.[1]);
  return { wall, cpu, peak };
}

/** Seconds of user and system time of the processes that have been waited for. Node has no call that says it, Linux has a file (proc(5)). */
function childrenSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const [cutime, cstime] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15);
  return (Number(cutime) + Number(cstime)) / TICKS;
}

/** Clock ticks a second, of every Linux that Node runs on. */
const TICKS = 100;

if (process.argv[1] === import.meta.filename) {
  const [script = "", ...args] = process.argv.slice(2);
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write(`\ncpu ${(user + system) / 1e6 + childrenSeconds()}\n`);
  });
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}
