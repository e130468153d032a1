/** `imagemeta whoami [BUCKET]`: its options. What it does is in run-whoami.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { WhoamiCommandOptions } from "../whoami-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function whoamiCommand(outcome: Outcome): Command {
  const command = new Command("whoami")
    .description("say which credentials are taken, from where, whose they are, and what they may do")
    .argument("[bucket]", "MY-BUCKET or gs://MY-BUCKET: what is allowed on it")
    .addOption(option("--format <format>", "table or json", "FORMAT").choices(["table", "json"]).default("table"))
    .addOption(option("--user-project <project>", "the project that pays for requests to a requester-pays bucket", "USER_PROJECT"));
  return addAccessOptions(command)
    .addHelpText(
      "after",
      `
Exit status: 0 there are credentials and they are good, 1 there are none, or they are refused, 2 wrong call.

Examples:
  imagemeta whoami
  imagemeta whoami gs://my-bucket --format json`,
    )
    .action(async (bucket: string | undefined, options: WhoamiCommandOptions) => {
      const { runWhoami } = await import("../run-whoami.ts");
      await runWhoami(bucket, options, outcome);
    });
}
