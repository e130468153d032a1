/** Runs a worker until SIGTERM or SIGINT: what it takes from its subscription, and how it leaves. */
import type { Logger } from "pino";
import { traced } from "../pipeline/worker/trace.ts";
import { Worker } from "../pipeline/worker/worker.ts";
import type { PubsubQueue, SubscriptionFacts } from "../queue/pubsub/queue.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { Check } from "../server/health.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { leaving, runService, type Service } from "./service.ts";
import type { WorkerCommandOptions } from "./worker-options.ts";

/** Deliveries below which crashes of a few workers make dead letters of healthy messages. */
const FEW_ATTEMPTS = 10;

export async function runWorker(options: WorkerCommandOptions, outcome: Outcome): Promise<void> {
  // Who may publish to the topic is verified by Pub/Sub.
  const intake = { meanwhile: "messages are held until it does", isVerified: true };
  await runService(options, outcome, intake, async (service) => {
    const { log, handler, metrics } = service;
    const queue = await service.queue();
    const facts = await factsOf(queue, options);
    warnOf(facts, log);
    const pulling = { failure: undefined as Error | undefined };
    const worker = new Worker({
      subscription: await queue.subscription(facts.name, { messages: options.maxMessages, bytes: options.maxBytes }),
      deadLetters: queue.topic(facts.deadLetterTopic, { batching: { maxMilliseconds: 10 } }),
      handler,
      traced,
      listener: {
        held: (messages) => metrics.held(messages),
        failed(why) {
          pulling.failure = why;
          service.failed(why);
        },
        answered(...answer) {
          pulling.failure = undefined;
          service.answered(...answer);
        },
      },
    });
    const health = await serveHealth(options, service, () => reached(queue, facts, pulling));
    const left = leaving(service);
    worker.run();
    log.info({ subscription: facts.name, to: options.to, health: health?.url }, "taking messages");
    log.info({ why: await left, held: "finishing" }, "leaving");
    await worker.leave(options.grace * 1000, service.stop);
    await health?.close();
  });
}

/** The subscription's facts, and where dead letters go. @throws UsageError where that is not known */
async function factsOf(queue: PubsubQueue, options: WorkerCommandOptions): Promise<SubscriptionFacts & { deadLetterTopic: string }> {
  const facts = await queue.describe(options.subscription).catch((thrown: unknown) => {
    // To look at it takes another permission than to pull from it.
    if (options.deadLetter !== undefined && thrown instanceof ImagemetaError && thrown.code === "FORBIDDEN")
      return { name: queue.subscriptionName(options.subscription), topic: "", isExactlyOnce: false, hasRetryPolicy: true };
    throw thrown;
  });
  const deadLetterTopic = options.deadLetter ?? ("deadLetterTopic" in facts ? facts.deadLetterTopic : undefined);
  if (deadLetterTopic === undefined)
    throw new UsageError(
      `${facts.name} has no dead-letter policy, and what can never succeed must go somewhere: run imagemeta setup, or give --dead-letter TOPIC`,
    );
  return { ...facts, deadLetterTopic };
}

function warnOf({ name, mostAttempts, hasRetryPolicy, isExactlyOnce }: SubscriptionFacts, log: Logger): void {
  if (!hasRetryPolicy) log.warn(`${name} has no retry policy: what is handed back comes again at once; run imagemeta setup`);
  if (mostAttempts !== undefined && mostAttempts < FEW_ATTEMPTS)
    log.warn(`${name} sends messages to the dead letters after ${mostAttempts} deliveries: a few crashes of workers are enough`);
  if (isExactlyOnce) log.info(`${name} delivers exactly once: an acknowledgement counts when Pub/Sub has confirmed it`);
}

async function reached(queue: PubsubQueue, { name }: SubscriptionFacts, pulling: { failure: Error | undefined }): Promise<void> {
  if (pulling.failure !== undefined) throw pulling.failure;
  await queue.describe(name).catch((thrown: unknown) => {
    if (!(thrown instanceof ImagemetaError) || thrown.code !== "FORBIDDEN") throw thrown;
  });
}

async function serveHealth({ port, host }: WorkerCommandOptions, { metrics, storeCheck }: Service, subscription: Check) {
  if (port === undefined) return undefined;
  const [{ createApp, listen }, { addHealth }] = await Promise.all([import("../server/app.ts"), import("../server/health.ts")]);
  const app = createApp();
  addHealth(app, { store: storeCheck, subscription }, metrics.registry);
  return listen(app, { host, port });
}
