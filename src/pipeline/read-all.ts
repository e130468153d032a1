/** Many images at once: the network busy, memory flat. */
import type { ImageRecord } from "../record/types.ts";
import type { StorageObject } from "../storage/contract.ts";

export interface ReadAllOptions {
  /** Requests in flight at most: what the storage's connections are bounded by. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly read: (object: StorageObject, signal: AbortSignal) => Promise<ImageRecord>;
}

/** Records that may wait for an earlier one, for each image in flight. */
const WAITING = 8;

/** Images that are started for each request in flight: a connection that gets free finds the next request waiting while an image is parsed. */
const STARTED = 2;

/**
 * The records of all objects, in the order of the list. Some more images than `concurrency` are in flight; a slow one
 * holds back what comes after it only until `8 × concurrency` records wait, and nothing is listed or read that nobody takes.
 * Rejects with what the list throws, or the signal's reason.
 */
export async function* readAll(pages: AsyncIterable<readonly StorageObject[]>, options: ReadAllOptions): AsyncGenerator<ImageRecord> {
  const { concurrency, read } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const window = WAITING * concurrency;
  const most = Math.ceil(STARTED * concurrency);
  const started: Promise<ImageRecord>[] = [];
  let inFlight = 0;
  let wake = () => {};
  const room = async (): Promise<void> => {
    while (inFlight >= most || started.length >= window) await new Promise<void>((resolve) => (wake = resolve));
  };
  let listed = false;
  let failure: { thrown: unknown } | undefined;
  let arrived = () => {};
  const feed = (async () => {
    for await (const page of pages) {
      for (const object of page) {
        await room();
        if (signal.aborted) return;
        inFlight++;
        const reading = read(object, signal).finally(() => {
          inFlight--;
          wake();
        });
        // A rejection is taken when its turn comes.
        reading.catch(() => {});
        started.push(reading);
        arrived();
      }
    }
  })().then(
    () => {
      listed = true;
      arrived();
    },
    (thrown) => {
      failure = { thrown };
      listed = true;
      arrived();
    },
  );
  try {
    for (;;) {
      options.signal.throwIfAborted();
      const next = started[0];
      if (next !== undefined) {
        const record = await next;
        started.shift();
        wake();
        yield record;
      } else if (listed) {
        if (failure !== undefined) throw failure.thrown;
        return;
      } else {
        await new Promise<void>((resolve) => (arrived = resolve));
      }
    }
  } finally {
    stop.abort();
    started.length = 0;
    inFlight = 0;
    wake();
    await feed;
  }
}
