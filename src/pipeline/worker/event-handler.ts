/** One event → what the store holds of it. It resolves when the store has said that it is durable, and not before. */

import type { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode, ImageRecord } from "../../record/types.ts";
import { wait } from "../../storage/http/backoff.ts";
import { looksLikeImage } from "../../storage/selection.ts";
import type { PutOutcome, Store } from "../../stores/contract.ts";
import type { ObjectEvent } from "../events/object-event.ts";
import type { Readers } from "../reading/readers.ts";
import { lookupOf } from "../writing/lookup.ts";
import { type PatienceOptions, patiently } from "../writing/patience.ts";
import { type Batching, type Change, StoreWriter } from "../writing/store-writer.ts";
import { type AskBucket, Outage } from "./outage.ts";
import type { EventOutcome } from "./outcomes.ts";

export interface EventHandlerOptions {
  readonly store: Store;
  readonly readers: Readers;
  readonly askBucket: AskBucket;
  /** Also what neither its type nor its name says to be an image. */
  readonly all: boolean;
  /** The buckets whose events are taken. Default any. */
  readonly buckets?: readonly string[];
  /** Ends what is under way: its event is not done. */
  readonly signal: AbortSignal;
  readonly listener: HandlerListener;
  readonly batching?: Batching;
  /** Milliseconds before what failed is tried again, for the first time. */
  readonly pause?: number;
}

export interface HandlerListener {
  read(record: ImageRecord, seconds: number): void;
  /** A batch of so many changes was written. */
  stored(changes: number, seconds: number): void;
  /** The bucket or the store does not answer, and is waited for; undefined when it is back. */
  waiting(what: "bucket" | "store", why: string | undefined): void;
}

/** Is it the last time that this event is tried? Then an error that is not the image's own is recorded too. */
export interface Trying {
  readonly isLast: boolean;
}

/** Soon after the first, for one image must not wait long for others; a store is given more at once when it is busy. */
const BATCHING: Batching = { records: 250, bytes: 4 << 20, milliseconds: 10, busyMilliseconds: 60 };
const PAUSE = 500;
/** Times that an object is read while its bucket answers. */
const TRIES = 3;

