import { describe, expect, test } from "vitest";
import { Budget } from "../../../src/metadata/budget.ts";
import { readPropertyList } from "../../../src/metadata/grammar/property-list.ts";
import { defaultLimits } from "../../../src/record/limits.ts";
import { marker, objectList, propertyList } from "../../builders/property-list.ts";

function read(bytes: Uint8Array, budget = new Budget(defaultLimits)): unknown {
  return readPropertyList(bytes, budget);
}

describe("a binary property list", () => {
  test.each([
    ["integers", 1_000_000_000],
    ["integers beyond 2⁵³", 2n ** 63n],
    ["real numbers", 1.25],
    ["texts", "value"],
    ["long texts", "x".repeat(1000)],
    ["texts in UTF-16", "Größe 🙂"],
    ["truth", true],
    ["falsehood", false],
    ["nothing", null],
    ["dates", new Date("2024-05-06T07:08:09Z")],
    ["lists", [1, "a", [2, []]]],
  ])("gives %s", (_, value) => {
    expect(read(propertyList(value as never))).toEqual(value);
  });

  test("gives bytes", () => {
    expect(read(Uint8Array.from(propertyList(Buffer.of(1, 2, 3))))).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("gives dictionaries in their order", () => {
    const list = read(propertyList({ flags: 1, value: 2, inner: { a: "b" } }));
    expect([...(list as Map<string, unknown>)]).toEqual([
      ["flags", 1],
      ["value", 2],
      ["inner", new Map([["a", "b"]])],
    ]);
  });

  test("gives identifiers as numbers, and as digits if they are long", () => {
    expect(read(objectList([Buffer.of(0x81, 1, 2)]))).toBe(258);
    expect(read(objectList([Buffer.of(0x84, 1, 2, 3, 4, 5)]))).toBe("0x0102030405");
  });

  test("takes offsets and references of other sizes", () => {
    const list = Buffer.concat([marker(10, 1), Buffer.of(0, 0, 1)]);
    expect(read(objectList([list, Buffer.of(0x10, 7)], { offsetSize: 4, referenceSize: 3 }))).toEqual([7]);
  });
});

describe("refuses a property list", () => {
  const nested = Array.from({ length: 100 }, (_, i) => Buffer.concat([marker(10, 1), Buffer.of(i + 1)]));
  const doubling = Array.from({ length: 30 }, (_, i) => Buffer.concat([marker(10, 2), Buffer.of(i + 1, i + 1)]));

  test.each([
    ["without a trailer", Buffer.from("bplist00")],
    ["whose object refers to itself", objectList([Buffer.concat([marker(10, 1), Buffer.of(0)])])],
    ["whose objects refer to each other in a circle", objectList([Buffer.of(0xd1, 1, 0), Buffer.of(0x51, 0x61)])],
    ["deeper than 32 levels", objectList([...nested, Buffer.of(8)])],
    ["that doubles at each level", objectList([...doubling, Buffer.of(8)])],
    ["with a count of 2³² objects", objectList([Buffer.of(0xaf, 0x12, 255, 255, 255, 255)])],
    ["with a count of 2⁶⁴ objects", objectList([Buffer.of(0xaf, 0x13, ...Array(8).fill(255))])],
    ["with a text of 2³² characters", objectList([Buffer.of(0x6f, 0x12, 255, 255, 255, 255)])],
    ["with references of no bytes", objectList([Buffer.of(0xaf, 0x12, 255, 255, 255, 255)], { referenceSize: 0 })],
    ["with offsets of no bytes", objectList([Buffer.of(8)], { offsetSize: 0 })],
    ["that announces more objects than it has", objectList([Buffer.of(8)], { count: 1e15 })],
    ["whose top object is not there", objectList([Buffer.of(8)], { top: 1 })],
    ["with a reference to an object that is not there", objectList([Buffer.concat([marker(10, 1), Buffer.of(9)])])],
    ["with an object of a type that does not exist", objectList([Buffer.of(0xf0)])],
    ["with a length that is a text", objectList([Buffer.of(0xaf, 0x51, 0x61)])],
  ])("%s", (_, bytes) => {
    expect(() => read(bytes)).toThrow(/^a property list /);
  });

  test("cut anywhere, with its trailer", () => {
    const whole = propertyList({ flags: 1, value: 2n ** 40n, list: ["a", 1.5, null] });
    for (let length = 0; length < whole.length - 32; length++) {
      const cut = Buffer.concat([whole.subarray(0, length), whole.subarray(-32)]);
      expect(() => read(cut), String(length)).toThrow(/^a property list /);
    }
  });
});

test("reading a property list is charged for each object and its bytes", () => {
  const cost = (bytes: Uint8Array) => {
    const budget = new Budget(defaultLimits);
    read(bytes, budget);
    return budget.spent;
  };
  const few = cost(propertyList(Array(10).fill("abcdefgh")));
  const many = cost(propertyList(Array(100).fill("abcdefgh")));
  expect(many.steps - few.steps).toBeGreaterThan(90 * 16);
  expect(many.kept - few.kept).toBeGreaterThan(90 * 60);
});

test("one long text that thousands of references share does not fill the memory", () => {
  const shared = Buffer.concat([marker(10, 60_000), Buffer.alloc(60_000, 1)]);
  const long = Buffer.concat([marker(5, 60_000), Buffer.alloc(60_000, 0x61)]);
  expect(() => read(objectList([shared, long], { offsetSize: 4 }))).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
});
