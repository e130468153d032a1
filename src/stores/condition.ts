/**
 * What a condition means, for stores that cannot ask their database: a comparison holds only where the field is there and
 * has the value's type, but for `!=`, which holds where the field is there and is not the value. Texts compare as UTF-8 bytes.
 */
import type { ImageRecord } from "../record/types.ts";
import type { Condition } from "./contract.ts";

export function matches(condition: Condition, record: ImageRecord): boolean {
  switch (condition.kind) {
    case "and":
      return condition.parts.every((part) => matches(part, record));
    case "or":
      return condition.parts.some((part) => matches(part, record));
    case "not":
      return !matches(condition.part, record);
    case "compare":
      return compares(fieldOf(record, condition.field), condition);
  }
}

/** A path goes through objects alone: lists are asked with `contains`. */
function fieldOf(record: ImageRecord, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
    record,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compares(found: unknown, { comparison, value }: Extract<Condition, { kind: "compare" }>): boolean {
  if (found === undefined) return false;
  switch (comparison) {
    case "exists":
      return true;
    case "=":
      return found === value;
    case "!=":
      return found !== value;
    case "contains":
      // A list has the value as a member, a text has it within.
      if (Array.isArray(found)) return found.includes(value);
      return typeof found === "string" && typeof value === "string" && found.includes(value);
    default:
      return isInOrder(order(found, value), comparison);
  }
}

function isInOrder(order: number, comparison: "<" | "<=" | ">" | ">="): boolean {
  switch (comparison) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** NaN, which is in no order, where the types differ or have none. */
function order(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number.NaN;
}
