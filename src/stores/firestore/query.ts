/**
 * What Firestore can answer of a query by its single-field indexes, which deploy/firestore.indexes.json says; the rest is asked of each record
 * that it gives. No query needs a composite index: equalities may be joined, a member of a list or a range stands alone
 * (firebase.google.com/docs/firestore/query-data/index-overview).
 */
import type { Condition, Query } from "../contract.ts";
import { rootOf } from "./document.ts";

export interface Filter {
  readonly field: string;
  readonly operator: "==" | "<" | "<=" | ">" | ">=" | "array-contains";
  readonly value: string | number | boolean;
}

type Compare = Extract<Condition, { kind: "compare" }>;

/** Fields that have an index: none that grows with time, as names, generations and dates do, for these slow all writes down. */
export const INDEXED: readonly string[] = [
  ...["format", "mimeType", "width", "height", "error.code"],
  ...["make", "model", "serialNumber", "lens", "lensSerialNumber", "software", "exposureTime", "fNumber", "iso", "focalLength"].map(
    ofSummary,
  ),
  ...["flashFired", "latitude", "longitude", "altitude", "city", "state", "country", "creators", "keywords", "rating"].map(ofSummary),
  ...["colorSpace", "colorProfile", "hasAlpha", "animated", "digitalSourceType", "aiGenerated"].map(ofSummary),
];
const LISTS = ["creators", "keywords"].map(ofSummary);

/** Longer values are cut in an index. */
const INDEXED_BYTES = 1_500;

function ofSummary(name: string): string {
  return `summary.${name}`;
}

/** Every record that a query means passes these; others may too. */
export function filters({ uriPrefix = "", where }: Query): readonly Filter[] {
  const compares = where === undefined ? [] : conjuncts(where).filter(isIndexed);
  const equal = compares.filter(({ comparison, field }) => comparison === "=" && !LISTS.includes(field.join(".")));
  const member = compares.find(({ comparison, field }) => comparison === "contains" && LISTS.includes(field.join(".")));
  const range = compares.find(({ comparison, value }) => /^[<>]=?$/.test(comparison) && typeof value !== "boolean");
  const root = rootOf(uriPrefix);
  const inRoot: Filter[] = root === undefined ? [] : [{ field: "root", operator: "==", value: root }];
  if (equal.length > 0) return [...inRoot, ...equal.map((compare) => filter(compare, "=="))];
  if (member !== undefined) return [filter(member, "array-contains")];
  if (range !== undefined) return [filter(range, range.comparison as Filter["operator"])];
  return inRoot;
}

function conjuncts(condition: Condition): Compare[] {
  if (condition.kind === "compare") return [condition];
  return condition.kind === "and" ? condition.parts.flatMap(conjuncts) : [];
}

function isIndexed({ field, value }: Compare): boolean {
  return (
    INDEXED.includes(field.join(".")) && value !== undefined && (typeof value !== "string" || Buffer.byteLength(value) <= INDEXED_BYTES)
  );
}

function filter({ field, value }: Compare, operator: Filter["operator"]): Filter {
  return { field: field.join("."), operator, value: value as Filter["value"] };
}
