/**
 * Runs work that may wait for something that never comes. Rejects with the signal's reason once it is aborted: the work races what it waits
 * for with `stopped`, which never resolves.
 */
export async function untilAborted<T>(signal: AbortSignal, work: (stopped: Promise<never>) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
  });
  // The work may be between two races.
  stopped.catch(() => {});
  signal.addEventListener("abort", stop);
  try {
    return await work(stopped);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
