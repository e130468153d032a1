/**
 * All objects of a place by many requests at once, in no order. The names are split into ranges (objects.list's `startOffset`,
 * inclusive, and `endOffset`, exclusive); a worker without one takes the upper part of the range that has most left.
 * Ranges never overlap and leave nothing out, so each object comes once, however well the names were guessed.
 */
import type { Location, StorageObject } from "../contract.ts";
import { nameFilter } from "../glob.ts";
import type { ObjectOptions } from "../http/object.ts";
import { ListWindow } from "./list-window.ts";
import { above, codePoints, NameModel, nameOf } from "./name-model.ts";
import { NameRange } from "./name-range.ts";
import type { GcsDialectOptions } from "./object.ts";
import { fetchPage, objectOf, PAGES, type Page } from "./page.ts";

type Objects = readonly Required<StorageObject>[];

/** Rejects with ImagemetaError as objects.list does, or with the signal's reason; what is under way then is ended. */
export async function* listObjectsInParallel(
  where: Location,
  options: ObjectOptions & GcsDialectOptions,
  signal: AbortSignal,
  workers: number,
): AsyncGenerator<Objects> {
  const listing = new ParallelListing(where, options, signal, workers);
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
  readonly #pages: Objects[] = [];
  /** Objects that a page brings, as far as is known, and how many wait. */
  #pageSize: number = PAGES.first;
  #waiting = 0;
  #failure: { readonly thrown: unknown } | undefined;
  #wake = (): void => {};

  constructor(where: Location, options: ObjectOptions & GcsDialectOptions, signal: AbortSignal, workers: number) {
    this.#where = where;
    this.#bucket = where.root.slice("gs://".length);
    this.#isWanted = nameFilter(where);
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#stopping.signal]);
    this.#workers = workers;
    const end = above(codePoints(where.prefix ?? ""));
    this.#idle = [new NameRange(where.prefix ?? "", end === undefined ? undefined : nameOf(end), 0)];
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
    await Promise.all(this.#busy.values());
  }

  /** As many requests as there are workers and room for. */
  #send(): void {
    while (this.#busy.size < this.#workers && this.#failure === undefined && !this.#signal.aborted) {
      const isFull = this.#waiting + (this.#busy.size + 1) * this.#pageSize > this.#window.objects;
      if (isFull && this.#waiting + this.#busy.size > 0) return;
      const range = this.#idle.shift() ?? this.#steal();
      if (range === undefined) return;
      this.#busy.set(range, this.#list(range));
    }
  }

  /** The upper part of the range that has most left beyond the page that is on its way. */
  #steal(): NameRange | undefined {
    for (;;) {
      let [largest, most] = [undefined as NameRange | undefined, 2 * this.#pageSize];
      for (const range of this.#busy.keys()) {
        const expected = range.expected(this.#model);
        if (expected >= most) [largest, most] = [range, expected];
      }
      if (largest === undefined) return undefined;
      const stolen = largest.split(this.#model, this.#pageSize);
      if (stolen !== undefined) return stolen;
    }
  }

  /** Lists one page of a range. Never rejects. */
  async #list(range: NameRange): Promise<void> {
    try {
      const { start, end, token, isStarted } = range;
      const from = token?.endOffset === end && token !== undefined ? token : { startOffset: start, endOffset: end, pageToken: undefined };
      const maxResults = isStarted ? PAGES.next : PAGES.first;
      const page = await fetchPage(this.#bucket, { prefix: this.#where.prefix, ...from, maxResults }, this.#options, this.#signal);
      const { nextPageToken } = page;
      range.token = nextPageToken === undefined ? undefined : { ...from, pageToken: nextPageToken };
      if (!this.#take(range, page)) this.#idle.push(range);
    } catch (thrown) {
      this.#failure ??= { thrown };
    }
    this.#busy.delete(range);
    this.#send();
    this.#wake();
  }

  /** Keeps what a page has of a range, which may have been split since it was asked for. Is the range at its end? */
  #take(range: NameRange, { items = [] }: Page): boolean {
    const [lowest, highest] = [items[0]?.name ?? "", items.at(-1)?.name ?? ""];
    const isPastEnd = items.length > 0 && range.isPast(highest);
    // In order, so that the ends tell of all between.
    const own = range.wants(lowest) && range.wants(highest) ? items : items.filter(({ name }) => range.wants(name));
    const [first, last] = [own[0], own.at(-1)];
    this.#pageSize = Math.max(this.#pageSize, items.length);
    if (first !== undefined && last !== undefined) {
      this.#model.learn(own);
      range.advance(first.name, last.name, own.length);
    }
    const objects = own.filter(({ name }) => this.#isWanted(name)).map((item) => objectOf(this.#bucket, item));
    this.#window.arrived(items.length, this.#pages.length);
    this.#pages.push(objects);
    this.#waiting += objects.length;
    return isPastEnd || range.token === undefined;
  }
}
