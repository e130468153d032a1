/** File sinks in a temporary folder, and what stands in the files that they wrote. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ImageRecord } from "../../../src/record/types.ts";
import { openFileSink } from "../../../src/stores/sinks/file.ts";
import { type SinkPlace, type Taken, takenOf } from "../../conformance/sink.ts";

/** A folder that is gone after the test. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type Read = (path: string) => Promise<readonly Taken[]> | readonly Taken[];

export function filePlace(name: string, read: Read): () => Promise<SinkPlace> {
  return async () => {
    const path = join(temporary(), name);
    return { open: () => openFileSink(path, { values: "numeric" }), taken: async () => read(path) };
  };
}

export const readJson: Read = (path) => (JSON.parse(readFileSync(path, "utf8")) as ImageRecord[]).map(takenOf);

export const readNdjson: Read = (path) => linesOf(path).map((line) => takenOf(JSON.parse(line) as ImageRecord));

export const readParquet: Read = async (path) => {
  const { asyncBufferFromFile, parquetReadObjects } = await import("hyparquet");
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  // A column of a record that lacks it is null; what is left is the record's own shape.
  return rows.map((row) =>
    takenOf(JSON.parse(JSON.stringify(row, (_, value) => (typeof value === "bigint" ? Number(value) : (value ?? undefined))))),
  );
};

/** No cell of the records of these tests has a line break; a comma stands only in quoted cells. */
export const readCsv: Read = (path) => {
  const [head = "", ...rows] = linesOf(path);
  const names = head.split(",");
  return rows.map((row) => {
    const cells = [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = ""]) =>
      cell.replace(/^"|"$/g, "").replaceAll('""', '"'),
    );
    const cell = (name: string) => cells[names.indexOf(name)] ?? "";
    const [generation, title, error] = ["object.generation", "summary.title", "error.code"].map(cell);
    return { uri: cell("uri"), ...(generation && { generation }), ...(title && { title }), ...(error && { error }) };
  });
};

function linesOf(path: string): readonly string[] {
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}
