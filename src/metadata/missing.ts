import type { ByteRange } from "./bytes/window.ts";
import type { LateTable } from "./late-table.ts";

/** Not an error: all that an attempt at an image lacked. The caller fetches the ranges, loads the tables, and starts the attempt again. */
export class Missing {
  readonly ranges: readonly ByteRange[];
  readonly tables: readonly LateTable<unknown>[];

  constructor(ranges: readonly ByteRange[], tables: readonly LateTable<unknown>[]) {
    this.ranges = ranges;
    this.tables = tables;
  }
}
