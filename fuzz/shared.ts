/** What the fuzzer's main thread and its worker share. */

/** Milliseconds that an input may take. */
export const TIME = 1000;
/** Bytes that an input may take. */
export const MEMORY = 256 << 20;
/** Slots of the shared state: inputs run, bytes of the one that is running, inputs that mutation draws on, ways through the code. */
export const [COUNT, LENGTH, POOL, WAYS] = [0, 1, 2, 3];
export const SLOTS = 4;

export interface Order {
  readonly target: string;
  readonly milliseconds: number;
  readonly seed: number;
  /** Signatures of what is known already. */
  readonly known: readonly string[];
  readonly state: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
}

export interface Report {
  readonly problem: string;
  readonly signature: string;
  readonly path: string;
  readonly length: number;
}