/** Errors that say nothing of the image: its bucket may be down, or the object is being replaced all the time. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "UNAUTHENTICATED", "CHANGED"]);

export class EventHandler {
  readonly #options: EventHandlerOptions;
  readonly #writer: StoreWriter;
  readonly #outage: Outage;
  readonly #patience: PatienceOptions;
  /** What waits to be durable. */
  readonly #waiting = new Map<Change, Waiting>();

  constructor(options: EventHandlerOptions) {
    this.#options = options;
    const { store, signal, listener, batching = BATCHING, pause = PAUSE } = options;
    this.#outage = new Outage({
      ask: options.askBucket,
      signal,
      pause,
      onWaiting: (why) => listener.waiting("bucket", why),
    });
    // A store that fails is waited for as long as leases can be held: nothing that was taken is dropped.
    this.#patience = {
      patience: Number.POSITIVE_INFINITY,
      endures: () => true,
      signal,
      onWaiting: (why) => listener.waiting("store", why),
    };
    this.#writer = new StoreWriter({
      ...this.#patience,
      store,
      batching,
      onBatch: (changes, seconds) => listener.stored(changes, seconds),
      onOutcome: (change, outcome) => {
        this.#waiting.get(change)?.resolve(outcome);
        this.#waiting.delete(change);
      },
      // Only an end by the signal comes here.
      onFailure: () => {},
    });
    signal.addEventListener("abort", () => {
      for (const { reject } of this.#waiting.values()) reject(signal.reason);
      this.#waiting.clear();
    });
  }

  /** Events that may be under way at once: those that are read, and those that wait for the store. */
  get capacity(): number {
    const { readers, batching = BATCHING } = this.#options;
    return readers.capacity + batching.records;
  }

  /** Is the store so far behind that no more should be begun? */
  get isFull(): boolean {
    return this.#writer.isFull;
  }

  /** Rejects only with the signal's reason. */
  async handle(event: ObjectEvent, trying: Trying): Promise<EventOutcome> {
    const { change, uri, info } = event;
    const { buckets = [info.bucket] } = this.#options;
    if (!buckets.includes(info.bucket))
      return {
        kind: "foreign",
        code: "FORBIDDEN",
        message: `${info.bucket} is none of the buckets whose events are taken: ${buckets.join(", ")}`,
      };
    if (!this.#mayBeImage(event)) return { kind: "not an image" };
    if (change === "removed") return this.#remove(event, "removed");
    if (change === "updated" && event.isDescribed && "update" in this.#options.store) {
      // Of what is no image too: its creation may come later, when it still was one.
      const outcome = await this.#write({ kind: "update", item: { uri, object: info } });
      if (outcome.result === "failed") return unstorable(outcome.error);
      if (outcome.result === "written") return { kind: "updated" };
      if (!(await this.#isUnread(event))) return { kind: "superseded" };
      if (!this.#options.all && !looksLikeImage(info)) return { kind: "not an image" };
    }
    return this.#record(event, trying);
  }

  /** Writes what waits, now. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** What is not described has a type that only the bucket knows; and a type may have been another one before it changed. */
  #mayBeImage({ change, info, isDescribed }: ObjectEvent): boolean {
    if (this.#options.all || !isDescribed || looksLikeImage(info)) return true;
    return change !== "written" && info.metageneration !== "1";
  }

  /** Does the store know the generation and not its content? */
  async #isUnread({ uri, info }: ObjectEvent): Promise<boolean> {
    const [held] = (await this.#lookup(uri)) ?? [];
    return held !== undefined && held.generation === info.generation && held.engine === undefined && held.error === undefined;
  }

  #lookup(uri: string) {
    const lookup = lookupOf(this.#options.store);
    return lookup && patiently(this.#patience, () => lookup([uri]));
  }

  async #remove({ uri, info }: ObjectEvent, kind: "removed" | "gone"): Promise<EventOutcome> {
    const outcome = await this.#write({ kind: "remove", item: { uri, generation: info.generation } });
    if (outcome.result === "failed") return unstorable(outcome.error);
    return { kind: outcome.result === "written" ? kind : "superseded" };
  }

  async #record(event: ObjectEvent, { isLast }: Trying): Promise<EventOutcome> {
    const record = ofVersion(await this.#read(event), event);
    const { error } = record;
    if (error?.code === "NOT_FOUND") return this.#remove(event, "gone");
    // It was replaced, and the live one was read, of which an answer says less than its own event will.
    if (event.isDescribed && record.object.generation !== event.info.generation) return { kind: "superseded" };
    if (error?.code === "NOT_AN_IMAGE" && !event.isDescribed && !this.#options.all && !looksLikeImage(record.object))
      return { kind: "not an image" };
    const isFailing = error !== undefined && (error.code === "FORBIDDEN" || TRANSIENT.has(error.code));
    if (isFailing && !isLast) return { kind: error.code === "FORBIDDEN" ? "forbidden" : "failing", ...error };
    const outcome = await this.#write({ kind: "put", item: record });
    if (outcome.result === "failed") return unstorable(outcome.error);
    if (outcome.result === "superseded") return { kind: "superseded" };
    if (error === undefined) return { kind: "recorded" };
    return { kind: isFailing ? "given up" : "broken", ...error };
  }

  /** Reads the image, again where it failed for the moment, and not while its bucket is down. */
  async #read({ uri, info, isDescribed }: ObjectEvent): Promise<ImageRecord> {
    const { readers, signal, listener, pause = PAUSE } = this.#options;
    for (let tries = 1; ; ) {
      await this.#outage.over();
      const started = performance.now();
      // Without its metadata the live version is read, whose answer gives it.
      const record = await readers.read(isDescribed ? { uri, info } : { uri });
      listener.read(record, (performance.now() - started) / 1000);
      const code = record.error?.code;
      if (code === undefined || !TRANSIENT.has(code)) return record;
      if (code !== "CHANGED" && (await this.#outage.wasDown(uri))) continue;
      if (tries++ >= TRIES) return record;
      await wait(pause * 2 ** (tries - 2), signal);
    }
  }

  #write(change: Change): Promise<PutOutcome> {
    this.#options.signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#waiting.set(change, { resolve, reject });
      this.#writer.add(change);
    });
  }
}

/** A failed read may not have learnt which version it was of, as when its process was ended: then it is of the event's. */
function ofVersion(record: ImageRecord, { info }: ObjectEvent): ImageRecord {
  if (record.error === undefined || record.object.generation !== undefined) return record;
  return { ...record, object: { ...info, ...record.object } };
}

interface Waiting {
  resolve(outcome: PutOutcome): void;
  reject(reason: unknown): void;
}

function unstorable({ code, message }: ImagemetaError): EventOutcome {
  return { kind: "unstorable", code, message };
}
