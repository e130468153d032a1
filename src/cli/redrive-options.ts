/** What `imagemeta redrive` may be told. */
import type { AccessOptions } from "./access.ts";

export interface RedriveCommandOptions extends AccessOptions {
  readonly from: string;
  readonly topic?: string;
  readonly code?: readonly string[];
  readonly include?: readonly string[];
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly limit?: number;
  /** Seconds. */
  readonly wait: number;
  readonly format?: "table" | "json" | "ndjson";
  readonly project?: string;
  readonly quiet?: boolean;
}

/** Of dead letters that carry none, for the subscription's own policy sent them. */
export const NO_CODE = "none";
