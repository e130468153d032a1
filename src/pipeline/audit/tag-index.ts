/** The tags of one record by name, whatever their group, the fields of structures among them. */
import type { Tags, TagValue } from "../../record/types.ts";

export interface FoundTag {
  /** `GROUP:NAME`; of a field within a structure, the tag that holds it. */
  readonly tag: string;
  readonly group: string;
  readonly value: TagValue;
}

/** What was found, and the tags that say so (`GPS:GPSLatitude`); none where something is missing. */
export interface Match {
  readonly found: string;
  readonly tags: readonly string[];
}

/** What stands where nobody filled anything in. */
const EMPTY = /^(?:[0\s.:-]*|n\/?a|none|null|undef|inf|unknown|not set|xx+)$/i;

/** Characters of a value that a finding shows, and values. */
const SHOWN = 80;
const VALUES = 4;

export class TagIndex {
  readonly #byName = new Map<string, FoundTag[]>();
  readonly #tags: Tags;

  constructor(tags: Tags) {
    this.#tags = tags;
    for (const [group, values] of Object.entries(tags))
      for (const [name, value] of Object.entries(values)) this.#add(name, `${group}:${name}`, group, value);
  }

  /** A value; undefined where the tag is not there or nobody filled it in. */
  get(tag: string): TagValue | undefined {
    const value = this.raw(tag);
    return value === undefined || !isFilled(value) ? undefined : value;
  }

  /** A value as it stands. */
  raw(tag: string): TagValue | undefined {
    const at = tag.indexOf(":");
    return this.#tags[tag.slice(0, at)]?.[tag.slice(at + 1)];
  }

  /** The tags of these patterns that are filled in: `GROUP:NAME`, or `*:NAME` for any group and any structure. */
  find(patterns: readonly string[]): FoundTag[] {
    const found: FoundTag[] = [];
    for (const pattern of patterns) {
      const at = pattern.indexOf(":");
      const group = pattern.slice(0, at);
      for (const tag of this.#byName.get(pattern.slice(at + 1)) ?? [])
        if ((group === "*" || (group === tag.group && tag.tag === pattern)) && isFilled(tag.value)) found.push(tag);
    }
    return found;
  }

  /** Every text, with the tag that holds it. */
  *texts(): Generator<readonly [tag: string, text: string]> {
    for (const found of this.#byName.values())
      for (const { tag, value } of found)
        for (const text of Array.isArray(value) ? value : [value]) if (typeof text === "string") yield [tag, text];
  }

  #add(name: string, tag: string, group: string, value: TagValue): void {
    const held = this.#byName.get(name);
    if (held === undefined) this.#byName.set(name, [{ tag, group, value }]);
    else held.push({ tag, group, value });
    for (const part of Array.isArray(value) ? value : [value])
      if (isStructure(part)) for (const [field, inner] of Object.entries(part)) this.#add(field, tag, group, inner);
  }
}

/** The rule that any of these tags is filled in. */
export function anyOf(patterns: readonly string[]): (image: { readonly tags: TagIndex }) => Match | undefined {
  return ({ tags }) => matchOf(tags.find(patterns));
}

/** What these tags hold; undefined where there are none. */
export function matchOf(found: readonly FoundTag[]): Match | undefined {
  if (found.length === 0) return undefined;
  const values = [...new Set(found.map(({ value }) => shown(value)))];
  const more = values.length > VALUES ? [`and ${values.length - VALUES} more`] : [];
  return { found: [...values.slice(0, VALUES), ...more].join(", "), tags: [...new Set(found.map(({ tag }) => tag))] };
}

/** A value in few words. */
export function shown(value: TagValue): string {
  const text = textOf(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
}

/** A value in words; lists and structures in their first items. */
export function textOf(value: TagValue): string {
  if (Array.isArray(value)) return value.slice(0, 20).map(textOf).join("; ");
  if (typeof value !== "object") return String(value).trim();
  if (isBinary(value)) return `${value.bytes} bytes`;
  return Object.entries(value)
    .filter(([, field]) => isFilled(field))
    .slice(0, 20)
    .map(([name, field]) => `${name}: ${textOf(field)}`)
    .join(", ");
}

function isFilled(value: TagValue): boolean {
  if (typeof value === "string") return !EMPTY.test(value.slice(0, 200).trim());
  if (typeof value === "number") return value !== 0;
  if (typeof value === "boolean") return true;
  if (Array.isArray(value)) return value.some(isFilled);
  return isBinary(value) ? value.bytes > 0 : Object.values(value).some(isFilled);
}

function isStructure(value: TagValue): value is { [field: string]: TagValue } {
  return typeof value === "object" && !Array.isArray(value) && !isBinary(value);
}

function isBinary(value: object): value is { bytes: number } {
  return "bytes" in value && typeof value.bytes === "number" && Object.keys(value).length === 1;
}
