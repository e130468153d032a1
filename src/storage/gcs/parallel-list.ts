/**
 * All objects of a place by many requests at once, in no order. The names are divided into ranges (objects.list's `startOffset`,
 * inclusive, and `endOffset`, exclusive), each listed page by page. Workers without one split the ranges that are not at their end.
 *
 * A page tells where names really begin and how close together they lie, not how far they reach. So a range is split at many
 * places at once, the nearest about a page ahead, each a factor further than the one before: whatever the reach, about as many
 * pages come back with names on either side of it. An empty page ends its range; a full one tells of a part nothing was known of,
 * which is split in turn. How names are likely to go on (name-model.ts) only places the splits.
 *
 * The folders of the place are asked for beside its first page. Where that shows names to stand in folders of many, further
 * ones are, and the names are divided at them (folders.ts); for as long nothing is guessed.
 *
 * It ends because each page advances its range or ends it. Ranges never overlap and leave nothing out, so each object comes once,
 * however well the names were guessed.
 */
import type { Location, StorageObject } from "../contract.ts";
import { nameFilter } from "../glob.ts";
import type { ObjectOptions } from "../http/object.ts";

import { Folders } from "./folders.ts";
import { ListWindow } from "./list-window.ts";
import { above } from "./name-bytes.ts";
import { NameModel } from "./name-model.ts";
import { NameRange } from "./name-range.ts";
import type { GcsDialectOptions } from "./object.ts";
import { fetchPage, objectOf, PAGES, type Page, type Resource } from "./page.ts";

/** Requests that may be empty before they are as many as the full ones; and how many are tried all the same. */
const WASTE = 64;
const ALWAYS = 4;
/** The part of a first page that a guessed range is thought to have. */
const GUESSED = 1 / 4;
/** Milliseconds that are waited for folders at most. */
const PATIENCE = 1000;
/** Of a range, what another worker must find worth its while: pages by which it may be shorter. */
const LEAST_WORTH = 0.1;

type Objects = readonly Required<StorageObject>[];

/** Rejects with ImagemetaError as objects.list does, or with the signal's reason; what is under way then is ended. */
export async function* listObjectsInParallel(
  where: Location,
  options: ObjectOptions & GcsDialectOptions,
  signal: AbortSignal,
  workers: number,
): AsyncGenerator<Objects> {
  const listing = new ParallelListing(where, options, signal, workers);
  listing.begin();
  try {
    for (;;) {
      const page = await listing.next();
      if (page === undefined) return;
      if (page.length > 0) yield page;
    }
  } finally {
    await listing.stop();
  }
}

class ParallelListing {
  readonly #where: Location;
  readonly #bucket: string;
  readonly #isWanted: (name: string) => boolean;
  readonly #options: ObjectOptions & GcsDialectOptions;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #workers: number;
  readonly #model = new NameModel();
  readonly #window = new ListWindow();
  /** Ranges that wait for a worker, and those that have one. */
  readonly #idle: NameRange[];
  readonly #busy = new Map<NameRange, Promise<void>>();
  readonly #folders: Folders;
  /** Requests for folders. */
  readonly #asking = new Set<Promise<void>>();
  readonly #pages: Objects[] = [];
  /** Objects that a page brings, as far as is known, and how many wait. */
  #pageSize: number = PAGES.first;
  #waiting = 0;
  /** Objects thought to be on their way. */
  #due = 0;
  #isSplitting = false;
  #probes = 0;
  #missed = 0;
  #listed = 0;
  #failure: { readonly thrown: unknown } | undefined;
  #wake = (): void => {};

  constructor(where: Location, options: ObjectOptions & GcsDialectOptions, signal: AbortSignal, workers: number) {
    this.#where = where;
    this.#bucket = where.root.slice("gs://".length);
    this.#isWanted = nameFilter(where);
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#stopping.signal]);
    this.#workers = workers;
    const prefix = where.prefix ?? "";
    this.#idle = [new NameRange(prefix, above(prefix))];
    this.#folders = new Folders(prefix);
  }

  begin(): void {
    this.#ask();
  }

