/**
 * Brings a store up to date with a place: what is new or changed is read, what the store holds is not. The store is the only
 * checkpoint: whenever a scan ends, the next one goes on where it was.
 */

import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode, ImageRecord } from "../../record/types.ts";
import type { StorageObject } from "../../storage/contract.ts";
import type { Store } from "../../stores/contract.ts";
import type { Readers } from "../reading/readers.ts";
import { type Lookup, lookupOf } from "../writing/lookup.ts";
import { patiently } from "../writing/patience.ts";
import { type Batching, type Change, StoreWriter } from "../writing/store-writer.ts";
import { type FindLive, unhide } from "../writing/unhide.ts";
import type { Reread } from "./decide.ts";
import { type DecidedImage, decidedPages, type ScanPlace } from "./decided.ts";
import { ListedNames } from "./listed-names.ts";
import { type IsGone, prune } from "./prune.ts";
import type { ScanTotals } from "./totals.ts";

export interface ScanOptions {
  readonly place: ScanPlace;
  readonly store: Store;
  readonly readers: Readers;
  readonly reread: Reread;
  /** Removes from the store what is gone: what `isGone` says of those that were not listed. Needs a catalogue and a whole listing. */
  readonly prune?: IsGone;
  /** Asks the place what is live, so that objects are restored which the store takes for removed. Absent, the place has no versions. */
  readonly findLive?: FindLive;
  /** Milliseconds that a store that is down is waited for. */
  readonly patience: number;
  readonly batching?: Batching;
  readonly signal: AbortSignal;
  readonly listener: ScanListener;
  /** Counted up as it goes. */
  readonly totals: ScanTotals;
  /** Milliseconds before what failed is tried again, for the first time; they double. */
  readonly pause?: number;
}

interface ScanListener {
  /** All is listed. */
  allListed(): void;
  /** An image that was read without success, or that the store did not take. */
  failed(uri: string, code: ErrorCode, message: string): void;
  /** The store is waited for, and why; undefined when it is back. */
  waiting(why: string | undefined): void;
}

/** Images that were listed and wait to be read: the listing runs so far ahead, so that what is left is known early. */
const LISTED_AHEAD = 10_000;
/** Images that failed for the moment and are read again once the others are. */
const AGAIN_MOST = 10_000;
const ROUNDS = 5;
/** What may be over before the scan is. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "CHANGED", "UNAUTHENTICATED"]);
const PAUSE = 1000;
/** When so many images are refused from the beginning, all will be. */
const REFUSED_MOST = 100;

/** Resolves also where the signal has ended it, at a clean point. @throws ImagemetaError where the place or the store fails: what was taken is kept */
export function scan(options: ScanOptions): Promise<void> {
  return new Scan(options).run();
}

