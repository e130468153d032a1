/**
 * What XMP tag tables are made of: value types, arrays and structures of ISO 16684-1:2019 sections 6.3 and 8.2,
 * as ExifTool 13.59 XMP.pm declares them for each property.
 */
import type { TagInput } from "../../contracts.ts";
import type { Lookup } from "../conversion.ts";

export interface XmpConversion {
  /** What the text stands for; plain text where it is left out. */
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

/** One property of a namespace: its local name, ExifTool's name, its conversion. */
export type XmpRow = readonly [id: string, name: string, conversion?: XmpConversion];

/** Fields by their local name. */
export interface XmpStructure {
  readonly fields: readonly (readonly [id: string, conversion?: XmpConversion])[];
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

export const text: XmpConversion = {};
export const integer: XmpConversion = { type: "integer" };
export const real: XmpConversion = { type: "real" };
export const rational: XmpConversion = { type: "rational" };
export const date: XmpConversion = { type: "date" };
export const boolean: XmpConversion = { type: "boolean" };
export const langAlt: XmpConversion = { type: "lang-alt" };
export const binary: XmpConversion = { type: "binary" };

export function list(of: XmpConversion = text): XmpConversion {
  return { ...of, list: true };
}

export function low(of: XmpConversion = text): XmpConversion {
  return { ...of, low: true };
}

export function structure(of: () => XmpStructure): XmpConversion {
  return { structure: of };
}

const shallow = new WeakMap<XmpStructure, XmpStructure>();

/** The structure without those of its fields that are structures: what nests deeper is read without a table. */
export function withoutStructures(of: XmpStructure): XmpStructure {
  let made = shallow.get(of);
  if (made === undefined) {
    made = { ...of, fields: of.fields.filter(([, conversion]) => conversion?.structure === undefined) };
    shallow.set(of, made);
  }
  return made;
}

/** A closed or open choice: the stored value's text for people. */
export function choice(texts: Lookup, of: XmpConversion = text): XmpConversion {
  return { ...of, print: texts };
}
