/** What a store holds, where it can tell. What cannot is given everything each time. */
import type { Catalogue, Store } from "../../stores/contract.ts";

export type Lookup = Catalogue["lookup"];

export function lookupOf(store: Store | undefined): Lookup | undefined {
  return store !== undefined && "lookup" in store ? (uris) => store.lookup(uris) : undefined;
}
