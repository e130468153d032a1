/** What the parsing of one image may take in a process of the pool. */
export interface ParseLimits {
  /** Milliseconds of computing time, over all parses of the image. */
  readonly computingMs: number;
  /** MiB of the process's heap. */
  readonly heapMib: number;
  /** MiB that the process's memory may grow by in one parse. */
  readonly growthMib: number;
}

export const DEFAULT_PARSE_SECONDS = 2;

export const parseLimits = (seconds: number): ParseLimits => ({ computingMs: seconds * 1000, heapMib: 512, growthMib: 512 });

/** Why a parse was ended. */
export type Excess = "time" | "memory";
