/** `imagemeta audit SOURCE…` and `--from STORE`: its options. What it does is in audit-images.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { RULES } from "../../pipeline/audit/audit.ts";
import { TOPICS } from "../../pipeline/audit/rule.ts";
import { commaListOf, countOf, option, repeated } from "../arguments.ts";
import { AUDIT_FORMATS, type AuditCommandOptions } from "../audit-options.ts";
import type { Outcome } from "../outcome.ts";
import { addAccessOptions } from "./access-options.ts";
import { addReadingOptions } from "./reading-options.ts";

const NAMES = [...TOPICS, ...RULES.map(({ id }) => id)];

export function auditCommand(outcome: Outcome): Command {
  const command = new Command("audit")
    .description("say what images give away, what rights they lack, which are broken, and which a model made")
    .argument("[sources...]", "gs://BUCKET, gs://BUCKET/PREFIX/, gs://BUCKET/**/*.jpg, a file, a folder, https://…, or -")
    .addOption(option("--from <store>", "the records of a store instead: catalog.db, sqlite:PATH, postgres://…, firestore://…", "FROM"))
    .addOption(option("--file <path>", "one object: /BUCKET/NAME, the name taken as it is (repeatable)", "FILE").argParser(repeated))
    .addOption(option("--bucket <name>", "every image of a bucket (repeatable)", "BUCKET").argParser(repeated))
    .addOption(
      option("--only <rules>", `only these topics or rules: ${TOPICS.join(", ")}, gps, serial …`, "ONLY").argParser(commaListOf(NAMES)),
    )
    .addOption(
      option("--fail-on <rules>", "exit with 1 where one of these topics or rules finds anything: gps,serial", "FAIL_ON").argParser(
        commaListOf(NAMES),
      ),
    )
    .addOption(option("--where <condition>", "only images that meet this: summary.make = 'Apple' and summary.iso >= 800", "WHERE"))
    .addOption(
      option("--format <format>", "report: for people; json, ndjson, csv: one item or line a finding (default: report)", "FORMAT").choices(
        AUDIT_FORMATS,
      ),
    )
    .addOption(
      option("--write <file>", "write to a file instead of printing; .json, .ndjson, .jsonl, .csv or .txt says the format", "WRITE"),
    )
    .addOption(
      option("--examples <number>", "images that the report names for each rule", "EXAMPLES").default(3).argParser(countOf(0, 1000)),
    )
    .addOption(option("--prefix <prefix>", "only names that start with this; with --from, whole addresses", "PREFIX"))
    .addOption(option("--include <glob>", "only names that match: *.jpg, 2024/**/*.heic (repeatable)", "INCLUDE").argParser(repeated))
    .addOption(option("--exclude <glob>", "no names that match (repeatable)", "EXCLUDE").argParser(repeated))
    .addOption(option("--all", "every object, not only those whose type or name says image", "ALL"))
    .addOption(
      option("--concurrency <number>", "requests in flight of each process, at most", "CONCURRENCY")
        .default(32)
        .argParser(countOf(1, 1024)),
    )
    .addOption(option("--user-project <project>", "the project that pays for requests to requester-pays buckets", "USER_PROJECT"))
    .addOption(option("--quiet", "no progress, no closing line", "QUIET"));
  return addReadingOptions(addAccessOptions(command))
    .addHelpText(
      "after",
      `
Rules:
${TOPICS.map((topic) => rulesText(topic)).join("\n")}

Exit status: 0 every image was judged and --fail-on found nothing, 1 it did or some images could not be looked at, 2 wrong call, 130 interrupted.

Examples:
  imagemeta audit gs://my-bucket/public/ --fail-on gps,serial,people
  imagemeta audit --from catalog.db --only rights --format csv --write rights.csv
  imagemeta audit photos/ --only privacy,broken --examples 10`,
    )
    .action(async (words: string[], options: AuditCommandOptions) => {
      const { auditImages } = await import("../audit-images.ts");
      await auditImages(words, options, outcome);
    });
}

function rulesText(topic: (typeof TOPICS)[number]): string {
  return RULES.filter((rule) => rule.topic === topic)
    .map(({ id, severity, title }, i) => `  ${(i === 0 ? topic : "").padEnd(9)}${id.padEnd(21)}${severity.padEnd(8)}${title}`)
    .join("\n");
}
