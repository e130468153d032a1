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

/**
 * Characters that JSON lets stand and a terminal may obey or hide: C1 controls, line and paragraph separators,
 * bidirectional controls. They occur only inside strings, so an escape is always right.
 */
const OBEYED = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(OBEYED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/** A text as it is, where a terminal may obey a character its escape in its place. Tabs and ends of lines stay. */
export function legibly(text: string): string {
  const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text.replace(CONTROLS, escaped).replace(OBEYED, escaped);
}
