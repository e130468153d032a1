/** The images of a place, page by page, each with what is to be done with it: the listing meets the store. */
import type { StorageObject } from "../../storage/contract.ts";
import type { Held } from "../../stores/contract.ts";
import type { Lookup } from "../writing/lookup.ts";
import { type Decision, decide, type Reread } from "./decide.ts";

/** Where a scan looks, and for what. */
export interface ScanPlace {
  /** All objects of the place, page by page, also those that are not asked for. */
  list(signal: AbortSignal): AsyncIterable<readonly StorageObject[]>;
  /** What the addresses of all its objects start with. */
  readonly uriPrefix: string;
  /** Is an object asked for? */
  wants(object: StorageObject): boolean;
  /** Requests that listing has taken so far. */
  readonly requests: number;
}

export interface DecidedImage {
  readonly object: StorageObject;
  readonly held: Held | undefined;
  readonly decision: Decision;
}

export interface DecidedPage {
  readonly images: readonly DecidedImage[];
  /** Objects of the page that are not asked for. */
  readonly leftOut: number;
}

/** Pages of which the store is asked while those before them are taken. */
const AHEAD = 2;

/** `onListed` sees every page whole, in no fixed order. @throws what the listing or the store throws */
export async function* decidedPages(
  place: ScanPlace,
  lookup: Lookup | undefined,
  reread: Reread,
  signal: AbortSignal,
  onListed: (objects: readonly StorageObject[]) => void,
): AsyncGenerator<DecidedPage> {
  const asked: Promise<DecidedPage>[] = [];
  const ask = async (page: readonly StorageObject[]): Promise<DecidedPage> => {
    const wanted = page.filter((object) => place.wants(object));
    const held = lookup === undefined || wanted.length === 0 ? [] : await lookup(wanted.map(({ uri }) => uri));
    const images = wanted.map((object, i) => ({ object, held: held[i], decision: decide(object.info ?? {}, held[i], reread) }));
    return { images, leftOut: page.length - wanted.length };
  };
  for await (const page of place.list(signal)) {
    onListed(page);
    const answer = ask(page);
    // A failure of it is met when its turn comes.
    answer.catch(() => {});
    asked.push(answer);
    if (asked.length > AHEAD) yield (await asked.shift()) as DecidedPage;
  }
  for (const answer of asked) yield await answer;
}
