/** Records on their way into a store: in batches, each with its own outcome, and with patience where the store is down. */
import { ImagemetaError } from "../../record/errors.ts";
import { textLength } from "../../record/text.ts";
import type { ImageRecord, TagValue } from "../../record/types.ts";
import type { ObjectUpdate, ObjectVersion, PutOutcome, Store } from "../../stores/contract.ts";
import { failureOf, Patience, type PatienceOptions } from "./patience.ts";

export interface Batching {
  /** A batch is written when it has so many records, so many bytes, or is so many milliseconds old. */
  readonly records: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** The same while batches have many records, where each costs a flush to the disk. Default the same. */
  readonly busyMilliseconds?: number;
}

/** Small enough that little is read twice after a crash, large enough that its one flush to the disk costs little. */
const BATCHING: Batching = { records: 250, bytes: 4 << 20, milliseconds: 100 };

/** Records of a batch that say that many come. */
const MANY = 8;
/** Batches that may wait; then no more is read. */
const WAITING = 4;

export type Change =
  | { readonly kind: "put"; readonly item: ImageRecord }
  | { readonly kind: "update"; readonly item: ObjectUpdate }
  | { readonly kind: "remove"; readonly item: ObjectVersion };

export interface StoreWriterOptions extends PatienceOptions {
  readonly store: Store;
  readonly batching?: Batching;
  readonly onOutcome: (change: Change, outcome: PutOutcome) => void;
  /** A batch of so many changes is written, after so many seconds. */
  readonly onBatch?: (changes: number, seconds: number) => void;
  /** The store can take no more: what `flush` rejects with. */
  readonly onFailure: (failure: ImagemetaError) => void;
}

export class StoreWriter {
  readonly #options: StoreWriterOptions;
  readonly #batching: Batching;
  #queue: Change[] = [];
  /** About how many bytes each of the queue takes. */
  #sizes: number[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** Records of the newest batch. */
  #written = 0;
  #failure: ImagemetaError | undefined;
  #makeRoom = () => {};

  constructor(options: StoreWriterOptions) {
    this.#options = options;
    this.#batching = options.batching ?? BATCHING;
  }

  /** Is so much waiting that no more should be read? */
  get isFull(): boolean {
    return this.#queue.length >= WAITING * this.#batching.records || this.#bytes >= WAITING * this.#batching.bytes;
  }

  /** Resolves when it is no longer full, or never will be. */
  async room(): Promise<void> {
    while (this.isFull && this.#failure === undefined) await new Promise<void>((resolve) => (this.#makeRoom = resolve));
  }

  add(change: Change): void {
    if (this.#failure !== undefined) return;
    this.#queue.push(change);
    const size = change.kind === "put" ? sizeOf(change.item) : 0;
    this.#sizes.push(size);
    this.#bytes += size;
    if (this.#writing !== undefined) return;
    if (this.#queue.length >= this.#batching.records || this.#bytes >= this.#batching.bytes) this.#start();
    else this.#startSoon();
  }

  /** Writes all that waits. @throws ImagemetaError where the store takes no more */
  async flush(): Promise<void> {
    while (this.#failure === undefined && (this.#queue.length > 0 || this.#writing !== undefined)) {
      if (this.#writing === undefined) this.#start();
      await this.#writing;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
      this.#makeRoom();
      if (this.#failure === undefined && this.#queue.length > 0) this.#startSoon();
    });
  }

  #startSoon(): void {
    const { milliseconds, busyMilliseconds = milliseconds } = this.#batching;
    const age = this.#written >= MANY ? busyMilliseconds : milliseconds;
    this.#timer ??= setTimeout(() => this.#start(), this.isFull ? 0 : age);
  }

  async #write(): Promise<void> {
    const { store } = this.#options;
    const batch = this.#queue.splice(0, this.#batching.records);
    this.#written = batch.length;
    for (const size of this.#sizes.splice(0, this.#batching.records)) this.#bytes -= size;
    this.#makeRoom();
    const started = performance.now();
    try {
      await this.#attempt(
        batch.filter((change) => change.kind === "put"),
        (puts) => store.put(puts.map(({ item }) => item)),
      );
      await this.#attempt(
        batch.filter((change) => change.kind === "remove"),
        (removals) => store.remove(removals.map(({ item }) => item)),
      );
      await this.#attempt(
        batch.filter((change) => change.kind === "update"),
        async (updates) => {
          if ("update" in store) return store.update(updates.map(({ item }) => item));
          throw new ImagemetaError("INTERNAL", "a sink has no records to update");
        },
      );
      this.#options.onBatch?.(batch.length, (performance.now() - started) / 1000);
    } catch (thrown) {
      this.#failure = failureOf(thrown);
      this.#queue = [];
      this.#options.onFailure(this.#failure);
    }
  }

  /** Writes changes of one kind, again and again while the store is down. */
  async #attempt<C extends Change>(changes: readonly C[], write: (changes: readonly C[]) => Promise<readonly PutOutcome[]>): Promise<void> {
    let left = changes;
    const { onOutcome } = this.#options;
    const patience = new Patience(this.#options);
    while (left.length > 0) {
      let why: unknown;
      const again: C[] = [];
      try {
        const outcomes = await write(left);
        left.forEach((change, i) => {
          const outcome = outcomes[i];
          if (outcome === undefined) throw new ImagemetaError("INTERNAL", "the store gave fewer outcomes than it was given records");
          if (outcome.result === "failed" && outcome.error.code === "UNAVAILABLE") {
            why = outcome.error;
            again.push(change);
          } else onOutcome(change, outcome);
        });
      } catch (thrown) {
        why = thrown;
        again.push(...left);
      }
      if (again.length > 0) await patience.after(why, again.length < left.length);
      left = again;
    }
    patience.answered();
  }
}

/** About how many bytes a record takes: its texts, and something for each tag. */
function sizeOf(record: ImageRecord): number {
  const length = textLength(record);
  if (length !== undefined) return length;
  let size = 600;
  if (record.error !== undefined) return size;
  for (const group of Object.values(record.tags)) for (const value of Object.values(group)) size += 24 + sizeOfValue(value);
  return size;
}

function sizeOfValue(value: TagValue): number {
  if (typeof value === "string") return value.length;
  return typeof value === "object" ? JSON.stringify(value).length : 8;
}
