/** Compares bucket and catalogue, and plans the events that the catalogue has not had. */
import type { ObjectInfo } from "../../record/types.ts";
import type { Catalogue } from "../../stores/contract.ts";
import type { ScanPlace } from "../scan/decided.ts";
import { type Compared, compared } from "../scan/differences.ts";
import type { PlannedEvent, PlannedEvents } from "./planned-events.ts";

export interface Comparison {
  readonly place: ScanPlace;
  readonly store: Catalogue;
  /** Would the place have an object of this address? */
  readonly mayHave: (uri: string) => boolean;
  /** Milliseconds since 1970: what was written or changed before is left. Undefined: whatever the time. */
  readonly since: number | undefined;
  readonly signal: AbortSignal;
}

/** What is not planned. */
export interface LeftOut {
  /** Images that were compared. */
  images: number;
  /** The store lacks them, and they are older than `since`. */
  older: number;
  /** Held with an error that another try may mend. */
  unread: number;
}

/** @throws what the listing or the store throws; the signal's reason */
export async function compareInto(plan: PlannedEvents, { place, store, mayHave, since, signal }: Comparison): Promise<LeftOut> {
  const left: LeftOut = { images: 0, older: 0, unread: 0 };
  for await (const found of compared(place, store, mayHave, signal, (images) => (left.images += images))) {
    const event = eventOf(found);
    if (event === undefined) continue;
    // Nobody knows when an object was deleted, so every one that is gone is told.
    if (since === undefined || event.type === "OBJECT_DELETE") plan.add(event);
    else if (found.difference === "unread") left.unread++;
    else if (timeOf(event.info) >= since) plan.add(event);
    else left.older++;
  }
  return left;
}

function eventOf(found: Compared): PlannedEvent | undefined {
  if (found.difference === "gone") {
    const { uri, generation, metageneration, size, updated, etag } = found.held;
    const [, bucket, name] = /^gs:\/\/([^/]+)\/([\s\S]+)$/.exec(uri) ?? [];
    // Without a generation it came from no bucket.
    if (bucket === undefined || name === undefined || generation === undefined) return undefined;
    const info = { bucket, name, generation, metageneration, size, updated, etag };
    return { type: "OBJECT_DELETE", uri, info: JSON.parse(JSON.stringify(info)) as ObjectInfo };
  }
  const { object, held, decision } = found.image;
  const { uri, info = {} } = object;
  if (decision === "update") return { type: "OBJECT_METADATA_UPDATE", uri, info };
  const isReplaced = held?.generation !== undefined && held.generation !== info.generation;
  return { type: "OBJECT_FINALIZE", uri, info, ...(isReplaced ? { overwrote: held.generation } : {}) };
}

/** The last change of it: an object that was written before and whose metadata changed since then has had an event since then. */
function timeOf({ updated, timeCreated }: ObjectInfo): number {
  const time = Date.parse(updated ?? timeCreated ?? "");
  // Of unknown age it is told.
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}
