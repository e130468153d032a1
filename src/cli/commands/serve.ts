/** `imagemeta serve --to STORE`: its options. What it does is in run-serve.ts, which is loaded only when it runs. */
import { Command } from "commander";
import { commaList, countOf, option } from "../arguments.ts";
import type { Outcome } from "../outcome.ts";
import type { ServeCommandOptions } from "../serve-options.ts";
import { addPushOptions } from "./service-options.ts";

export function serveCommand(outcome: Outcome): Command {
  return addPushOptions(new Command("serve"))
    .description("take the events of buckets as they are pushed, read the images, write the records, then answer")
    .addOption(
      option("--port <number>", "port to serve on; 0 takes a free one (default: PORT, or 8080)", "PORT").argParser(countOf(0, 65_535)),
    )
    .addOption(
      option(
        "--push-audience <audiences>",
        "only requests whose token is meant for one of these: the subscription's audience, or its endpoint",
        "PUSH_AUDIENCE",
      ).argParser(commaList),
    )
    .addOption(
      option("--push-email <addresses>", "only requests of these service accounts; goes with --push-audience", "PUSH_EMAIL").argParser(
        commaList,
      ),
    )
    .addOption(
      option("--push-issuer <urls>", "who issues the tokens (default: Google, https://accounts.google.com)", "PUSH_ISSUER").argParser(
        commaList,
      ),
    )
    .addOption(option("--push-keys <url>", "where the issuer's keys are, a JSON Web Key Set (default: Google's)", "PUSH_KEYS"))
    .addHelpText(
      "after",
      `
POST / and POST /events take Pub/Sub pushes (wrapped and unwrapped) and Eventarc's CloudEvents (binary and structured). 204: the store
has said that it holds the record; 408, 429 and 503: send it again later. /healthz, /readyz and /metrics tell how it is. SIGTERM ends it cleanly.
With --push-audience and --push-email a request is taken only with a token that Google signed for that audience and account: 401 and 403
else, with a code. Without them every request is accepted, and the bucket is asked about each event: let only Pub/Sub or Eventarc reach it.
A record is removed only after the bucket has confirmed that its object is gone, unless you give --trust-deletes.

Examples:
  imagemeta serve --to postgres://me@db/images --host 0.0.0.0 --dead-letter my-dead-letters
  imagemeta serve --to postgres://me@db/images --push-audience https://images.example.com/ --push-email pusher@my-project.iam.gserviceaccount.com`,
    )
    .action(async (options: ServeCommandOptions) => {
      const { runServe } = await import("../run-serve.ts");
      await runServe(options, outcome);
    });
}
