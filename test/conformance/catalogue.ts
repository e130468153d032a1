/** What every catalogue promises (src/stores/contract.ts): a new one takes one line in a test of its own. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImagemetaError } from "../../src/record/errors.ts";
import type { ImageRecord, TagValue, ValueForm } from "../../src/record/types.ts";
import type { Catalogue, Held, Query } from "../../src/stores/contract.ts";
import { type Event, type History, histories, Model, objectAt, recordOf, replay, shuffledHistories } from "./catalogue-model.ts";
import { whereConformance } from "./where.ts";

/** An empty catalogue for numeric values. */
export interface CataloguePlace {
  readonly catalogue: Catalogue;
  /** Closes the catalogue and opens it again, for the form it has or the one that is asked for. */
  reopen(values?: ValueForm): Promise<Catalogue>;
  close(): Promise<void>;
}

async function everything(catalogue: Catalogue, query?: Query): Promise<ImageRecord[]> {
  const all: ImageRecord[] = [];
  for await (const record of catalogue.iterate(query)) all.push(record);
  return all;
}

async function everythingHeld(catalogue: Catalogue, uriPrefix: string): Promise<Held[]> {
  const all: Held[] = [];
  for await (const page of catalogue.held(uriPrefix)) all.push(...page);
  return all;
}

/** Sorted by address as UTF-8 bytes. */
function sorted<T extends { readonly uri: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => Buffer.compare(Buffer.from(a.uri), Buffer.from(b.uri)));
}

function heldOf(record: ImageRecord): Held {
  const { generation, metageneration, size, updated, etag } = record.object;
  const held = { uri: record.uri, generation, metageneration, size, updated, etag, engine: record.engine, error: record.error?.code };
  return JSON.parse(JSON.stringify(held));
}

// In the order of their UTF-8 bytes, which is not that of UTF-16 for the last two.
const NAMES = [
  " .jpg",
  "!\"#$%&'()*+,-.jpg",
  "../a//b/./",
  "A.jpg",
  "[0]{}?*.jpg",
  "__name__",
  "a",
  "a\tb\nc",
  "a%",
  "a%25",
  "a\\b_c",
  "a_b",
  "ab",
  "b",
  "x".repeat(1000),
  "ünï/日本",
  "\uffee",
  "😀",
];

