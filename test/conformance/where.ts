/** Every catalogue answers a condition as `matches` does (src/stores/condition.ts): a new one takes one line beside its other tests. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FailedRecord, ImageRecord, ReadRecord, Summary, Tags } from "../../src/record/types.ts";
import { matches } from "../../src/stores/condition.ts";
import type { Catalogue, Comparison, Condition } from "../../src/stores/contract.ts";
import { expectRecord } from "../schema.ts";

type Compare = Extract<Condition, { kind: "compare" }>;
type Scalar = string | number | boolean;

function read(name: string, summary: Summary, tags: Tags = {}, more: Partial<ReadRecord> = {}): ReadRecord {
  return {
    schema: 1,
    engine: "0.1.0",
    values: "numeric",
    uri: `gs://where/${name}`,
    object: { bucket: "where", name, generation: "1700000000000000", metageneration: "1", size: 1000 + name.length },
    format: "JPEG",
    mimeType: "image/jpeg",
    width: 640,
    height: 480,
    summary,
    tags,
    warnings: [],
    read: { requests: 1, bytes: 65_536 },
    ...more,
  };
}

const failed: FailedRecord = {
  schema: 1,
  engine: "0.1.0",
  values: "numeric",
  uri: "gs://where/failed.jpg",
  object: { bucket: "where", name: "failed.jpg", generation: "1700000000000001", metageneration: "1", size: 3 },
  error: { code: "TRUNCATED", message: "it ends" },
  read: { requests: 1, bytes: 3 },
};

/** Records that differ in what tells one meaning of a comparison from another: absence, type, order, quotes, names, lists. */
export const RECORDS: readonly ImageRecord[] = [
  read("a.jpg", { make: "Apple", iso: 800, takenAt: "2024-05-18T19:42:07.318+03:00", keywords: ["sea", "boat, red"], flashFired: false }),
  read("a/b.jpg", { make: "apple", iso: 80, takenAt: "2024-05-18", keywords: ["sea"], flashFired: true, latitude: 0, longitude: 0 }),
  read("a_b.jpg", { make: "App", iso: 1600, takenAt: "2024-05", latitude: -33.86, longitude: 151.2, rating: -1 }),
  read("quotes.jpg", { make: 'O\'Neill "&" Sons', title: "100% _sure_ \\ %", keywords: ["'", '"', "%", "_", "\\"] }),
  read("order-1.jpg", { make: "\uffee", title: "é", keywords: [""] }),
  read("order-2.jpg", { make: "😀", title: "e\u0301", keywords: ["😀"] }),
  read("order-3.jpg", { make: "Z", title: "z" }),
  read("empty.jpg", {}),
  read("numbers.jpg", { iso: 0, exposureTime: 0.000353982, fNumber: 1e-7, altitude: -430.5, frames: 9_007_199_254_740_991 }),
  read("types.jpg", {}, { X: { Value: "800", List: ["800", 800, true, [1]], Struct: { Value: 800 }, Flag: "true", Empty: {} } }),
  read("types-2.jpg", {}, { X: { Value: 800, List: [800], Struct: "Value", Flag: true, Empty: "" } }),
  read("types-3.jpg", {}, { X: { Value: true, List: [], Struct: [{ Value: 800 }], Flag: 1, Empty: [] } }),
  read(
    "names.jpg",
    { copyright: "© 2024 A" },
    {
      "XMP-dc": { Creator: ["Nadia Okafor"], "Title-de": "Der Buchbinder", Rights: "© 2024 A" },
      "a.b": { 'c"d': 1, "e'f": "x", $g: "y", "h i": { "j.k": true }, "[0]": 2, "0": 3, "": 4 },
    },
  ),
  read("wide.png", { hasAlpha: true }, {}, { format: "PNG", mimeType: "image/png", width: 4000, orientation: 6 }),
  read("warned.jpg", {}, {}, { warnings: [{ code: "TRUNCATED", message: "the file ends" }] }),
  read(
    "custom.jpg",
    {},
    {},
    { object: { bucket: "where", name: "custom.jpg", generation: "5", metadata: { album: "Nepal 2024", n: "7" } } },
  ),
  failed,
];

