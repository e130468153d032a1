/** What a benchmark says: a ratio against a peer of the same run. */
export interface Measure {
  readonly what: string;
  readonly ratio: number;
  readonly limit: string;
  readonly holds: boolean;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least the share `q` of the values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? Number.NaN;
}
