/** The images among the objects of a place. */
import type { Location, Storage, StorageObject } from "../storage/contract.ts";
import { looksLikeImage } from "../storage/selection.ts";

export interface ListingOptions {
  readonly signal: AbortSignal;
  /** Every object, not only those whose type or name says image. */
  readonly all?: boolean;
  /** Told of each page: how many images it has and how many objects were left out. */
  readonly onPage?: (images: number, leftOut: number) => void;
}

export async function* listImages(
  storage: Storage,
  where: Location,
  { signal, all = false, onPage }: ListingOptions,
): AsyncGenerator<readonly Required<StorageObject>[]> {
  for await (const page of storage.list(where, signal)) {
    const images = all ? page : page.filter(({ info }) => looksLikeImage(info));
    onPage?.(images.length, page.length - images.length);
    if (images.length > 0) yield images;
  }
}
