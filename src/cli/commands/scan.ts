/** `imagemeta scan SOURCE --to STORE`: its options. What it does is in scan-images.ts, which is loaded only when it runs. */
import { Command, InvalidArgumentError } from "commander";
import { parseShard } from "../../pipeline/scan/shard.ts";
import { commaList, commaListOf, countOf, option, repeated } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import { REREADS, type ScanCommandOptions } from "../scan-options.ts";
import { addAccessOptions } from "./access-options.ts";
import { addReadingOptions } from "./reading-options.ts";

export function scanCommand(outcome: Outcome): Command {
  const command = new Command("scan")
    .description("bring a store up to date with a bucket: only what is new or changed is read")
    .argument("<source>", "gs://BUCKET, gs://BUCKET/PREFIX/, gs://BUCKET/**/*.jpg, or a folder")
    .addOption(
      option(
        "--to <store>",
        "catalog.db, sqlite:PATH, postgres://…, firestore://…, pubsub://…, or a file: .json, .ndjson, .csv, .parquet",
        "TO",
      ).makeOptionMandatory(),
    )
    .addOption(option("--full", "read all, also what the store holds", "FULL"))
    .addOption(
      option(
        "--reread <what>",
        "read again what gave any error, what an older imagemeta has read: errors,older-engine",
        "REREAD",
      ).argParser(commaListOf(REREADS)),
    )
    .addOption(option("--prune", "remove from the store what is gone from the source", "PRUNE"))
    .addOption(option("--dry-run", "say what it would take, in requests, bytes, time and money; read and write nothing", "DRY_RUN"));
  addPlaceOptions(command);
  return addReadingOptions(command)
    .addOption(
      option("--concurrency <number>", "requests in flight of each process, at most: it adapts to the bucket", "CONCURRENCY")
        .default(64)
        .argParser(countOf(1, 1024)),
    )
    .addOption(
      option("--store-wait <seconds>", "how long a store that is down is waited for", "STORE_WAIT")
        .default(600)
        .argParser(countOf(0, 86_400)),
    )
    .addOption(option("--printed", "values as people read them, instead of as they are stored", "PRINTED"))
    .addOption(option("--thorough", "also what needs a walk over all pixels, such as the frames of a large GIF", "THOROUGH"))
    .addHelpText(
      "after",
      `
An interrupted scan goes on where it was when the same command is run again.
Exit status: 0 all images were read, 1 some failed (their records carry "error") or the scan could not end, 2 wrong call, 130 interrupted.

Examples:
  imagemeta scan gs://my-bucket --to catalog.db --prune
  imagemeta scan gs://my-bucket/photos/ --to postgres://me@db/images --processes 4
  imagemeta scan gs://my-bucket --to catalog.db --dry-run`,
    )
    .action(async (source: string, options: ScanCommandOptions) => {
      const [{ keepHeapLean }, { scanImages }] = await Promise.all([import("../lean-heap.ts"), import("../scan-images.ts")]);
      keepHeapLean();
      await scanImages(source, options, outcome);
    });
}

/** What narrows the source; `check` takes the same. */
export function addPlaceOptions(command: Command): void {
  addAccessOptions(command)
    .addOption(option("--prefix <prefix>", "only names that start with this", "PREFIX"))
    .addOption(option("--include <glob>", "only names that match: *.jpg, 2024/**/*.heic (repeatable)", "INCLUDE").argParser(repeated))
    .addOption(option("--exclude <glob>", "no names that match (repeatable)", "EXCLUDE").argParser(repeated))
    .addOption(option("--all", "every object, not only those whose type or name says image", "ALL"))
    .addOption(
      option("--storage-class <classes>", "only objects of these classes: STANDARD,NEARLINE", "STORAGE_CLASS").argParser(commaList),
    )
    .addOption(
      option(
        "--shard <i/n>",
        "only the share I (from 0) of N machines; Cloud Run jobs give it, Kubernetes indexed jobs with IMAGEMETA_SHARDS",
        "SHARD",
      ).argParser((value) => {
        const shard = parseShard(value);
        if (shard === undefined) throw new InvalidArgumentError("it takes I/N, such as 0/8 to 7/8.");
        return shard;
      }),
    )
    .addOption(option("--user-project <project>", "the project that pays for requests to requester-pays buckets", "USER_PROJECT"))
    .addOption(option("--quiet", "no progress, no closing line", "QUIET"));
}
