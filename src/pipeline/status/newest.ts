/** How much a catalogue holds, and how new it is. */
import type { Catalogue } from "../../stores/contract.ts";

export interface Contents {
  /** Objects of which a record is held, those included whose image could not be read. */
  readonly objects: number;
  readonly errors: number;
  /** The newest `object.updated`: when the bucket last changed what is held. RFC 3339; undefined where nothing says it. */
  readonly newest?: string;
  readonly newestUri?: string;
}

/** Reads through all that is held below an address. */
export async function contentsOf(store: Pick<Catalogue, "held">, uriPrefix: string, signal: AbortSignal): Promise<Contents> {
  let [objects, errors, newest, newestUri] = [0, 0, "", ""];
  let at = Number.NEGATIVE_INFINITY;
  for await (const page of store.held(uriPrefix)) {
    signal.throwIfAborted();
    for (const { uri, updated, engine, error } of page) {
      // Of some only the metadata has come.
      if (engine === undefined && error === undefined) continue;
      objects++;
      if (error !== undefined) errors++;
      const time = updated === undefined ? Number.NaN : Date.parse(updated);
      if (time > at) [at, newest, newestUri] = [time, updated ?? "", uri];
    }
  }
  return { objects, errors, ...(newest === "" ? {} : { newest, newestUri }) };
}
