/** What every sink promises (src/stores/contract.ts): a new one takes one line in test/stores/sinks/conformance.test.ts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImageRecord } from "../../src/record/types.ts";
import type { ObjectVersion, Sink } from "../../src/stores/contract.ts";
import { arrivalOfRecord, arrivalOfRemoval, type Holding, newer, type RankedContent } from "../../src/stores/merge.ts";
import { expectRecord } from "../schema.ts";

/** What a target says of one image: as much as every format holds. */
export interface Taken {
  readonly uri: string;
  readonly generation?: string;
  readonly title?: string;
  readonly error?: string;
}

export interface SinkPlace {
  open(): Promise<Sink>;
  /** What the target holds of each address once the sink is closed: the newest, by address where the target has an order. */
  taken(): Promise<readonly Taken[]>;
}

export type Event = { readonly put: ImageRecord } | { readonly remove: ObjectVersion };

/** `generation` absent: a source without versions. `version` tells contents of such a source apart. */
export function record(
  name: string,
  {
    generation,
    metageneration = "1",
    error = false,
    version = 0,
  }: { generation?: string; metageneration?: string; error?: boolean; version?: number } = {},
): ImageRecord {
  const versions = generation === undefined ? {} : { generation, metageneration };
  const located = {
    schema: 1,
    engine: "0.1.0",
    values: "numeric",
    uri: `gs://photos/${name}`,
    object: { bucket: "photos", name, size: 1000, ...versions },
    read: { requests: 1, bytes: 1000 },
  } as const;
  const made = `${generation ?? `version ${version}`} of ${name}`;
  const image: ImageRecord = error
    ? { ...located, error: { code: "TRUNCATED", message: `it ends: ${made}` } }
    : {
        ...located,
        format: "JPEG",
        mimeType: "image/jpeg",
        width: 960,
        height: 640,
        summary: { title: made, keywords: ["sea", "boat, red"], iso: 100, flashFired: false },
        tags: { IFD0: { Make: "Apple", XResolution: 72 } },
        warnings: [],
      };
  expectRecord(image);
  return image;
}

/** What the rules of merge.ts leave of a history, by address as UTF-8 bytes. */
export function expected(history: readonly Event[]): readonly Taken[] {
  type Content = RankedContent & { readonly record: ImageRecord };
  const held = new Map<string, Holding<Content>>();
  for (const event of history) {
    const [uri, arrival] =
      "put" in event ? [event.put.uri, arrivalOfRecord(event.put)] : [event.remove.uri, arrivalOfRemoval(event.remove)];
    held.set(uri, newer<Content>(held.get(uri), arrival).holding);
  }
  const living = [...held.values()].flatMap((holding) =>
    holding.isGone || holding.content === undefined ? [] : [{ ...holding.content.record, object: holding.object }],
  );
  return living.map(takenOf).sort((a, b) => Buffer.compare(Buffer.from(a.uri), Buffer.from(b.uri)));
}

export function takenOf({
  uri,
  object,
  summary,
  error,
}: Pick<ImageRecord, "uri" | "object" | "error"> & { summary?: { title?: string } }): Taken {
  return {
    uri,
    ...(object.generation !== undefined && { generation: object.generation }),
    ...(summary?.title !== undefined && { title: summary.title }),
    ...(error !== undefined && { error: error.code }),
  };
}

/** Names whose order as UTF-16 is not that as UTF-8. */
const NAMES = ["a.jpg", "a/b.jpg", "ünï.jpg", "日本.jpg", "\uffee.jpg", "😀.jpg"];

const someName = fc.constantFrom(...NAMES);
const someGeneration = fc.constantFrom(undefined, "9", "10", "1555372964219642", "9007199254740993", "9007199254740992");
const someEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(someName, someGeneration, fc.constantFrom("1", "2", "10"), fc.boolean(), fc.nat(3))
      .map(([name, generation, metageneration, error, version]) => ({
        put: record(name, { ...(generation !== undefined && { generation }), metageneration, error, version }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(someName, someGeneration)
      .map(([name, generation]) => ({ remove: { uri: `gs://photos/${name}`, ...(generation !== undefined && { generation }) } })),
  },
);

/** @param open a place of its own for each call */
export function sinkConformance(name: string, open: () => Promise<SinkPlace>, { runs = 25 } = {}): void {
  describe(name, () => {
    async function takenAfter(history: readonly Event[]): Promise<readonly Taken[]> {
      const place = await open();
      const sink = await place.open();
      for (const event of history) {
        const [outcome] = "put" in event ? await sink.put([event.put]) : await sink.remove([event.remove]);
        expect(outcome).toMatchObject({
          uri: "put" in event ? event.put.uri : event.remove.uri,
          result: expect.not.stringMatching("failed"),
        });
      }
      await sink.close();
      return place.taken();
    }

    test("takes records, and gives one outcome each, in order", async () => {
      const place = await open();
      const sink = await place.open();
      const records = NAMES.map((each, i) => record(each, { generation: "7", error: i === 2 }));
      const outcomes = await sink.put(records);
      expect(outcomes).toEqual(records.map(({ uri }) => ({ uri, result: "written" })));
      await sink.close();
      expect(await place.taken()).toEqual(expected(records.map((put) => ({ put }))));
    });

    test("is whole without a record", async () => {
      expect(await takenAfter([])).toEqual([]);
    });

    test("whatever the order of arrival, the newest of an address is what counts, removals too", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(someEvent, { maxLength: 16 }), async (history) => {
          expect(await takenAfter(history)).toEqual(expected(history));
        }),
        { numRuns: runs },
      );
    });

    test("a late message brings no removed image back", async () => {
      const put = record("late.jpg", { generation: "5" });
      expect(await takenAfter([{ remove: { uri: put.uri, generation: "5" } }, { put }])).toEqual([]);
      const replaced = record("late.jpg", { generation: "6" });
      expect(await takenAfter([{ remove: { uri: put.uri, generation: "5" } }, { put: replaced }, { put }])).toEqual([takenOf(replaced)]);
    });

    test("a record that cannot be taken fails alone", async () => {
      const place = await open();
      const sink = await place.open();
      const [good, other] = [record("good.jpg", { generation: "1" }), record("other.jpg", { generation: "2" })];
      const bad = record("bad.jpg", { generation: "yesterday" });
      const printed: ImageRecord = { ...record("printed.jpg", { generation: "1" }), values: "printed" };
      const outcomes = await sink.put([good, bad, printed, other]);
      expect(outcomes.map(({ result }) => result)).toEqual(["written", "failed", "failed", "written"]);
      expect(outcomes.map((outcome) => (outcome.result === "failed" ? outcome.error.code : ""))).toEqual([
        "",
        "MALFORMED",
        "MALFORMED",
        "",
      ]);
      const removals = await sink.remove([
        { uri: bad.uri, generation: "-1" },
        { uri: other.uri, generation: "2" },
      ]);
      expect(removals.map(({ result }) => result)).toEqual(["failed", "written"]);
      await sink.close();
      expect(await place.taken()).toEqual([takenOf(good)]);
    });

    test("closing twice is closing once", async () => {
      const place = await open();
      const sink = await place.open();
      await sink.put([record("once.jpg", { generation: "1" })]);
      await sink.close();
      await sink.close();
      expect(await place.taken()).toHaveLength(1);
    });
  });
}
