/** `imagemeta export --from STORE`: its options. What it does is in export-records.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { FIELDS } from "../../stores/formats/select.ts";
import { commaList, commaListOf, option } from "../arguments.ts";
import type { ExportCommandOptions } from "../export-options.ts";
import type { Outcome } from "../outcome.ts";
import { FORMATS } from "../read-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function exportCommand(outcome: Outcome): Command {
  const command = new Command("export")
    .description("print the records of a store, or write them to a file")
    .addOption(option("--from <store>", "catalog.db, sqlite:PATH, postgres://…, firestore://…", "FROM").makeOptionMandatory())
    .addOption(option("--where <condition>", "only records that meet this: summary.make = 'Apple' and summary.iso >= 800", "WHERE"))
    .addOption(option("--prefix <prefix>", "only addresses that start with this: gs://my-bucket/2024/", "PREFIX"))
    .addOption(
      option("--write <file>", "write to a file instead of printing; .json, .ndjson, .jsonl, .csv or .parquet says the format", "WRITE"),
    )
    .addOption(
      option("--format <format>", "json: an array; ndjson: one record a line; csv; table (default: json)", "FORMAT").choices(FORMATS),
    )
    .addOption(option("--only <fields>", `only these fields of the record: ${FIELDS.join(", ")}`, "ONLY").argParser(commaListOf(FIELDS)))
    .addOption(
      option("--tags <patterns>", "only these tags: IFD0:Make,XMP-dc:*,GPS*; columns of their own in csv", "TAGS").argParser(commaList),
    )
    .addOption(option("--quiet", "no closing line", "QUIET"));
  return addAccessOptions(command)
    .addHelpText(
      "after",
      `
Conditions: and, or, not, parentheses; = != < <= > >= contains exists; 'text' ('' for a quote), 800, true, false.
Fields are those of the record: summary.make, format, object.size, error.code, tags."XMP-dc".Creator.
Exit status: 0 all was written, 1 the store or the file failed, 2 wrong call.

Examples:
  imagemeta export --from catalog.db --write images.csv --tags IFD0:Artist
  imagemeta export --from catalog.db --format table --where "summary.make = 'Apple' and summary.iso >= 800"
  imagemeta export --from postgres://me@db/images --format ndjson --where "not summary.copyright exists" --only summary`,
    )
    .action(async (options: ExportCommandOptions) => {
      const [{ exportRecords }, { keepHeapLean }] = await Promise.all([import("../export-records.ts"), import("../lean-heap.ts")]);
      keepHeapLean();
      await exportRecords(options, outcome);
    });
}