export function catalogueConformance(name: string, open: () => Promise<CataloguePlace>, { runs = 40 } = {}): void {
  describe(name, () => {
    let place: CataloguePlace;
    let catalogue: Catalogue;
    let count = 0;
    beforeAll(async () => {
      place = await open();
      catalogue = place.catalogue;
    });
    afterAll(() => place.close());

    /** A prefix of addresses that no other case has. */
    const bucket = () => `gs://bucket-${++count}/`;

    async function resultsOf(...events: Event[]): Promise<string[]> {
      return (await replay(catalogue, events, 1)).map(({ result }) => result);
    }
    const put = (item: ImageRecord): Event => ({ kind: "put", item });
    const update = (uri: string, generation: string, metageneration: string): Event => ({
      kind: "update",
      item: { uri, object: objectAt(generation, metageneration) },
    });
    const removal = (uri: string, generation: string): Event => ({ kind: "remove", item: { uri, generation } });

    async function expectAsModel(model: Model, at: string): Promise<void> {
      const uris = model.uris();
      const records = uris.map((uri) => model.get(uri));
      expect(await Promise.all(uris.map((uri) => catalogue.get(uri)))).toEqual(records);
      const present = records.filter((record) => record !== undefined);
      expect(sorted(await everything(catalogue, { uriPrefix: at }))).toEqual(sorted(present));
      const held = uris.map((uri, i) => {
        const object = model.object(uri);
        const [record] = records.slice(i);
        if (record !== undefined) return heldOf(record);
        return object && JSON.parse(JSON.stringify({ uri, ...object, bucket: undefined }));
      });
      expect(await catalogue.lookup(uris)).toEqual(held);
      expect(await catalogue.tombstones(uris)).toEqual(uris.map((uri) => model.tombstone(uri)));
      expect(sorted(await everythingHeld(catalogue, at))).toEqual(sorted(held.filter((each) => each !== undefined)));
    }

    test("gives back what was put, and nothing for what was not", async () => {
      const at = bucket();
      const image = recordOf(`${at}a.jpg`, { ...objectAt("5", "1"), updated: "2019-03-14T00:02:44.219Z", metadata: { "a.b": "c" } });
      const failed = recordOf(`${at}b.jpg`, objectAt("6", "1"), { failed: true });
      expect(await catalogue.put([image, failed])).toEqual([
        { uri: image.uri, result: "written" },
        { uri: failed.uri, result: "written" },
      ]);
      expect(await catalogue.get(image.uri)).toEqual(image);
      expect(await catalogue.get(failed.uri)).toEqual(failed);
      expect(await catalogue.get(`${at}c.jpg`)).toBeUndefined();
      expect(await catalogue.lookup([failed.uri, `${at}c.jpg`, image.uri, image.uri])).toEqual([
        heldOf(failed),
        undefined,
        heldOf(image),
        heldOf(image),
      ]);
      expect([await catalogue.put([]), await catalogue.update([]), await catalogue.remove([]), await catalogue.lookup([])]).toEqual([
        [],
        [],
        [],
        [],
      ]);
    });

    test("object and content of one generation win separately", async () => {
      const uri = `${bucket()}a.jpg`;
      const error = recordOf(uri, objectAt("5", "9"), { failed: true });
      const success = recordOf(uri, objectAt("5", "8"));
      expect(await resultsOf(put(error), put(success), put(error), put(recordOf(uri, objectAt("5", "8"), { engine: "0.9.0" })))).toEqual([
        "written",
        "written",
        "written",
        "superseded",
      ]);
      expect(await catalogue.get(uri)).toEqual({ ...success, object: error.object });
    });

    test("a newer engine wins over an older of the same generation, by semantic version", async () => {
      const uri = `${bucket()}a.jpg`;
      const by = (engine: string) => put(recordOf(uri, objectAt("5", "1"), { engine }));
      await resultsOf(by("1.10.0-rc.2"), by("1.9.0"), by("1.10.0-rc.10"));
      expect((await catalogue.get(uri))?.engine).toBe("1.10.0-rc.10");
    });

    test("of the same engine the later content wins, be it an error or a success", async () => {
      const at = bucket();
      const error = recordOf(`${at}a.jpg`, objectAt("5", "2"), { failed: true });
      const later = { ...error, object: objectAt("5", "1"), error: { code: "FORBIDDEN", message: "not allowed" } } as ImageRecord;
      expect(await resultsOf(put(error), put(later))).toEqual(["written", "written"]);
      expect(await catalogue.get(error.uri)).toEqual({ ...later, object: error.object });
      expect((await catalogue.lookup([error.uri]))[0]?.error).toBe("FORBIDDEN");
      const image = recordOf(`${at}b.jpg`, objectAt("5", "1"));
      const thorough = { ...image, read: { requests: 3, bytes: 1_000_000 } };
      expect(await resultsOf(put(image), put(thorough))).toEqual(["written", "written"]);
      expect(await catalogue.get(image.uri)).toEqual(thorough);
    });

    test("an update changes the object alone, and is superseded where no content of its generation is held", async () => {
      const uri = `${bucket()}a.jpg`;
      const image = recordOf(uri, objectAt("5", "1"));
      expect(await resultsOf(update(uri, "5", "10"))).toEqual(["superseded"]);
      expect(await catalogue.get(uri)).toBeUndefined();
      expect(await catalogue.lookup([uri])).toEqual([
        { uri, generation: "5", metageneration: "10", size: 1000, etag: "5/10" } satisfies Held,
      ]);
      expect(await resultsOf(put(image), update(uri, "5", "9"), update(uri, "5", "11"))).toEqual(["written", "superseded", "written"]);
      expect(await catalogue.get(uri)).toEqual({ ...image, object: objectAt("5", "11") });
      expect(await resultsOf(update(uri, "4", "99"), update(uri, "6", "1"))).toEqual(["superseded", "superseded"]);
      expect(await catalogue.get(uri)).toBeUndefined();
    });

    test("a removed object does not come back by a late event", async () => {
      const at = bucket();
      const uri = `${at}a.jpg`;
      const image = recordOf(uri, objectAt("10", "1"));
      expect(await resultsOf(put(image), removal(uri, "9"))).toEqual(["written", "superseded"]);
      expect(await resultsOf(removal(uri, "10"), put(image), update(uri, "10", "2"))).toEqual(["written", "superseded", "superseded"]);
      expect([await catalogue.get(uri), ...(await catalogue.lookup([uri]))]).toEqual([undefined, undefined]);
      expect([await everything(catalogue, { uriPrefix: at }), await everythingHeld(catalogue, at)]).toEqual([[], []]);
      expect(await resultsOf(put(recordOf(uri, objectAt("11", "1"))), removal(uri, "10"))).toEqual(["written", "superseded"]);
      expect((await catalogue.get(uri))?.object.generation).toBe("11");
      expect(await resultsOf(removal(`${at}never-held.jpg`, "7"), put(recordOf(`${at}never-held.jpg`, objectAt("7", "1"))))).toEqual([
        "written",
        "superseded",
      ]);
    });

    test("takes back what hides a live object, and nothing that was read", async () => {
      const at = bucket();
      const [hidden, announced, read, other, absent] = [`${at}hidden`, `${at}announced`, `${at}read`, `${at}other`, `${at}absent`];
      const failed = `${at}failed`;
      const model = new Model();
      const events = [
        removal(hidden, "9007199254740993"),
        update(announced, "99", "7"),
        put(recordOf(read, objectAt("99", "1"))),
        put(recordOf(failed, objectAt("99", "1"), { failed: true })),
        removal(other, "98"),
      ];
      for (const event of events) model.take(event);
      await replay(catalogue, events);
      expect(await catalogue.tombstones([absent, hidden, announced, read, other, hidden])).toEqual([
        undefined,
        "9007199254740993",
        undefined,
        undefined,
        "98",
        "9007199254740993",
      ]);
      const rewinds = [
        { uri: hidden, live: "9007199254740993", held: "9007199254740993" },
        { uri: announced, live: "50", held: "99" },
        { uri: read, live: "50", held: "99" },
        { uri: failed, live: "50", held: "99" },
        { uri: other, live: "50", held: "99" },
        { uri: absent, live: "50", held: "99" },
      ];
      await catalogue.rewind(rewinds);
      for (const rewind of rewinds) model.rewind(rewind);
      await expectAsModel(model, at);
      expect(await catalogue.tombstones([hidden, announced, read, failed, other, absent])).toEqual([
        "9007199254740992",
        "49",
        undefined,
        "49",
        "98",
        undefined,
      ]);
      const after = [
        put(recordOf(hidden, objectAt("9007199254740992", "1"))),
        put(recordOf(hidden, objectAt("9007199254740993", "1"))),
        put(recordOf(announced, objectAt("50", "1"))),
        put(recordOf(failed, objectAt("50", "1"))),
        removal(announced, "50"),
      ];
      expect(await resultsOf(...after)).toEqual(["superseded", "written", "written", "written", "written"]);
      for (const event of after) model.take(event);
      await expectAsModel(model, at);
      await catalogue.rewind([]);
      await expect(catalogue.rewind([{ uri: hidden, live: "50", held: "49" }])).rejects.toBeInstanceOf(ImagemetaError);
    });

    test("tells generations beyond 2^53 apart, up to the largest", async () => {
      const uri = `${bucket()}a.jpg`;
      const largest = "9223372036854775807";
      const by = (generation: string) => put(recordOf(uri, objectAt(generation, largest)));
      expect(await resultsOf(by("9007199254740993"), by("9007199254740992"), by("9223372036854775806"), by(largest))).toEqual([
        "written",
        "superseded",
        "written",
        "written",
      ]);
      expect((await catalogue.lookup([uri]))[0]).toMatchObject({ generation: largest, metageneration: largest });
    });

    test("holds every random history as its model does", async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const at = bucket();
          const model = new Model();
          const events = history.map((event) => event(at));
          const expected = events.map((event) => model.take(event));
          const outcomes = await replay(catalogue, events, 1);
          expect(outcomes.map(({ result }) => result)).toEqual(expected);
          await expectAsModel(model, at);
        }),
        { numRuns: runs },
      );
    }, 120_000);

    test("any order of a history, with duplicates, in batches and at once, gives the same state", async () => {
      await fc.assert(
        fc.asyncProperty(shuffledHistories, async ([history, shuffled]) => {
          const state = async (of: History, batches: number) => {
            const at = bucket();
            const model = new Model();
            const events = of.map((event) => event(at));
            for (const event of events) model.take(event);
            const share = Math.ceil(events.length / batches);
            const parts = Array.from({ length: batches }, (_, i) => events.slice(i * share, (i + 1) * share));
            await Promise.all(parts.map((part) => replay(catalogue, part)));
            await expectAsModel(model, at);
            return JSON.parse(JSON.stringify(sorted(await everything(catalogue, { uriPrefix: at }))).replaceAll(at, ""));
          };
          expect(await state(shuffled, 1)).toEqual(await state(history, 1));
          expect(await state(shuffled, 3)).toEqual(await state(history, 1));
        }),
        { numRuns: Math.ceil(runs / 2) },
      );
    }, 120_000);

    test("a record that cannot be stored fails alone", async () => {
      const at = bucket();
      const bad: Record<number, (record: ImageRecord) => ImageRecord> = {
        3: (record) => ({ ...record, object: { ...record.object, generation: "12x" } }),
        40: (record) => ({ ...record, values: "printed" }),
        41: (record) => ({ ...record, object: { ...record.object, metageneration: "9223372036854775808" } }),
        99: (record) => {
          const round: Record<string, TagValue> = {};
          round.Self = round;
          return { ...record, tags: { Round: round } } as ImageRecord;
        },
      };
      const records = Array.from({ length: 120 }, (_, i) => {
        const record = recordOf(`${at}${String(i).padStart(4, "0")}`, objectAt("5", "1"));
        return bad[i]?.(record) ?? record;
      });
      const outcomes = await catalogue.put(records);
      expect(outcomes.map(({ uri }) => uri)).toEqual(records.map(({ uri }) => uri));
      for (const [i, outcome] of outcomes.entries()) {
        expect(outcome.result, outcome.uri).toBe(i in bad ? "failed" : "written");
        if (outcome.result === "failed") expect(outcome.error).toBeInstanceOf(ImagemetaError);
      }
      expect(sorted(await everything(catalogue, { uriPrefix: at }))).toEqual(records.filter((_, i) => !(i in bad)));
      const [version, update] = [
        { uri: `${at}0000`, generation: "-1" },
        { uri: `${at}0000`, object: { generation: "1.5" } },
      ];
      expect((await catalogue.remove([version, { uri: `${at}0001`, generation: "5" }])).map(({ result }) => result)).toEqual([
        "failed",
        "written",
      ]);
      expect((await catalogue.update([update, { uri: `${at}0000`, object: objectAt("5", "2") }])).map(({ result }) => result)).toEqual([
        "failed",
        "written",
      ]);
    });

    test("keeps one form of values", async () => {
      expect(catalogue.values).toBe("numeric");
      await expect(place.reopen("printed")).rejects.toBeInstanceOf(ImagemetaError);
      catalogue = await place.reopen();
      expect(catalogue.values).toBe("numeric");
      catalogue = await place.reopen("numeric");
      expect(catalogue.values).toBe("numeric");
    });

    test("takes names of any characters, and finds them by prefixes of UTF-8 bytes", async () => {
      const at = bucket();
      const records = NAMES.map((each) => recordOf(`${at}${each}`, objectAt("5", "1")));
      await catalogue.put(records);
      expect(await Promise.all(records.map(({ uri }) => catalogue.get(uri)))).toEqual(records);
      expect(sorted(await everything(catalogue, { uriPrefix: at })).map(({ uri }) => uri)).toEqual(records.map(({ uri }) => uri));
      for (const prefix of [...NAMES, "", "a_", "a\\", "ü", "_", "%", "x".repeat(999), "absent"]) {
        const below = NAMES.filter((each) => each.startsWith(prefix)).map((each) => `${at}${each}`);
        expect(sorted(await everythingHeld(catalogue, at + prefix)).map(({ uri }) => uri)).toEqual(below);
        expect(sorted(await everything(catalogue, { uriPrefix: at + prefix })).map(({ uri }) => uri)).toEqual(below);
      }
    });

    test("holds what a record may hold: 900 KB, deep and odd tags", async () => {
      const at = bucket();
      let deep: TagValue = "bottom";
      for (let i = 0; i < 40; i++) deep = i % 2 === 0 ? [deep, [i]] : { [`level${i}`]: deep };
      const odd: Record<string, TagValue> = {
        "": 1,
        "a.b": 2,
        __x__: 3,
        $y: 4,
        '"': 5,
        "`": 6,
        "\\": 7,
        "日本/[0]": 8,
        [" ".repeat(1600)]: 9,
      };
      const plain = recordOf(`${at}plain`, objectAt("5", "1"));
      const large = Array.from({ length: 9 }, (_, i) => [
        `Part${i}`,
        Array.from({ length: 10_000 }, (_, k) => (i * 7919 + k * 104_729) % 1e9),
      ]);
      const records = [
        { ...plain, uri: `${at}deep`, tags: { XMP: { Deep: deep, Matrix: [[1, 2], [[3]], []], Empty: {} }, Odd: odd, None: {} } },
        { ...plain, uri: `${at}large`, tags: { Large: Object.fromEntries(large) } },
        { ...plain, uri: `${at}numbers`, tags: { N: { a: 5e-324, b: -1.7976931348623157e308, c: 9007199254740991, d: 0.1, e: 1e21 } } },
        { ...plain, uri: `${at}text`, tags: { T: { a: "\u0001\u2028\ufeff'\"\\", b: "é".repeat(2000), c: "true", d: "", e: "\ufffd😀" } } },
      ] as ImageRecord[];
      expect(JSON.stringify(records[1]).length).toBeGreaterThan(850_000);
      expect((await catalogue.put(records)).map(({ result }) => result)).toEqual(records.map(() => "written"));
      expect(await Promise.all(records.map(({ uri }) => catalogue.get(uri)))).toEqual(records);
      expect(sorted(await everything(catalogue, { uriPrefix: at }))).toEqual(records);
    });

    test("takes and gives many, in order, also while they are given", async () => {
      const at = bucket();
      const records = Array.from({ length: 1500 }, (_, i) => recordOf(`${at}${String(i).padStart(4, "0")}`, objectAt("5", "1")));
      expect(await catalogue.put(records)).toEqual(records.map(({ uri }) => ({ uri, result: "written" })));
      const seen: string[] = [];
      for await (const record of catalogue.iterate({ uriPrefix: at })) {
        if (seen.length % 500 === 0) await catalogue.put([recordOf(record.uri, objectAt("6", "1"))]);
        seen.push(record.uri);
      }
      expect(seen.toSorted()).toEqual(records.map(({ uri }) => uri));
      for await (const _ of catalogue.iterate({ uriPrefix: at })) break;
      expect((await everythingHeld(catalogue, at)).length).toBe(1500);
      const uris = records.map(({ uri }) => uri).toReversed();
      expect((await catalogue.lookup(uris)).map((held) => held?.uri)).toEqual(uris);
      const gone = records.map(({ uri }) => ({ uri, generation: "5" }));
      const kept = (await catalogue.remove(gone)).filter(({ result }) => result === "superseded").map(({ uri }) => uri);
      expect((await everythingHeld(catalogue, at)).map(({ uri }) => uri).toSorted()).toEqual(kept.toSorted());
      expect(kept.length).toBe(3);
    }, 60_000);

    test("keeps settings", async () => {
      const key = `${bucket()} paused/ünï`;
      expect(await catalogue.getSetting(key)).toBeUndefined();
      await catalogue.putSetting(key, "2026-01-01");
      await catalogue.putSetting(key, "");
      expect(await catalogue.getSetting(key)).toBe("");
      await catalogue.putSetting(key, "😀 {}");
      expect(await catalogue.getSetting(key)).toBe("😀 {}");
      await catalogue.putSetting(key, undefined);
      expect(await catalogue.getSetting(key)).toBeUndefined();
    });

    test("opened again it has all that it had", async () => {
      const at = bucket();
      const [kept, gone, unread] = [`${at}kept`, `${at}gone`, `${at}unread`];
      const model = new Model();
      const events = [
        put(recordOf(kept, objectAt("5", "1"))),
        put(recordOf(gone, objectAt("5", "1"))),
        removal(gone, "5"),
        update(unread, "5", "3"),
      ];
      for (const event of events) model.take(event);
      await replay(catalogue, events);
      await catalogue.putSetting(at, "paused");
      catalogue = await place.reopen();
      await expectAsModel(model, at);
      expect(await catalogue.getSetting(at)).toBe("paused");
      expect(await resultsOf(put(recordOf(gone, objectAt("5", "1"))))).toEqual(["superseded"]);
    });
  });
  whereConformance(name, open, { runs: runs * 5 });
}
