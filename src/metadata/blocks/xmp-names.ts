/** The names of XMP properties: which group and tag they make, and how their values are read. Each is looked up once. */
import { interned, RdfName, RdfVocabulary } from "../grammar/rdf.ts";
import type { LateTable } from "../late-table.ts";
import { Field, PLAIN } from "../tables/xmp/field.ts";
import { groupPrefix, knownPrefix, namespaceOf } from "../tables/xmp/namespaces.ts";
import {
  groupName,
  lateNamespace,
  type Namespace,
  NamespaceRows,
  namespaceTable,
  plainName,
  tagName,
  ucfirst,
} from "../tables/xmp/naming.ts";
import type { XmpNamespace } from "../tables/xmp/row.ts";

/** A prefix in groups and names. */
class Naming {
  readonly prefix: string;
  readonly group: string;
  /** The table that has its namespace, if that is loaded late. */
  readonly late: LateTable<readonly XmpNamespace[]> | undefined;
  #namespace: Namespace | undefined;

  constructor(prefix: string) {
    this.prefix = prefix;
    this.group = interned(groupName(prefix));
    this.late = lateNamespace(prefix);
    this.#namespace = namespaceTable(prefix);
  }

  /** Undefined if no table has it, or if its table is not loaded. */
  get namespace(): Namespace | undefined {
    if (this.#namespace === undefined && this.late?.loaded !== undefined) {
      const rows = this.late.loaded.find(({ prefix }) => prefix === this.prefix);
      this.#namespace = rows && new NamespaceRows(rows);
    }
    return this.#namespace;
  }
}

/** The tag of a property that stands at the top of a path. */
export interface XmpTag {
  /** One for each property, however it is written. */
  readonly key: string;
  readonly group: string;
  readonly name: string;
  readonly isLow: boolean;
  /** How it is read; undefined if no table has it. */
  readonly field: Field | undefined;
}

export class XmpName extends RdfName {
  readonly naming: Naming;
  #tag: XmpTag | undefined;
  #fieldName: string | undefined;

  constructor(prefix: string, local: string, naming: Naming) {
    super(prefix, local);
    this.naming = naming;
  }

  get tag(): XmpTag {
    this.#tag ??= tagOf(plainName(this.local, this.naming.namespace), this.naming);
    return this.#tag;
  }

  /** Its name as a field of a structure. */
  get fieldName(): string {
    this.#fieldName ??= interned(ucfirst(plainName(this.local, this.naming.namespace)));
    return this.#fieldName;
  }
}

export function tagOf(id: string, { prefix, group, namespace }: Naming): XmpTag {
  const row = namespace?.rows.get(id);
  const field = row === undefined ? undefined : row[2] === undefined ? PLAIN : new Field(row[2]);
  const isLow = (namespace?.low ?? false) || (field?.isLow ?? false);
  return { key: interned(`${prefix}:${id}`), group, name: interned(row?.[1] ?? tagName(id)), isLow, field };
}

class XmpVocabulary extends RdfVocabulary<XmpName> {
  readonly #namings = new Map<string, Naming>();

  prefixOf(uri: string): string | undefined {
    return knownPrefix(uri);
  }

  uriOf(prefix: string): string | undefined {
    return namespaceOf(prefix);
  }

  protected make(prefix: string, local: string): XmpName {
    let naming = this.#namings.get(prefix);
    if (naming === undefined) {
      naming = new Naming(groupPrefix(prefix));
      this.#namings.set(prefix, naming);
    }
    return new XmpName(prefix, local, naming);
  }

  protected forget(): void {
    this.#namings.clear();
  }
}

export const vocabulary = new XmpVocabulary();
