import type { Tags, TagValue, ValueForm } from "../record/types.ts";
import type { TagInput } from "./contracts.ts";
import { dictionary, ordinary } from "./dictionary.ts";
import type { TagEntry } from "./findings.ts";

/**
 * All tags of one image, with ExifTool's rule for names that come twice: over the whole file the last of the highest
 * priority is the tag of that name; a group that holds it gives it, any other group gives its own first.
 */
export class TagSet {
  readonly #groups = new Map<string, Map<string, TagEntry>>();
  readonly #holder = new Map<string, TagEntry>();

  add(entry: TagEntry): void {
    const isNew = !this.#holder.has(entry.name);
    // A low one stands above another low one that came before only if it is alone.
    if (isNew || !entry.low) this.#holder.set(entry.name, entry);
    let group = this.#groups.get(entry.group);
    if (group === undefined) {
      group = new Map();
      this.#groups.set(entry.group, group);
    }
    if (isNew || !group.has(entry.name)) group.set(entry.name, entry);
  }

  /** The stored value of a tag. */
  get(group: string, name: string): TagValue | undefined {
    const first = this.#groups.get(group)?.get(name);
    if (first === undefined) return undefined;
    return jsonValue(this.#given(first).stored);
  }

  groupNames(): Iterable<string> {
    return this.#groups.keys();
  }

  get size(): number {
    return this.#groups.size;
  }

  /** The tags in the form asked for. `failed` hears of a print function that threw: the stored value stands then. */
  form(form: ValueForm, failed: (entry: TagEntry, cause: unknown) => void): Tags {
    const tags: Tags = dictionary();
    for (const [groupName, group] of this.#groups) {
      const values = dictionary<TagValue>();
      for (const first of group.values()) {
        const entry = this.#given(first);
        const value = jsonValue(form === "numeric" ? entry.stored : printed(entry, failed));
        if (value !== undefined) values[safeText(first.name)] = value;
      }
      tags[safeText(groupName)] = ordinary(values);
    }
    return ordinary(tags);
  }

  /** The entry that its group gives, of which the first is given. */
  #given(first: TagEntry): TagEntry {
    const holder = this.#holder.get(first.name);
    return holder !== undefined && holder.group === first.group ? holder : first;
  }
}

function printed(entry: TagEntry, failed: (entry: TagEntry, cause: unknown) => void): TagInput {
  if (entry.print === undefined) return entry.stored;
  if (typeof entry.print !== "function") return entry.print;
  try {
    return (entry.print as (stored: TagInput) => TagInput)(entry.stored);
  } catch (cause) {
    failed(entry, cause);
    return entry.stored;
  }
}

/** A value that any JSON reader and any store takes. */
function jsonValue(input: TagInput): TagValue | undefined {
  switch (typeof input) {
    case "string":
      return safeText(input);
    case "number":
      if (Number.isNaN(input)) return "undef";
      if (!Number.isFinite(input)) return input > 0 ? "inf" : "-inf";
      return Number.isInteger(input) && !Number.isSafeInteger(input) && Math.abs(input) < 2 ** 64
        ? BigInt(input).toString()
        : // JSON keeps no negative zero.
          input + 0;
    case "bigint":
      return input <= BigInt(Number.MAX_SAFE_INTEGER) && input >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(input) : input.toString();
    case "boolean":
      return input;
    case "object": {
      if (input === null) return undefined;
      if (input instanceof Uint8Array) return { bytes: input.length };
      if (Array.isArray(input)) return jsonList(input);
      const structure = dictionary<TagValue>();
      for (const [field, value] of Object.entries(input as { [field: string]: TagInput })) {
        const safe = jsonValue(value);
        if (safe !== undefined) structure[safeText(field)] = safe;
      }
      return ordinary(structure);
    }
    default:
      return undefined;
  }
}

function jsonList(input: readonly TagInput[]): TagValue[] {
  const list: TagValue[] = [];
  for (const item of input) {
    const safe = jsonValue(item);
    if (safe !== undefined) list.push(safe);
  }
  return list;
}

/** Text without U+0000 and lone surrogates. */
function safeText(text: string): string {
  const clean = text.includes("\0") ? text.replaceAll("\0", "") : text;
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}
