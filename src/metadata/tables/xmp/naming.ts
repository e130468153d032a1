/**
 * From the names of properties to those of groups and tags, by the tables of known namespaces and, for all other names,
 * by the rules of ExifTool 13.59 (XMP.pm GetXMPTagID, StandardLangCase; ExifTool.pm AddTagToTable).
 */

import type { LateTable } from "../../late-table.ts";
import { lateNamespaces } from "../late.ts";
import type { Field } from "./field.ts";
import type { XmpNamespace, XmpRow } from "./row.ts";
import { xmpNamespaces } from "./table.ts";

export interface Namespace {
  readonly low: boolean;
  readonly rows: ReadonlyMap<string, XmpRow>;
}

/** The rows of a namespace by their names, sorted at their first use. */
export class NamespaceRows implements Namespace {
  readonly low: boolean;
  readonly #rows: readonly XmpRow[];
  #byName: ReadonlyMap<string, XmpRow> | undefined;

  constructor({ rows, low }: XmpNamespace) {
    this.low = low ?? false;
    this.#rows = rows;
  }

  get rows(): ReadonlyMap<string, XmpRow> {
    this.#byName ??= new Map(this.#rows.map((row) => [row[0], row]));
    return this.#byName;
  }
}

const namespaces = new Map<string, Namespace>(xmpNamespaces.map((namespace) => [namespace.prefix, new NamespaceRows(namespace)]));

/** The table of a namespace that is always there, by the prefix that group names have. */
export function namespaceTable(prefix: string): Namespace | undefined {
  return namespaces.get(prefix);
}

const lateOf = new Map(lateNamespaces.flatMap(({ prefixes, table }) => prefixes.map((prefix) => [prefix, table] as const)));

/** The late table that has a namespace. */
export function lateNamespace(prefix: string): LateTable<readonly XmpNamespace[]> | undefined {
  return lateOf.get(prefix);
}

/** `-fr` for a value in another language than the default. */
export function alternative(language: string | undefined, { isLanguageAlternative }: Field): string {
  if (!isLanguageAlternative || !language || language.toLowerCase() === "x-default") return "";
  const match = /^([a-z]{2,3}|[xi])(-[a-z]{2})\b(.*)/is.exec(language);
  const standard =
    match === null
      ? language.toLowerCase()
      : (match[1] ?? "").toLowerCase() + (match[2] ?? "").toUpperCase() + (match[3] ?? "").toLowerCase();
  return `-${standard.replaceAll("_", "-")}`;
}

/** A name all in capitals that no table has is written small: `GPS_DATE` → `gpsDate`. */
export function plainName(name: string, namespace: Namespace | undefined): string {
  if (isSmall(name.charCodeAt(0)) || isSmall(name.charCodeAt(1)) || /[a-z]/.test(name) || namespace?.rows.has(name)) return name;
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isSmall(char: number): boolean {
  return char >= 0x61 && char <= 0x7a;
}

/** A tag's name: letters, digits, `-` and `_`. */
export function tagName(id: string): string {
  const name = ucfirst(id).replace(/[^-\w]/g, "");
  return name.length < 2 || !/^[A-Za-z]/.test(name) ? `Tag${name}` : name;
}

export function ucfirst(name: string): string {
  const first = name.charAt(0);
  const upper = first.toUpperCase();
  return first === upper ? name : upper + name.slice(1);
}

export function groupName(prefix: string): string {
  if (prefix === "") return "XMP";
  const clean = prefix.replace(/[^-.0-9A-Z_a-z\x80-\uffff]/g, "");
  return `XMP-${/^[A-Z_a-z\x80-\uffff]/.test(clean) ? clean : `ns_${clean}`}`;
}
