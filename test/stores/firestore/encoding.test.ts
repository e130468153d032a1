import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decoded, encoded, type Json, sizeOf } from "../../../src/stores/firestore/encoding.ts";

/** Levels of maps and arrays. */
function levels(value: Json): number {
  return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levels)) : 0;
}

function refusedBy(value: Json, isInArray = false): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    if (isInArray) return "an array in an array";
    return value.map((item) => refusedBy(item, true)).find(Boolean);
  }
  for (const [name, field] of Object.entries(value)) {
    if (name === "" || /^__.*__$/s.test(name) || Buffer.byteLength(name) > 1500) return `the name ${name}`;
    const inner = refusedBy(field);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

const name = fc.oneof(
  fc.constantFrom("", "$", "$array", "$json", "__name__", "__proto__", "____", "a.b", "constructor", "x".repeat(1600), "é".repeat(750)),
  fc.string(),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((fields) => Object.fromEntries(fields)),
  ),
})).value;

describe("JSON in Firestore's fields", () => {
  test("whatever JSON comes back as it was, and nothing that Firestore refuses goes in", () => {
    fc.assert(
      fc.property(json, (value) => {
        const fields = encoded({ value });
        expect(refusedBy(fields)).toBeUndefined();
        expect(decoded(fields)).toEqual({ value });
      }),
    );
  });

  test("no more than 20 levels, however deep", () => {
    for (const wrap of [(inner: Json): Json => [inner], (inner: Json): Json => ({ "": inner })]) {
      let deep: Json = 1;
      for (let i = 0; i < 40; i++) deep = wrap(deep);
      expect(levels(encoded({ deep }))).toBeLessThanOrEqual(20);
      expect(decoded(encoded({ deep }))).toEqual({ deep });
    }
  });

  test("plain values stay readable", () => {
    const tags = { IFD0: { Make: "Apple", BitsPerSample: [8, 8, 8] }, "XMP-dc": { Creator: ["Ann"] } };
    expect(encoded(tags)).toEqual(tags);
    expect(encoded({ Zones: [[1, 2], [3]] })).toEqual({ Zones: [{ $array: [1, 2] }, { $array: [3] }] });
    expect(encoded({ "": 1, $x: 2, __id__: 3 })).toEqual({ $: 1, $$x: 2, $__id__: 3 });
  });

  test("sizes are Firestore's", () => {
    // The example of docs/firestore/storage-size, without the document's name: 71 bytes of fields.
    expect(sizeOf({ type: "Personal", done: false, priority: 1, description: "Learn Cloud Firestore" })).toBe(71);
    expect(sizeOf([1, "é", true])).toBe(8 + 3 + 1);
  });
});
