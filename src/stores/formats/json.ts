/** JSON: one array, indented for people (RFC 8259), or one record a line (ndjson, JSON Lines). */
import { safeJson } from "../../record/visible.ts";
import type { RecordFormat } from "./format.ts";

export const json: RecordFormat<unknown> = {
  head: "[",
  record: (record, index) => `${index === 0 ? "\n" : ",\n"}${safeJson(record, 2)}`,
  tail: (count) => (count === 0 ? "]\n" : "\n]\n"),
};

export const ndjson: RecordFormat<unknown> = {
  head: "",
  record: (record) => `${safeJson(record)}\n`,
  tail: () => "",
};
