/** What a scan has done so far. */
import type { ErrorCode } from "../../record/types.ts";

export interface ScanTotals {
  /** Images that were listed. */
  listed: number;
  /** Objects that were listed and are not asked for. */
  leftOut: number;
  /** Images that were read, each counted once. */
  read: number;
  /** Images that the store held already. */
  unchanged: number;
  /** Of these, images whose record carries an error that another try will hardly mend. */
  heldErrors: number;
  /** Objects whose metadata alone was brought up to date. */
  updated: number;
  /** Records that were removed, because their objects are gone. */
  removed: number;
  /** Images that are live, and that the store took for removed. */
  restored: number;
  /** Objects that were deleted between being listed and being read. */
  gone: number;
  /** Images that were read without success, by the code of the error. */
  readonly failed: Map<ErrorCode, number>;
  /** What the store did not take. */
  refused: number;
  /** Requests to list. */
  listRequests: number;
  /** Requests to read, retries and what was read in vain included. */
  readRequests: number;
  /** Bytes that were read. */
  bytes: number;
}

export function newTotals(): ScanTotals {
  return {
    listed: 0,
    leftOut: 0,
    read: 0,
    unchanged: 0,
    heldErrors: 0,
    updated: 0,
    removed: 0,
    restored: 0,
    gone: 0,
    failed: new Map(),
    refused: 0,
    listRequests: 0,
    readRequests: 0,
    bytes: 0,
  };
}
