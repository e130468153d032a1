/** How a pipeline is, as `imagemeta status --format json` prints it. */
import type { Contents } from "../pipeline/status/newest.ts";

/** Why something is not known. */
export interface Unknown {
  readonly unknown: string;
}

export interface Backlog {
  readonly messages: number;
  /** Of the oldest one. */
  readonly ageSeconds: number;
  /** When that was measured, RFC 3339. */
  readonly measured?: string;
}

export interface NotificationState {
  readonly state: "connected" | "paused" | "not connected";
  /** Absent where `--to` is: then nobody knows of a pause. */
  readonly pausedAt?: string;
  readonly resumedAt?: string;
  /** Of the configurations that tell the subscription's topic. */
  readonly configurations: readonly string[];
}

export interface Status {
  readonly subscription: string;
  readonly settings: Readonly<Record<string, string>> | Unknown;
  readonly backlog: Backlog | Unknown;
  readonly deadLetters?: (Backlog & { readonly subscription: string }) | Unknown;
  readonly store?: (Contents & { readonly address: string }) | Unknown;
  readonly notification?: (NotificationState & { readonly bucket: string }) | Unknown;
}
