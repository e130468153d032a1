/** The options that the worker, the push endpoint and the function have in common. */
import type { Command } from "commander";
import { commaList, countOf, option } from "../arguments.ts";
import { bucketName } from "../bucket-name.ts";
import { UsageError } from "../outcome.ts";
import { addAccessOptions } from "./access-options.ts";
import { addReadingOptions } from "./reading-options.ts";

export function addServiceOptions(command: Command): Command {
  return addReadingOptions(addAccessOptions(command))
    .addOption(option("--to <store>", "catalog.db, sqlite:PATH, postgres://…, firestore://… or pubsub://…", "TO").makeOptionMandatory())
    .addOption(
      option(
        "--bucket <names>",
        "only events of these buckets, by commas; those of others are dead letters (default: any that may be read)",
        "BUCKET",
      ).argParser(bucketNames),
    )
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(
      option("--concurrency <number>", "requests in flight of each process, at most: it adapts to the bucket", "CONCURRENCY")
        .default(64)
        .argParser(countOf(1, 1024)),
    )
    .addOption(option("--max-messages <number>", "messages held at once", "MAX_MESSAGES").default(400).argParser(countOf(1, 100_000)))
    .addOption(
      option("--max-bytes <number>", "bytes of messages held at once", "MAX_BYTES")
        .default(32_000_000)
        .argParser(countOf(1, 2 ** 31)),
    )
    .addOption(
      option("--grace <seconds>", "how long it takes to leave after SIGTERM, at most", "GRACE").default(8).argParser(countOf(1, 3600)),
    )
    .addOption(option("--all", "every object, not only those whose type or name says image", "ALL"))
    .addOption(
      option(
        "--trust-deletes",
        "remove records without asking the bucket if their objects are gone; only if nobody else can send events",
        "TRUST_DELETES",
      ),
    )
    .addOption(option("--printed", "values as people read them, instead of as they are stored", "PRINTED"))
    .addOption(option("--thorough", "also what needs a walk over all pixels, such as the frames of a large GIF", "THOROUGH"))
    .addOption(option("--user-project <project>", "the project that pays for requests to requester-pays buckets", "USER_PROJECT"))
    .addOption(option("--host <address>", "address to serve on; 0.0.0.0 in a container", "HOST").default("127.0.0.1"))
    .addOption(
      option("--log-level <level>", "debug tells of each image; info, warn, error", "LOG_LEVEL")
        .choices(["debug", "info", "warn", "error"])
        .default("info"),
    );
}

/** None would be taken of no bucket: that is a variable which is not set. @throws UsageError */
function bucketNames(words: string): readonly string[] {
  const names = commaList(words).map(bucketName);
  if (names.length === 0) throw new UsageError("--bucket names no bucket: leave it out to take the events of any");
  return names;
}

/** And those of the push endpoint and the function. */
export function addPushOptions(command: Command): Command {
  return addServiceOptions(command).addOption(
    option(
      "--dead-letter <topic>",
      "where goes what can never succeed; absent, it is answered with 400 and the subscription's own policy decides",
      "DEAD_LETTER",
    ),
  );
}
