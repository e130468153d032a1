/** Which blocks of the engine an input runs, by V8's own precise coverage. */
import { Session } from "node:inspector";

interface Taken {
  result: { url: string; functions: { functionName: string; ranges: { startOffset: number; endOffset: number; count: number }[] }[] }[];
}

export class Coverage {
  readonly #session = new Session();
  /** The ways through a function that were seen: which of its blocks ran, and about how often. */
  readonly #seen = new Set<string>();
  /** The same of many inputs together. */
  readonly #seenTogether = new Set<string>();

  readonly #root: string;

  /** `root` begins the URLs of the modules that count. */
  constructor(root: string) {
    this.#root = root;
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Ways through the engine's functions since the last call that no input went before. */
  news(): number {
    return this.#add(this.#seen);
  }

  /** The same for all inputs since the last call together. Asking V8 costs more than a run, so most inputs are asked about together. */
  newsTogether(): number {
    return this.#add(this.#seenTogether);
  }

  #add(seen: Set<string>): number {
    const before = seen.size;
    for (const { url, functions } of this.#post<Taken>("Profiler.takePreciseCoverage").result) {
      if (!url.startsWith(this.#root)) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) seen.add(`${url} ${startOffset}-${endOffset} ${Math.clz32(count)}`);
      }
    }
    return seen.size - before;
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
