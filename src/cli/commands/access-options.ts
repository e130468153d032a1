/** The options by which every command that speaks to Google's services takes its credentials. */
import type { Command } from "commander";
import { option } from "../arguments.ts";

export function addAccessOptions(command: Command): Command {
  return command
    .addOption(option("--credentials <file>", "credentials to take before all others; none: anonymous requests", "CREDENTIALS"))
    .addOption(
      option(
        "--impersonate-service-account <address>",
        "act as this service account; before it, separated by commas, those that it goes through",
        "IMPERSONATE_SERVICE_ACCOUNT",
      ),
    );
}
