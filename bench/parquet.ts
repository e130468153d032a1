/** Peak memory of writing a Parquet file of 1,000,000 records beside one of 100,000, each by parquet-file.ts in a process of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measure } from "./measure.ts";
import { usageOf } from "./usage.ts";

const script = new URL("parquet-file.ts", import.meta.url).pathname;

export async function measureParquet(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  const peakOf = async (count: number) => (await usageOf(script, [`${folder}/${count}.parquet`, String(count)], {})).peak;
  try {
    const small = await peakOf(100_000);
    const large = await peakOf(1_000_000);
    return [
      {
        what: `peak memory of a Parquet file of 1,000,000 records, beside 100,000 (${small.toFixed(0)} MiB)`,
        ratio: large / small,
        limit: "at most 1.25",
        holds: large / small <= 1.25,
      },
      { what: "the same, in MiB", ratio: large, limit: "under 300", holds: large < 300 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