const is = (path: string | readonly string[], comparison: Comparison, value?: Scalar): Compare => ({
  kind: "compare",
  field: typeof path === "string" ? path.split(".") : path,
  comparison,
  ...(value === undefined ? {} : { value }),
});
const not = (part: Condition): Condition => ({ kind: "not", part });

/** What is easily got wrong, each by itself, so that a failure says what it is. */
export const CASES: readonly (readonly [says: string, condition: Condition, names: readonly string[]])[] = [
  ["a text is equal by case", is("summary.make", "=", "Apple"), ["a.jpg"]],
  ["a field that is not there is not unequal", is("summary.flashFired", "!=", true), ["a.jpg"]],
  ["not of a field that is not there is true", not(is("format", "=", "JPEG")), ["failed.jpg", "wide.png"]],
  ["numbers compare as numbers", is("summary.iso", ">=", 800), ["a.jpg", "a_b.jpg"]],
  ["a text is no number", is("tags.X.Value", "=", 800), ["types-2.jpg"]],
  ["another type is unequal", is("tags.X.Value", "!=", 800), ["types-3.jpg", "types.jpg"]],
  ["another type has no order", is("tags.X.Value", "<=", "9"), ["types.jpg"]],
  ["booleans have no order", is("tags.X.Flag", ">=", false), []],
  ["a list is no text", is("summary.keywords", "=", "sea"), []],
  ["a list is unequal to a text", is("summary.keywords", "!=", "sea"), ["a.jpg", "a/b.jpg", "order-1.jpg", "order-2.jpg", "quotes.jpg"]],
  ["contains finds a whole item", is("summary.keywords", "contains", "boat"), []],
  ["contains finds an item by its type", is("tags.X.List", "contains", 800), ["types-2.jpg", "types.jpg"]],
  ["contains finds a part of a text", is("summary.make", "contains", "pp"), ["a.jpg", "a/b.jpg", "a_b.jpg"]],
  ["contains takes no wildcards", is("summary.title", "contains", "0% _"), ["quotes.jpg"]],
  ["contains looks at no field of a structure", is("tags.X.Struct", "contains", "Value"), ["types-2.jpg"]],
  ["every text contains the empty one", is("summary.copyright", "contains", ""), ["names.jpg"]],
  ["a list contains the empty text as an item", is("summary.keywords", "contains", ""), ["order-1.jpg"]],
  ["quotes are text", is("summary.make", "=", 'O\'Neill "&" Sons'), ["quotes.jpg"]],
  ["texts sort as UTF-8", is("summary.make", ">", "\uffee"), ["order-2.jpg"]],
  ["texts are not normalised", is("summary.title", "=", "é"), ["order-1.jpg"]],
  ["dates compare as texts", is("summary.takenAt", "<", "2024-05-18T00"), ["a/b.jpg", "a_b.jpg"]],
  ["names of fields are any texts", is(["tags", "a.b", 'c"d'], "=", 1), ["names.jpg"]],
  ["a dot in a name is no path", is("tags.a.b", "exists"), []],
  ["a number in a path is a name", is(["tags", "a.b", "0"], "=", 3), ["names.jpg"]],
  ["a number in a path is no item", is("tags.X.List.0", "exists"), []],
  ["a list has no fields", is("tags.X.Struct.Value", "exists"), ["types.jpg"]],
  ["an empty structure exists", is("tags.X.Empty", "exists"), ["types-2.jpg", "types-3.jpg", "types.jpg"]],
  ["false exists", is("summary.flashFired", "exists"), ["a.jpg", "a/b.jpg"]],
  ["zero exists", is("summary.latitude", "=", 0), ["a/b.jpg"]],
  ["fractions are exact", is("summary.exposureTime", "=", 0.000353982), ["numbers.jpg"]],
  ["errors are fields", is("error.code", "=", "TRUNCATED"), ["failed.jpg"]],
  ["custom metadata is a field", is("object.metadata.album", "contains", "Nepal"), ["custom.jpg"]],
  ["the address is a field", is("uri", "<=", "gs://where/a.jpg"), ["a.jpg"]],
];

