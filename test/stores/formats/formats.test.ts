import { expect, test } from "vitest";
import { table } from "../../../src/cli/table.ts";
import type { FailedRecord, ReadRecord } from "../../../src/record/types.ts";
import { csv } from "../../../src/stores/formats/csv.ts";
import type { PartialRecord, RecordFormat } from "../../../src/stores/formats/format.ts";
import { json, ndjson } from "../../../src/stores/formats/json.ts";
import { selector } from "../../../src/stores/formats/select.ts";
import { expectRecord } from "../../schema.ts";

const greece: ReadRecord = {
  schema: 1,
  engine: "0.1.0",
  values: "printed",
  uri: "gs://photos/2019/greece.jpg",
  object: { bucket: "photos", name: "2019/greece.jpg", generation: "1555372964219642", size: 91121 },
  format: "JPEG",
  mimeType: "image/jpeg",
  width: 960,
  height: 640,
  summary: { make: "Apple", model: "iPhone X", longitude: -73.94227, title: "=HYPERLINK(1)", keywords: ["sea", "boat, red"] },
  tags: { IFD0: { Make: "Apple", Model: "iPhone X" }, GPS: { GPSLongitudeRef: "West" }, "XMP-dc": { Title: "=HYPERLINK(1)" } },
  warnings: [],
  read: { requests: 1, bytes: 65536 },
};
const broken: FailedRecord = {
  schema: 1,
  engine: "0.1.0",
  values: "printed",
  uri: "gs://photos/\u009b31m\u202eevil.jpg",
  object: { size: 3 },
  error: { code: "TRUNCATED", message: "it ends" },
  read: { requests: 1, bytes: 3 },
};

function write(format: RecordFormat, records: readonly PartialRecord[]): string {
  return format.head + records.map((record, i) => format.record(record, i)).join("") + format.tail(records.length);
}

test("the records here are records", () => {
  expectRecord(greece);
  expectRecord(broken);
});

test("json is one array of the same records, also of none", () => {
  expect(JSON.parse(write(json, [greece, broken]))).toEqual([greece, broken]);
  expect(JSON.parse(write(json, []))).toEqual([]);
});

test("ndjson is a record a line", () => {
  const lines = write(ndjson, [greece, broken]).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([greece, broken]);
});

test("no control character of a name reaches a terminal", () => {
  const hostile = { ...broken, uri: "gs://photos/a\u001b]0;owned\u0007\u009b31m\u202egpj.jpg" };
  for (const format of [json, ndjson, table(120), csv()])
    expect(write(format, [broken, hostile])).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test("csv has a column for each field and each tag asked for, and no formulas", () => {
  const [head = "", row = ""] = write(csv(["IFD0:Make", "XMP-dc:Title"]), [greece]).split("\n");
  const cell = Object.fromEntries(head.split(",").map((name, i) => [name, row.match(/("[^"]*"|[^,]*)(,|$)/g)?.[i]?.replace(/,$/, "")]));
  expect(cell).toMatchObject({
    uri: "gs://photos/2019/greece.jpg",
    "object.generation": "1555372964219642",
    width: "960",
    "summary.longitude": "-73.94227",
    "summary.title": "'=HYPERLINK(1)",
    "summary.keywords": '"sea; boat, red"',
    "error.code": "",
    "IFD0:Make": "Apple",
    "XMP-dc:Title": "'=HYPERLINK(1)",
  });
});

test("the table keeps to its width and the end of long names", () => {
  const long = { ...greece, uri: `gs://photos/${"x".repeat(200)}/greece.jpg` };
  const [, row = ""] = write(table(160), [long]).split("\n");
  expect(row.startsWith("…")).toBe(true);
  expect(row).toContain("x/greece.jpg  JPEG           960×640");
  expect(row.length).toBeLessThanOrEqual(160);
});

test("--only and --tags pick parts; the head, uri and error stay", () => {
  const head = { schema: 1, engine: "0.1.0", values: "printed" };
  expect(selector({ only: ["format"], tags: [] })(greece)).toEqual({ ...head, uri: greece.uri, format: "JPEG" });
  expect(selector({ only: ["format"], tags: [] })(broken)).toEqual({ ...head, uri: broken.uri, error: broken.error });
  expect(selector({ only: [], tags: ["ifd0:make", "XMP-*:*"] })(greece).tags).toEqual({
    IFD0: { Make: "Apple" },
    "XMP-dc": { Title: "=HYPERLINK(1)" },
  });
  expect(selector({ only: ["tags"], tags: ["GPS*"] })(greece).tags).toEqual({ GPS: { GPSLongitudeRef: "West" } });
});
