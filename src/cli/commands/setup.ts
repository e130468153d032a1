/** `imagemeta setup`: its options. What it does is in run-setup.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { SetupCommandOptions } from "../setup-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function setupCommand(outcome: Outcome): Command {
  const command = new Command("setup")
    .description("connect a bucket with workers: topics, subscriptions, grants and the bucket's notification")
    .addOption(option("--bucket <bucket>", "MY-BUCKET or gs://MY-BUCKET", "BUCKET").makeOptionMandatory())
    .addOption(option("--topic <topic>", "which the bucket tells of its changes", "TOPIC").makeOptionMandatory())
    .addOption(option("--subscription <name>", "which the workers take them from", "SUBSCRIPTION").makeOptionMandatory())
    .addOption(option("--dead-letter <topic>", "where goes what can never succeed", "DEAD_LETTER").makeOptionMandatory())
    .addOption(
      option(
        "--dead-letter-subscription <name>",
        "which keeps dead letters; absent, the topic's name and -sub",
        "DEAD_LETTER_SUBSCRIPTION",
      ),
    )
    .addOption(option("--push-endpoint <url>", "events are pushed there, instead of pulled by workers", "PUSH_ENDPOINT"))
    .addOption(option("--push-service-account <address>", "as whom they are pushed", "PUSH_SERVICE_ACCOUNT"))
    .addOption(option("--exactly-once", "a message that was acknowledged never comes again", "EXACTLY_ONCE"))
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(option("--user-project <project>", "the project that pays for requests to a requester-pays bucket", "USER_PROJECT"))
    .addOption(option("--print", "print the same as gcloud commands, and do nothing", "PRINT"));
  return addAccessOptions(command)
    .addHelpText(
      "after",
      `
Says of each thing whether it was made, changed, or found as it should be; run twice it changes nothing.
Exit status: 0 all is set up, 1 something failed (the rest is done), 2 wrong call.

Examples:
  imagemeta setup --bucket my-bucket --topic images --subscription images-workers --dead-letter images-dead
  imagemeta setup --bucket my-bucket --topic images --subscription images-workers --dead-letter images-dead --print`,
    )
    .action(async (options: SetupCommandOptions) => {
      const { runSetup } = await import("../run-setup.ts");
      await runSetup(options, outcome);
    });
}
