/** Brings the store up to date with one event. Resolves when the store has confirmed that the change is durable. */
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ObjectInfo } from "../../record/types.ts";
import { looksLikeImage } from "../../storage/selection.ts";
import type { Held, Store } from "../../stores/contract.ts";
import { isFromFuture, mayOutlast, type ObjectEvent } from "../events/object-event.ts";
import type { Readers } from "../reading/readers.ts";
import { decide } from "../scan/decide.ts";
import { AwaitedWriter } from "../writing/awaited-writer.ts";
import { lookupOf } from "../writing/lookup.ts";
import { type PatienceOptions, patiently } from "../writing/patience.ts";
import type { Batching } from "../writing/store-writer.ts";
import { type FindLive, unhide } from "../writing/unhide.ts";
import type { AskBucket } from "./outage.ts";
import type { EventOutcome } from "./outcomes.ts";
import { isTransient, PatientBucket } from "./patient-bucket.ts";

export interface EventHandlerOptions {
  readonly store: Store;
  readonly readers: Readers;
  readonly askBucket: AskBucket;
  /** Asks the bucket. Throws ImagemetaError. */
  readonly findLive: FindLive;
  readonly trust: Trust;
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

/** The claims that are believed without asking the bucket. */
export interface Trust {
  /** The facts about an object: only if the sender was verified. */
  readonly facts: boolean;
  /** The removal of an object. */
  readonly removals: boolean;
}

export interface HandlerListener {
  read(record: ImageRecord, seconds: number): void;
  /** A batch of changes was written. */
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

export class EventHandler {
  readonly #options: EventHandlerOptions;
  readonly #writer: AwaitedWriter;
  readonly #bucket: PatientBucket;
  readonly #patience: PatienceOptions;
  /** Versions that are being read and written. */
  readonly #recording = new Map<string, Promise<unknown>>();

  constructor(options: EventHandlerOptions) {
    this.#options = options;
    const { store, signal, listener, batching = BATCHING, pause = PAUSE } = options;
    this.#bucket = new PatientBucket({
      ask: options.askBucket,
      findLive: options.findLive,
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
    this.#writer = new AwaitedWriter({
      ...this.#patience,
      store,
      batching,
      onBatch: (changes, seconds) => listener.stored(changes, seconds),
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
    const { uri, info } = event;
    const { buckets = [info.bucket], signal } = this.#options;
    const began = Date.now();
    if (!buckets.includes(info.bucket))
      return {
        kind: "foreign",
        code: "FORBIDDEN",
        message: `${info.bucket} is none of the buckets whose events are taken: ${buckets.join(", ")}`,
      };
    if (isFromFuture(info.generation, began))
      return { kind: "from the future", code: "MALFORMED", message: `${uri} cannot have the generation ${info.generation} yet` };
    if (!this.#mayBeImage(event)) return { kind: "not an image" };
    try {
      return await this.#take(event, { ...trying, began });
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      const { code, message } = thrown;
      if (trying.isLast) return { kind: "unconfirmed", code, message };
      return { kind: code === "FORBIDDEN" ? "forbidden" : "failing", code, message };
    }
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

  /** @throws ImagemetaError if the bucket does not say what is live */
  #take(event: ObjectEvent, handling: Handling): Promise<EventOutcome> {
    const { trust, store } = this.#options;
    if (event.change === "removed") return trust.removals ? this.#writeRemoval(event, "removed") : this.#settle(event, handling);
    // What only takes records is given all of it each time.
    const isRead = event.change === "written" || !("update" in store);
    return trust.facts && event.isDescribed && isRead ? this.#record(event, handling) : this.#settle(event, handling);
  }

  /** Brings the store to what the bucket says is live, whatever the event says. */
  async #settle(event: ObjectEvent, handling: Handling): Promise<EventOutcome> {
    const { uri, info, change, isDescribed } = event;
    if (change === "updated" && isDescribed && this.#options.trust.facts) {
      const held = await this.#held(uri);
      if (held?.generation === info.generation) return this.#bring(event, info, held, handling);
    }
    const live = await this.#bucket.findLive(uri);
    if (live?.generation === undefined) return this.#remove(event, change === "removed" ? "removed" : "gone", handling);
    // The live version's own event may be under way.
    await this.#recording.get(versionKey(uri, live.generation));
    return this.#bring(event, live, await this.#held(uri), handling);
  }

  /** Does with a live version what a scan does with a listed one. */
  async #bring(event: ObjectEvent, live: ObjectInfo, held: Held | undefined, handling: Handling): Promise<EventOutcome> {
    const { store, all } = this.#options;
    const { uri, change, info } = event;
    const isImage = all || looksLikeImage(live) || this.#wasImage(event, live);
    if (change === "removed") {
      const isReplaced = BigInt(info.generation) < BigInt(live.generation ?? 0);
      if (isReplaced && !(isImage && "lookup" in store)) return this.#remove(event, "removed", handling);
      if (!("lookup" in store)) return { kind: "superseded" };
    }
    const decision = decide(live, held);
    if (decision === "unchanged") return { kind: "superseded" };
    // Also what is not an image any more: its creation may come later, when it still was one.
    if ("update" in store && (decision === "update" || (change === "updated" && !isImage))) {
      const outcome = await this.#writer.write({ kind: "update", item: { uri, object: live } });
      if (outcome.result === "failed") return unstorable(outcome.error);
      if (outcome.result === "written") return { kind: "updated" };
    }
    return isImage ? this.#record(creationEvent(event, live), handling) : { kind: "not an image" };
  }

