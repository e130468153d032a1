/** Runs a parse that may never end: V8 ends it, expressions and loops alike, after a time. */
import { Script } from "node:vm";

const script = new Script("globalThis.guardedRun()");

declare global {
  var guardedRun: () => void;
}

/** The run did not end in time. */
export class NoEnd extends Error {}

/** CPU milliseconds of this process, threads of the compiler and of the garbage collector included. */
function cpuMilliseconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

export interface Timed<T> {
  /** Undefined if it was ended. */
  readonly result: T | undefined;
  readonly milliseconds: number;
  readonly ended: boolean;
}

/** Runs `run` for at most `limit` milliseconds of wall time. */
export function guarded<T>(run: () => T, limit: number): Timed<T> {
  let result: T | undefined;
  let ended = false;
  globalThis.guardedRun = () => {
    result = run();
  };
  const start = process.cpuUsage();
  try {
    script.runInThisContext({ timeout: limit });
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
    ended = true;
  }
  return { result, milliseconds: cpuMilliseconds(start), ended };
}
