/** What a scan does with an object that was listed: read it, tell the store of its new metadata, or leave it. */
import type { ErrorCode, ObjectInfo } from "../../record/types.ts";
import type { Held } from "../../stores/contract.ts";

export type Decision = "read" | "update" | "unchanged";

/** What is read although the store holds its version. */
export interface Reread {
  /** All of it. */
  readonly full?: boolean;
  /** What gave any error, also one that another try will hardly mend. */
  readonly errors?: boolean;
  /** What an earlier version of imagemeta than this one has read. */
  readonly olderThan?: string;
}

/** Errors that are not the image's own: another try may give its metadata. */
const WORTH_ANOTHER_TRY: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "CHANGED", "FORBIDDEN", "UNAUTHENTICATED", "INTERNAL"]);

export function isWorthAnotherTry(code: ErrorCode | undefined): boolean {
  return code !== undefined && WORTH_ANOTHER_TRY.has(code);
}

/** `held` is what the store holds of the object, if anything. */
export function decide(info: ObjectInfo, held: Held | undefined, reread: Reread = {}): Decision {
  if (reread.full || held === undefined || !isReadIn(held) || !isVersionHeld(info, held)) return "read";
  if (isWorthAnotherTry(held.error) || (reread.errors && held.error !== undefined)) return "read";
  const { engine } = held;
  if (reread.olderThan !== undefined && engine !== undefined && compareVersions(engine, reread.olderThan) < 0) return "read";
  return isMetadataHeld(info, held) ? "unchanged" : "update";
}

/** Does the store hold content, or why there is none? */
function isReadIn({ engine, error }: Held): boolean {
  return engine !== undefined || error !== undefined;
}

/** Is what the store holds of this version of the object, or of a newer one that an event brought since it was listed? */
function isVersionHeld(info: ObjectInfo, held: Held): boolean {
  if (info.generation !== undefined) return held.generation !== undefined && BigInt(held.generation) >= BigInt(info.generation);
  // Without ordered versions it is the same where all that both know is, and they know something that changes with the bytes.
  const isKnown = (info.updated ?? info.etag) !== undefined;
  return isKnown && info.size === held.size && info.updated === held.updated && info.etag === held.etag;
}

function isMetadataHeld(info: ObjectInfo, held: Held): boolean {
  if (info.generation !== held.generation || info.metageneration === undefined) return true;
  return held.metageneration !== undefined && BigInt(held.metageneration) >= BigInt(info.metageneration);
}

/** Semantic versions; a pre-release comes before its release. */
function compareVersions(a: string, b: string): number {
  const [coreA = "", preA] = a.split("-", 2);
  const [coreB = "", preB] = b.split("-", 2);
  const [partsA, partsB] = [coreA.split("."), coreB.split(".")];
  for (let i = 0; i < 3; i++) {
    const difference = Number(partsA[i] ?? 0) - Number(partsB[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (preA === preB) return 0;
  if (preA === undefined) return 1;
  return preB === undefined || preA < preB ? -1 : 1;
}
