/**
 * Images read by other processes, so that all cores parse; what they have read comes back to this one, which owns the store.
 * They are processes and not threads, so that one that dies of an image takes nothing with it: it is started again, what it
 * had is read one by one, and the image that kills again gets a record that says so.
 */
import { type ChildProcess, fork } from "node:child_process";
import { ImagemetaError } from "../../record/errors.ts";
import { shownAddress } from "../../record/secrets.ts";
import type { ImageRecord } from "../../record/types.ts";
import { version } from "../../record/version.ts";
import type { StorageObject } from "../../storage/contract.ts";
import type { ReaderOptions, Readers } from "../reading/readers.ts";

/** What the two processes say to each other. */
export interface ToReader {
  /** First. */
  readonly options?: ReaderOptions;
  readonly read?: readonly { readonly id: number; readonly object: StorageObject }[];
}
export interface FromReader {
  /** None to say that it is ready. */
  readonly done: readonly { readonly id: number; readonly record: ImageRecord }[];
}

export interface ProcessReadersOptions {
  readonly processes: number;
  /** Of each process. */
  readonly reader: ReaderOptions;
  /** The script that a process runs, and its arguments: it calls `serveReads`. */
  readonly script: string;
  readonly scriptArguments: readonly string[];
}

interface Job {
  readonly id: number;
  readonly object: StorageObject;
  readonly resolve: (record: ImageRecord) => void;
  readonly reject: (thrown: unknown) => void;
}

/** Images under way in a process for each request in flight: more than it starts itself, so that none is missing while messages travel. */
const GIVEN = 3;
/** Processes that may die before they are ready until the scan gives up. */
const STILLBORN = 3;

export class ProcessReaders implements Readers {
  readonly capacity: number;
  readonly #options: ProcessReadersOptions;
  readonly #processes: ReaderProcess[] = [];
  /** What a process had when it died: read alone. */
  #suspects: Job[] = [];
  #nextId = 0;
  #stillborn = 0;
  #failure: Error | undefined;

  constructor(options: ProcessReadersOptions) {
    this.#options = options;
    this.capacity = GIVEN * options.reader.concurrency * options.processes;
    for (let i = 0; i < options.processes; i++) this.#start();
  }

  read(object: StorageObject): Promise<ImageRecord> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#give({ id: this.#nextId++, object, resolve, reject });
    });
  }

  /** To the process that has least to do, and is not busy with what killed another. */
  #give(job: Job): void {
    const free = this.#processes.filter(({ isOnTrial }) => !isOnTrial);
    const among = free.length > 0 ? free : this.#processes;
    let least = among[0];
    for (const process of among) if (least !== undefined && process.jobs.size < least.jobs.size) least = process;
    least?.give(job);
  }

  #start(): void {
    const process = new ReaderProcess(
      this.#options,
      () => this.#try(process),
      (how) => this.#died(process, how),
    );
    this.#processes.push(process);
    this.#try(process);
  }

  /** A process that has nothing to do takes the next suspect, and nothing else until it is done. */
  #try(process: ReaderProcess): void {
    process.isOnTrial &&= process.jobs.size > 0;
    if (process.jobs.size > 0) return;
    const suspect = this.#suspects.shift();
    if (suspect === undefined) return;
    process.isOnTrial = true;
    process.give(suspect);
  }

  #died(process: ReaderProcess, how: string): void {
    this.#processes.splice(this.#processes.indexOf(process), 1);
    if (this.#failure !== undefined) return;
    const jobs = [...process.jobs.values()];
    const [only] = jobs;
    if (process.isReady && process.isOnTrial && only !== undefined) only.resolve(this.#deadly(only.object, how));
    else this.#suspects.push(...jobs);
    if (!process.isReady && ++this.#stillborn > STILLBORN) {
      void this.#end(new ImagemetaError("INTERNAL", `the processes that read images die at once (${how}); try --processes 1`));
      return;
    }
    this.#start();
  }

  #deadly(object: StorageObject, how: string): ImageRecord {
    const { info = {} } = object;
    const uri = shownAddress(object.uri);
    const values = this.#options.reader.printed ? "printed" : "numeric";
    const message = `the process that read it died twice (${how})`;
    return { schema: 1, engine: version, values, uri, object: info, error: { code: "INTERNAL", message }, read: { requests: 0, bytes: 0 } };
  }

  async #end(reason: Error): Promise<void> {
    this.#failure ??= reason;
    const jobs = [...this.#suspects, ...this.#processes.flatMap((process) => [...process.jobs.values()])];
    this.#suspects = [];
    for (const { reject } of jobs) reject(this.#failure);
    await Promise.all(this.#processes.map((process) => process.end()));
  }

  close(): Promise<void> {
    return this.#end(new Error("the readers were closed"));
  }
}

class ReaderProcess {
  readonly jobs = new Map<number, Job>();
  isOnTrial = false;
  /** Has it said anything? */
  isReady = false;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #outgoing: Job[] = [];

  constructor(options: ProcessReadersOptions, onDone: () => void, onDeath: (how: string) => void) {
    this.#child = fork(options.script, options.scriptArguments, {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child.on("message", ({ done }: FromReader) => {
      this.isReady = true;
      for (const { id, record } of done) {
        const job = this.jobs.get(id);
        this.jobs.delete(id);
        job?.resolve(record);
      }
      onDone();
    });
    this.#child.on("error", () => {});
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        resolve();
        onDeath(signal === null ? `exit code ${code}` : signal);
      });
    });
    this.#send({ options: options.reader });
  }

  give(job: Job): void {
    this.jobs.set(job.id, job);
    if (this.#outgoing.push(job) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#send({ read: this.#outgoing.map(({ id, object }) => ({ id, object })) });
    this.#outgoing = [];
  }

  /** One that is gone already is met by its exit. */
  #send(message: ToReader): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}
