/** A row of an XMP table, made ready for reading: every one has the same shape, whatever its row says and leaves out. */
import type { TagInput } from "../../contracts.ts";
import { type Lookup, lookup } from "../conversion.ts";
import type { XmpHow, XmpStructure } from "./row.ts";

/** The fields of a structure. */
export interface Fields {
  /** Takes the properties of any namespace beside its own fields. */
  readonly isOpen: boolean;
  readonly byName: ReadonlyMap<string, Field>;
}

/** How a property or a field of a structure is read. */
export class Field {
  readonly type: XmpHow["type"];
  readonly isLanguageAlternative: boolean;
  readonly isJoined: boolean;
  readonly isLow: boolean;
  readonly isStructure: boolean;
  readonly value: ((text: string) => TagInput) | undefined;
  readonly print: ((value: TagInput) => TagInput) | undefined;
  /** The value is taken whole, however long its text is. */
  readonly takesLongText: boolean;
  readonly #structure: (() => XmpStructure) | undefined;
  #fields: Fields | undefined;

  constructor({ type, joined, low, structure, value, print }: XmpHow) {
    this.type = type;
    this.isLanguageAlternative = type === "lang-alt";
    this.isJoined = joined ?? false;
    this.isLow = low ?? false;
    this.isStructure = structure !== undefined;
    this.value = value;
    this.print = typeof print === "object" ? printTable(print) : print;
    this.takesLongText = type === "binary" || value !== undefined;
    this.#structure = structure;
    this.#fields = undefined;
  }

  /** The fields in it, if it is a structure. */
  get fields(): Fields | undefined {
    if (this.#fields === undefined && this.#structure !== undefined) this.#fields = fieldsOf(this.#structure());
    return this.#fields;
  }
}

function printTable(texts: Lookup): (value: TagInput) => TagInput {
  const print = lookup(texts);
  return (value) => print(value === true ? "True" : value === false ? "False" : value);
}

const made = new WeakMap<XmpStructure, Fields>();

function fieldsOf(structure: XmpStructure): Fields {
  let fields = made.get(structure);
  if (fields === undefined) {
    const rows = structure.fields.map(([, name, how]): [string, Field] => [name, how === undefined ? PLAIN : new Field(how)]);
    fields = { isOpen: structure.open ?? false, byName: new Map(rows) };
    made.set(structure, fields);
  }
  return fields;
}

export const PLAIN = new Field({});
/** For names that no table has. */
export const UNKNOWN = new Field({ low: true });
export const UNKNOWN_LANG_ALT = new Field({ low: true, type: "lang-alt" });
