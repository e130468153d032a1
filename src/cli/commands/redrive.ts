/** `imagemeta redrive --from SUBSCRIPTION`: its options. What it does is in run-redrive.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { commaList, countOf, durationOf, option, repeated } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { RedriveCommandOptions } from "../redrive-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function redriveCommand(outcome: Outcome): Command {
  const command = new Command("redrive")
    .description("list the dead letters with their reasons, or send them back to the topic")
    .addOption(option("--from <subscription>", "the subscription of the dead letters", "FROM").makeOptionMandatory())
    .addOption(option("--topic <topic>", "send them back there; absent, they are only listed and stay", "TOPIC"))
    .addOption(option("--code <codes>", "only with these error codes: MALFORMED,NOT_FOUND; none: without one", "CODE").argParser(commaList))
    .addOption(option("--include <glob>", "only of objects whose name matches one of these (repeatable)", "INCLUDE").argParser(repeated))
    .addOption(option("--older-than <time>", "only what is a dead letter so long: 90s, 30m, 12h, 7d", "OLDER_THAN").argParser(durationOf))
    .addOption(option("--limit <number>", "so many at most", "LIMIT").argParser(countOf(1, 1e9)))
    .addOption(option("--wait <seconds>", "end when nothing new has come for so long", "WAIT").default(10).argParser(countOf(1, 600)))
    .addOption(
      option("--format <format>", "table; json: an array; ndjson: one a line (default: table)", "FORMAT").choices([
        "table",
        "json",
        "ndjson",
      ]),
    )
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(option("--quiet", "no closing line", "QUIET"));
  return addAccessOptions(command)
    .addHelpText(
      "after",
      `
Listing gives all of them back. With --topic each is published without its reasons, and acknowledged when Pub/Sub has confirmed that;
what does not match stays. Ended in between, some are sent twice, which changes nothing.
Exit status: 0 all that matched was listed or sent, 1 some were refused or Pub/Sub failed, 2 wrong call, 130 interrupted.

Examples:
  imagemeta redrive --from my-dead-letters-sub --format table
  imagemeta redrive --from my-dead-letters-sub --topic my-images --code none,FORBIDDEN --include 'photos/**' --older-than 1h`,
    )
    .action(async (options: RedriveCommandOptions) => {
      const { runRedrive } = await import("../run-redrive.ts");
      await runRedrive(options, outcome);
    });
}
