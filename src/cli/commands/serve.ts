/** `imagemeta serve --to STORE`: its options. What it does is in run-serve.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { countOf, option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { ServiceOptions } from "../service.ts";
import { addPushOptions } from "./service-options.ts";

export function serveCommand(outcome: Outcome): Command {
  return addPushOptions(new Command("serve"))
    .description("take the events of buckets as they are pushed, read the images, write the records, then answer")
    .addOption(
      option("--port <number>", "port to serve on; 0 takes a free one (default: PORT, or 8080)", "PORT").argParser(countOf(0, 65_535)),
    )
    .addHelpText(
      "after",
      `
POST / and POST /events take Pub/Sub pushes (wrapped and unwrapped) and Eventarc's CloudEvents (binary and structured). 204: the store
has said that it holds the record; 429 and 503: send it again later. /healthz, /readyz and /metrics tell how it is. SIGTERM ends it cleanly.
Who sends a request is not verified: let only Pub/Sub or Eventarc reach it, as Cloud Run does where it requires authentication.

Examples:
  imagemeta serve --to postgres://me@db/images --host 0.0.0.0 --dead-letter my-dead-letters
  imagemeta serve --to catalog.db --port 9000 --max-messages 100`,
    )
    .action(async (options: ServiceOptions) => {
      const { runServe } = await import("../run-serve.ts");
      await runServe(options, outcome);
    });
}
