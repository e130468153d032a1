/** One process of the pool, as its parent sees it. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ImageRecord } from "../../record/types.ts";
import type { StorageObject } from "../../storage/contract.ts";
import { within } from "../within.ts";
import { type Announcement, JOBS_FD, parseAnswer, READY, type ReadJob, readLines, type Setup, WATCHDOG_FD } from "./messages.ts";
import type { Excess, ParseLimits } from "./parse-limits.ts";
import { siblingScript } from "./sibling-script.ts";

export interface Job {
  readonly id: number;
  readonly object: StorageObject;
  readonly resolve: (record: ImageRecord) => void;
  readonly reject: (thrown: unknown) => void;
}

/** What is known of the end of a process. */
export interface Death {
  /** Its exit code or signal, and what it said last. */
  readonly how: string;
  /** What its watchdog ended it for. */
  readonly over: Excess | undefined;
  /** The image that was being parsed, if that took long. */
  readonly image: number | undefined;
  readonly isHeapFull: boolean;
}

export interface MemberListener {
  /** It has sent records, or has just started. */
  answered(): void;
  died(death: Death): void;
}

/** Characters of its standard error that are kept. V8's report of a full heap is shorter. */
const SAID_LENGTH = 16_384;
/** Milliseconds that a process has to leave by itself. */
const LEAVING_MS = 200;

export class PoolMember {
  readonly jobs = new Map<number, Job>();
  /** Has it one job alone, which may have killed another process? */
  isOnTrial = false;
  /** Has it said anything? */
  isReady = false;
  readonly #child: ChildProcess;
  /** None if the process could not be started for lack of file descriptors: then `died` is called. */
  readonly #pipe: Duplex | undefined;
  readonly #listener: MemberListener;
  readonly #ended: Promise<void>;
  #outgoing = "";
  #said = "";
  #announcement: Announcement = {};

  constructor({ heapMib }: ParseLimits, listener: MemberListener) {
    this.#listener = listener;
    this.#child = spawn(process.execPath, [...inheritedFlags(), ...heapFlags(heapMib), fileURLToPath(siblingScript("member"))], {
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    });
    // Without file descriptors there are no streams, whatever the types say.
    const stdio: readonly (Duplex | Readable | Writable | null | undefined)[] = this.#child.stdio ?? [];
    // A process whose pipes fail ends, and that is handled.
    for (const stream of stdio) stream?.on("error", () => {});
    this.#pipe = stdio[JOBS_FD] as Duplex | undefined;
    if (this.#pipe !== undefined) readLines(this.#pipe, (line) => this.#take(line));
    const announcements = stdio[WATCHDOG_FD] as Readable | undefined;
    if (announcements !== undefined) readLines(announcements, (line) => (this.#announcement = JSON.parse(line)));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-SAID_LENGTH);
    });
    this.#ended = new Promise((resolve) => {
      let isOver = false;
      const end = (how: string) => {
        if (isOver) return;
        isOver = true;
        resolve();
        listener.died({
          how: `${how}${lastError(this.#said)}`,
          over: this.#announcement.over,
          image: this.#announcement.image,
          isHeapFull: /heap out of memory|Allocation failed/.test(this.#said),
        });
      };
      this.#child.once("error", (error) => end(error.message));
      this.#child.once("close", (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  setUp(setup: Setup): void {
    this.#pipe?.write(`${JSON.stringify(setup)}\n`);
  }

  give(job: Job): void {
    this.jobs.set(job.id, job);
    if (this.#outgoing === "") setImmediate(() => this.#flush());
    this.#outgoing += `${JSON.stringify({ id: job.id, object: job.object } satisfies ReadJob)}\n`;
  }

  #flush(): void {
    this.#pipe?.write(this.#outgoing);
    this.#outgoing = "";
  }

  #take(line: string): void {
    this.isReady = true;
    if (line !== READY) {
      const answer = parseAnswer(line);
      const job = this.jobs.get(answer.id);
      this.jobs.delete(answer.id);
      if ("record" in answer) job?.resolve(answer.record);
      else job?.reject(answer.failure);
    }
    this.#listener.answered();
  }

  /** Ends it, whatever it does. */
  async end(): Promise<void> {
    this.#pipe?.end();
    await within(LEAVING_MS, this.#ended);
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** Flags of this process that concern a script too, such as `--import` and `--use-system-ca`. */
function inheritedFlags(): readonly string[] {
  const flags: string[] = [];
  for (let i = 0; i < process.execArgv.length; i++) {
    const flag = process.execArgv[i] ?? "";
    if (/^(-e|--eval|-p|--print|-pe)$/.test(flag)) i++;
    else if (!/^--(eval|print|input-type|inspect)/.test(flag)) flags.push(flag);
  }
  return flags;
}

/** A bound for the heap, and a heap near what is alive: V8 left to itself takes three times as much, for hardly less work. */
function heapFlags(heapMib: number): readonly string[] {
  return [`--max-old-space-size=${heapMib}`, "--max-semi-space-size=16", "--heap-growing-percent=100"];
}

/** The line of its standard error that says why it ended. */
function lastError(said: string): string {
  const line = said
    .split("\n")
    .filter((each) => /^(\w*Error\b|FATAL ERROR)/.test(each))
    .at(-1);
  return line === undefined ? "" : `: ${line}`;
}
