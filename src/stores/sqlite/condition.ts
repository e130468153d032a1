/**
 * Conditions as SQL over `images`, values and paths as parameters only (SQLite documentation, "JSON Functions And Operators").
 * They mean what `matches` in ../condition.ts says, but that an absent field gives NULL or 0 where that says false.
 */
import type { SQLInputValue } from "node:sqlite";
import type { Comparison, Condition, Query } from "../contract.ts";
import { afterPrefix } from "../prefix.ts";

export interface Clause {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Fields that have a column, and the type of it. */
const COLUMNS: Readonly<Record<string, readonly [column: string, type: "text" | "number"]>> = {
  uri: ["uri", "text"],
  engine: ["engine", "text"],
  format: ["format", "text"],
  "error.code": ["error_code", "text"],
  "summary.takenAt": ["taken_at", "text"],
  "summary.make": ["make", "text"],
  "summary.model": ["model", "text"],
  "summary.latitude": ["latitude", "number"],
  "summary.longitude": ["longitude", "number"],
};

/** What holds for the rows of a query. */
export function clauseOf({ uriPrefix, where }: Query): Clause {
  const parts: Clause[] = [{ sql: "rank <> ''", parameters: [] }];
  if (uriPrefix !== undefined) parts.push(prefixClause(uriPrefix));
  if (where !== undefined) parts.push(compile(where));
  return join(parts, "and");
}

export function prefixClause(prefix: string): Clause {
  const end = afterPrefix(prefix);
  if (end === undefined) return { sql: "uri >= ?", parameters: [prefix] };
  return { sql: "uri >= ? and uri < ?", parameters: [prefix, end] };
}

function compile(condition: Condition): Clause {
  switch (condition.kind) {
    case "and":
    case "or":
      if (condition.parts.length === 0) return condition.kind === "and" ? ALWAYS : NEVER;
      return join(condition.parts.map(compile), condition.kind);
    case "not": {
      const { sql, parameters } = compile(condition.part);
      return { sql: `(${sql}) is not true`, parameters };
    }
    case "compare":
      return compare(condition);
  }
}

const ALWAYS: Clause = { sql: "1", parameters: [] };
const NEVER: Clause = { sql: "0", parameters: [] };

function join(clauses: readonly Clause[], operator: "and" | "or"): Clause {
  return {
    sql: clauses.map(({ sql }) => `(${sql})`).join(` ${operator} `),
    parameters: clauses.flatMap(({ parameters }) => parameters),
  };
}

type Compared = Extract<Condition, { kind: "compare" }>;

function compare({ field, comparison, value }: Compared): Clause {
  const name = field.join(".");
  const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
  return column === undefined ? compareJson(field, comparison, value) : compareColumn(column, comparison, value);
}

function compareColumn([column, type]: readonly [string, string], comparison: Comparison, value: Compared["value"]): Clause {
  if (comparison === "exists") return { sql: `${column} is not null`, parameters: [] };
  const isSameType = (type === "text" ? "string" : "number") === typeof value;
  if (comparison === "!=" && !isSameType) return { sql: `${column} is not null`, parameters: [] };
  if (!isSameType || value === undefined || typeof value === "boolean") return NEVER;
  if (comparison === "contains") return type === "text" ? { sql: `instr(${column}, ?) > 0`, parameters: [value] } : NEVER;
  return { sql: `${column} ${operators[comparison]} ?`, parameters: [value] };
}

const operators = { "=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=" } as const;

function compareJson(field: readonly string[], comparison: Comparison, value: Compared["value"]): Clause {
  const [source, path] = field[0] === "object" ? ["object", pathOf(field.slice(1))] : ["content", pathOf(field)];
  const type = { sql: `json_type(${source}, ?)`, parameters: [path] };
  if (comparison === "exists") return { sql: `${type.sql} is not null`, parameters: [path] };
  if (value === undefined) return NEVER;
  if (comparison === "contains") return containsJson(source, path, value);
  const [types, bound] = typesOf(value);
  const isOfType = `${type.sql} in (${types})`;
  if (typeof value === "boolean") {
    if (comparison === "=") return { sql: isOfType, parameters: [path] };
    return comparison === "!=" ? { sql: `${type.sql} not in (${types})`, parameters: [path] } : NEVER;
  }
  const extracted = `json_extract(${source}, ?) ${operators[comparison]} ?`;
  if (comparison === "!=") return { sql: `${type.sql} not in (${types}) or ${extracted}`, parameters: [path, path, bound] };
  return { sql: `${isOfType} and ${extracted}`, parameters: [path, path, bound] };
}

/** A list has the value as a member, a text has it within. */
function containsJson(source: string, path: string, value: string | number | boolean): Clause {
  const [types, bound] = typesOf(value);
  const isMember = typeof value === "boolean" ? `type in (${types})` : `type in (${types}) and value = ?`;
  const list: Clause = {
    sql: `json_type(${source}, ?) = 'array' and exists (select 1 from json_each(${source}, ?) where ${isMember})`,
    parameters: [path, path, ...(typeof value === "boolean" ? [] : [bound])],
  };
  if (typeof value !== "string") return list;
  const text = { sql: `json_type(${source}, ?) = 'text' and instr(json_extract(${source}, ?), ?) > 0`, parameters: [path, path, value] };
  return join([list, text], "or");
}

/** The JSON types that a value may equal, and what is bound for it. */
function typesOf(value: string | number | boolean): [types: string, bound: string | number] {
  switch (typeof value) {
    case "string":
      return ["'text'", value];
    case "number":
      return ["'integer', 'real'", value];
    default:
      return [value ? "'true'" : "'false'", Number(value)];
  }
}

/** A label in quotes is a name whatever it holds, and never the index of a list. */
function pathOf(field: readonly string[]): string {
  return `$${field.map((name) => `.${JSON.stringify(name)}`).join("")}`;
}
