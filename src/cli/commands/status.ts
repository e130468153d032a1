/** `imagemeta status --subscription S`: its options. What it does is in run-status.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { StatusCommandOptions } from "../status-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function statusCommand(outcome: Outcome): Command {
  const command = new Command("status")
    .description("tell how a pipeline is: backlog, dead letters, newest record, notification, settings")
    .addOption(option("--subscription <name>", "MY-SUBSCRIPTION or projects/P/subscriptions/S", "SUBSCRIPTION").makeOptionMandatory())
    .addOption(option("--to <store>", "the catalogue: how many records it has, and the newest; this reads through all of it", "TO"))
    .addOption(option("--dead-letter-subscription <name>", "the subscription of the dead letters: how many", "DEAD_LETTER_SUBSCRIPTION"))
    .addOption(option("--bucket <bucket>", "is its notification connected, or paused (which --to remembers)?", "BUCKET"))
    .addOption(option("--monitoring-endpoint <url>", "another address of Cloud Monitoring, such as a private one", "MONITORING_ENDPOINT"))
    .addOption(option("--format <format>", "table or json", "FORMAT").choices(["table", "json"]).default("table"))
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(option("--user-project <project>", "the project that pays for requests to requester-pays buckets", "USER_PROJECT"));
  return addAccessOptions(command)
    .addHelpText(
      "after",
      `
Backlog, age and dead letters come from Cloud Monitoring (roles/monitoring.viewer), some minutes late; the Pub/Sub emulator has none.
What cannot be had is said in its place. Exit status: 0 all was had, 1 something was not, 2 wrong call.

Examples:
  imagemeta status --subscription my-images --dead-letter-subscription my-dead-letters-sub
  imagemeta status --subscription my-images --to postgres://me@db/images --bucket my-bucket --format json`,
    )
    .action(async (options: StatusCommandOptions) => {
      const { runStatus } = await import("../run-status.ts");
      await runStatus(options, outcome);
    });
}
