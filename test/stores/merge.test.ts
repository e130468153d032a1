import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ImagemetaError } from "../../src/record/errors.ts";
import type { Arrival, Holding, RankedContent } from "../../src/stores/merge.ts";
import { contentRank, engineOrder, newer, versionNumber } from "../../src/stores/merge.ts";

interface Content extends RankedContent {
  readonly from: string;
}

function read(generation: bigint, metageneration: bigint, rank: string, from = ""): Arrival<Content> {
  return { generation, metageneration, object: { etag: `${generation}/${metageneration}${from}` }, content: { rank, from } };
}

function update(generation: bigint, metageneration: bigint, from = ""): Arrival<Content> {
  return { generation, metageneration, object: { etag: `${generation}/${metageneration}${from}` } };
}

function removal(generation: bigint): Arrival<Content> {
  return { generation, isGone: true };
}

function fold(...arrivals: Arrival<Content>[]): Holding<Content> | undefined {
  return arrivals.reduce<Holding<Content> | undefined>((held, arrived) => newer(held, arrived).holding, undefined);
}

function results(...arrivals: Arrival<Content>[]): string[] {
  let held: Holding<Content> | undefined;
  return arrivals.map((arrived) => {
    const { holding, result } = newer(held, arrived);
    held = holding;
    return result;
  });
}

const [failed, success] = ["0", "1"];

describe("newer", () => {
  test("a higher generation wins whole, also an error over a success", () => {
    expect(fold(read(1n, 9n, success), read(2n, 1n, failed))).toEqual(read(2n, 1n, failed));
    expect(results(read(2n, 1n, failed), read(1n, 9n, success))).toEqual(["written", "superseded"]);
  });

  test("generations beyond 2^53 are told apart", () => {
    expect(results(read(2n ** 53n + 1n, 1n, success), read(2n ** 53n, 1n, success))).toEqual(["written", "superseded"]);
  });

  test("object and content of one generation win separately", () => {
    const both = fold(read(1n, 3n, failed, "a"), read(1n, 2n, success, "b"));
    expect(both).toEqual({ ...read(1n, 3n, failed, "a"), content: { rank: success, from: "b" } });
    expect(fold(both as Arrival<Content>, update(1n, 4n))).toEqual({ ...update(1n, 4n), content: { rank: success, from: "b" } });
  });

  test("no error over a success of the same generation; of equals the later is taken", () => {
    expect(results(read(1n, 1n, success), read(1n, 0n, failed), read(1n, 1n, success))).toEqual(["written", "superseded", "written"]);
    expect(fold(read(1n, 1n, failed, "a"), read(1n, 1n, failed, "b"))).toEqual(read(1n, 1n, failed, "b"));
  });

  test("an update without content of its generation is superseded, and its object is kept for the content to come", () => {
    expect(results(update(1n, 2n), read(1n, 1n, success), update(1n, 3n), update(1n, 2n), update(2n, 1n))).toEqual([
      "superseded",
      "written",
      "written",
      "superseded",
      "superseded",
    ]);
    expect(fold(update(1n, 2n), read(1n, 1n, success))).toEqual({ ...update(1n, 2n), content: { rank: success, from: "" } });
    expect(fold(read(1n, 1n, success), update(2n, 1n))).toEqual(update(2n, 1n));
  });

  test("a tombstone wins over an equal generation, a higher generation over a tombstone", () => {
    expect(results(removal(2n), read(2n, 5n, success), update(2n, 5n), read(3n, 1n, success), removal(2n), removal(3n))).toEqual([
      "written",
      "superseded",
      "superseded",
      "written",
      "superseded",
      "written",
    ]);
  });

  test("without versions the later observation wins, and loses to every version", () => {
    expect(fold(read(0n, 0n, success, "a"), read(0n, 0n, failed, "b"))).toEqual(read(0n, 0n, failed, "b"));
    expect(results(read(0n, 0n, success), removal(0n), read(0n, 0n, failed), update(0n, 0n))).toEqual(Array(4).fill("written"));
    expect(results(read(1n, 1n, success), removal(0n), read(0n, 0n, failed), update(0n, 0n))).toEqual([
      "written",
      "superseded",
      "superseded",
      "superseded",
    ]);
  });

  test("any order, with any duplicates, ends the same", () => {
    const small = fc.bigInt(1n, 3n);
    const arrival = fc.oneof(
      fc.tuple(small, small, fc.constantFrom("0a", "0b", "1a", "1b")).map(([g, m, rank]) => read(g, m, rank, "")),
      fc.tuple(small, small).map(([g, m]) => update(g, m)),
      small.map(removal),
    );
    const histories = fc
      .array(arrival, { minLength: 1, maxLength: 8 })
      .chain((history) => fc.tuple(fc.constant(history), fc.shuffledSubarray([...history, ...history], { minLength: 2 * history.length })));
    fc.assert(
      fc.property(histories, ([history, shuffled]) => {
        expect(fold(...shuffled)).toEqual(fold(...history));
      }),
    );
  });
});

describe("the order of engines", () => {
  // The order of Semantic Versioning 2.0.0 §11, with numbers that text would sort wrongly.
  const ORDERED = [
    "no version",
    "0.9.0",
    "0.10.0",
    "1.0.0-1",
    "1.0.0-9",
    "1.0.0-10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-alpha-2",
    "1.0.0-alphabet",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "2.0.0",
    "10.0.0",
  ];

  test("is that of semantic versions", () => {
    const keys = ORDERED.map(engineOrder);
    expect(keys.toSorted()).toEqual(keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("takes no heed of build metadata", () => {
    expect(engineOrder("1.0.0+linux.5")).toBe(engineOrder("1.0.0"));
  });

  test("comes after success over error", () => {
    const head = { schema: 1, values: "numeric", uri: "gs://b/a", object: {}, read: { requests: 1, bytes: 1 } } as const;
    const image = { format: "JPEG", mimeType: "image/jpeg", summary: {}, tags: {}, warnings: [] };
    const success = contentRank({ ...head, ...image, engine: "0.9.0" });
    const error = { code: "TRUNCATED", message: "" } as const;
    expect(success > contentRank({ ...head, error, engine: "0.10.0" })).toBe(true);
    expect(contentRank({ ...head, ...image, engine: "0.10.0" }) > success).toBe(true);
  });
});

test("generations are 64-bit integers", () => {
  expect(versionNumber("9223372036854775807")).toBe(2n ** 63n - 1n);
  expect(versionNumber(undefined)).toBe(0n);
  for (const text of ["9223372036854775808", "-1", "1e3", "", "12x", "1".repeat(99)])
    expect(() => versionNumber(text)).toThrow(ImagemetaError);
});
