/** Ctrl-C and SIGTERM: a command stops at a clean point. A second one ends it at once, as ever. */

export interface Interruption {
  readonly signal: AbortSignal;
  /** As if Ctrl-C had come. */
  interrupt(): void;
  /** From now on they end the process again. */
  release(): void;
}

export function onInterrupt(): Interruption {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  return { signal: stop.signal, interrupt, release: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt) };
}
