/** `imagemeta worker --subscription S --to STORE`: its options. What it does is in run-worker.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { countOf, option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { WorkerCommandOptions } from "../worker-options.ts";
import { addServiceOptions } from "./service-options.ts";

export function workerCommand(outcome: Outcome): Command {
  const command = new Command("worker")
    .description("take the events of buckets from Pub/Sub, read the images, write the records, then acknowledge")
    .addOption(option("--subscription <name>", "MY-SUBSCRIPTION or projects/P/subscriptions/S", "SUBSCRIPTION").makeOptionMandatory());
  return addServiceOptions(command)
    .addOption(
      option(
        "--dead-letter <topic>",
        "where goes what can never succeed; absent, the dead-letter topic of the subscription",
        "DEAD_LETTER",
      ),
    )
    .addOption(
      option("--port <number>", "serve /healthz, /readyz and /metrics there; 0 takes a free port", "PORT").argParser(countOf(0, 65_535)),
    )
    .addHelpText(
      "after",
      `
A message is acknowledged when the store has said that it holds the record. What fails comes again by the subscription's retry policy;
what can never succeed goes to the dead letters. A record is removed only after the bucket has confirmed that its object is gone,
unless you give --trust-deletes. SIGTERM ends it cleanly. imagemeta setup makes topic and subscription.

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
