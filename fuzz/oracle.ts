/** What an input may cost, and what it costs beside its size and the work that it was charged. */
import type { Result } from "./engine.ts";

export const LIMITS = Object.freeze({
  cpuMs: 1000,
  /** Above a bare process that has read a small image. */
  memoryBytes: 256 << 20,
  recordBytes: 4 << 20,
  warnings: 1000,
  /** An input that is pumped may take this many times the time that its bytes and its steps explain. */
  growth: 2.5,
  /** Less is not measured well enough to tell a growth. */
  growthMs: 60,
  /** CPU time of a step, if there is so much of it that no start-up explains it: all steps of a budget would take ten times the limit. */
  stepNs: 2000,
  stepMs: 150,
  /** A long input may take this much a byte, whatever it is charged. */
  byteNs: 1000,
});

/** One run, measured. */
export interface Cost {
  /** Of the input. */
  readonly bytes: number;
  readonly cpuMs: number;
  /** It did not end by itself. */
  readonly ended: boolean;
  readonly steps: number;
  readonly recordBytes: number;
  readonly warnings: number;
  /** How far memory rose, its highest point included. */
  readonly memoryBytes: number;
}

export type CostKind = "time" | "memory" | "record" | "warnings" | "undercharged" | "growth";

/** JSON bytes of a record: a record that JSON cannot be made of is longer than any limit. */
export function jsonBytes(record: unknown): number {
  if (record === undefined) return 0;
  try {
    return Buffer.byteLength(JSON.stringify(record) ?? "");
  } catch (thrown) {
    if (thrown instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw thrown;
  }
}

export function costOf(
  bytes: number,
  timed: { result: Result | undefined; milliseconds: number; ended: boolean },
  memoryBytes: number,
): Cost {
  const { result, milliseconds, ended } = timed;
  return {
    bytes,
    cpuMs: milliseconds,
    ended,
    steps: result?.steps ?? 0,
    recordBytes: jsonBytes(result?.record),
    warnings: result?.warnings ?? 0,
    memoryBytes,
  };
}

/** The limits that a run breaks. */
export function broken(cost: Cost): CostKind[] {
  const kinds: CostKind[] = [];
  if (cost.cpuMs > LIMITS.cpuMs) kinds.push("time");
  if (cost.memoryBytes > LIMITS.memoryBytes) kinds.push("memory");
  if (cost.recordBytes > LIMITS.recordBytes) kinds.push("record");
  if (cost.warnings > LIMITS.warnings) kinds.push("warnings");
  const explained = (cost.steps * LIMITS.stepNs + cost.bytes * LIMITS.byteNs) / 1e6;
  if (kinds.length === 0 && !cost.ended && cost.cpuMs > LIMITS.stepMs && cost.cpuMs > explained) kinds.push("undercharged");
  return kinds;
}

/** Does time grow faster than bytes and steps together explain? Costs of one recipe, each with more of it than the one before. */
export function growsTooFast([least, more, most]: readonly [Cost, Cost, Cost]): boolean {
  if (most.cpuMs < LIMITS.growthMs || least.cpuMs <= 0) return false;
  const explained = (of: Cost, beside: Cost) => Math.max(of.bytes / beside.bytes, (of.steps + 1000) / (beside.steps + 1000), 1);
  return (
    most.cpuMs / least.cpuMs > LIMITS.growth * explained(most, least) &&
    most.cpuMs / more.cpuMs > Math.sqrt(LIMITS.growth) * explained(most, more)
  );
}

/** Less is the garbage of small inputs. */
const FLOOR_MEMORY_BYTES = 8 << 20;
/** Less is start-up, or noise. */
const PROMISING_MS = 5;

/** Would an input of `longest` bytes that is as expensive break a limit, its time growing with the square of the bytes? */
export function isPromising(cost: Cost, longest: number): boolean {
  const more = longest / Math.max(cost.bytes, 1);
  return (
    cost.recordBytes * more > LIMITS.recordBytes ||
    cost.warnings * more > LIMITS.warnings ||
    (cost.memoryBytes - FLOOR_MEMORY_BYTES) * more > LIMITS.memoryBytes ||
    (cost.cpuMs > PROMISING_MS && cost.cpuMs * more * more > LIMITS.cpuMs)
  );
}

/** Start-up that every parse has: without it the shortest inputs would be the most expensive. */
const FLOOR_MS = 0.5;
const FLOOR_BYTES = 256;
const FLOOR_STEPS = 2000;

/** Ratios that the search climbs. */
export function ratios(
  cost: Cost,
): Record<"time a byte" | "time a step" | "record a byte" | "warnings a byte" | "steps a byte" | "memory a byte", number> {
  const bytes = cost.bytes + FLOOR_BYTES;
  const milliseconds = Math.max(0, cost.cpuMs - FLOOR_MS);
  return {
    "time a byte": milliseconds / bytes,
    "time a step": milliseconds / (cost.steps + FLOOR_STEPS),
    "record a byte": cost.recordBytes / bytes,
    "warnings a byte": cost.warnings / bytes,
    "steps a byte": cost.steps / bytes,
    "memory a byte": Math.max(0, cost.memoryBytes - FLOOR_MEMORY_BYTES) / bytes,
  };
}

export function costText(cost: Cost): string {
  const time = cost.ended ? `not ended after ${(cost.cpuMs / 1000).toFixed(1)} s of CPU` : `${(cost.cpuMs / 1000).toFixed(2)} s of CPU`;
  return `${time}, ${cost.steps} steps, ${Math.round(cost.memoryBytes / 2 ** 20)} MiB, record of ${cost.recordBytes} bytes, ${cost.warnings} warnings`;
}
