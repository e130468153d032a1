/** A process of the pool: it fetches and parses the images that its parent names, until the parent leaves. */
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import type { RunParse } from "../../read-image/content.ts";
import { ImagemetaError } from "../../record/errors.ts";
import { LocalReaders } from "./local-readers.ts";
import { failureLine, JOBS_FD, READY, type ReadJob, readLines, recordLine, type Setup } from "./messages.ts";
import { ParseBoard } from "./parse-board.ts";
import { siblingScript } from "./sibling-script.ts";
import type { WatchdogData } from "./watchdog.ts";

/** Records are gathered for one write: a share of the requests in flight, for a short time. */
const RECORDS_PER_WRITE = 0.5;
const MAX_DELAY_MS = 25;
/** The watchdog's script is small. */
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
  readonly #maxLines: number;
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(parent: Socket, { reader, limits }: Setup) {
    this.#parent = parent;
    this.#readers = new LocalReaders(reader);
    // The parent gives more images than are started, so none of them waits for this.
    this.#maxLines = RECORDS_PER_WRITE * reader.concurrency;
    // What fails here fails each image, and its record says so.
    this.#readers.load().catch(() => {});
    const data: WatchdogData = { memory: this.#board.memory, limits, parent: process.ppid };
    // Without what the command line or the environment preloads.
    new Worker(siblingScript("watchdog"), { workerData: data, execArgv: [], env: {}, resourceLimits: WATCHDOG_HEAP });
  }

  async read(job: ReadJob): Promise<void> {
    this.#underWay++;
    this.#board.enter();
    const line = await this.#answerTo(job);
    this.#lines.push(line);
    this.#board.leave();
    if (--this.#underWay === 0 || this.#lines.length >= this.#maxLines) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), MAX_DELAY_MS);
  }

  async #answerTo({ id, object }: ReadJob): Promise<string> {
    let spentMs = 0;
    const run: RunParse = (parse) =>
      this.#board.run(id, spentMs, parse, (spent) => {
        spentMs = spent;
      });
    try {
      return recordLine(id, await this.#readers.read(object, run));
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      return failureLine(id, thrown);
    }
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#parent.write(this.#lines.join(""));
    this.#lines = [];
  }
}
