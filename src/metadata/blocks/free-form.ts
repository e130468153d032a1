/**
 * Tags whose names the file itself chooses, from the keys of CBOR maps and JSON objects.
 * Names as ExifTool 13.59 JSON.pm and CBOR.pm make them.
 */
import type { Findings, TagInput } from "../contracts.ts";

const known: ReadonlyMap<string, string> = new Map(
  Object.entries({ "dc:title": "Title", "dc:format": "Format", thumbnailUrl: "ThumbnailURL" }),
);

/** Puts the fields of one map: a list gives one tag with all its items, a structure stays whole. They never outrank the image's own tags. */
export function putFields(group: string, fields: Iterable<readonly [key: string, value: TagInput]>, found: Findings): void {
  const tags = found.group(group, true);
  for (const [key, value] of fields) {
    found.budget.step();
    if (Array.isArray(value)) {
      const items = (value as unknown[]).flat(Number.POSITIVE_INFINITY) as TagInput[];
      if (items.length > 0) tags.put(nameOf(key), items);
    } else tags.put(nameOf(key), value);
  }
}

function nameOf(key: string): string {
  return known.get(key) ?? tagName(key.replaceAll(":", "_").replace(/^c2pa/i, "C2PA"));
}

function tagName(text: string): string {
  const legal = text.replace(/[^-\w]/g, "");
  const name = legal.charAt(0).toUpperCase() + legal.slice(1);
  return name.length < 2 || /^[-0-9]/.test(name) ? `Tag${name}` : name;
}
