/** A catalogue beside what its driver does alone, as bench/stores.ts compares them. */
import type { ImageRecord } from "../src/record/types.ts";
import type { Catalogue } from "../src/stores/contract.ts";

export type Batches = readonly (readonly ImageRecord[])[];

export interface Place {
  readonly catalogue: Catalogue;
  /** Makes the rows of the batches ready, and gives what writes them. */
  bulk(batches: Batches): () => Promise<void>;
  close(): Promise<void>;
}
