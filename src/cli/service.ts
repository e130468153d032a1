/** What the worker and the push endpoint have in common: store, readers, handler, metrics and log, put together and taken down. */

import type { Logger } from "pino";
import type { ObjectEvent } from "../pipeline/events/object-event.ts";
import { within } from "../pipeline/within.ts";
import { askBucketOf } from "../pipeline/worker/ask-bucket.ts";
import { EventHandler, type HandlerListener } from "../pipeline/worker/event-handler.ts";
import { LiveVersions } from "../pipeline/worker/live-versions.ts";
import { Metrics } from "../pipeline/worker/metrics.ts";
import type { Attempt } from "../pipeline/worker/outcome-of.ts";
import { type EventOutcome, OUTCOMES } from "../pipeline/worker/outcomes.ts";
import type { PubsubQueue } from "../queue/pubsub/queue.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { Check } from "../server/health.ts";
import { Storages } from "../storage/table.ts";
import type { Store } from "../stores/contract.ts";
import { openStore } from "../stores/open.ts";
import { credentialsOf, storageOptionsOf } from "./access.ts";
import { leave, type Outcome, UsageError } from "./outcome.ts";
import { openQueue, projectFor } from "./queue.ts";
import { type ReadingOptions, readerOptionsOf, startReaders } from "./readers.ts";
import { serviceLog } from "./service-log.ts";

export interface ServiceOptions extends ReadingOptions {
  readonly to: string;
  readonly bucket?: readonly string[];
  readonly deadLetter?: string;
  readonly project?: string;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly grace: number;
  readonly all?: boolean;
  readonly trustDeletes?: boolean;
  readonly printed?: boolean;
  readonly port?: number;
  readonly host: string;
  readonly logLevel: string;
}

export interface Service {
  readonly log: Logger;
  /** Opened when it is first asked for: its client takes longer to load than all the rest. */
  queue(): Promise<PubsubQueue>;
  readonly handler: EventHandler;
  readonly metrics: Metrics;
  readonly storeCheck: Check;
  /** Hears of a bucket or store that does not answer, and when it is back. */
  onWaiting(hear: HandlerListener["waiting"]): void;
  /** Resolves if no process that reads images can be started any more. */
  readonly broken: Promise<Error>;
  /** Ends what is under way. */
  stop(): void;
  /** Counts and logs how a message was answered. */
  answered(message: Attempt & { readonly id: string }, event: ObjectEvent | undefined, outcome: EventOutcome, isTaken: boolean): void;
  failed(why: Error): void;
}

/** To ask whether a bucket answers takes no longer than this, in milliseconds. */
const ASKING = { deadline: 10_000, stall: 5000 };

/** How a service takes its events. */
export interface Intake {
  /** What becomes of messages while a bucket or the store does not answer. */
  readonly meanwhile: string;
  /** Was it verified who sends the events? Otherwise the bucket is asked what an event is about. */
  readonly isVerified: boolean;
}

/** Opens all, does the work, closes all; then the process ends. */
export async function runService(
  options: ServiceOptions,
  outcome: Outcome,
  intake: Intake,
  work: (service: Service) => Promise<void>,
): Promise<void> {
  const { service, close } = await openService(options, intake);
  let failure: Error | undefined;
  service.broken.then((why) => (failure = why));
  try {
    await work(service);
  } finally {
    await close();
  }
  service.log.info("left");
  if (failure !== undefined) throw failure;
  leave(outcome);
}

