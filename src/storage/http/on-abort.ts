/**
 * What is to end when a signal aborts: one listener a signal, however many requests it ends. An EventTarget's listeners are a
 * list in which one that was removed still names the next, and so are the tables of a Set that was filled anew: garbage of the
 * old generation would keep all that came after it, bodies of answers too, until the old generation is collected.
 */

type Stop = () => void;

const all = new WeakMap<AbortSignal, (Stop | undefined)[]>();

/** Runs `stop` when the signal aborts, which it has not yet; what is given back takes that back. */
export function onAbort(signal: AbortSignal, stop: Stop): () => void {
  let stops = all.get(signal);
  if (stops === undefined) {
    stops = listen(signal);
    all.set(signal, stops);
  }
  const own = stops;
  let at = own.indexOf(undefined);
  if (at < 0) at = own.length;
  own[at] = stop;
  return () => {
    if (own[at] === stop) own[at] = undefined;
  };
}

function listen(signal: AbortSignal): (Stop | undefined)[] {
  const stops: (Stop | undefined)[] = [];
  signal.addEventListener(
    "abort",
    () => {
      for (const stop of stops) stop?.();
    },
    { once: true },
  );
  return stops;
}
