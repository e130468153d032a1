/**
 * A thread beside the main one of a pool's process. It tells the parent which image is being parsed for long, and ends the process if
 * that parse takes more than it may, or if the parent is gone.
 */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { type Announcement, WATCHDOG_FD } from "./messages.ts";
import { LOOK_MS, ParseBoard, type RunningParse } from "./parse-board.ts";
import type { Excess, ParseLimits } from "./parse-limits.ts";

export interface WatchdogData {
  readonly memory: SharedArrayBuffer;
  readonly limits: ParseLimits;
  /** The process that the records go to. */
  readonly parent: number;
}

/** What the process had taken when a parse was seen for the second time. */
interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

const { memory, limits, parent }: WatchdogData = workerData;
const board = new ParseBoard(memory);
const pause = new Int32Array(new SharedArrayBuffer(4));

function announce(announcement: Announcement): void {
  try {
    writeSync(WATCHDOG_FD, `${JSON.stringify(announcement)}\n`);
  } catch {
    // Nobody listens any more.
    end();
  }
}

/** The main thread may spin, so nothing gentler would do. */
function end(): never {
  process.kill(process.pid, "SIGKILL");
  // The signal comes before the next look.
  for (;;) Atomics.wait(pause, 0, 0, LOOK_MS);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What the parse has taken more than it may. Other threads of the process compute too, so the clock bounds its computing time. */
function excess(parse: RunningParse, start: Start): Excess | undefined {
  const computingMs = Math.min(performance.now() - start.wallMs, cpuMs() - start.cpuMs);
  board.measured(parse, computingMs);
  if (parse.spentMs + computingMs > limits.computingMs) return "time";
  return process.memoryUsage.rss() - start.bytes > limits.growthMib << 20 ? "memory" : undefined;
}

let seen: RunningParse | undefined;
let start: Start | undefined;
for (;;) {
  board.awaitWork();
  Atomics.wait(pause, 0, 0, LOOK_MS);
  const parse = board.running;
  if (parse === undefined || parse.number !== seen?.number) {
    if (start !== undefined) announce({});
    start = undefined;
    seen = parse;
    continue;
  }
  const { image } = parse;
  if (start === undefined) {
    announce({ image });
    // Asked for only now, because most parses are over by the second look.
    start = { wallMs: performance.now(), cpuMs: cpuMs(), bytes: process.memoryUsage.rss() };
  }
  if (process.ppid !== parent) end();
  const over = excess(parse, start);
  if (over !== undefined && board.running?.number === parse.number) {
    announce({ image, over });
    end();
  }
}
