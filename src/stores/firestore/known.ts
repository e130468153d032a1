/**
 * What this process has last seen of documents, so that one that it has read or written is updated without another read. It may be
 * out of date: every update is on the condition that `updateTime` is still that of the document.
 */
import type { DocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import type { Packed, State } from "./document.ts";

export interface Seen {
  readonly state: State;
  readonly packed: Packed | undefined;
  readonly updateTime: Timestamp;
}

/** About 400 bytes each. */
const MOST = 50_000;

export class KnownDocuments {
  readonly #seen = new Map<string, Seen>();

  get(uri: string): Seen | undefined {
    return this.#seen.get(uri);
  }

  /** The one that was set longest ago makes room. */
  set(uri: string, seen: Seen): void {
    this.#seen.delete(uri);
    this.#seen.set(uri, seen);
    if (this.#seen.size > MOST) this.#seen.delete(this.#seen.keys().next().value ?? "");
  }

  forget(uri: string): void {
    this.#seen.delete(uri);
  }
}

/** Undefined where there is no document. It must have been read with `state` and `packed`. */
export function seenOf(snapshot: DocumentSnapshot): Seen | undefined {
  const { updateTime } = snapshot;
  if (updateTime === undefined) return undefined;
  return { state: snapshot.get("state"), packed: snapshot.get("packed"), updateTime };
}
