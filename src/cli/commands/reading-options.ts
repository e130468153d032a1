/** The options of every command that reads many images: how many processes parse, and for how long they may. */
import type { Command } from "commander";
import { DEFAULT_PARSE_SECONDS } from "../../pipeline/reading/parse-limits.ts";
import { countOf, option } from "../arguments.ts";

const MAX_PROCESSES = 256;

export function addReadingOptions(command: Command): Command {
  return command
    .addOption(option("--processes <number>", "processes that read and parse", "PROCESSES").default(1).argParser(countOf(1, MAX_PROCESSES)))
    .addOption(
      option("--parse-timeout <seconds>", "computing time that parsing one image may take", "PARSE_TIMEOUT")
        .default(DEFAULT_PARSE_SECONDS)
        .argParser(countOf(1, 3600)),
    );
}
