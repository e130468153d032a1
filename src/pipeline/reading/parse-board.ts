/**
 * What the main thread of a pool's process parses, in memory that its watchdog sees: a thread that spins can say nothing itself.
 * The main thread writes; the watchdog only reads.
 */
const UNDER_WAY = 0;
/** Odd while a parse runs; each parse has another number. */
const PARSE = 1;
const INTEGERS = 2;
const [IMAGE, SPENT_MS, WALL_START, CPU_START] = [0, 1, 2, 3] as const;
const NUMBERS = 4;

/** A parse that takes less is charged by the clock, because asking for the computing time costs more. */
const CHEAP_MS = 1;

/** One parse as the watchdog sees it. */
export interface RunningParse {
  readonly number: number;
  readonly image: number;
}

export class ParseBoard {
  readonly memory: SharedArrayBuffer;
  readonly #integers: Int32Array;
  readonly #numbers: Float64Array;

  constructor(memory = new SharedArrayBuffer(8 * (INTEGERS + NUMBERS))) {
    this.memory = memory;
    this.#integers = new Int32Array(memory, 0, INTEGERS);
    this.#numbers = new Float64Array(memory, 8 * INTEGERS, NUMBERS);
  }

  /** One more image is under way: the watchdog begins to look. */
  enter(): void {
    if (Atomics.add(this.#integers, UNDER_WAY, 1) === 0) Atomics.notify(this.#integers, UNDER_WAY);
  }

  leave(): void {
    Atomics.sub(this.#integers, UNDER_WAY, 1);
  }

  /** A parse of an image begins, whose earlier ones took so many milliseconds of computing time. */
  begin(image: number, spentMs: number): void {
    this.#numbers[IMAGE] = image;
    this.#numbers[SPENT_MS] = spentMs;
    this.#numbers[WALL_START] = wallMs();
    this.#numbers[CPU_START] = cpuMs();
    Atomics.add(this.#integers, PARSE, 1);
  }

  /** It has ended: milliseconds of computing time that the image has taken so far. */
  end(): number {
    Atomics.add(this.#integers, PARSE, 1);
    const wall = wallMs() - this.#number(WALL_START);
    return this.#number(SPENT_MS) + (wall < CHEAP_MS ? wall : Math.min(wall, cpuMs() - this.#number(CPU_START)));
  }

  /** Milliseconds of computing time that the image has taken whose parse runs. Other threads of the process may compute too, so the clock bounds it. */
  get computingMs(): number {
    return this.#number(SPENT_MS) + Math.min(wallMs() - this.#number(WALL_START), cpuMs() - this.#number(CPU_START));
  }

  /** Blocks this thread while no image is under way; true if it had to wait. */
  awaitWork(): boolean {
    return Atomics.wait(this.#integers, UNDER_WAY, 0) === "ok";
  }

  /** The parse that runs now, if any. */
  get running(): RunningParse | undefined {
    const number = Atomics.load(this.#integers, PARSE);
    const image = this.#number(IMAGE);
    return number % 2 !== 0 && Atomics.load(this.#integers, PARSE) === number ? { number, image } : undefined;
  }

  #number(index: number): number {
    return this.#numbers[index] ?? 0;
  }
}

/** The same clock for all threads of a process. */
function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
