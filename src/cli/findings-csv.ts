/** Findings as CSV (RFC 4180). A value that a spreadsheet would take for a formula is given a leading apostrophe. */
import { stringify } from "csv-stringify/sync";
import type { Finding } from "../pipeline/audit/rule.ts";
import { visibleCell } from "../record/visible.ts";
import type { RecordFormat } from "../stores/formats/format.ts";

export const findingsCsv: RecordFormat<Finding> = {
  head: stringify([["uri", "topic", "rule", "severity", "found", "tags"]]),
  record: ({ uri, topic, rule, severity, found, tags }) =>
    stringify([[uri, topic, rule, severity, found, tags.join("; ")].map(visibleCell)], { escape_formulas: true }),
  tail: () => "",
};
