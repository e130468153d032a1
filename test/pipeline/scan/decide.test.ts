import { expect, test } from "vitest";
import { decide } from "../../../src/pipeline/scan/decide.ts";
import type { ErrorCode, ObjectInfo } from "../../../src/record/types.ts";
import type { Held } from "../../../src/stores/contract.ts";

const info: ObjectInfo = { generation: "1700000000000001", metageneration: "2", size: 10, updated: "2024-01-01T00:00:00Z" };
const held: Held = { uri: "gs://b/a.jpg", generation: "1700000000000001", metageneration: "2", size: 10, engine: "0.1.0" };

test("what the store holds at the same generation is left alone", () => {
  expect(decide(info, held)).toBe("unchanged");
  expect(decide(info, undefined)).toBe("read");
  expect(decide(info, { ...held, generation: "1700000000000000" })).toBe("read");
  expect(decide({ ...info, generation: "9" }, { ...held, generation: "10", metageneration: "1" })).toBe("unchanged");
});

test("a version without content is read", () => {
  const { engine, ...empty } = held;
  expect(decide(info, empty)).toBe("read");
});

test("new metadata alone is no reason to read", () => {
  expect(decide({ ...info, metageneration: "10" }, { ...held, metageneration: "9" })).toBe("update");
  expect(decide(info, { ...held, metageneration: "3" })).toBe("unchanged");
});

test.each<[ErrorCode, string]>([
  ["UNAVAILABLE", "read"],
  ["CHANGED", "read"],
  ["FORBIDDEN", "read"],
  ["UNAUTHENTICATED", "read"],
  ["INTERNAL", "read"],
  ["NOT_AN_IMAGE", "unchanged"],
  ["TRUNCATED", "unchanged"],
])("an error %s is %s", (error, decision) => {
  expect(decide(info, { ...held, error })).toBe(decision);
  expect(decide(info, { ...held, error }, { errors: true })).toBe("read");
});

test("asked for, all or what an older version has read is read again", () => {
  expect(decide(info, held, { full: true })).toBe("read");
  expect(decide(info, held, { errors: true })).toBe("unchanged");
  expect(decide(info, held, { olderThan: "0.1.0" })).toBe("unchanged");
  expect(decide(info, { ...held, engine: "0.9.0" }, { olderThan: "0.10.0" })).toBe("read");
  expect(decide(info, { ...held, engine: "1.0.0-rc.1" }, { olderThan: "1.0.0" })).toBe("read");
});

test("without versions, size, time and ETag tell", () => {
  const file: ObjectInfo = { size: 10, updated: "2024-01-01T00:00:00.123Z" };
  const kept: Held = { uri: "file:///a.jpg", size: 10, updated: "2024-01-01T00:00:00.123Z", engine: "0.1.0" };
  expect(decide(file, kept)).toBe("unchanged");
  expect(decide({ ...file, size: 11 }, kept)).toBe("read");
  expect(decide({ ...file, updated: "2024-01-01T00:00:00.124Z" }, kept)).toBe("read");
  expect(decide({ size: 10 }, { ...kept, updated: undefined as never })).toBe("read");
  expect(decide({ ...file, etag: '"1"' }, { ...kept, etag: '"2"' })).toBe("read");
});
