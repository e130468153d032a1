/** A process of the pool: it fetches and parses the images that its parent names, until the parent leaves. */
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { LocalReaders } from "./local-readers.ts";
import { JOBS_FD, READY, type ReadJob, readLines, recordLine, type Setup } from "./messages.ts";
import { ParseBoard } from "./parse-board.ts";
import { siblingScript } from "./sibling-script.ts";
import type { WatchdogData } from "./watchdog.ts";

/** Milliseconds that records are gathered for one write while others are under way. The parent has given enough to go on with meanwhile. */
const GATHERED_MS = 10;
/** MiB that are enough for the watchdog's small script. */
const WATCHDOG_HEAP = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };

export function serveReads(): void {
  const parent = new Socket({ fd: JOBS_FD });
  // The parent decides when to stop: Ctrl-C on a terminal reaches all processes.
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  parent.on("error", () => {}).on("close", () => process.exit());
  let server: JobServer | undefined;
  readLines(parent, (line) => {
    if (server === undefined) server = new JobServer(parent, JSON.parse(line));
    else server.read(JSON.parse(line));
  });
  parent.write(`${READY}\n`);
}

class JobServer {
  readonly #parent: Socket;
  readonly #readers: LocalReaders;
  readonly #board = new ParseBoard();
  #underWay = 0;
  #lines = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(parent: Socket, { reader, limits }: Setup) {
    this.#parent = parent;
    this.#readers = new LocalReaders(reader);
    // What fails here fails each image, and its record says so.
    this.#readers.load().catch(() => {});
    const data: WatchdogData = { memory: this.#board.memory, limits, parent: process.ppid };
    // Without what the command line or the environment preloads.
    new Worker(siblingScript("watchdog"), { workerData: data, execArgv: [], env: {}, resourceLimits: WATCHDOG_HEAP });
  }

  async read({ id, object }: ReadJob): Promise<void> {
    const board = this.#board;
    this.#underWay++;
    board.enter();
    let spentMs = 0;
    const record = await this.#readers.read(object, (parse) =>
      board.run(id, spentMs, parse, (spent) => {
        spentMs = spent;
      }),
    );
    board.leave();
    this.#lines += recordLine(id, record);
    if (--this.#underWay === 0) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), GATHERED_MS);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#parent.write(this.#lines);
    this.#lines = "";
  }
}
