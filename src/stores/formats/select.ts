/** `--only summary` and `--tags IFD0:Make,XMP-dc:*`: the parts of a record that were asked for. */
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
  const patterns = selection.tags.map(pattern);
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

type Pattern = (group: string, name: string) => boolean;

function pattern(text: string): Pattern {
  const at = text.indexOf(":");
  const [group, name] = at < 0 ? ["*", text] : [text.slice(0, at), text.slice(at + 1)];
  const [groups, names] = [wildcard(group), wildcard(name)];
  return (g, n) => groups.test(g) && names.test(n);
}

function wildcard(text: string): RegExp {
  return new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"))
      .join(".*")}$`,
    "i",
  );
}

function pickTags(tags: Tags, patterns: readonly Pattern[]): Tags {
  const picked: Tags = {};
  for (const [group, values] of Object.entries(tags)) {
    const kept = Object.entries(values).filter(([name]) => patterns.some((matches) => matches(group, name)));
    if (kept.length > 0) picked[group] = Object.fromEntries(kept);
  }
  return picked;
}
