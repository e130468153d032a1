/** `imagemeta recover`: its options. What it does is in run-recover.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { countOf, option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { RecoverCommandOptions } from "../setup-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function recoverCommand(outcome: Outcome): Command {
  const command = new Command("recover")
    .description("connect a bucket again, then publish what changed and the store has not had")
    .argument("<source>", "gs://BUCKET or gs://BUCKET/PREFIX/")
    .addOption(option("--topic <topic>", "which the bucket tells of its changes", "TOPIC").makeOptionMandatory())
    .addOption(
      option(
        "--to <store>",
        "the catalogue to compare with: catalog.db, sqlite:PATH, postgres://…, firestore://…",
        "TO",
      ).makeOptionMandatory(),
    )
    .addOption(
      option("--since <when>", "paused: the pause (the default); newest: the newest record; or a time, 2026-11-24T08:00:00Z", "SINCE"),
    )
    .addOption(option("--all", "everything that the store lacks, whatever the time, also what failed and may be mended", "ALL"))
    .addOption(option("--every-object", "also what neither type nor name says to be an image", "EVERY_OBJECT"))
    .addOption(option("--rate <number>", "messages a second", "RATE").default(500).argParser(countOf(1, 100_000)))
    .addOption(
      option("--settle <seconds>", "wait so long after connecting, instead of for the event of a marker object", "SETTLE").argParser(
        countOf(0, 86_400),
      ),
    )
    .addOption(
      option("--marker-wait <seconds>", "how long the event of the marker object is waited for", "MARKER_WAIT")
        .default(600)
        .argParser(countOf(1, 86_400)),
    )
    .addOption(option("--dry-run", "only count what would be published", "DRY_RUN"))
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(option("--user-project <project>", "the project that pays for requests to a requester-pays bucket", "USER_PROJECT"));
  return addAccessOptions(command)
    .addHelpText(
      "after",
      `
Workers go on meanwhile. Interrupted, the same command goes on where it was.
Exit status: 0 all is published, 1 it could not end, 2 wrong call.

Examples:
  imagemeta recover gs://my-bucket --topic images --to postgres://me@db/images
  imagemeta recover gs://my-bucket --topic images --to catalog.db --since newest --dry-run`,
    )
    .action(async (source: string, options: RecoverCommandOptions) => {
      const { runRecover } = await import("../run-recover.ts");
      await runRecover(source, options, outcome);
    });
}
