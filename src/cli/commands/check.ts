/** `imagemeta check SOURCE --in STORE`: its options. What it does is in check-images.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import { CHECK_FORMATS, type CheckCommandOptions } from "../scan-options.ts";
import { addPlaceOptions } from "./scan.ts";

export function checkCommand(outcome: Outcome): Command {
  const command = new Command("check")
    .description("say what differs between a bucket and a store, by the listing alone: missing, hidden, stale, unread, gone")
    .argument("<source>", "gs://BUCKET, gs://BUCKET/PREFIX/, gs://BUCKET/**/*.jpg, or a folder")
    .addOption(option("--in <store>", "catalog.db, sqlite:PATH, postgres://…, firestore://…", "IN").makeOptionMandatory())
    .addOption(
      option("--format <format>", "text: a line for each difference; json: an array", "FORMAT").choices(CHECK_FORMATS).default("text"),
    );
  addPlaceOptions(command);
  return command
    .addHelpText(
      "after",
      `
missing: the store has no record of the image
hidden:  the store has it as removed, but the source still has it; a scan restores it
stale:   the record is of another version, or has older metadata
unread:  the record has an error that another scan may mend
gone:    the source no longer has the image; scan --prune removes the record

Exit status: 0 nothing differs, 1 something does, 2 wrong call, 130 interrupted.

Examples:
  imagemeta check gs://my-bucket --in catalog.db
  imagemeta check gs://my-bucket/photos/ --in postgres://me@db/images --format json`,
    )
    .action(async (source: string, options: CheckCommandOptions) => {
      const { checkImages } = await import("../check-images.ts");
      await checkImages(source, options, outcome);
    });
}
