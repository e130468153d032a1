/** `imagemeta worker --subscription S --to STORE`: its options. What it does is in run-worker.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { countOf, option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { WorkerCommandOptions } from "../worker-options.ts";

export function workerCommand(outcome: Outcome): Command {
  return new Command("worker")
    .description("take the events of buckets from Pub/Sub, read the images, write the records, then acknowledge")
    .addOption(option("--subscription <name>", "MY-SUBSCRIPTION or projects/P/subscriptions/S", "SUBSCRIPTION").makeOptionMandatory())
    .addOption(option("--to <store>", "catalog.db, sqlite:PATH, postgres://…, firestore://… or pubsub://…", "TO").makeOptionMandatory())
    .addOption(
      option(
        "--dead-letter <topic>",
        "where goes what can never succeed; absent, the dead-letter topic of the subscription",
        "DEAD_LETTER",
      ),
    )
    .addOption(option("--project <project>", "the project of short names", "PROJECT"))
    .addOption(
      option("--concurrency <number>", "requests to the bucket in flight, at most: it adapts", "CONCURRENCY")
        .default(64)
        .argParser(countOf(1, 1024)),
    )
    .addOption(option("--max-messages <number>", "messages held at once", "MAX_MESSAGES").default(1000).argParser(countOf(1, 100_000)))
    .addOption(
      option("--max-bytes <number>", "bytes of messages held at once", "MAX_BYTES")
        .default(32_000_000)
        .argParser(countOf(1, 2 ** 31)),
    )
    .addOption(
      option("--grace <seconds>", "how long it takes to leave after SIGTERM, at most", "GRACE").default(8).argParser(countOf(1, 3600)),
    )
    .addOption(option("--all", "every object, not only those whose type or name says image", "ALL"))
    .addOption(option("--printed", "values as people read them, instead of as they are stored", "PRINTED"))
    .addOption(option("--thorough", "also what needs a walk over all pixels, such as the frames of a large GIF", "THOROUGH"))
    .addOption(option("--user-project <project>", "the project that pays for requests to requester-pays buckets", "USER_PROJECT"))
    .addOption(
      option("--port <number>", "serve /healthz, /readyz and /metrics there; 0 takes a free port", "PORT").argParser(countOf(0, 65_535)),
    )
    .addOption(option("--host <address>", "address to serve on; 0.0.0.0 in a container", "HOST").default("127.0.0.1"))
    .addOption(
      option("--log-level <level>", "debug tells of each image; info, warn, error", "LOG_LEVEL")
        .choices(["debug", "info", "warn", "error"])
        .default("info"),
    )
    .addHelpText(
      "after",
      `
A message is acknowledged when the store has said that it holds the record. What fails comes again by the subscription's retry policy;
what can never succeed goes to the dead letters. SIGTERM ends it cleanly. imagemeta setup makes topic and subscription.

Examples:
  imagemeta worker --subscription my-images --to postgres://me@db/images --port 8080
  imagemeta worker --subscription projects/my-project/subscriptions/my-images --to catalog.db --concurrency 16`,
    )
    .action(async (options: WorkerCommandOptions) => {
      const [{ runWorker }, { keepHeapLean }] = await Promise.all([import("../run-worker.ts"), import("../lean-heap.ts")]);
      keepHeapLean();
      await runWorker(options, outcome);
    });
}
