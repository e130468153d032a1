/**
 * What the main thread of a pool's process parses, in memory that its watchdog shares: a thread that spins can say nothing itself.
 * To ask for the computing time of a process costs too much for every parse. The watchdog asks, for those that it sees running.
 */
const UNDER_WAY = 0;
/** Odd while a parse runs; each parse has another number. */
const PARSE = 1;
const INTEGERS = 2;
const [IMAGE, SPENT_MS, MEASURED_PARSE, MEASURED_MS] = [0, 1, 2, 3] as const;
const NUMBERS = 4;

/** Milliseconds between two looks of the watchdog. */
export const LOOK_MS = 20;

/** One parse as the watchdog sees it. */
export interface RunningParse {
  readonly number: number;
  readonly image: number;
  /** Milliseconds of computing time that earlier parses of the image took. */
  readonly spentMs: number;
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

  /** Main thread: one more image is under way, and the watchdog begins to look. */
  enter(): void {
    if (Atomics.add(this.#integers, UNDER_WAY, 1) === 0) Atomics.notify(this.#integers, UNDER_WAY);
  }

  leave(): void {
    Atomics.sub(this.#integers, UNDER_WAY, 1);
  }

  /** Main thread: runs a parse of an image whose earlier ones took `spentMs` milliseconds. @param onEnd takes the new sum */
  run<T>(image: number, spentMs: number, parse: () => T, onEnd: (spentMs: number) => void): T {
    this.#numbers[IMAGE] = image;
    this.#numbers[SPENT_MS] = spentMs;
    Atomics.add(this.#integers, PARSE, 1);
    const started = performance.now();
    try {
      return parse();
    } finally {
      const number = Atomics.add(this.#integers, PARSE, 1);
      onEnd(spentMs + (this.#measuredMs(number) ?? Math.min(performance.now() - started, 2 * LOOK_MS)));
    }
  }

  #measuredMs(number: number): number | undefined {
    return this.#numbers[MEASURED_PARSE] === number ? this.#numbers[MEASURED_MS] : undefined;
  }

  /** Watchdog: blocks while no image is under way. */
  awaitWork(): void {
    Atomics.wait(this.#integers, UNDER_WAY, 0);
  }

  /** Watchdog: the parse that runs now, if any. */
  get running(): RunningParse | undefined {
    const number = Atomics.load(this.#integers, PARSE);
    const [image = 0, spentMs = 0] = this.#numbers.subarray(IMAGE, SPENT_MS + 1);
    return number % 2 !== 0 && Atomics.load(this.#integers, PARSE) === number ? { number, image, spentMs } : undefined;
  }

  /** Watchdog: what the running parse has taken so far. */
  measured({ number }: RunningParse, computingMs: number): void {
    this.#numbers[MEASURED_MS] = computingMs;
    this.#numbers[MEASURED_PARSE] = number;
  }
}
