/** Which blocks of the engine an input runs, by V8's own precise coverage. */
import { Session } from "node:inspector";

interface Taken {
  result: { url: string; functions: { functionName: string; ranges: { startOffset: number; endOffset: number; count: number }[] }[] }[];
}

export class Coverage {
  readonly #session = new Session();
  /** The ways through a function that were seen: which of its blocks ran, and about how often. */
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Ways through the engine's functions since the last call that were never seen before. */
  news(): number {
    const before = this.#seen.size;
    for (const { url, functions } of this.#post<Taken>("Profiler.takePreciseCoverage").result) {
      if (!url.includes("/src/")) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) this.#seen.add(`${url} ${startOffset}-${endOffset} ${Math.clz32(count)}`);
      }
    }
    return this.#seen.size - before;
  }

  get size(): number {
    return this.#seen.size;
  }

  #post<T>(method: string, parameters: object = {}): T {
    let answer: unknown;
    // The session is in this very thread: it answers before it returns.
    this.#session.post(method, parameters, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer as T;
  }
}