  /** The next page, which may be empty; undefined when all have come. */
  async next(): Promise<Objects | undefined> {
    for (;;) {
      this.#signal.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure.thrown;
      const page = this.#pages.shift();
      this.#waiting -= page?.length ?? 0;
      this.#send();
      if (page !== undefined || this.#busy.size === 0) return page;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the listing was left"));
    await Promise.all([...this.#busy.values(), ...this.#asking]);
  }

  /** As many requests as there are workers and room for. */
  #send(): void {
    while (this.#hasRoom()) {
      const range = this.#idle.shift();
      if (range === undefined) {
        this.#splitSoon();
        return;
      }
      this.#busy.set(range, this.#list(range));
    }
  }

  #hasRoom(): boolean {
    if (this.#busy.size + this.#asking.size >= this.#workers || this.#failure !== undefined || this.#signal.aborted) return false;
    const isFull = this.#waiting + this.#due + this.#pageSize > this.#window.objects;
    return !isFull || this.#waiting + this.#busy.size === 0;
  }

  /** Once what has arrived together is taken, so that all of it is known. */
  #splitSoon(): void {
    if (this.#isSplitting || this.#busy.size === 0) return;
    this.#isSplitting = true;
    setImmediate(() => {
      this.#isSplitting = false;
      this.#split();
      if (this.#idle.length > 0) this.#send();
    });
  }

  /** Divides the workers that are free among the ranges, by what these are worth. */
  #split(): void {
    if (this.#asking.size > 0) return;
    let free = Math.min(this.#workers - this.#busy.size - this.#idle.length, this.#affordable());
    const shares = [...this.#busy.keys()].map((range) => ({ range, worth: range.worth(this.#model), parts: 0 }));
    for (; free >= 1; free--) {
      let best = shares[0];
      for (const share of shares) if (best === undefined || share.worth / (share.parts + 1) > best.worth / (best.parts + 1)) best = share;
      if (best === undefined || best.worth / (best.parts + 1) < LEAST_WORTH) break;
      best.parts++;
    }
    for (const { range, parts } of shares) if (parts > 0) this.#idle.push(...range.split(this.#model, parts));
  }

  /** Requests that may find nothing, as many as are in proportion to what was found. */
  #affordable(): number {
    let probing = 0;
    for (const range of this.#busy.keys()) if (!range.isStarted) probing++;
    const risk = (this.#missed + 1) / (this.#probes + 2);
    const left = WASTE + this.#listed / this.#pageSize - this.#missed;
    return Math.max(ALWAYS, left / risk) - probing;
  }

  /** Lists one page of a range. Never rejects. */
  async #list(range: NameRange): Promise<void> {
    const due = range.isStarted ? this.#pageSize : Math.min(this.#pageSize, PAGES.first) * (range.isGuess ? GUESSED : 1);
    this.#due += due;
    const isFirst = this.#listed === 0 && this.#probes === 0;
    try {
      const { start, end, token, isStarted } = range;
      const from = token?.endOffset === end && token !== undefined ? token : { startOffset: start, endOffset: end, pageToken: undefined };
      const maxResults = isStarted ? PAGES.next : PAGES.first;
      const page = await fetchPage(this.#bucket, { prefix: this.#where.prefix, ...from, maxResults }, this.#options, this.#signal);
      const { nextPageToken } = page;
      range.token = nextPageToken === undefined ? undefined : { ...from, pageToken: nextPageToken };
      if (!this.#take(range, page)) {
        this.#idle.push(range);
        if (isFirst) this.#see(page.items ?? []);
      }
    } catch (thrown) {
      this.#failure ??= { thrown };
    }
    this.#due -= due;
    this.#busy.delete(range);
    this.#send();
    this.#wake();
  }

  #see(first: readonly Resource[]): void {
    this.#folders.see(first);
    this.#ask();
    if (this.#asking.size === 0) this.#divide();
  }

  /** Asks for folders level by level, until they divide the names well enough; a worker is left for a page. */
  #ask(): void {
    if (this.#signal.aborted) return;
    const free = this.#workers - 1 - this.#busy.size - this.#asking.size;
    for (const folder of this.#folders.toAsk(this.#workers, Math.max(0, free))) {
      const asking = this.#learn(folder).then(() => {
        this.#asking.delete(asking);
        if (this.#asking.size > 0) return;
        this.#divide();
        this.#ask();
        this.#send();
      });
      this.#asking.add(asking);
    }
  }

  /** Never rejects: folders are of help, and what fails for good fails with a page too. */
  async #learn(folder: string): Promise<void> {
    const query = { prefix: folder, pageToken: undefined, onlyFolders: true, maxResults: PAGES.next };
    const options = { ...this.#options, deadline: Math.min(PATIENCE, this.#options.deadline) };
    const page = await fetchPage(this.#bucket, query, options, this.#signal).catch(() => undefined);
    this.#folders.learn(folder, page?.prefixes);
  }

  #divide(): void {
    for (const begin of this.#folders.division(this.#workers)) {
      const range = [...this.#busy.keys(), ...this.#idle].find((each) => each.isInside(begin));
      if (range !== undefined) this.#idle.push(range.cutAt(begin));
    }
  }

  /** Keeps what a page has of a range, which may have been split since it was asked for. Is the range at its end? */
  #take(range: NameRange, { items = [] }: Page): boolean {
    const last = items.at(-1);
    const isPastEnd = last !== undefined && range.isPast(last.name);
    const own = range.ownOf(items);
    this.#pageSize = Math.max(this.#pageSize, items.length);
    if (!range.isStarted) {
      this.#probes++;
      this.#missed += 1 - own.length / this.#pageSize;
    }
    this.#listed += own.length;
    if (own.length > 0) {
      this.#model.learn(own);
      range.advance(own);
    }
    const objects = own.filter(({ name }) => this.#isWanted(name)).map((item) => objectOf(this.#bucket, item));
    this.#window.arrived(items.length, this.#pages.length);
    this.#pages.push(objects);
    this.#waiting += objects.length;
    return isPastEnd || range.token === undefined;
  }
}
