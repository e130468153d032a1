/** A text form of records, or of other items: what stands before them, each one, and what stands after. They are written one at a time. */
import type { FailedRecord, ReadRecord } from "../../record/types.ts";

/** A record, or the parts of it that were asked for. `uri` and, where it failed, `error` are always there. */
export type PartialRecord = Pick<ReadRecord, "uri"> & Partial<Omit<ReadRecord, "error">> & { error?: FailedRecord["error"] };

export interface RecordFormat<Item = PartialRecord> {
  readonly head: string;
  /** The text of one record; `index` counts from 0. */
  record(record: Item, index: number): string;
  /** `count` records were written. */
  tail(count: number): string;
}

/** Records into a file that has been opened, one after the other. */
export interface RecordWriter {
  write(record: PartialRecord): Promise<void> | undefined;
  /** Writes what is left, and what stands after the last record. */
  finish(): Promise<void>;
}