class Scan {
  readonly #options: ScanOptions;
  readonly #totals: ScanTotals;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #writer: StoreWriter;
  readonly #queue: StorageObject[] = [];
  /** What failed for the moment. */
  #again: StorageObject[] = [];
  #round = 1;
  #isListed = false;
  #inFlight = 0;
  #refusedFirst = 0;
  #failure: ImagemetaError | undefined;
  /** Wakes whoever waits for the queue to fill or to empty, for a reader or for the store. */
  #wake: (() => void)[] = [];

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#totals = options.totals;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#writer = new StoreWriter({
      store: options.store,
      patience: options.patience,
      signal: options.signal,
      ...(options.batching === undefined ? {} : { batching: options.batching }),
      onOutcome: (change, outcome) => {
        if (outcome.result === "failed") {
          this.#totals.refused++;
          options.listener.failed(outcome.uri, outcome.error.code, `the store did not take it: ${outcome.error.message}`);
        } else this.#taken(change, outcome.result);
        this.#changed();
      },
      onWaiting: (why) => options.listener.waiting(why),
      onFailure: (failure) => this.#fail(failure),
    });
  }

  async run(): Promise<void> {
    const { place, signal } = this.#options;
    const onAbort = () => this.#changed();
    signal.addEventListener("abort", onAbort);
    const listed = this.#options.prune === undefined ? undefined : new ListedNames();
    try {
      const listing = this.#listAll(listed)
        .catch((thrown) => this.#fail(thrown))
        .finally(() => {
          this.#isListed = true;
          this.#options.listener.allListed();
          this.#changed();
        });
      // What the store says of the last of it may give more to read.
      do {
        await this.#readAll();
        await this.#flush();
      } while ((this.#queue.length > 0 || this.#inFlight > 0) && !this.#signal.aborted);
      await listing;
      if (listed !== undefined && !this.#signal.aborted) await this.#prune(listed).catch((thrown) => this.#fail(thrown));
      await this.#flush();
    } finally {
      signal.removeEventListener("abort", onAbort);
      listed?.close();
      this.#totals.listRequests = place.requests;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #flush(): Promise<void> {
    await this.#writer.flush().catch((thrown) => this.#fail(thrown));
  }

  async #prune(listed: ListedNames): Promise<void> {
    const { store, place, prune: isGone } = this.#options;
    if (isGone === undefined || !("held" in store)) throw new ImagemetaError("INTERNAL", "only a catalogue can be pruned");
    await prune(store, place.uriPrefix, listed, isGone, this.#signal, async (gone) => {
      for (const item of gone) this.#writer.add({ kind: "remove", item });
      await this.#writer.room();
    });
  }

  async #listAll(listed: ListedNames | undefined): Promise<void> {
    const { place, reread } = this.#options;
    const totals = this.#totals;
    const pages = decidedPages(place, this.#lookup(), reread, this.#signal, (page) => listed?.add(page));
    for await (const { images, leftOut } of pages) {
      totals.listed += images.length;
      totals.leftOut += leftOut;
      totals.listRequests = place.requests;
      for (const image of images) this.#take(image);
      this.#changed();
      while (this.#queue.length >= LISTED_AHEAD || this.#writer.isFull) {
        if (this.#signal.aborted) return;
        await this.#change();
      }
      if (this.#signal.aborted) return;
    }
  }

  #lookup(): Lookup | undefined {
    const lookup = lookupOf(this.#options.store);
    return lookup && ((uris) => this.#askStore(() => lookup(uris)));
  }

  #askStore<T>(call: () => Promise<T>): Promise<T> {
    const { patience, listener } = this.#options;
    return patiently({ patience, signal: this.#signal, onWaiting: (why) => listener.waiting(why) }, call);
  }

  #take({ object, held, decision }: DecidedImage): void {
    if (decision === "read") {
      this.#queue.push(object);
    } else if (decision === "update") {
      this.#writer.add({ kind: "update", item: { uri: object.uri, object: object.info ?? {} } });
    } else {
      this.#totals.unchanged++;
      if (held?.error !== undefined) this.#totals.heldErrors++;
    }
  }

  /** Reads what is queued until the listing is done and nothing is left, then what failed for the moment. */
  async #readAll(): Promise<void> {
    const { readers, pause = PAUSE } = this.#options;
    for (this.#round = 1; this.#round <= ROUNDS; this.#round++) {
      let at = 0;
      for (;;) {
        if (this.#signal.aborted) break;
        const object = this.#queue[at];
        if (object !== undefined && this.#inFlight < readers.capacity && !this.#writer.isFull) {
          at++;
          this.#read(object);
          // What was taken is let go of in pieces: to shift a long array for each would be slow.
          if (at >= 1000 || at === this.#queue.length) at = this.#letGo(at);
        } else if (object === undefined && this.#isListed && this.#inFlight === 0) break;
        else await this.#change();
      }
      this.#letGo(at);
      if (this.#again.length === 0 || this.#signal.aborted) break;
      await new Promise((resolve) => setTimeout(resolve, pause * 2 ** (this.#round - 1)));
      this.#queue.push(...this.#again);
      this.#again = [];
    }
    if (this.#signal.aborted) await readers.close();
    while (this.#inFlight > 0) await this.#change();
  }

  #letGo(taken: number): 0 {
    this.#queue.splice(0, taken);
    this.#changed();
    return 0;
  }

  #read(object: StorageObject): void {
    this.#inFlight++;
    this.#options.readers.read(object).then(
      (record) => this.#done(object, record),
      (thrown) => {
        this.#inFlight--;
        if (!this.#signal.aborted) this.#fail(thrown);
        this.#changed();
      },
    );
  }

  #done(object: StorageObject, record: ImageRecord): void {
    const totals = this.#totals;
    this.#inFlight--;
    totals.readRequests += record.read.requests;
    totals.bytes += record.read.bytes;
    const code = record.error?.code;
    this.#watchRefusals(record);
    if (code === "NOT_FOUND" && object.info !== undefined) {
      totals.gone++;
    } else if (code !== undefined && TRANSIENT.has(code) && this.#round < ROUNDS && this.#again.length < AGAIN_MOST) {
      this.#again.push(object);
    } else {
      totals.read++;
      if (record.error !== undefined) {
        totals.failed.set(record.error.code, (totals.failed.get(record.error.code) ?? 0) + 1);
        this.#options.listener.failed(record.uri, record.error.code, record.error.message);
      }
      this.#writer.add({ kind: "put", item: record });
    }
    this.#changed();
  }

  /** Ends it where nothing but refusals came from the beginning: a role is missing, and reading on would only cost. */
  #watchRefusals({ error }: ImageRecord): void {
    if (error?.code !== "FORBIDDEN" && error?.code !== "UNAUTHENTICATED") this.#refusedFirst = Number.NEGATIVE_INFINITY;
    else if (++this.#refusedFirst === REFUSED_MOST)
      this.#fail(new ImagemetaError(error.code, `the first ${REFUSED_MOST} images were all refused: ${error.message}`));
  }

  #taken(change: Change, result: "written" | "superseded"): void {
    if (change.kind === "remove") this.#totals.removed++;
    if (change.kind === "put" && result === "superseded") this.#restore(change.item);
    if (change.kind !== "update") return;
    // The content that it belongs to has gone meanwhile: the image is read after all.
    if (result === "superseded") this.#queue.push({ uri: change.item.uri, info: change.item.object });
    else this.#totals.updated++;
  }

  /** Writes an image again if the store holds nothing newer, but takes it for removed. */
  #restore(record: ImageRecord): void {
    const { store, findLive } = this.#options;
    const { uri } = record;
    if (findLive === undefined) return;
    this.#inFlight++;
    unhide(uri, store, findLive, (call) => this.#askStore(call))
      .then((live) => {
        if (live === undefined) return;
        this.#totals.restored++;
        if (live.generation === record.object.generation) this.#writer.add({ kind: "put", item: { ...record, object: live } });
        else this.#queue.push({ uri, info: live });
      })
      .catch((thrown) => this.#fail(thrown))
      .finally(() => {
        this.#inFlight--;
        this.#changed();
      });
  }

  #fail(thrown: unknown): void {
    if (this.#failure !== undefined || this.#options.signal.aborted) return;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.#failure = thrown instanceof ImagemetaError ? thrown : new ImagemetaError("INTERNAL", message, { cause: thrown });
    this.#stop.abort(this.#failure);
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    if (this.#wake.length === 0) return;
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
