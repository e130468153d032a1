/**
 * A thread beside the main one of a pool's process. It tells the parent which image is being parsed for long, and ends the process if
 * that parse takes more than it may, or if the parent is gone.
 */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { type Announcement, WATCHDOG_FD } from "./messages.ts";
import { ParseBoard, type RunningParse } from "./parse-board.ts";
import type { Excess, ParseLimits } from "./parse-limits.ts";

export interface WatchdogData {
  readonly memory: SharedArrayBuffer;
  readonly limits: ParseLimits;
  /** The process that the records go to. */
  readonly parent: number;
}

/** Milliseconds between two looks. A parse that is seen twice is announced. */
const LOOK_MS = 20;

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

function excess(bytesBefore: number): Excess | undefined {
  if (board.computingMs > limits.computingMs) return "time";
  return process.memoryUsage.rss() - bytesBefore > limits.growthMib << 20 ? "memory" : undefined;
}

let seen: RunningParse | undefined;
let announced: RunningParse | undefined;
let bytesBefore = 0;
for (;;) {
  if (board.awaitWork()) seen = undefined;
  Atomics.wait(pause, 0, 0, LOOK_MS);
  const running = board.running;
  if (announced !== undefined && running?.number !== announced.number) {
    announced = undefined;
    announce({});
  }
  if (running === undefined || running.number !== seen?.number) {
    seen = running;
    bytesBefore = process.memoryUsage.rss();
    continue;
  }
  if (announced === undefined) {
    announced = running;
    announce({ image: running.image });
  }
  if (process.ppid !== parent) end();
  const over = excess(bytesBefore);
  if (over !== undefined && board.running?.number === running.number) {
    announce({ image: running.image, over });
    end();
  }
}
