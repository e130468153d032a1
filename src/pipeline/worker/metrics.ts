/** What a worker counts, for Prometheus (text format 0.0.4). Names end in their unit; no label holds a name from outside. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ImageRecord } from "../../record/types.ts";
import type { HandlerListener } from "./event-handler.ts";
import type { EventOutcome } from "./outcomes.ts";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const AGES = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600];

export class Metrics implements HandlerListener {
  readonly registry = new Registry();
  readonly #messages = this.#counter("imagemeta_messages_total", "Messages answered, by outcome", ["outcome"]);
  readonly #refused = this.#counter("imagemeta_answers_refused_total", "Answers that nobody took: the message comes again");
  readonly #pushesRefused = this.#counter("imagemeta_pushes_refused_total", "Pushes that were not taken from who sent them, by code", [
    "code",
  ]);
  readonly #images = this.#counter("imagemeta_images_total", "Images read, also those that gave an error");
  readonly #errors = this.#counter("imagemeta_errors_total", "Reads that gave an error, by its code", ["code"]);
  readonly #bytes = this.#counter("imagemeta_read_bytes_total", "Bytes received from the bucket");
  readonly #requests = this.#counter("imagemeta_read_requests_total", "Requests made to the bucket");
  readonly #reading = this.#histogram("imagemeta_read_seconds", "Time to read one image", SECONDS);
  readonly #age = this.#histogram("imagemeta_ack_age_seconds", "From a message's publication to its acknowledgement", AGES);
  readonly #batch = this.#histogram("imagemeta_store_batch_seconds", "Time to write one batch into the store", SECONDS);
  readonly #batchSize = this.#histogram("imagemeta_store_batch_changes", "Changes in one batch", [1, 2, 5, 10, 25, 50, 100, 250]);
  readonly #held = this.#gauge("imagemeta_held_messages", "Messages leased and not yet answered");
  readonly #waiting = this.#gauge("imagemeta_waiting", "1 while the bucket or the store does not answer and is waited for", ["for"]);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const what of ["bucket", "store"]) this.#waiting.set({ for: what }, 0);
  }

  read({ read, error }: ImageRecord, seconds: number): void {
    this.#images.inc();
    this.#bytes.inc(read.bytes);
    this.#requests.inc(read.requests);
    this.#reading.observe(seconds);
    if (error !== undefined) this.#errors.inc({ code: error.code });
  }

  stored(changes: number, seconds: number): void {
    this.#batch.observe(seconds);
    this.#batchSize.observe(changes);
  }

  waiting(what: "bucket" | "store", why: string | undefined): void {
    this.#waiting.set({ for: what }, why === undefined ? 0 : 1);
  }

  /** @param code one of a few that are stable */
  pushRefused(code: string): void {
    this.#pushesRefused.inc({ code });
  }

  held(messages: number): void {
    this.#held.set(messages);
  }

  /** @param age seconds since it was published; undefined where that is not known */
  answered({ kind }: EventOutcome, age: number | undefined, isTaken: boolean): void {
    this.#messages.inc({ outcome: kind });
    if (!isTaken) this.#refused.inc();
    else if (age !== undefined) this.#age.observe(Math.max(0, age));
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }
}
