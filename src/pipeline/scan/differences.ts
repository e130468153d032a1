/** What differs between a place and a catalogue. */

import type { Catalogue, Held } from "../../stores/contract.ts";
import { lookupOf } from "../writing/lookup.ts";
import { isWorthAnotherTry } from "./decide.ts";
import { type DecidedImage, decidedPages, type ScanPlace } from "./decided.ts";
import { ListedNames } from "./listed-names.ts";

/**
 * `missing`: the store has no record of it; `hidden`: it takes the listed version for removed; `stale`: it holds another
 * version or older metadata; `unread`: it holds an error that another try may mend; `gone`: the place no longer has it.
 */
export type DifferenceKind = "missing" | "hidden" | "stale" | "unread" | "gone";

export interface Difference {
  readonly difference: DifferenceKind;
  readonly uri: string;
  readonly listed?: Versions;
  readonly held?: Versions;
}

interface Versions {
  readonly generation?: string;
  readonly metageneration?: string;
  readonly updated?: string;
}

/** A difference with all that both sides say. */
export type Compared =
  | { readonly difference: Exclude<DifferenceKind, "gone">; readonly image: DecidedImage }
  | { readonly difference: "gone"; readonly held: Held };

/**
 * First what the listing shows, then what is gone.
 * @param isOwn narrows what the store holds as the place is narrowed
 * @throws what the listing or the store throws
 */
export async function* compared(
  place: ScanPlace,
  store: Catalogue,
  isOwn: (uri: string) => boolean,
  signal: AbortSignal,
  onPage: (images: number) => void,
): AsyncGenerator<Compared> {
  const listed = new ListedNames();
  try {
    for await (const { images } of decidedPages(place, lookupOf(store), {}, signal, (page) => listed.add(page))) {
      onPage(images.length);
      const hidden = await findHidden(images, store);
      for (const image of images) {
        const difference = hidden.has(image) ? "hidden" : differenceOf(image);
        if (difference !== undefined) yield { difference, image };
      }
    }
    for await (const page of store.held(place.uriPrefix)) {
      signal.throwIfAborted();
      for (const held of page) if (isOwn(held.uri) && !listed.has(held.uri)) yield { difference: "gone", held };
    }
  } finally {
    listed.close();
  }
}

/** The same, as far as it is shown. */
export async function* differences(...compare: Parameters<typeof compared>): AsyncGenerator<Difference> {
  for await (const found of compared(...compare)) {
    const { difference } = found;
    if (difference === "gone") {
      yield { difference, uri: found.held.uri, held: versionsOf(found.held) };
      continue;
    }
    const { object, held } = found.image;
    yield { difference, uri: object.uri, listed: versionsOf(object.info ?? {}), ...(held === undefined ? {} : { held: versionsOf(held) }) };
  }
}

/** The images that a tombstone in the store hides: it is of the same generation or a newer one. */
async function findHidden(images: readonly DecidedImage[], store: Catalogue): Promise<ReadonlySet<DecidedImage>> {
  const absent = images.filter(({ held }) => held === undefined);
  const tombstones = absent.length === 0 ? [] : await store.tombstones(absent.map(({ object }) => object.uri));
  const isHidden = ({ object }: DecidedImage, i: number) => {
    const [tombstone, generation] = [tombstones[i], object.info?.generation];
    return tombstone !== undefined && generation !== undefined && BigInt(tombstone) >= BigInt(generation);
  };
  return new Set(absent.filter(isHidden));
}

function differenceOf({ object, held, decision }: DecidedImage): "missing" | "stale" | "unread" | undefined {
  if (decision === "unchanged") return undefined;
  if (held === undefined) return "missing";
  const isUnread = decision === "read" && isWorthAnotherTry(held.error) && held.generation === object.info?.generation;
  return isUnread ? "unread" : "stale";
}

function versionsOf({ generation, metageneration, updated }: Versions): Versions {
  return {
    ...(generation === undefined ? {} : { generation }),
    ...(metageneration === undefined ? {} : { metageneration }),
    ...(updated === undefined ? {} : { updated }),
  };
}
