import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ImageRecord, ReadRecord } from "../../../src/record/types.ts";
import type { Condition } from "../../../src/stores/contract.ts";
import { contentFields, contentOf, idOf, rootOf } from "../../../src/stores/firestore/document.ts";
import { sizeOf } from "../../../src/stores/firestore/encoding.ts";
import { filters, INDEXED } from "../../../src/stores/firestore/query.ts";
import { noise } from "../../builders/noise.ts";
import { objectAt, recordOf } from "../../conformance/catalogue-model.ts";

const plain = recordOf("gs://b/a.jpg", objectAt("5", "1")) as ReadRecord;

function contentOnly({ uri: _, object: __, ...content }: ImageRecord): object {
  return content;
}

describe("a record as a document", () => {
  test("stands in its own fields where it fits", () => {
    const { fields, parts } = contentFields(plain);
    expect([fields, parts]).toEqual([contentOnly(plain), []]);
    expect(contentOf({ ...fields, uri: plain.uri, state: {}, root: "gs://b/" }, [])).toEqual(contentOnly(plain));
  });

  test("larger than a document it goes into parts, and stays to be found by its summary", () => {
    const large = { ...plain, tags: { X: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`T${i}`, noise(60_000, i)])) } };
    const { fields, parts } = contentFields(large);
    expect(fields).toMatchObject({ format: "JPEG", summary: { make: "Apple" }, packed: { parts: parts.length } });
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(1_000_000);
    expect(contentOf(fields, parts)).toEqual(contentOnly(large));
  });

  test("with more keywords than a document has index entries, it loses none", () => {
    const many = { ...plain, summary: { make: "Apple", keywords: Array.from({ length: 40_000 }, (_, i) => `${i}`) } };
    const { fields, parts } = contentFields(many);
    expect(fields.summary).toEqual({ make: "Apple" });
    expect(contentOf(fields, parts)).toEqual(contentOnly(many));
  });

  test("larger than a commit it leaves its tags out, and says so", () => {
    const huge = { ...plain, tags: { X: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`T${i}`, noise(1 << 20, i)])) } };
    const { fields, parts } = contentFields(huge);
    expect(contentOf(fields, parts)).toMatchObject({ tags: {}, summary: plain.summary, warnings: [{ code: "LIMIT_EXCEEDED" }] });
    expect(sizeOf(fields)).toBeLessThan(1_000_000);
  });

  test("ids tell addresses apart and spread them", () => {
    expect(idOf("gs://b/a")).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(["gs://b/a", "gs://b/b", "gs://b/"].map(idOf)).size).toBe(3);
    expect(["gs://b/a/c.jpg", "gs://b/", "gs://b", "file:///a/b", "https://h:8/a", "-", ""].map(rootOf)).toEqual([
      "gs://b/",
      "gs://b/",
      undefined,
      "file:///",
      "https://h:8/",
      undefined,
      undefined,
    ]);
  });
});

describe("what Firestore is asked", () => {
  const compare = (field: string, comparison: "=" | ">" | "contains", value: string | number): Condition => ({
    kind: "compare",
    field: field.split("."),
    comparison,
    value,
  });
  const apple = compare("summary.make", "=", "Apple");
  const fast = compare("summary.iso", ">", 800);
  const sea = compare("summary.keywords", "contains", "sea");

  test("equalities together, a member or a range alone: no composite index is needed", () => {
    const all = (...parts: Condition[]): Condition => ({ kind: "and", parts });
    const root = { field: "root", operator: "==", value: "gs://b/" };
    expect(filters({ uriPrefix: "gs://b/2024/" })).toEqual([root]);
    expect(filters({ uriPrefix: "gs://b/2024/", where: all(apple, fast, sea) })).toEqual([
      root,
      { field: "summary.make", operator: "==", value: "Apple" },
    ]);
    expect(filters({ uriPrefix: "gs://b/", where: all(fast, sea) })).toEqual([
      { field: "summary.keywords", operator: "array-contains", value: "sea" },
    ]);
    expect(filters({ where: fast })).toEqual([{ field: "summary.iso", operator: ">", value: 800 }]);
  });

  test("nothing that has no index, or that it would answer otherwise", () => {
    for (const where of [
      compare("summary.takenAt", ">", "2019"),
      compare("tags.IFD0.Make", "=", "Apple"),
      compare("summary.make", "=", "é".repeat(800)),
      { kind: "or", parts: [apple, fast] } as const,
      { kind: "not", part: apple } as const,
    ]) {
      expect(filters({ where })).toEqual([]);
    }
  });

  test("the shipped indexes are of these fields, and of no others", () => {
    const { indexes, fieldOverrides } = JSON.parse(
      readFileSync(new URL("../../../deploy/firestore.indexes.json", import.meta.url), "utf8"),
    );
    expect(indexes).toEqual([]);
    const images = (fieldOverrides as { collectionGroup: string; fieldPath: string; indexes: unknown[] }[]).filter(
      ({ collectionGroup }) => collectionGroup === "images",
    );
    const [exempt, indexed] = [images.filter((each) => each.indexes.length === 0), images.filter((each) => each.indexes.length > 0)];
    // Fields at the top that are not named have the indexes of every field.
    expect(indexed.map(({ fieldPath }) => fieldPath).sort()).toEqual(INDEXED.filter((field) => field.includes(".")).sort());
    const { fields } = contentFields({ ...plain, orientation: 1, thumbnail: { offset: 1, length: 1, mimeType: "image/jpeg" } });
    const top = ["uri", "root", "state", "object", "expiresAt", "packed", "error", ...Object.keys(fields)];
    const unnamed = top.filter((field) => !exempt.some(({ fieldPath }) => fieldPath === field));
    expect(unnamed.sort()).toEqual(["root", ...INDEXED.filter((field) => !field.includes("."))].sort());
  });
});
