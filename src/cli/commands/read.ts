/** `imagemeta [read] SOURCE…`: its options. What it does is in read-images.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { FIELDS } from "../../stores/formats/select.ts";
import { commaList, commaListOf, countOf, option, repeated } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import { FORMATS, type ReadCommandOptions } from "../read-options.ts";
import { addAccessOptions } from "./access-options.ts";
import { addReadingOptions } from "./reading-options.ts";

export function readCommand(outcome: Outcome): Command {
  const command = new Command("read")
    .description("print the metadata of images (the command where none is named)")
    .argument(
      "[sources...]",
      "gs://BUCKET/NAME, gs://BUCKET/PREFIX/, gs://BUCKET/**/*.jpg, a file, a folder, https://…, or - for standard input",
    )
    .addOption(
      option(
        "--file <path>",
        "one object of a bucket, /BUCKET/NAME or gs://BUCKET/NAME, the name taken as it is (repeatable)",
        "FILE",
      ).argParser(repeated),
    )
    .addOption(option("--bucket <name>", "every image of a bucket (repeatable)", "BUCKET").argParser(repeated))
    .addOption(
      option("--write <file>", "write to a file instead of printing; .json, .ndjson, .jsonl, .csv or .parquet says the format", "WRITE"),
    )
    .addOption(option("--format <format>", "json: an array, the default; ndjson: one record a line; csv; table", "FORMAT").choices(FORMATS))
    .addOption(option("-n, --numeric", "values as they are stored, instead of as people read them", "NUMERIC"))
    .addOption(
      option("--only <fields>", `only these fields of the record, not with csv: ${FIELDS.join(", ")}`, "ONLY").argParser(
        commaListOf(FIELDS),
      ),
    )
    .addOption(
      option("--tags <patterns>", "only these tags: IFD0:Make,XMP-dc:*,GPS:*; with csv whole names, each a column", "TAGS").argParser(
        commaList,
      ),
    )
    .addOption(option("--prefix <prefix>", "only names that start with this, after the source's own prefix", "PREFIX"))
    .addOption(
      option(
        "--include <glob>",
        "only names that match: *.jpg at any depth, 2024/**/*.heic from the bucket or folder on; case counts (repeatable)",
        "INCLUDE",
      ).argParser(repeated),
    )
    .addOption(option("--exclude <glob>", "no names that match (repeatable)", "EXCLUDE").argParser(repeated))
    .addOption(option("--all", "every object, not only those whose type or name says image", "ALL"))
    .addOption(option("--thorough", "also what needs a walk over all pixels, such as the frames of a large GIF", "THOROUGH"))
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
Exit status: 0 all images were read, 1 some failed (their records carry "error"), 2 wrong call, 130 interrupted.
For a repeatable option the variable holds one value.

Examples:
  imagemeta gs://my-bucket/photos/ --include '*.heic' --format table
  imagemeta --bucket my-bucket --write out/my_images_meta.json
  imagemeta photo.jpg -n --tags 'ExifIFD:*,GPS:*'
  curl -s https://example.org/a.jpg | imagemeta -`,
    )
    .action(async (words: string[], options: ReadCommandOptions) => {
      const { readImages } = await import("../read-images.ts");
      await readImages(words, options, outcome);
    });
}
