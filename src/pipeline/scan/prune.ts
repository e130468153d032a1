/** Finds what a store holds and the bucket no longer has. */
import { ImagemetaError } from "../../record/errors.ts";
import type { Storage } from "../../storage/contract.ts";
import type { Catalogue, ObjectVersion } from "../../stores/contract.ts";
import type { ListedNames } from "./listed-names.ts";

export type IsGone = (uri: string, held: { readonly generation?: string; readonly updated?: string }) => Promise<boolean>;

/** Objects that are asked for at once. */
const ASKED = 16;

/** @param listed every object of the place; the listing that filled it must have been whole */
export async function prune(
  store: Catalogue,
  uriPrefix: string,
  listed: ListedNames,
  isGone: IsGone,
  signal: AbortSignal,
  remove: (gone: readonly ObjectVersion[]) => Promise<void>,
): Promise<void> {
  // First all of it is found, then removed: a store is not changed while it is walked.
  for await (const page of store.held(uriPrefix)) {
    signal.throwIfAborted();
    listed.addGone(page.filter(({ uri }) => !listed.has(uri)));
  }
  for (const page of listed.gone()) {
    for (let at = 0; at < page.length; at += ASKED) {
      signal.throwIfAborted();
      const some = page.slice(at, at + ASKED);
      const answers = await Promise.all(some.map((held) => isGone(held.uri, held)));
      const gone = some.filter((_, i) => answers[i]);
      await remove(gone.map(({ uri, generation }) => ({ uri, ...(generation === undefined ? {} : { generation }) })));
    }
  }
}

/** So much may this machine's clock be behind that of the bucket, in milliseconds. */
const CLOCKS = 15 * 60_000;

/**
 * An object that was not listed is gone, if it is older than the listing: one that has come since then may have come to a place
 * that was listed already, and an event has told the store of it. Such a one is asked for, and so is one whose age is unknown.
 */
export function goneSince(began: number, storage: Storage, signal: AbortSignal): IsGone {
  return async (uri, { generation, updated }) => {
    const age = generation === undefined || updated === undefined ? Number.NaN : began - Date.parse(updated);
    if (age > CLOCKS) return true;
    return isNotThere(uri, storage, signal);
  };
}

/** Looks whether an object is there now, whatever its version; false where that cannot be said. */
export async function isNotThere(uri: string, storage: Storage, signal: AbortSignal): Promise<boolean> {
  try {
    const stored = await storage.open({ uri }, signal);
    try {
      await stored.read([{ start: 0, end: 1 }], signal);
    } finally {
      await stored.close();
    }
    return false;
  } catch (thrown) {
    return thrown instanceof ImagemetaError && thrown.code === "NOT_FOUND";
  }
}
