/** Runs a worker until SIGTERM or SIGINT: queue, readers, store, health and log, put together and taken down in order. */
import type { Logger } from "pino";
import type { ObjectEvent } from "../pipeline/events/object-event.ts";
import type { ScanStore } from "../pipeline/scan/decided.ts";
import { LocalReaders } from "../pipeline/scan/readers.ts";
import { askBucketOf } from "../pipeline/worker/ask-bucket.ts";
import { EventHandler, type HandlerListener } from "../pipeline/worker/event-handler.ts";
import { Metrics } from "../pipeline/worker/metrics.ts";
import { type EventOutcome, OUTCOMES } from "../pipeline/worker/outcomes.ts";
import { traced } from "../pipeline/worker/trace.ts";
import { Worker, type WorkerListener } from "../pipeline/worker/worker.ts";
import type { Delivery } from "../queue/contract.ts";
import type { PubsubQueue, SubscriptionFacts } from "../queue/pubsub/queue.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { Check } from "../server/health.ts";
import { environmentOptions, type StorageOptions } from "../storage/options.ts";
import { Storages } from "../storage/table.ts";
import { openStore } from "../stores/open.ts";
import { leave, type Outcome, UsageError } from "./outcome.ts";
import { openQueue, projectFor } from "./queue.ts";
import { serviceLog } from "./service-log.ts";
import { shownStore } from "./shown-store.ts";
import type { WorkerCommandOptions } from "./worker-options.ts";

/** To ask whether a bucket answers takes no longer than this, in milliseconds. */
const ASKING = { deadline: 10_000, stall: 5000 };
/** Deliveries below which crashes of a few workers make dead letters of healthy messages. */
const FEW_ATTEMPTS = 10;

export async function runWorker(options: WorkerCommandOptions, outcome: Outcome): Promise<void> {
  const project = await projectFor(options.project);
  const log = serviceLog(options.logLevel, project);
  const queue = await openQueue(project);
  const store = await openWorkerStore(options);
  const stop = new AbortController();
  const storage: StorageOptions = {
    ...environmentOptions(process.env),
    ...(options.userProject === undefined ? {} : { userProject: options.userProject }),
  };
  const readers = new LocalReaders({
    concurrency: options.concurrency,
    share: 1,
    printed: store.values === "printed",
    thorough: options.thorough ?? false,
    storage,
  });
  const asking = new Storages({ ...storage, ...ASKING });
  try {
    const facts = await factsOf(queue, options);
    warnOf(facts, log);
    const metrics = new Metrics();
    const handler = new EventHandler({
      store,
      readers,
      askBucket: askBucketOf(asking),
      all: options.all ?? false,
      signal: stop.signal,
      listener: handlerListener(metrics, log),
    });
    const pulling = { failure: undefined as Error | undefined };
    const worker = new Worker({
      subscription: await queue.subscription(facts.name, { messages: options.maxMessages, bytes: options.maxBytes }),
      deadLetters: queue.topic(facts.deadLetterTopic, { batching: { maxMilliseconds: 10 } }),
      handler,
      traced,
      listener: workerListener(metrics, log, pulling),
    });
    const health = await serveHealth(options, metrics, { store: checkOf(store), subscription: () => reached(queue, facts, pulling) });
    worker.run();
    log.info({ subscription: facts.name, to: shownStore(options.to), health: health?.url }, "taking messages");
    const signal = await terminated();
    log.info({ signal, held: "finishing" }, "leaving");
    await worker.leave(options.grace * 1000, () => stop.abort(new Error("the worker leaves")));
    await health?.close();
  } finally {
    // What is still open is let go of, and not waited for: a hanging connection must not keep a process that was told to leave.
    stop.abort(new Error("the worker has left"));
    await within(500, Promise.allSettled([readers.close(), asking.close(), queue.close(), store.close()]));
  }
  log.info("left");
  leave(outcome);
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

async function openWorkerStore({ to, printed }: WorkerCommandOptions): Promise<ScanStore> {
  const store = await openStore(to, printed ? { values: "printed" } : {});
  // A file is written when all is there, and a worker never ends.
  if ("abandon" in store && "lookup" in store) {
    await store.abandon();
    throw new UsageError(`--to: ${to} is a file, which is written when all is there; a worker takes a catalogue or pubsub://`);
  }
  return store;
}

function handlerListener(metrics: Metrics, log: Logger): HandlerListener {
  return {
    read: (record, seconds) => metrics.read(record, seconds),
    stored: (changes, seconds) => metrics.stored(changes, seconds),
    waiting(what, why) {
      metrics.waiting(what, why);
      if (why === undefined) log.info(`the ${what} is back`);
      else log.error(`the ${what} does not answer, messages are held until it does: ${why}`);
    },
  };
}

function workerListener(metrics: Metrics, log: Logger, pulling: { failure: Error | undefined }): WorkerListener {
  return {
    held: (messages) => metrics.held(messages),
    failed(why) {
      pulling.failure = why;
      log.error({ code: why instanceof ImagemetaError ? why.code : "INTERNAL" }, why.message);
    },
    answered(delivery, event, outcome, isTaken) {
      pulling.failure = undefined;
      const age = (Date.now() - delivery.publishTime) / 1000;
      metrics.answered(outcome, age, isTaken);
      const facts = factsOfMessage(delivery, event, outcome);
      if (!isTaken) log.warn(facts, "Pub/Sub did not take the answer: the message comes again");
      else if (OUTCOMES[outcome.kind].answer !== "acknowledge" || outcome.code === "INTERNAL") log.warn(facts, outcome.kind);
      else log.debug(facts, outcome.kind);
    },
  };
}

function factsOfMessage({ id, attempt }: Delivery, event: ObjectEvent | undefined, { kind, code, message }: EventOutcome): object {
  return {
    outcome: kind,
    messageId: id,
    ...(attempt > 0 ? { attempt } : {}),
    ...(event && { object: event.uri, generation: event.info.generation, change: event.change }),
    ...(code && { code }),
    ...(message && { error: message }),
  };
}

/** A catalogue is asked for a small fact; what only takes records has nothing to be asked. */
function checkOf(store: ScanStore): Check {
  return "getSetting" in store ? () => store.getSetting("health") : async () => {};
}

async function reached(queue: PubsubQueue, { name }: SubscriptionFacts, pulling: { failure: Error | undefined }): Promise<void> {
  if (pulling.failure !== undefined) throw pulling.failure;
  await queue.describe(name).catch((thrown: unknown) => {
    if (!(thrown instanceof ImagemetaError) || thrown.code !== "FORBIDDEN") throw thrown;
  });
}

async function serveHealth({ port, host }: WorkerCommandOptions, { registry }: Metrics, checks: Readonly<Record<string, Check>>) {
  if (port === undefined) return undefined;
  const [{ createApp, listen }, { addHealth }] = await Promise.all([import("../server/app.ts"), import("../server/health.ts")]);
  const app = createApp();
  addHealth(app, checks, registry);
  return listen(app, { host, port });
}

function terminated(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
