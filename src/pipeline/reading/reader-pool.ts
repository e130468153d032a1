/**
 * Images read by other processes, so that none can hang or end this one, and all cores parse. Only records come back. They are
 * processes and not threads, because a thread that fills its heap takes the whole process with it.
 * A process whose image takes too much ends itself (watchdog.ts). If it dies without naming an image, those it had are read one by one.
 */
import { ImagemetaError } from "../../record/errors.ts";
import { redacted, shownAddress } from "../../record/secrets.ts";
import type { ErrorCode, FailedRecord, ImageRecord } from "../../record/types.ts";
import { version } from "../../record/version.ts";
import type { StorageObject } from "../../storage/contract.ts";
import { type ParseLimits, parseLimits } from "./parse-limits.ts";
import { type Death, type Job, PoolMember } from "./pool-member.ts";
import type { ReaderOptions, Readers } from "./readers.ts";

export interface ReaderPoolOptions {
  readonly processes: number;
  /** Seconds of computing time that parsing one image may take. */
  readonly parseSeconds: number;
}

/** Images under way in a process for each request in flight: more than it starts itself, so that none is missing while messages travel. */
const GIVEN = 3;
/** Processes that may die one after the other before they are ready. */
const MAX_STILLBORN = 3;

export class ReaderPool implements Readers {
  /** Resolves if no process can be started any more: then every read rejects. */
  readonly failed: Promise<Error>;
  readonly #processes: number;
  readonly #limits: ParseLimits;
  readonly #members: PoolMember[] = [];
  /** Images that no process has, because all are on trial or have just died. */
  #waiting: Job[] = [];
  /** Images that a process had when it died: read alone. */
  #suspects: Job[] = [];
  #reader: ReaderOptions | undefined;
  #nextId = 0;
  #stillborn = 0;
  #failure: Error | undefined;
  #fail: (failure: Error) => void = () => {};

  /** The processes start at once; `open` says how they read. */
  constructor({ processes, parseSeconds }: ReaderPoolOptions) {
    this.#processes = processes;
    this.#limits = parseLimits(parseSeconds);
    this.failed = new Promise((resolve) => (this.#fail = resolve));
    for (let i = 0; i < processes; i++) this.#start();
  }

  /** Says how images are read, before the first. */
  open(reader: ReaderOptions): this {
    this.#reader = reader;
    for (const member of this.#members) member.setUp({ reader, limits: this.#limits });
    return this;
  }

  get capacity(): number {
    return GIVEN * this.#processes * (this.#reader?.concurrency ?? 1);
  }

  read(object: StorageObject): Promise<ImageRecord> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#give({ id: this.#nextId++, object, resolve, reject });
    });
  }

  /** To the process that has least to do, and is not busy with what killed another. */
  #give(job: Job): void {
    let least: PoolMember | undefined;
    for (const member of this.#members) {
      if (!member.isOnTrial && (least === undefined || member.jobs.size < least.jobs.size)) least = member;
    }
    if (least === undefined) this.#waiting.push(job);
    else least.give(job);
  }

  #start(): void {
    const member = new PoolMember(this.#limits, {
      answered: () => {
        this.#stillborn = 0;
        this.#employ(member);
      },
      died: (death) => this.#died(member, death),
    });
    this.#members.push(member);
    if (this.#reader !== undefined) member.setUp({ reader: this.#reader, limits: this.#limits });
    this.#employ(member);
  }

  /** A process that has nothing to do takes the next suspect, and nothing else until it is done; without suspects what waits. */
  #employ(member: PoolMember): void {
    if (member.jobs.size > 0) return;
    const suspect = this.#suspects.shift();
    member.isOnTrial = suspect !== undefined;
    if (suspect !== undefined) member.give(suspect);
    else for (const job of this.#waiting.splice(0)) this.#give(job);
  }

  #died(member: PoolMember, death: Death): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    if (this.#failure !== undefined) return;
    if (!member.isReady && ++this.#stillborn > MAX_STILLBORN) {
      const failure = new ImagemetaError("INTERNAL", `the processes that read images die when they start (${death.how})`);
      this.#fail(failure);
      this.#end(failure, member.jobs.values());
      return;
    }
    const culprit = this.#culpritOf(member, death);
    const suspected = this.#suspectsOf(member, death);
    for (const job of member.jobs.values()) {
      if (job === culprit) job.resolve(this.#failedRecord(job.object, death));
      else if (suspected.includes(job)) this.#suspects.push(job);
      else this.#waiting.push(job);
    }
    this.#start();
    for (const job of this.#waiting.splice(0)) this.#give(job);
  }

  /** The image that ended a process for certain: its watchdog named it, or it was alone, because it was suspected before. */
  #culpritOf({ jobs, isOnTrial }: PoolMember, { over, image }: Death): Job | undefined {
    if (over !== undefined) return image === undefined ? undefined : jobs.get(image);
    const [only] = jobs.values();
    return isOnTrial ? only : undefined;
  }

  /** The images that may have: the one that was being parsed for long; if there is none, all. */
  #suspectsOf({ jobs, isReady }: PoolMember, { over, image }: Death): readonly Job[] {
    if (over !== undefined || !isReady) return [];
    const parsed = image === undefined ? undefined : jobs.get(image);
    return parsed === undefined ? [...jobs.values()] : [parsed];
  }

  #failedRecord({ uri, info = {} }: StorageObject, death: Death): FailedRecord {
    const values = this.#reader?.printed ? "printed" : "numeric";
    const error = this.#errorOf(death);
    return { schema: 1, engine: version, values, uri: shownAddress(uri), object: info, error, read: { requests: 0, bytes: 0 } };
  }

  #errorOf({ over, isHeapFull, how }: Death): { code: ErrorCode; message: string } {
    const { computingMs, heapMib, growthMib } = this.#limits;
    if (over === "time") {
      const message = `parsing the image takes more than ${computingMs / 1000} s of computing time (--parse-timeout)`;
      return { code: "LIMIT_EXCEEDED", message };
    }
    if (over === "memory") return { code: "LIMIT_EXCEEDED", message: `parsing the image takes more than ${growthMib} MiB of memory` };
    if (isHeapFull) return { code: "LIMIT_EXCEEDED", message: `parsing the image fills the heap of ${heapMib} MiB` };
    return { code: "INTERNAL", message: redacted(`the process that reads the image died twice (${how})`) };
  }

  async #end(reason: Error, orphans: Iterable<Job> = []): Promise<void> {
    this.#failure ??= reason;
    const jobs = [
      ...orphans,
      ...this.#suspects.splice(0),
      ...this.#waiting.splice(0),
      ...this.#members.flatMap(({ jobs }) => [...jobs.values()]),
    ];
    for (const { reject } of jobs) reject(this.#failure);
    await Promise.all(this.#members.map((member) => member.end()));
  }

  close(): Promise<void> {
    return this.#end(new Error("the readers were closed"));
  }
}
