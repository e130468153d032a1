/** What SQLite refused, in words (SQLite documentation, "Result and Error Codes"). */
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode } from "../../record/types.ts";

/** By primary result code. */
const REFUSALS: Readonly<Record<number, readonly [kind: ErrorCode, advice: string]>> = {
  3: ["FORBIDDEN", "Check the permissions of the file and its folder"],
  5: ["UNAVAILABLE", "Another process writes to it for long: let that one end, then run the same command again"],
  8: ["FORBIDDEN", "The file, its folder or the disk takes no writes: check the permissions"],
  10: ["UNAVAILABLE", "The disk failed: check it, then run the same command again"],
  11: ["UNSUPPORTED_FORMAT", "The file is damaged: restore a copy of it, or scan into a new one"],
  13: ["UNAVAILABLE", "The disk is full: make room, then run the same command again"],
  14: ["NOT_FOUND", "Check that the folder is there and may be written, and that the path is no folder"],
  18: ["LIMIT_EXCEEDED", "It is larger than SQLite holds"],
  26: ["UNSUPPORTED_FORMAT", "Give the path of a catalogue, or of a file that is not there yet"],
};

/** `what` failed: "Writing to catalog.db failed: …". */
export function explained(what: string, thrown: unknown): ImagemetaError {
  if (thrown instanceof ImagemetaError) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const [kind, advice] = REFUSALS[resultCode(thrown) & 0xff] ?? ["INTERNAL", ""];
  return new ImagemetaError(kind, [`${what} failed: ${said}`, advice].filter(Boolean).join(". "), { cause: thrown });
}

/** Whether it is the one row that SQLite does not take, and not the database that takes none. */
export function isOfRow(thrown: unknown): boolean {
  // TOOBIG, CONSTRAINT, MISMATCH, RANGE: and what never reached SQLite.
  return [0, 18, 19, 20, 25].includes(resultCode(thrown) & 0xff);
}

/** Whether another process holds the lock. */
export function isBusy(thrown: unknown): boolean {
  return (resultCode(thrown) & 0xff) === 5;
}

/** 0 where the error is not SQLite's. */
function resultCode(thrown: unknown): number {
  const { errcode } = thrown as { errcode?: unknown };
  return typeof errcode === "number" ? errcode : 0;
}
