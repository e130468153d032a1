import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import type { FailedRecord, ReadRecord } from "../../../src/record/types.ts";
import { writeRecordFile } from "../../../src/stores/formats/record-file.ts";
import { record } from "../../conformance/sink.ts";
import { expectRecord } from "../../schema.ts";
import { numbered } from "../sinks/numbered.ts";
import { temporary } from "../sinks/target.ts";

const greece: ReadRecord = {
  schema: 1,
  engine: "0.1.0",
  values: "numeric",
  uri: "gs://photos/2019/greece.jpg",
  object: {
    bucket: "photos",
    name: "2019/greece.jpg",
    generation: "1555372964219642",
    size: 5_000_000_000,
    timeCreated: "2019-04-16T00:02:44.219642Z",
    metadata: { "owner.name": "me" },
  },
  format: "JPEG",
  mimeType: "image/jpeg",
  width: 4_000_000_000,
  height: 640,
  summary: {
    takenAt: "2019-03",
    make: "Apple",
    exposureTime: 0.000353982,
    iso: 20,
    flashFired: false,
    longitude: -73.94227,
    creators: [],
    keywords: ["sea", "Αθήνα, 😀"],
    contentCredentials: { actions: ["c2pa.created"] },
  },
  tags: { IFD0: { Make: "Apple", XResolution: 72 }, "XMP-dc": { Subject: ["sea"] } },
  thumbnail: { offset: 100, length: 2000, mimeType: "image/jpeg" },
  warnings: [{ code: "MALFORMED", message: "odd", offset: 7 }],
  read: { requests: 1, bytes: 65_536 },
};

const manyRows = new URL("../sinks/many-rows.ts", import.meta.url).pathname;

interface Row {
  readonly uri: string;
  readonly object: object;
  readonly summary: { readonly keywords?: readonly string[] | null } | null;
  readonly tags: string | null;
}

async function rowsOf(path: string): Promise<Row[]> {
  return (await parquetReadObjects({ file: await asyncBufferFromFile(path) })) as Row[];
}

/** Without the columns that the record does not have. */
function present(row: unknown): unknown {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return row;
  const fields = Object.entries(row).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, present(value)]]));
  return Object.fromEntries(fields);
}

test("a row has the record's fields, typed; what has no fixed shape is JSON text", async () => {
  expectRecord(greece);
  const broken = record("broken.jpg", { error: true }) as FailedRecord;
  const path = join(temporary(), "out.parquet");
  await writeRecordFile(path, [greece, broken]);
  const [first, second] = await rowsOf(path);
  expect(present(first)).toEqual({
    ...greece,
    schema: 1n,
    object: { ...greece.object, size: 5_000_000_000n, metadata: '{"owner.name":"me"}' },
    width: 4_000_000_000n,
    height: 640n,
    summary: { ...greece.summary, contentCredentials: '{"actions":["c2pa.created"]}' },
    tags: JSON.stringify(greece.tags),
    thumbnail: { offset: 100n, length: 2000n, mimeType: "image/jpeg" },
    warnings: JSON.stringify(greece.warnings),
    read: { requests: 1n, bytes: 65_536n },
  });
  expect(present(second)).toEqual({
    ...broken,
    schema: 1n,
    object: { ...broken.object, size: 1000n },
    read: { requests: 1n, bytes: 1000n },
  });
});

test("columns have the types that queries need", async () => {
  const path = join(temporary(), "out.parquet");
  await writeRecordFile(path, []);
  const { schema, num_rows: rows } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  const typeOf = (name: string) =>
    schema.filter((element) => element.name === name).map(({ type, converted_type }) => converted_type ?? type);
  expect(rows).toBe(0n);
  expect(["size", "width", "iso", "flashFired", "takenAt", "keywords", "tags"].map(typeOf)).toEqual([
    ["INT64"],
    ["INT64"],
    ["DOUBLE"],
    ["BOOLEAN"],
    ["UTF8"],
    ["LIST"],
    ["UTF8"],
  ]);
});

