/** CSV (RFC 4180): fixed columns, so that records can be written as they come. Lists are joined by "; ". */
import { stringify } from "csv-stringify/sync";
import { visibleCell } from "../../record/visible.ts";
import { SUMMARY_FIELDS } from "../fields.ts";
import type { PartialRecord, RecordFormat } from "./format.ts";

const OBJECT = ["size", "contentType", "generation", "md5", "crc32c", "timeCreated", "updated", "storageClass"];
const IMAGE = ["format", "mimeType", "width", "height", "orientation"];

/**
 * Columns `uri`, `object.*`, the image's facts, `summary.*`, `error.*`, then one a tag of `tags` (`IFD0:Make`).
 * A value that a spreadsheet would take for a formula is given a leading apostrophe, a control character is written as its escape.
 */
export function csv(tags: readonly string[] = []): RecordFormat {
  const columns = [
    "uri",
    ...OBJECT.map((f) => `object.${f}`),
    ...IMAGE,
    ...SUMMARY_FIELDS.map((f) => `summary.${f}`),
    "error.code",
    "error.message",
    ...tags,
  ];
  return {
    head: stringify([columns]),
    record: (record) =>
      stringify([columns.map((column) => cell(column.includes(":") ? tagValue(record, column) : fieldValue(record, column)))], {
        escape_formulas: true,
      }),
    tail: () => "",
  };
}

function fieldValue(record: PartialRecord, path: string): unknown {
  return path.split(".").reduce<unknown>((value, field) => (value as Record<string, unknown> | undefined)?.[field], record);
}

function tagValue(record: PartialRecord, column: string): unknown {
  const at = column.indexOf(":");
  return record.tags?.[column.slice(0, at)]?.[column.slice(at + 1)];
}

/** Numbers stay numbers: only a text can be a formula. */
function cell(value: unknown): string | number {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(cell).join("; ");
  return visibleCell(typeof value === "object" ? JSON.stringify(value) : String(value));
}
