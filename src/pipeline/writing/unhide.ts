/**
 * Takes back what hides a live object in a catalogue: a tombstone or a generation that could not be read and that the bucket contradicts,
 * because an event was forged or its removal was overtaken.
 */
import type { ObjectInfo } from "../../record/types.ts";
import type { Catalogue, Store } from "../../stores/contract.ts";

/** Asks the bucket for an object's live version; undefined if there is none. */
export type FindLive = (uri: string) => Promise<ObjectInfo | undefined>;

/** Makes a call to the store, again while it is down. */
export type AskStore = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Resolves with the live version that was hidden, which is to be written then; undefined if nothing was hidden.
 * The bucket is asked again after the rewind: a removal that happened before is seen here, a later one has an event that finds
 * the right state.
 * @throws what `find` and the store throw
 */
export async function unhide(uri: string, store: Store, find: FindLive, askStore: AskStore): Promise<ObjectInfo | undefined> {
  if (!("tombstones" in store)) return undefined;
  const hiding = await hidingGeneration(uri, store, askStore);
  if (hiding === undefined) return undefined;
  const live = (await find(uri))?.generation;
  if (live === undefined || BigInt(live) > hiding.last) return undefined;
  await askStore(() => store.rewind([{ uri, live, held: hiding.held }]));
  const now = await find(uri);
  if (now === undefined) await askStore(() => store.remove([{ uri, generation: live }]));
  return now;
}

/** The generation that is held and was not read with success, and the last one that it hides: only a tombstone hides its own. */
async function hidingGeneration(
  uri: string,
  store: Catalogue,
  askStore: AskStore,
): Promise<{ readonly held: string; readonly last: bigint } | undefined> {
  const [tombstone] = await askStore(() => store.tombstones([uri]));
  if (tombstone !== undefined) return { held: tombstone, last: BigInt(tombstone) };
  const [held] = await askStore(() => store.lookup([uri]));
  if (held?.generation === undefined || (held.engine !== undefined && held.error === undefined)) return undefined;
  return { held: held.generation, last: BigInt(held.generation) - 1n };
}
