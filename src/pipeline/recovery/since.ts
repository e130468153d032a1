/** From when on a recovery publishes what the store lacks. */
import { ImagemetaError } from "../../record/errors.ts";
import type { Catalogue } from "../../stores/contract.ts";
import { pauseOf } from "../notifications/pause.ts";

/** `paused`, `newest`, a time in RFC 3339, or `all`: whatever the time. */
export type SinceWord = string;

/**
 * RFC 3339; undefined where the time does not matter.
 * @throws ImagemetaError NOT_FOUND where the catalogue does not know the time
 */
export async function resolvedSince(word: SinceWord, store: Catalogue, bucket: string, uriPrefix: string): Promise<string | undefined> {
  const otherwise = "say --since newest, --since TIME, or --all";
  if (word === "all") return undefined;
  if (word === "paused") {
    const pause = await pauseOf(store, bucket);
    if (pause !== undefined) return pause.pausedAt;
    throw new ImagemetaError("NOT_FOUND", `the catalogue knows of no pause of gs://${bucket}: ${otherwise}`);
  }
  if (word !== "newest") return new Date(word).toISOString();
  const newest = await newestOf(store, uriPrefix);
  if (newest !== undefined) return new Date(newest).toISOString();
  throw new ImagemetaError(
    "NOT_FOUND",
    `the catalogue holds nothing of ${uriPrefix}: say --since TIME or --all, or fill it with imagemeta scan`,
  );
}

/** When the object of the newest record was written or changed, in milliseconds since 1970. */
async function newestOf(store: Catalogue, uriPrefix: string): Promise<number | undefined> {
  let newest = Number.NEGATIVE_INFINITY;
  for await (const page of store.held(uriPrefix))
    for (const { updated = "" } of page) newest = Math.max(newest, Date.parse(updated) || newest);
  return Number.isFinite(newest) ? newest : undefined;
}
