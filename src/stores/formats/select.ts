/** `--only summary` and `--tags IFD0:Make,XMP-dc:*`: the parts of a record that were asked for. */
import { type TagPattern, tagPattern } from "../../record/tag-pattern.ts";
import type { ImageRecord, Tags } from "../../record/types.ts";
import type { PartialRecord } from "./format.ts";

export interface Selection {
  /** Fields of the record; all where it is empty. */
  readonly only: readonly string[];
  /** Patterns `GROUP:NAME` or `NAME`, with `*`, case aside; all where it is empty. */
  readonly tags: readonly string[];
}

/** Fields that `--only` may name. */
export const FIELDS = [
  "object",
  "format",
  "mimeType",
  "width",
  "height",
  "orientation",
  "summary",
  "tags",
  "thumbnail",
  "warnings",
  "read",
] as const;

/** The function that picks those parts; `uri`, `error` and the record's head always stay. */
export function selector(selection: Selection): (record: ImageRecord) => PartialRecord {
  const { only } = selection;
  const patterns = selection.tags.map(tagPattern);
  if (only.length === 0 && patterns.length === 0) return (record) => record;
  return (record) => {
    const picked: PartialRecord = { uri: record.uri };
    for (const [field, value] of Object.entries(record)) {
      const head = !(FIELDS as readonly string[]).includes(field);
      if (head || only.length === 0 || only.includes(field)) Object.assign(picked, { [field]: value });
    }
    if (patterns.length > 0 && picked.tags !== undefined) picked.tags = pickTags(picked.tags, patterns);
    return picked;
  };
}

function pickTags(tags: Tags, patterns: readonly TagPattern[]): Tags {
  const picked: Tags = {};
  for (const [group, values] of Object.entries(tags)) {
    const kept = Object.entries(values).filter(([name]) => patterns.some((pattern) => pattern.group(group) && pattern.name(name)));
    if (kept.length > 0) picked[group] = Object.fromEntries(kept);
  }
  return picked;
}
