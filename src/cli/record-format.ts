/** The form of records that `--format` or the ending of a file names, and where they are written. */
import type { PartialRecord, RecordFormat } from "../stores/formats/format.ts";
import { json, ndjson } from "../stores/formats/json.ts";
import { UsageError } from "./outcome.ts";
import { type Output, openOutput } from "./output.ts";
import type { FormatOptions } from "./read-options.ts";

/** What opens the place that the options name: stdout or a file. Nothing is made before. @throws UsageError */
export async function recordOutput(options: FormatOptions): Promise<() => Promise<Output<PartialRecord>>> {
  const { write, format: name, only } = options;
  if (write !== undefined && name === undefined && /\.parquet$/i.test(write)) {
    if (only !== undefined) throw new UsageError("--only does not go with parquet: its columns are fixed");
    const { openRecordFile } = await import("../stores/formats/record-file.ts");
    return () => openRecordFile(write, `${write}.${process.pid}.partial`);
  }
  const format = await openFormat(options);
  return () => openOutput(write, format);
}

async function openFormat({ format, write, tags, only }: FormatOptions): Promise<RecordFormat> {
  const name = format ?? (write === undefined ? "json" : formatOfFile(write, ".parquet"));
  switch (name) {
    case "csv": {
      const { csv } = await import("../stores/formats/csv.ts");
      if (only !== undefined) throw new UsageError("--only does not go with csv: its columns are fixed; --tags adds columns");
      if (tags?.some((tag) => !/^[^*:]+:[^*:]+$/.test(tag)))
        throw new UsageError("--tags with csv takes whole names, such as IFD0:Make: each is a column");
      return csv(tags);
    }
    case "table": {
      const { table } = await import("./table.ts");
      return table(process.stdout.columns ?? 160);
    }
    default:
      return name === "ndjson" ? ndjson : json;
  }
}

/** @param other an ending that the caller takes too. @throws UsageError */
export function formatOfFile(path: string, other: string): "json" | "ndjson" | "csv" {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (ending === "json" || ending === "ndjson" || ending === "csv") return ending;
  if (ending === "jsonl") return "ndjson";
  throw new UsageError(`--write ${path}: its ending names no format; take .json, .ndjson, .jsonl, .csv or ${other}, or say --format`);
}
