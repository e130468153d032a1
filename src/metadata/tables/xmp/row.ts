/**
 * What XMP tag tables are made of: value types, arrays and structures of ISO 16684-1:2019 sections 6.3 and 8.2,
 * as ExifTool 13.59 XMP.pm declares them for each property.
 */
import type { TagInput } from "../../contracts.ts";
import type { Lookup } from "../conversion.ts";

/** How a property is read. Plain text without any of it. */
export interface XmpHow {
  /** The type of the text. */
  readonly type?: "integer" | "real" | "rational" | "date" | "boolean" | "lang-alt" | "binary";
  /** The property is an array: rdf:Bag, rdf:Seq or rdf:Alt. */
  readonly list?: true;
  /** The items of the array are one value, joined by blanks. */
  readonly joined?: true;
  /** ExifTool's low priority among tags of one name. */
  readonly low?: true;
  /** The property, or each item of its array, is a structure. */
  readonly structure?: () => XmpStructure;
  /** From the text to what it stands for. */
  readonly value?: (text: string) => TagInput;
  /** From what it stands for to text. */
  readonly print?: Lookup | ((value: TagInput) => TagInput);
}

/** A property of a namespace or a field of a structure: its local name, ExifTool's name, how it is read. */
export type XmpRow = readonly [id: string, name: string, how?: XmpHow];

export interface XmpStructure {
  readonly fields: readonly XmpRow[];
  /** Takes the properties of any namespace beside its own fields. */
  readonly open?: true;
}

export interface XmpNamespace {
  /** ExifTool's prefix: the group is `XMP-` and this. */
  readonly prefix: string;
  readonly rows: readonly XmpRow[];
  /** Every tag of it is of low priority. */
  readonly low?: true;
}

export const text: XmpHow = {};
export const integer: XmpHow = { type: "integer" };
export const real: XmpHow = { type: "real" };
export const rational: XmpHow = { type: "rational" };
export const date: XmpHow = { type: "date" };
export const boolean: XmpHow = { type: "boolean" };
export const langAlt: XmpHow = { type: "lang-alt" };
export const binary: XmpHow = { type: "binary" };

export function list(of: XmpHow = text): XmpHow {
  return { ...of, list: true };
}

export function low(of: XmpHow = text): XmpHow {
  return { ...of, low: true };
}

export function structure(of: () => XmpStructure): XmpHow {
  return { structure: of };
}

const shallow = new WeakMap<XmpStructure, XmpStructure>();

/** The structure without those of its fields that are structures: what nests deeper is read without a table. */
export function withoutStructures(of: XmpStructure): XmpStructure {
  let made = shallow.get(of);
  if (made === undefined) {
    made = { ...of, fields: of.fields.filter(([, , how]) => how?.structure === undefined) };
    shallow.set(of, made);
  }
  return made;
}
