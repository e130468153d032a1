/** A query as SQL with parameters. It means what `matches` of ../condition.ts says; NULL counts as false. */
import type { Condition, Query } from "../contract.ts";
import { afterPrefix } from "../prefix.ts";

export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Compare = Extract<Condition, { kind: "compare" }>;

/** Columns that have an index beside the JSON (schema.ts), the comparisons that it serves, and the length at which texts are cut. */
const INDEXED: Readonly<Record<string, { readonly column: string; readonly type: string; readonly serves: RegExp; readonly cut: number }>> =
  {
    format: { column: "format", type: "text", serves: /^=$/, cut: 100 },
    "error.code": { column: "error_code", type: "text", serves: /^=$/, cut: 100 },
    "summary.make": { column: "make", type: "text", serves: /^=$/, cut: 250 },
    "summary.model": { column: "model", type: "text", serves: /^=$/, cut: 250 },
    "summary.takenAt": { column: "taken_at", type: "text", serves: /^[<>]?=$|^[<>]$/, cut: 100 },
    "summary.latitude": { column: "latitude", type: "double precision", serves: /^[<>]?=$|^[<>]$/, cut: 0 },
    "summary.longitude": { column: "longitude", type: "double precision", serves: /^[<>]?=$|^[<>]$/, cut: 0 },
  };

/** What follows `where`. */
export function compiled({ uriPrefix, where }: Query): Sql {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const parts = ["content is not null"];
  if (uriPrefix !== undefined) parts.push(prefixed(uriPrefix, parameter));
  if (where !== undefined) parts.push(condition(where, parameter));
  return { text: parts.join(" and "), values };
}

/** A condition on addresses that the primary key serves: it sorts by their bytes. */
export function prefixed(prefix: string, parameter: (value: unknown) => string): string {
  const end = afterPrefix(prefix);
  const begins = `uri >= ${parameter(prefix)}`;
  return end === undefined ? begins : `${begins} and uri < ${parameter(end)}`;
}

function condition(of: Condition, parameter: (value: unknown) => string): string {
  switch (of.kind) {
    case "and":
    case "or":
      if (of.parts.length === 0) return `${of.kind === "and"}`;
      return `(${of.parts.map((part) => condition(part, parameter)).join(` ${of.kind} `)})`;
    case "not":
      return `not coalesce(${condition(of.part, parameter)}, false)`;
    case "compare":
      return compare(of, parameter);
  }
}

function compare(of: Compare, parameter: (value: unknown) => string): string {
  if (!isAskable(of)) return "false";
  const exact = onJson(of, jsonOf(of.field, parameter), parameter);
  const indexed = Object.hasOwn(INDEXED, of.field.join(".")) ? INDEXED[of.field.join(".")] : undefined;
  if (!indexed?.serves.test(of.comparison)) return exact;
  const isServed = typeof of.value === (indexed.cut > 0 ? "string" : "number") && String(of.value).length < (indexed.cut || 100);
  return isServed ? `(${indexed.column} ${of.comparison} ${parameter(of.value)}::${indexed.type} and ${exact})` : exact;
}

/** Whether the comparison has a value, of a type that it compares. */
function isAskable({ comparison, value }: Compare): boolean {
  if (comparison === "exists") return true;
  return value !== undefined && (typeof value !== "boolean" || ["=", "!=", "contains"].includes(comparison));
}

/** The field in the JSON of its column. The operator `->` with a text goes through objects alone. */
function jsonOf([first = "", ...rest]: readonly string[], parameter: (value: unknown) => string): string {
  if (first === "uri") return rest.length === 0 ? "to_jsonb(uri)" : "null::jsonb";
  const [column, path] = first === "object" ? ["object", rest] : ["content", [first, ...rest]];
  return `(${[column, ...path.map((name) => `${parameter(name)}::text`)].join(" -> ")})`;
}

function onJson({ comparison, value }: Compare, json: string, parameter: (value: unknown) => string): string {
  if (comparison === "exists") return `${json} is not null`;
  const isText = typeof value === "string";
  const type = isText ? "text" : typeof value === "number" ? "numeric" : "boolean";
  const operand = `${parameter(value)}::${type}`;
  switch (comparison) {
    case "=":
      return `${json} = to_jsonb(${operand})`;
    case "!=":
      return `${json} <> to_jsonb(${operand})`;
    case "contains": {
      const inList = `jsonb_typeof(${json}) = 'array' and ${json} @> to_jsonb(${operand})`;
      return isText ? `(${inList} or jsonb_typeof(${json}) = 'string' and strpos(${json} #>> '{}', ${operand}) > 0)` : `(${inList})`;
    }
    default:
      return isText
        ? `(jsonb_typeof(${json}) = 'string' and (${json} #>> '{}') collate "C" ${comparison} ${operand})`
        : `(jsonb_typeof(${json}) = 'number' and ${json} ${comparison} to_jsonb(${operand}))`;
  }
}