const comparisons: readonly Comparison[] = ["=", "!=", "<", "<=", ">", ">=", "contains", "exists"];

/** An empty catalogue: what catalogueConformance opens will do. */
interface Place {
  readonly catalogue: Catalogue;
  close(): Promise<void>;
}

/** Every path of the records, and every value, so that random conditions are about what is there. */
const paths: string[][] = [];
const values: Scalar[] = [];
for (const record of RECORDS) collect(record, []);

function collect(value: unknown, path: readonly string[]): void {
  if (path.length > 0) paths.push([...path]);
  if (Array.isArray(value)) for (const item of value) scalars(item);
  else if (typeof value === "object" && value !== null) for (const [name, field] of Object.entries(value)) collect(field, [...path, name]);
  else scalars(value);
}

function scalars(value: unknown): void {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") values.push(value);
}

const distinct = <T>(list: readonly T[]): T[] => [...new Map(list.map((each) => [JSON.stringify(each), each])).values()];
const asked = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...distinct(values)) },
  fc.string({ unit: "grapheme", maxLength: 4 }),
  // A part of a text that is there.
  fc
    .tuple(fc.constantFrom(...distinct(values.filter((value) => typeof value === "string"))), fc.nat(8), fc.nat(8))
    .map(([text, start, length]) => [...text].slice(start, start + length).join("")),
  fc.integer({ min: -2000, max: 5000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);

const compare: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...distinct(paths)) }, fc.constantFrom(["summary", "city"], ["tags", "No", "Such"])),
    fc.constantFrom(...comparisons),
    asked,
  )
  .map(([field, comparison, value]) => is(field, comparison, comparison === "exists" ? undefined : value));

/** Conditions of up to 3 levels about the records above. */
export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { weight: 4, arbitrary: compare },
    { weight: 1, arbitrary: tie("any").map(not) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("any"), { minLength: 2, maxLength: 3 }))
        .map(([kind, parts]): Condition => ({ kind, parts })),
    },
  ),
})).any;

const named = (condition: Condition): string[] =>
  RECORDS.filter((record) => matches(condition, record)).map(({ uri }) => uri.slice("gs://where/".length));

/** @param runs random conditions that are asked */
export function whereConformance(name: string, open: () => Promise<Place>, { runs } = { runs: 300 }): void {
  describe(`${name}: where`, () => {
    let place: Place;
    beforeAll(async () => {
      for (const record of RECORDS) expectRecord(record);
      place = await open();
      const outcomes = await place.catalogue.put(RECORDS);
      expect(outcomes.map(({ result }) => result)).toEqual(RECORDS.map(() => "written"));
    });
    afterAll(() => place?.close());

    async function found(where: Condition, uriPrefix?: string): Promise<string[]> {
      const names: string[] = [];
      for await (const { uri } of place.catalogue.iterate({ where, ...(uriPrefix === undefined ? {} : { uriPrefix }) }))
        names.push(uri.slice("gs://where/".length));
      return names.sort();
    }

    test.each(CASES)("%s", async (_, condition, names) => {
      expect(await found(condition)).toEqual([...names].sort());
    });

    test("any condition finds what matches it, also below a prefix", async () => {
      const property = fc.asyncProperty(conditions, fc.constantFrom(undefined, "gs://where/a", "gs://where/a_"), async (where, prefix) => {
        const all = named(where).filter((each) => `gs://where/${each}`.startsWith(prefix ?? ""));
        expect(await found(where, prefix)).toEqual(all.sort());
      });
      await fc.assert(property, { numRuns: runs });
    });
  });
}
