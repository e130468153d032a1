/** The text form of records that `--format` or the ending of a file names. */
import type { RecordFormat } from "../stores/formats/format.ts";
import { json, ndjson } from "../stores/formats/json.ts";
import { UsageError } from "./outcome.ts";
import type { FormatOptions } from "./read-options.ts";

/** The format that `--format` or the file's ending names. @throws UsageError */
export async function openFormat({ format, write, tags, only }: FormatOptions): Promise<RecordFormat> {
  const name = format ?? (write === undefined ? "json" : formatOfFile(write));
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

/** @throws UsageError */
export function formatOfFile(path: string): "json" | "ndjson" | "csv" {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (ending === "json" || ending === "ndjson" || ending === "csv") return ending;
  if (ending === "jsonl") return "ndjson";
  throw new UsageError(`--write ${path}: its ending names no format; take .json, .ndjson, .jsonl or .csv, or say --format`);
}
