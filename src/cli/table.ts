/** `--format table`: one line an image for people, cut to the terminal's width. Control characters of names are shown, not sent. */
import stringWidth from "string-width";
import { visibly } from "../record/visible.ts";
import type { PartialRecord, RecordFormat } from "../stores/formats/format.ts";
import { shownName } from "./shown-name.ts";

export interface Column<Item> {
  readonly title: string;
  readonly width: number;
  readonly value: (item: Item) => string;
}

const COLUMNS: readonly Column<PartialRecord>[] = [
  { title: "FORMAT", width: 13, value: (r) => r.format ?? "" },
  { title: "SIZE", width: 11, value: (r) => (r.width === undefined ? "" : `${r.width}×${r.height}`) },
  { title: "TAKEN", width: 19, value: (r) => r.summary?.takenAt?.slice(0, 19) ?? "" },
  { title: "CAMERA", width: 22, value: (r) => camera(r) },
  { title: "WHERE", width: 18, value: (r) => place(r) },
  { title: "WHAT", width: 24, value: (r) => what(r) },
];

/** @param width columns of the terminal */
export function table(width: number): RecordFormat {
  return columnsOf(width, { title: "IMAGE", width: 24, value: (r) => shownName(r.uri) }, COLUMNS);
}

/** @param first is at least as wide as it says, takes what the others leave, and keeps the end of what is longer */
export function columnsOf<Item>(width: number, first: Column<Item>, others: readonly Column<Item>[]): RecordFormat<Item> {
  const left = width - others.reduce((sum, column) => sum + column.width + 2, 0);
  const columns = [{ ...first, width: Math.max(first.width, left) }, ...others];
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => padded(cell, columns[i]?.width ?? 0, i === 0 ? "end" : "start"))
      .join("  ")
      .trimEnd()}\n`;
  return {
    head: line(columns.map((column) => column.title)),
    record: (record) => line(columns.map((column) => column.value(record))),
    tail: () => "",
  };
}

function camera(record: PartialRecord): string {
  const { make = "", model = "" } = record.summary ?? {};
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim();
}

/** What went wrong, whether a model made it, what it shows. */
function what({ error, warnings = [], summary = {} }: PartialRecord): string {
  if (error !== undefined) return `${error.code}: ${error.message}`;
  const damage = warnings.find(({ code }) => code === "TRUNCATED" || code === "MALFORMED");
  const origin = summary.aiGenerated ? "AI" : undefined;
  return [damage?.code, origin, summary.title ?? summary.description].filter((part) => part !== undefined).join(" · ");
}

function place(record: PartialRecord): string {
  const { latitude, longitude, city } = record.summary ?? {};
  if (city !== undefined) return city;
  return latitude === undefined || longitude === undefined ? "" : `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
}

/** The text in exactly `width` columns of a terminal. Where it is longer, a name keeps its end and another text its beginning. */
function padded(text: string, width: number, keep: "start" | "end"): string {
  const bounded = keep === "start" ? text.slice(0, 4 * width) : text.slice(-4 * width);
  const visible = [...visibly(bounded)];
  let fitting = visible.join("");
  if (stringWidth(fitting) > width || bounded.length < text.length) {
    while (stringWidth(visible.join("")) > width - 1)
      if (keep === "start") visible.pop();
      else visible.shift();
    fitting = keep === "start" ? `${visible.join("")}…` : `…${visible.join("")}`;
  }
  return fitting + " ".repeat(Math.max(0, width - stringWidth(fitting)));
}
