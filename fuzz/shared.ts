/** What the fuzzer's main process and its workers share: an order, reports, and a file with the input that runs. */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Input } from "./engine.ts";

export interface Order {
  readonly engine: string;
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
  /** Follow coverage too. It slows the engine down, so the search for costs does without. */
  readonly coverage: boolean;
  /** Findings after which the target ends. */
  readonly findings: number;
  /** Where to save the inputs that take most time a step. */
  readonly costliest?: string;
  /** Where inputs that break a limit are kept. */
  readonly kept: string;
  /** Begin with the kept inputs: the first process of a target does. */
  readonly replay: boolean;
  /** The file of the running input. */
  readonly running: string;
  /** Signatures of what is known already. */
  readonly known: readonly string[];
  /** Places of recipes that are not made again, because what they find is known. */
  readonly banned: readonly (readonly string[])[];
}

/** Something was found. */
export interface Finding {
  readonly target: string;
  readonly kind: string;
  readonly signature: string;
  /** In words, more than one line perhaps. */
  readonly problem: string;
  /** How the input was made. */
  readonly origin: string;
  readonly path: string;
  readonly bytes: number;
  /** Seconds since the target began, and inputs until then. */
  readonly seconds: number;
  readonly inputs: number;
  readonly banned?: readonly string[];
}

export interface Progress {
  readonly inputs: number;
  readonly pool: number;
  readonly ways: number;
}

export type Report = { readonly finding: Finding } | { readonly progress: Progress };

const HEAD_BYTES = 12;

/** The input that runs, in a file: it is still there if the process dies of it. */
export class Running {
  readonly #file: number;
  #count = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  start({ bytes, ...standing }: Input, origin: readonly string[]): void {
    const about = Buffer.from(JSON.stringify({ standing, origin }));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(++this.#count, 0);
    head.writeUInt32LE(about.length, 4);
    head.writeUInt32LE(bytes.length, 8);
    writeSync(this.#file, Buffer.concat([head, about, bytes]), 0, undefined, 0);
  }

  /** Nothing runs: a pause is not a hang. */
  rest(): void {
    ftruncateSync(this.#file, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

export interface RunningInput {
  readonly count: number;
  readonly input: Input;
  readonly origin: readonly string[];
}

/** What runs, or ran last; undefined if nothing does. */
export function runningInput(path: string): RunningInput | undefined {
  let all: Buffer;
  try {
    all = readFileSync(path);
  } catch {
    return undefined;
  }
  if (all.length < HEAD_BYTES) return undefined;
  const [count, about, length] = [all.readUInt32LE(0), all.readUInt32LE(4), all.readUInt32LE(8)];
  if (all.length < HEAD_BYTES + about + length) return undefined;
  const { standing, origin } = JSON.parse(all.toString("utf8", HEAD_BYTES, HEAD_BYTES + about)) as {
    standing: Omit<Input, "bytes">;
    origin: string[];
  };
  return { count, origin, input: { bytes: Uint8Array.from(all.subarray(HEAD_BYTES + about, HEAD_BYTES + about + length)), ...standing } };
}
