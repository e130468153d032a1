/** What differs between a place and a catalogue. */
import type { Catalogue } from "../../stores/contract.ts";
import { type Decision, isWorthAnotherTry } from "./decide.ts";
import { type DecidedImage, decidedPages, lookupOf, type ScanPlace } from "./decided.ts";
import { ListedNames } from "./listed-names.ts";

/**
 * `missing`: the store has no record of it; `stale`: it holds another version or older metadata; `unread`: it holds an error that
 * another try may mend; `gone`: the place no longer has it.
 */
export type DifferenceKind = "missing" | "stale" | "unread" | "gone";

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

/**
 * @param isOwn narrows what the store holds as the place is narrowed
 * @throws what the listing or the store throws
 */
export async function* differences(
  place: ScanPlace,
  store: Catalogue,
  isOwn: (uri: string) => boolean,
  signal: AbortSignal,
  onPage: (images: number) => void,
): AsyncGenerator<Difference> {
  const listed = new ListedNames();
  try {
    for await (const { images } of decidedPages(place, lookupOf(store), {}, signal, (page) => listed.add(page))) {
      onPage(images.length);
      for (const image of images) {
        const difference = differenceOf(image, image.decision);
        if (difference !== undefined) yield difference;
      }
    }
    for await (const page of store.held(place.uriPrefix)) {
      signal.throwIfAborted();
      for (const held of page)
        if (isOwn(held.uri) && !listed.has(held.uri)) yield { difference: "gone", uri: held.uri, held: versionsOf(held) };
    }
  } finally {
    listed.close();
  }
}

function differenceOf({ object, held }: DecidedImage, decision: Decision): Difference | undefined {
  if (decision === "unchanged") return undefined;
  const { uri, info = {} } = object;
  const listed = versionsOf(info);
  if (held === undefined) return { difference: "missing", uri, listed };
  const isUnread = decision === "read" && isWorthAnotherTry(held.error) && held.generation === info.generation;
  return { difference: isUnread ? "unread" : "stale", uri, listed, held: versionsOf(held) };
}

function versionsOf({ generation, metageneration, updated }: Versions): Versions {
  return {
    ...(generation === undefined ? {} : { generation }),
    ...(metageneration === undefined ? {} : { metageneration }),
    ...(updated === undefined ? {} : { updated }),
  };
}
