import type { Tags, TagValue, ValueForm } from "../record/types.ts";
import type { TagInput } from "./contracts.ts";
import type { TagEntry } from "./findings.ts";
import { ownFields } from "./own-fields.ts";

/** The tags of one name: what each group gives of them. */
class Named {
  readonly #first: TagEntry;
  #holder: TagEntry;
  /** The first of each further group. */
  #others: Map<string, TagEntry> | undefined;

  constructor(first: TagEntry) {
    this.#first = first;
    this.#holder = first;
  }

  /** True where it is the first of its group. */
  add(entry: TagEntry): boolean {
    // A low one stands above another low one that came before only if it is alone.
    if (!entry.low) this.#holder = entry;
    if (entry.group === this.#first.group || this.#others?.has(entry.group)) return false;
    this.#others ??= new Map();
    this.#others.set(entry.group, entry);
    return true;
  }

  of(group: string): TagEntry | undefined {
    if (this.#holder.group === group) return this.#holder;
    return this.#first.group === group ? this.#first : this.#others?.get(group);
  }
}

/**
 * All tags of one image, with ExifTool's rule for names that come twice: over the whole file the last of the highest
 * priority is the tag of that name; a group that holds it gives it, any other group gives its own first.
 */
export class TagSet {
  readonly #names = new Map<string, Named>();
  /** In the order in which they came. */
  readonly #groups = new Map<string, Named[]>();

  add(entry: TagEntry): void {
    const before = this.#names.get(entry.name);
    if (before !== undefined) {
      if (before.add(entry)) this.#list(before, entry.group);
      return;
    }
    const named = new Named(entry);
    this.#names.set(entry.name, named);
    this.#list(named, entry.group);
  }

  #list(named: Named, group: string): void {
    const listed = this.#groups.get(group);
    if (listed === undefined) this.#groups.set(group, [named]);
    else listed.push(named);
  }

  /** The stored value of a tag. */
  get(group: string, name: string): TagValue | undefined {
    const entry = this.#names.get(name)?.of(group);
    return entry === undefined ? undefined : jsonValue(entry.stored);
  }

  /** The stored value of the first tag of this name with a language: `Title-fr` for `Title`. */
  inOtherLanguage(group: string, name: string): TagValue | undefined {
    for (const named of this.#groups.get(group) ?? []) {
      const entry = named.of(group);
      if (entry?.name.startsWith(`${name}-`)) return jsonValue(entry.stored);
    }
    return undefined;
  }

  get size(): number {
    return this.#groups.size;
  }

  /**
   * The tags in the form asked for. `failed` hears of a print function that threw: the stored value stands then.
   *
   * `Object.fromEntries` takes `__proto__` for a name like any other, and keeps V8 from giving an object of many names a table
   * of its own, which would be slow to make JSON of.
   */
  form(form: ValueForm, failed: (entry: TagEntry, cause: unknown) => void): Tags {
    const groups: [string, Record<string, TagValue>][] = [];
    for (const [group, listed] of this.#groups) {
      const tags: [string, TagValue][] = [];
      for (const named of listed) {
        const entry = named.of(group);
        if (entry === undefined) continue;
        const value = jsonValue(form === "numeric" ? entry.stored : printed(entry, failed));
        if (value !== undefined) tags.push([safeText(entry.name), value]);
      }
      groups.push([safeText(group), Object.fromEntries(tags)]);
    }
    return Object.fromEntries(groups);
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
export function jsonValue(input: TagInput): TagValue | undefined {
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
      const fields: [string, TagValue][] = [];
      for (const [field, value] of ownFields(input as { [field: string]: TagInput })) {
        const safe = jsonValue(value);
        if (safe !== undefined) fields.push([safeText(field), safe]);
      }
      return Object.fromEntries(fields);
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
