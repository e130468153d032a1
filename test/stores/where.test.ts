import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ImagemetaError } from "../../src/record/errors.ts";
import type { ImageRecord } from "../../src/record/types.ts";
import { matches } from "../../src/stores/condition.ts";
import type { Condition } from "../../src/stores/contract.ts";
import { parseWhere } from "../../src/stores/where.ts";
import { CASES, conditions, RECORDS } from "../conformance/where.ts";

const compare = (field: string, comparison: string, value?: string | number | boolean) => ({
  kind: "compare",
  field: field.split("."),
  comparison,
  ...(value === undefined ? {} : { value }),
});

/** The text of a condition: what it was parsed from, but for spaces, quotes and parentheses that change nothing. */
function written(condition: Condition): string {
  switch (condition.kind) {
    case "not":
      return `not ${enclosed(condition.part)}`;
    case "compare": {
      const { field, comparison, value } = condition;
      const path = field.map((part) => (/^[A-Za-z][\w-]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`)).join(".");
      if (value === undefined) return `${path} ${comparison}`;
      return `${path} ${comparison} ${typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : value}`;
    }
    default:
      return condition.parts.map(enclosed).join(` ${condition.kind} `);
  }
}

const enclosed = (part: Condition): string => (part.kind === "and" || part.kind === "or" ? `(${written(part)})` : written(part));

/** A boolean with an order is a condition that means false, and none that can be written. */
function isWritable(condition: Condition): boolean {
  if (condition.kind === "not") return isWritable(condition.part);
  if (condition.kind !== "compare") return condition.parts.every(isWritable);
  return typeof condition.value !== "boolean" || !/[<>]/.test(condition.comparison);
}

function refusal(text: string): string {
  try {
    parseWhere(text);
  } catch (thrown) {
    if (thrown instanceof ImagemetaError && thrown.code === "MALFORMED") return thrown.message;
    throw thrown;
  }
  return "none";
}

describe("the grammar", () => {
  test("and comes before or, not before both", () => {
    const [a, b, c] = [compare("width", ">", 1), compare("height", ">", 2), compare("format", "=", "PNG")];
    expect(parseWhere("width > 1 and height > 2 or format = 'PNG'")).toEqual({ kind: "or", parts: [{ kind: "and", parts: [a, b] }, c] });
    expect(parseWhere("width>1 AND(height>2 OR format='PNG')")).toEqual({ kind: "and", parts: [a, { kind: "or", parts: [b, c] }] });
    expect(parseWhere("not width > 1 and not (height > 2)")).toEqual({
      kind: "and",
      parts: [
        { kind: "not", part: a },
        { kind: "not", part: b },
      ],
    });
    expect(parseWhere("width > 1 or height > 2 or format = 'PNG'")).toEqual({ kind: "or", parts: [a, b, c] });
  });

  test("values are texts, numbers and booleans", () => {
    const value = (text: string) => (parseWhere(`tags.X.Y = ${text}`) as { value: unknown }).value;
    expect(["'it''s'", "''", "'a.\"b\"'", "800", "-1.5", "+2", "1e-3", ".5", "true", "FALSE"].map(value)).toEqual([
      "it's",
      "",
      'a."b"',
      800,
      -1.5,
      2,
      0.001,
      0.5,
      true,
      false,
    ]);
    expect(Object.is(value("-0"), 0)).toBe(true);
  });

  test("fields are paths; parts with other characters stand in double quotes", () => {
    const field = (text: string) => (parseWhere(`${text} exists`) as { field: unknown }).field;
    expect(field('tags."XMP-dc".Creator')).toEqual(["tags", "XMP-dc", "Creator"]);
    expect(field("tags.XMP-dc.Title-de")).toEqual(["tags", "XMP-dc", "Title-de"]);
    expect(field('tags."a.b"."c""d".35.35mm')).toEqual(["tags", "a.b", 'c"d', "35", "35mm"]);
    expect(field("object.metadata.not")).toEqual(["object", "metadata", "not"]);
    expect(field("summary . make")).toEqual(["summary", "make"]);
  });

  test.each([
    ["", 1, "is empty"],
    ["  ", 3, "is empty"],
    ["make = 'Apple'", 1, "write summary.make"],
    ["Summary.make = 'Apple'", 1, "write summary"],
    ["summary.Make = 'Apple'", 1, "write summary.make"],
    ["summary.maker = 'Apple'", 1, "it has takenAt"],
    ["width.x = 1", 1, "width has no field x"],
    ["nonsense = 1", 1, "tags are written tags.IFD0.Make"],
    ["constructor = 1", 1, "no field constructor"],
    ['summary.make = "Apple"', 16, "single quotes"],
    ["summary.make = Apple", 16, "Apple is no value"],
    ["summary.make == 'Apple'", 14, "write ="],
    ["summary.make <> 'Apple'", 14, "write !="],
    ["summary.make like 'A%'", 14, "write contains"],
    ["summary.make", 13, "a comparison is missing"],
    ["summary.make =", 15, "a value is missing"],
    ["summary.make = 'Apple", 16, "this ' is not closed"],
    ['tags."XMP-dc.Creator exists', 6, 'this " is not closed'],
    ["summary. = 1", 10, "expected a field"],
    ["summary.make exists format", 21, "expected and, or"],
    ["summary.make exists and", 24, "a field is missing"],
    ["(width > 1", 1, "this ( is not closed"],
    ["width > 1)", 10, "closes nothing"],
    ["width > 1 & height > 1", 11, "& has no meaning"],
    ["800 < width", 1, "begins with a field"],
    ["summary.flashFired > true", 22, "no order"],
    ["width > 1e999", 9, "too large"],
    ["width > 1.2.3", 9, "is no value"],
    ["summary.title = '😀' and x", 25, "no field x"],
    ["summary.title = 'a\0b'", 17, "no record holds"],
    [`${"(".repeat(60)}width > 1${")".repeat(60)}`, 52, "nested"],
    [`${"width > 1 or ".repeat(300)}width > 1`, 2601, "comparisons"],
  ])("%j is refused at its column", (text, column, says) => {
    const message = refusal(text);
    expect(message).toContain(says);
    expect(message.split(":")[0]).toBe(`column ${column}`);
    const [, shown = "", mark = ""] = message.split("\n");
    expect(mark).toBe(`${" ".repeat(column + 1)}^`);
    expect([...shown]).toHaveLength([...text].length + 2);
  });

  test("what is written of a condition is parsed to the same condition", () => {
    fc.assert(
      fc.property(conditions.filter(isWritable), (condition) => {
        expect(parseWhere(written(condition))).toEqual(condition);
      }),
    );
  });

  test("any text is a condition or is refused", () => {
    const words = fc.constantFrom(
      "summary.make",
      "and",
      "or",
      "not",
      "(",
      ")",
      "=",
      "<",
      "'a'",
      "1",
      ".",
      '"',
      "'",
      "exists",
      "contains",
      " ",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words).map((all) => all.join(" ")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(refusal(text)).toMatch(/^(none$|column \d+: )/);
      }),
    );
  });
});

describe("matches", () => {
  test.each(CASES)("%s", (_, condition, names) => {
    const found = RECORDS.filter((record) => matches(condition, record)).map(({ uri }) => uri.slice("gs://where/".length));
    expect(found.sort()).toEqual([...names].sort());
  });

  test("is total, and not is its opposite", () => {
    const records = fc.oneof(fc.constantFrom(...RECORDS), fc.object() as unknown as fc.Arbitrary<ImageRecord>);
    fc.assert(
      fc.property(conditions, records, (condition, record) => {
        expect(matches({ kind: "not", part: condition }, record)).toBe(!matches(condition, record));
      }),
    );
  });

  test("what every object inherits is no field", () => {
    const [record] = RECORDS as [ImageRecord];
    for (const name of ["constructor", "toString", "__proto__"])
      expect(matches({ kind: "compare", field: ["summary", name], comparison: "exists" }, record)).toBe(false);
  });
});