/** Opens all. */
export async function openService(
  options: ServiceOptions,
  { meanwhile, isVerified }: Intake,
): Promise<{ readonly service: Service; close(): Promise<void> }> {
  const project = once(() => projectFor(options));
  const log = serviceLog(options.logLevel, project);
  const readers = startReaders(options, {
    onDeath: (how, images) => log.warn({ how, images }, "a process that reads images died: another one reads its images"),
  });
  const opened: Promise<PubsubQueue>[] = [];
  const queue = once(() => {
    const opening = project().then((own) => openQueue(own, options, true));
    opened.push(opening);
    return opening;
  });
  const store = await openServiceStore(options).catch(async (thrown) => {
    await readers.close();
    throw thrown;
  });
  const stop = new AbortController();
  readers.open(readerOptionsOf(options, store.values === "printed"));
  const live = new LiveVersions(storageOptionsOf(options), options.concurrency);
  const asking = new Storages({ ...storageOptionsOf(options), ...ASKING });
  const metrics = new Metrics();
  const whenWaiting: HandlerListener["waiting"][] = [];
  const handler = new EventHandler({
    store,
    readers,
    askBucket: askBucketOf(asking),
    findLive: (uri) => live.find(uri),
    trust: { facts: isVerified, removals: options.trustDeletes ?? false },
    all: options.all ?? false,
    ...(options.bucket === undefined ? {} : { buckets: options.bucket }),
    signal: stop.signal,
    listener: {
      read: (record, seconds) => metrics.read(record, seconds),
      stored: (changes, seconds) => metrics.stored(changes, seconds),
      waiting(what, why) {
        metrics.waiting(what, why);
        if (why === undefined) log.info(`the ${what} is back`);
        else log.error(`the ${what} does not answer, ${meanwhile}: ${why}`);
        for (const hear of whenWaiting) hear(what, why);
      },
    },
  });
  const service: Service = {
    log,
    queue,
    handler,
    metrics,
    storeCheck: checkOf(store),
    onWaiting: (hear) => whenWaiting.push(hear),
    broken: readers.failed,
    stop: () => stop.abort(new Error("this process leaves")),
    answered: answering(metrics, log),
    failed: (why) => log.error({ code: why instanceof ImagemetaError ? why.code : "INTERNAL" }, why.message),
  };
  return {
    service,
    async close() {
      // What is still open is let go of, and not waited for: a hanging connection must not keep a process that was told to leave.
      stop.abort(new Error("this process has left"));
      await within(
        500,
        Promise.allSettled([
          readers.close(),
          live.close(),
          asking.close(),
          ...opened.map(async (opening) => (await opening).close()),
          store.close(),
        ]),
      );
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

async function openServiceStore(options: ServiceOptions): Promise<Store> {
  const { to, printed } = options;
  const store = await openStore(to, { credentials: credentialsOf(options), ...(printed ? { values: "printed" as const } : {}) });
  // A file is written when all is there, and a service never ends.
  if ("abandon" in store && "lookup" in store) {
    await store.abandon();
    throw new UsageError(`--to: ${to} is a file, which is written when all is there; name a catalogue or pubsub://`);
  }
  return store;
}

function answering(metrics: Metrics, log: Logger): Service["answered"] {
  return (message, event, outcome, isTaken) => {
    const { publishTime } = message;
    metrics.answered(outcome, publishTime === undefined ? undefined : (Date.now() - publishTime) / 1000, isTaken);
    const isUsual = OUTCOMES[outcome.kind].answer === "acknowledge" && outcome.kind !== "given up" && outcome.code !== "INTERNAL";
    if (isTaken && isUsual && !log.isLevelEnabled("debug")) return;
    const facts = factsOf(message, event, outcome);
    if (!isTaken) log.warn(facts, "nobody took the answer: the message comes again");
    else if (isUsual) log.debug(facts, outcome.kind);
    else log.warn(facts, outcome.kind);
  };
}

function factsOf(
  { id, attempt }: Attempt & { readonly id: string },
  event: ObjectEvent | undefined,
  { kind, code, message }: EventOutcome,
): object {
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
function checkOf(store: Store): Check {
  return "getSetting" in store ? () => store.getSetting("health") : async () => {};
}

/** Resolves with the reason why the process has to leave: the name of a signal, or a failure. */
export function leaving({ broken }: Service): Promise<string> {
  const signal = new Promise<string>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });
  return Promise.race([signal, broken.then(({ message }) => message)]);
}
