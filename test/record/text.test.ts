import { expect, test } from "vitest";
import { contentJson, objectJson, parseRecordText, recordText } from "../../src/record/text.ts";
import type { ImageRecord } from "../../src/record/types.ts";

const head = {
  schema: 1,
  engine: "0.1.0",
  values: "numeric",
  uri: 'gs://photos/a "b"\t\u{1F600}\ud800.jpg',
  object: { name: "a", size: 3 },
} as const;
const read: ImageRecord = {
  ...head,
  format: "JPEG",
  mimeType: "image/jpeg",
  width: 3,
  summary: { make: 'A "tags":{ \u2028 B' },
  tags: { IFD0: { Make: "A\tB\nC", Values: [1, -2.5, 1e21] }, XMP: { Lone: "\udc00", Empty: "" } },
  warnings: [{ code: "MALFORMED", message: '"tags":null' }],
  read: { requests: 1, bytes: 3 },
};
const failed: ImageRecord = { ...head, error: { code: "TRUNCATED", message: "it ends" }, read: { requests: 1, bytes: 3 } };

test.each([
  ["a read record", read],
  ["a failed record", failed],
])("%s comes back from its text, with its fields in order", (_, record) => {
  const parsed = parseRecordText(recordText(record));
  expect(JSON.stringify(parsed)).toBe(JSON.stringify(record));
  expect(Object.keys(parsed)).toEqual(Object.keys(record));
  expect(parsed).toEqual(record);
  expect({ ...parsed }).toEqual(record);
});

test.each([
  ["a read record", read],
  ["a failed record", failed],
])("stores get the same JSON of %s, whether it came as text or was made here", (_, record) => {
  const parsed = parseRecordText(recordText(record));
  expect(contentJson(parsed)).toBe(contentJson(record));
  expect(objectJson(parsed)).toBe(objectJson(record));
  const { uri, object, ...content } = record;
  expect(JSON.parse(contentJson(parsed))).toEqual(content);
});

test("parts of a record's text hold no raw tab or line end, which part them on their way", () => {
  expect(Object.values(recordText(read)).join("")).not.toMatch(/[\t\n]/);
});
