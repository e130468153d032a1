/** One HTTP request, one answer: undici's `dispatch` without a stream in between, over a bounded number of kept connections. */
import type { IncomingHttpHeaders } from "node:http";
import { type Dispatcher, Pool } from "undici";
import type { ReadCost } from "../../record/types.ts";
import type { RequestGate } from "../options.ts";
import type { Guard } from "./addresses.ts";
import { onAbort } from "./on-abort.ts";

export interface Request {
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Bytes of the body that are wanted; the connection is left when more come. */
  readonly most: number;
  /** Which addresses may be connected to; absent, any. */
  readonly guard?: Guard;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** Why the body is not whole: what came of it is there. */
  readonly broken?: Error;
}

export interface TransportOptions {
  /** Connections to one origin at most; requests beyond it wait. */
  readonly connections: number;
  /** Milliseconds without a byte after which a request fails. */
  readonly stall: number;
  readonly gate?: RequestGate | undefined;
}

/** Bytes of the body of an answer that is not what was asked for. */
const MAX_REFUSAL_BYTES = 64 << 10;

/** The request took longer than it was given. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

export class Transport {
  readonly #options: TransportOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Sends a GET and collects the answer. `cost` is counted as bytes arrive.
   * Rejects where no answer came: with undici's error, OutOfTime after `time` milliseconds, or the signal's reason.
   */
  get(request: Request, cost: ReadCost, signal: AbortSignal, time: number): Promise<Answer> {
    const held = this.#options.gate?.enter(signal);
    return held === undefined ? this.#send(request, cost, signal, time) : held.then(() => this.#send(request, cost, signal, time));
  }

  #send(request: Request, cost: ReadCost, signal: AbortSignal, time: number): Promise<Answer> {
    const { gate } = this.#options;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        gate?.leave(200, 0);
        return reject(signal.reason);
      }
      cost.requests++;
      const receiving = new Receiving(request.most, cost, signal, time, resolve, reject, gate);
      const { path, headers } = request;
      this.#pool(request.origin, request.guard).dispatch({ path, method: "GET", headers: headers as string[] }, receiving);
    });
  }

  #pool(origin: string, guard: Guard | undefined): Pool {
    const key = guard === undefined ? origin : `${origin} ${guard.name}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      const { connections, stall } = this.#options;
      pool = new Pool(origin, {
        connections,
        pipelining: 1,
        allowH2: false,
        headersTimeout: stall,
        bodyTimeout: stall,
        connect: { timeout: Math.min(stall, 10_000), ...(guard && { lookup: guard.lookup }) },
        keepAliveTimeout: 30_000,
      });
      this.#pools.set(key, pool);
    }
    return pool;
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

/** What undici calls as an answer arrives. */
class Receiving implements Dispatcher.DispatchHandler {
  #most: number;
  readonly #cost: ReadCost;
  readonly #keep: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (thrown: unknown) => void;
  /** Passed once, when the request has ended. */
  #gate: RequestGate | undefined;
  readonly #sent = performance.now();
  #answered = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #body = Buffer.alloc(0);
  #length = 0;
  #stopped: unknown;

  constructor(
    most: number,
    cost: ReadCost,
    signal: AbortSignal,
    time: number,
    resolve: (answer: Answer) => void,
    reject: (thrown: unknown) => void,
    gate: RequestGate | undefined,
  ) {
    this.#gate = gate;
    this.#most = most;
    this.#cost = cost;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#stop(new OutOfTime(`no whole answer within ${time} ms`)), time);
    this.#keep = onAbort(signal, () => this.#stop(signal.reason));
  }

  /** Ends the request. One that still waits for a connection ends when it gets one. */
  #stop(reason: unknown): void {
    this.#stopped ??= reason;
    this.#controller?.abort(reason instanceof Error ? reason : new Error("the request was stopped", { cause: reason }));
    this.#settle();
    this.#reject(reason);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#keep();
    // It names the headers as bytes, and so the whole chunk that they came in.
    this.#controller = undefined;
    const gate = this.#gate;
    this.#gate = undefined;
    gate?.leave(this.#status, (this.#answered || performance.now()) - this.#sent);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped !== undefined) controller.abort(new Error("the request was stopped"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#answered = performance.now();
    if (status >= 300) this.#most = Math.min(this.#most, MAX_REFUSAL_BYTES);
    const promised = Number(headers["content-length"]);
    this.#body = Buffer.allocUnsafeSlow(Math.min(this.#most, promised >= 0 ? promised : 1 << 16));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#cost.bytes += chunk.length;
    const length = Math.min(this.#most, this.#length + chunk.length);
    if (length > this.#body.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#most, Math.max(length, 2 * this.#body.length)));
      this.#body.copy(larger, 0, 0, this.#length);
      this.#body = larger;
    }
    chunk.copy(this.#body, this.#length, 0, length - this.#length);
    const isMore = this.#length + chunk.length > this.#most;
    this.#length = length;
    if (!isMore) return;
    this.#answer();
    controller.abort(new Error("no more of the body is wanted"));
  }

  onResponseEnd(): void {
    this.#answer();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#status === 0) {
      this.#settle();
      this.#reject(error);
    } else {
      this.#answer(error);
    }
  }

  #answer(broken?: Error): void {
    this.#settle();
    const body = this.#body.subarray(0, this.#length);
    const answer = { status: this.#status, headers: this.#headers, body, ...(broken === undefined ? {} : { broken }) };
    // Whoever waits for it may compute for a while. First all answers that lie ready are read, and, as undici does in the turn
    // after, the next requests sent on their connections.
    setImmediate(() => setImmediate(this.#resolve, answer));
  }
}
