/** The table of deploy/bigquery as far as a test needs it: what a column takes, and the view of the latest rows, run by SQLite. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";

interface Column {
  readonly name: string;
  readonly type: "STRING" | "INTEGER" | "FLOAT" | "BOOLEAN" | "JSON" | "TIMESTAMP";
  readonly mode: "REQUIRED" | "NULLABLE" | "REPEATED";
}

const folder = new URL("../../deploy/bigquery/", import.meta.url);
export const columns: readonly Column[] = JSON.parse(readFileSync(new URL("schema.json", folder), "utf8"));

export type Row = Readonly<Record<string, unknown>>;

const TAKES: Readonly<Record<Column["type"], (value: unknown) => boolean>> = {
  STRING: (value) => typeof value === "string",
  INTEGER: Number.isSafeInteger,
  FLOAT: Number.isFinite,
  BOOLEAN: (value) => typeof value === "boolean",
  JSON: (value) => typeof value === "string" && JSON.parse(value) !== undefined,
  TIMESTAMP: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(value),
};

/** Whether a subscription that uses the table's schema would write the message: unknown fields and wrong types stay undelivered. */
export function expectRow(data: Uint8Array): Row {
  const row: Record<string, unknown> = JSON.parse(Buffer.from(data).toString("utf8"));
  const known = new Map(columns.map((column) => [column.name, column]));
  for (const [name, value] of Object.entries(row)) {
    const column = known.get(name);
    if (column === undefined) throw new Error(`the table has no column ${name}`);
    const values = column.mode === "REPEATED" ? value : [value];
    expect(Array.isArray(values) && values.every(TAKES[column.type]), `${name} as ${column.type}: ${JSON.stringify(value)}`).toBe(true);
  }
  for (const { name, mode } of columns) if (mode === "REQUIRED") expect(row, name).toHaveProperty(name);
  return row;
}

/** The rows that the view of latest.sql shows. The few words that SQLite has not are replaced by its own. */
export function latestRows(rows: readonly Row[]): readonly Row[] {
  const database = new DatabaseSync(":memory:");
  const names = columns.map(({ name }) => `"${name}"`);
  database.exec(`create table images (${names.join(", ")})`);
  const insert = database.prepare(`insert into images values (${names.map(() => "?").join(", ")})`);
  for (const row of rows) insert.run(...columns.map(({ name }) => cell(row[name])));
  const view = readFileSync(new URL("latest.sql", folder), "utf8")
    .replaceAll(/SAFE_CAST\((\w+) AS BIGNUMERIC\)/g, "CAST($1 AS INTEGER)")
    .replace("CREATE OR REPLACE VIEW `PROJECT.DATASET.latest_images`", "CREATE VIEW latest_images")
    .replace("`PROJECT.DATASET.images`", "images")
    .replace("* EXCEPT (place)", "*");
  database.exec(view);
  const latest = database.prepare("select * from latest_images order by uri").all() as Row[];
  database.close();
  return latest;
}

function cell(value: unknown): string | number | null {
  if (value === undefined) return null;
  if (typeof value === "boolean") return Number(value);
  return Array.isArray(value) ? JSON.stringify(value) : (value as string | number);
}
