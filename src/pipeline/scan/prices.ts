/**
 * What Cloud Storage charges for reading: list prices in US dollars for a bucket in one region with a flat namespace, before any
 * discount, as of September 2026. Operations: cloud.google.com/storage/pricing#operations-charges, retrieval:
 * cloud.google.com/storage/pricing#retrieval-pricing, network: cloud.google.com/storage/pricing#network-pricing,
 * Autoclass: docs.cloud.google.com/storage/docs/autoclass#pricing.
 */

export const PRICES_AS_OF = "September 2026";
export const PRICES_SOURCE = "https://cloud.google.com/storage/pricing";

export interface ClassPrices {
  /** A thousand Class A operations: lists. */
  readonly classA: number;
  /** A thousand Class B operations: reads. */
  readonly classB: number;
  /** A GiB that is read. */
  readonly retrieval: number;
}

export const PRICES: Readonly<Record<string, ClassPrices>> = {
  STANDARD: { classA: 0.005, classB: 0.0004, retrieval: 0 },
  NEARLINE: { classA: 0.01, classB: 0.001, retrieval: 0.01 },
  COLDLINE: { classA: 0.02, classB: 0.01, retrieval: 0.02 },
  ARCHIVE: { classA: 0.05, classB: 0.05, retrieval: 0.05 },
};

/** A GiB that leaves for the internet, at most (Americas and Europe, the first 10 TiB of a month); within the bucket's region it is free. */
export const INTERNET = 0.12;