test("lists longer than a page, and texts whose order differs as UTF-16, come back whole", async () => {
  const path = join(temporary(), "out.parquet");
  const records = Array.from({ length: 300 }, (_, i): ReadRecord => {
    const keywords = Array.from({ length: i % 40 }, (__, k) => `${i} ${k} ${"x".repeat(200)}`);
    return { ...numbered(i), uri: `gs://photos/${i % 2 ? "😀" : "\uffee"}${i}`, summary: { keywords } };
  });
  await writeRecordFile(path, records);
  const rows = await rowsOf(path);
  expect(rows.map(({ uri }) => uri)).toEqual(records.map(({ uri }) => uri));
  expect(rows.map(({ summary }) => summary?.keywords)).toEqual(records.map(({ summary }) => summary.keywords));
  const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  const bounds = groups[0]?.columns.find(({ meta_data: data }) => data?.path_in_schema.join(".") === "uri")?.meta_data?.statistics;
  expect(String(bounds?.min_value).startsWith("gs://photos/\uffee")).toBe(true);
});

test("JSON of more than a row group may hold at once comes back whole, and ends its row group", async () => {
  const path = join(temporary(), "out.parquet");
  const long = [3 << 20, 9 << 20, 10, 4 << 20, 5 << 20, 20];
  const records = long.map((length, i): ReadRecord => ({ ...numbered(i), tags: { IFD0: { Artist: `${i}é`.repeat(length / 2) } } }));
  await writeRecordFile(path, records);
  expect((await rowsOf(path)).map(({ tags }) => tags)).toEqual(records.map(({ tags }) => JSON.stringify(tags)));
  const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  expect(groups.map(({ num_rows: rows }) => rows)).toEqual([2n, 3n, 1n]);
});

test("row groups are bounded, and so is memory: 200,000 rows take hardly more than 50,000", async () => {
  const folder = temporary();
  // A small heap: what is left over from earlier rows would not fit, and what is only not yet collected does not count.
  const mostMemory = (count: number) =>
    Number(execFileSync(process.execPath, ["--max-old-space-size=96", manyRows, join(folder, `${count}.parquet`), String(count)]));
  const [few, many] = [mostMemory(50_000), mostMemory(200_000)];
  expect(many / few).toBeLessThan(1.25);
  const file = await asyncBufferFromFile(join(folder, "200000.parquet"));
  const metadata = await parquetMetadataAsync(file);
  expect(metadata.num_rows).toBe(200_000n);
  expect(metadata.row_groups.map(({ num_rows: rows }) => rows)).toEqual(Array.from({ length: 20 }, () => 10_000n));
  const [row] = await parquetReadObjects({ file, metadata, rowStart: 123_456, rowEnd: 123_457 });
  expect(row?.uri).toBe(numbered(123_456).uri);
  expect(JSON.parse(row?.tags as string)).toEqual(numbered(123_456).tags);
}, 120_000);

test("the bounds of a column are those of its values in each row group", async () => {
  const path = join(temporary(), "out.parquet");
  const records = Array.from({ length: 25_000 }, (_, i) => ({
    ...greece,
    uri: `gs://photos/${String(i).padStart(6, "0")}.jpg`,
    warnings: [{ code: "MALFORMED", message: `odd ${String(i).padStart(6, "0")}` }],
  }));
  await writeRecordFile(path, records as ReadRecord[]);
  const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  expect(groups.length).toBeGreaterThan(2);
  let at = 0;
  for (const { columns, num_rows: rows } of groups) {
    const bounds = (name: string) => columns.find(({ meta_data: data }) => data?.path_in_schema[0] === name)?.meta_data?.statistics;
    const [first, last] = [records[at]?.uri ?? "", records[at + Number(rows) - 1]?.uri ?? ""];
    at += Number(rows);
    expect(String(bounds("uri")?.min_value) <= first && String(bounds("uri")?.max_value) >= last.slice(0, 16)).toBe(true);
    for (const name of ["tags", "warnings"]) expect([bounds(name)?.min_value, bounds(name)?.max_value]).toEqual([undefined, undefined]);
  }
  expect(at).toBe(records.length);
});
