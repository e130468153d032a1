/** `imagemeta pause` and `imagemeta resume`: their options. What they do is in run-pause.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { option } from "../arguments.ts";
import type { PauseCommandOptions } from "../setup-options.ts";
import { addAccessOptions } from "./access-options.ts";

export function pauseCommand(): Command {
  return withOptions(new Command("pause").description("disconnect a bucket from its topic, and remember when and how it was connected"))
    .addOption(option("--topic <topic>", "only notifications to this topic, where the bucket has several", "TOPIC"))
    .addHelpText(
      "after",
      `
The time and the exact notification are in the catalogue before it is removed. Run twice, the earliest time stays.
What changes while it is paused is told by none: imagemeta recover finds it.

Examples:
  imagemeta pause --bucket my-bucket --to postgres://me@db/images
  imagemeta pause --bucket my-bucket --to catalog.db --topic images`,
    )
    .action(async (options: PauseCommandOptions) => {
      const { runPause } = await import("../run-pause.ts");
      await runPause(options);
    });
}

export function resumeCommand(): Command {
  return withOptions(new Command("resume").description("connect a paused bucket again, exactly as it was"))
    .addHelpText(
      "after",
      `
What changed during the pause is not told by this: imagemeta recover connects as well, and then publishes it.

Examples:
  imagemeta resume --bucket my-bucket --to postgres://me@db/images
  imagemeta resume --bucket my-bucket --to catalog.db`,
    )
    .action(async (options: PauseCommandOptions) => {
      const { runResume } = await import("../run-pause.ts");
      await runResume(options);
    });
}

function withOptions(command: Command): Command {
  return addAccessOptions(command)
    .addOption(option("--bucket <bucket>", "MY-BUCKET or gs://MY-BUCKET", "BUCKET").makeOptionMandatory())
    .addOption(
      option(
        "--to <store>",
        "the catalogue that remembers it: catalog.db, sqlite:PATH, postgres://…, firestore://…",
        "TO",
      ).makeOptionMandatory(),
    )
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(option("--user-project <project>", "the project that pays for requests to a requester-pays bucket", "USER_PROJECT"));
}