  /** A version whose type was an image's keeps its record if its type changes: also if the change is known before the event of that type. */
  #wasImage({ change, info, isDescribed }: ObjectEvent, live: ObjectInfo): boolean {
    if (change === "removed" || !isDescribed || !this.#options.trust.facts) return false;
    return info.generation === live.generation && looksLikeImage(info);
  }

  async #held(uri: string): Promise<Held | undefined> {
    const lookup = lookupOf(this.#options.store);
    const [held] = lookup === undefined ? [] : await this.#askStore(() => lookup([uri]));
    return held;
  }

  /** A removal that the bucket has confirmed. */
  async #remove(event: ObjectEvent, kind: "removed" | "gone", handling: Handling): Promise<EventOutcome> {
    const outcome = await this.#writeRemoval(event, kind);
    // If the generation is not a true one, it may be later than that of an object which was made meanwhile.
    if (outcome.kind !== kind || !mayOutlast(event.info.generation, handling.began)) return outcome;
    return (await this.#unhide(event, handling)) ?? outcome;
  }

  async #writeRemoval({ uri, info }: ObjectEvent, kind: "removed" | "gone"): Promise<EventOutcome> {
    const outcome = await this.#writer.write({ kind: "remove", item: { uri, generation: info.generation } });
    if (outcome.result === "failed") return unstorable(outcome.error);
    return { kind: outcome.result === "written" ? kind : "superseded" };
  }

  /** Undefined if the store hides no live version of the object. Once for each event: a bucket may contradict itself. */
  async #unhide(event: ObjectEvent, handling: Handling): Promise<EventOutcome | undefined> {
    if (handling.hasUnhidden) return undefined;
    const { uri } = event;
    const live = await unhide(
      uri,
      this.#options.store,
      () => this.#bucket.findLive(uri),
      (call) => this.#askStore(call),
    );
    return live && this.#bring(creationEvent(event, live), live, undefined, { ...handling, hasUnhidden: true });
  }

  #record(event: ObjectEvent, handling: Handling): Promise<EventOutcome> {
    const key = versionKey(event.uri, event.info.generation);
    const recording = this.#readAndPut(event, handling);
    const ended = recording
      .catch(() => {})
      .then(() => {
        // The same version may have come again, and still be under way.
        if (this.#recording.get(key) === ended) this.#recording.delete(key);
      });
    this.#recording.set(key, ended);
    return recording;
  }

  async #readAndPut(event: ObjectEvent, handling: Handling): Promise<EventOutcome> {
    const record = withEventVersion(await this.#read(event), event);
    const { error } = record;
    if (error?.code === "NOT_FOUND") return this.#remove(event, "gone", handling);
    // It was replaced, and the live one was read, of which an answer says less than its own event will.
    if (record.object.generation !== event.info.generation) return { kind: "superseded" };
    const isFailing = error !== undefined && (error.code === "FORBIDDEN" || isTransient(error.code));
    if (isFailing && !handling.isLast) return { kind: error.code === "FORBIDDEN" ? "forbidden" : "failing", ...error };
    const outcome = await this.#writer.write({ kind: "put", item: record });
    if (outcome.result === "failed") return unstorable(outcome.error);
    if (outcome.result === "superseded") return (await this.#unhide(event, handling)) ?? { kind: "superseded" };
    if (error === undefined) return { kind: "recorded" };
    return { kind: isFailing ? "given up" : "broken", ...error };
  }

  async #read({ uri, info }: ObjectEvent): Promise<ImageRecord> {
    const { readers, listener } = this.#options;
    return this.#bucket.asked(uri, async () => {
      const started = performance.now();
      const record = await readers.read({ uri, info });
      listener.read(record, (performance.now() - started) / 1000);
      return record;
    });
  }

  #askStore<T>(call: () => Promise<T>): Promise<T> {
    return patiently(this.#patience, call);
  }
}

interface Handling extends Trying {
  /** When the bucket had not yet been asked about it, in milliseconds since 1970. */
  readonly began: number;
  readonly hasUnhidden?: boolean;
}

/** A failed read may not know its version, for example because its process was ended: then it has the event's version. */
function withEventVersion(record: ImageRecord, { info }: ObjectEvent): ImageRecord {
  if (record.error === undefined || record.object.generation !== undefined) return record;
  return { ...record, object: { ...info, ...record.object } };
}

/** The creation of a live version, as its bucket describes it. */
function creationEvent({ uri, info }: ObjectEvent, live: ObjectInfo): ObjectEvent {
  return {
    change: "written",
    uri,
    info: { ...live, bucket: info.bucket, name: info.name, generation: live.generation ?? "0" },
    isDescribed: true,
  };
}

function versionKey(uri: string, generation: string): string {
  return `${generation} ${uri}`;
}

function unstorable({ code, message }: ImagemetaError): EventOutcome {
  return { kind: "unstorable", code, message };
}
