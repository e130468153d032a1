/** What every storage promises (src/storage/contract.ts): a new one takes one line in test/storage/conformance.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImagemetaError } from "../../src/record/errors.ts";
import type { ErrorCode } from "../../src/record/types.ts";
import type { Location, Storage, StorageObject } from "../../src/storage/contract.ts";

export interface Place {
  readonly storage: Storage;
  /** All that was put; left out where the storage has no lists. */
  readonly where?: Location;
  /** Puts an object, or replaces one; gives its address. */
  put(name: string, bytes: Uint8Array): Promise<string>;
  /** The address of an object that is not there. */
  readonly absent: string;
  close(): Promise<void>;
}

const never = new AbortController().signal;

/** Bytes that say where they stand. */
export function counted(length: number, salt = 0): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + salt) & 0xff;
  return bytes;
}

export async function rejection(promise: Promise<unknown>): Promise<ErrorCode | unknown> {
  return promise.then(
    () => "none",
    (thrown) => (thrown instanceof ImagemetaError ? thrown.code : thrown),
  );
}

async function listed(storage: Storage, where: Location): Promise<Required<StorageObject>[]> {
  const all: Required<StorageObject>[] = [];
  for await (const page of storage.list(where, never)) all.push(...page);
  return all;
}

const NAMES = [
  "a b/c d.jpg",
  "a+b&c=d.jpg",
  "a-b/x.jpg",
  "a.jpg",
  "a/b.jpg",
  "a/b/c.jpg",
  "dir/.hidden.jpg",
  "per%20cent%.jpg",
  "quote'\"()!*.jpg",
  "what?#frag.jpg",
  "ünï/日本/😀.jpg",
  "[brackets]{braces}.jpg",
  "\uffee.jpg",
  "back\\slash.jpg",
];

export function storageConformance(name: string, open: () => Promise<Place>, { lists } = { lists: false }): void {
  describe(name, () => {
    let place: Place;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(() => place.close());

    async function readAt(uri: string, ...ranges: readonly (readonly [number, number])[]) {
      const stored = await place.storage.open({ uri }, never);
      try {
        const parts = await stored.read(
          ranges.map(([start, end]) => ({ start, end })),
          never,
        );
        return { parts, size: stored.size, info: stored.info, cost: stored.cost };
      } finally {
        await stored.close();
      }
    }

    test("gives ranges in the order asked, cut at the end of the object", async () => {
      const bytes = counted(100_000);
      const uri = await place.put("ranges.jpg", bytes);
      const { parts, size, cost } = await readAt(uri, [0, 65_536], [99_990, 200_000], [70_000, 70_010]);
      expect(parts.map((part) => Buffer.from(part))).toEqual([
        bytes.subarray(0, 65_536),
        bytes.subarray(99_990),
        bytes.subarray(70_000, 70_010),
      ]);
      expect(size).toBe(100_000);
      expect(cost.bytes).toBeGreaterThan(0);
    });

    test("knows the size once an object shorter than the range was read", async () => {
      const uri = await place.put("short.jpg", counted(10));
      const { parts, size } = await readAt(uri, [0, 65_536]);
      expect([Buffer.from(parts[0] ?? []), size]).toEqual([counted(10), 10]);
    });

    test("an empty object has no bytes, and says so", async () => {
      const uri = await place.put("empty.jpg", Buffer.alloc(0));
      const { parts, size } = await readAt(uri, [0, 65_536]);
      expect([parts[0]?.length, size]).toEqual([0, 0]);
    });

    test("goes on from one read to the next", async () => {
      const bytes = counted(300_000, 3);
      const uri = await place.put("long.jpg", bytes);
      const stored = await place.storage.open({ uri }, never);
      const got: Uint8Array[] = [];
      for (const [start, end] of [
        [0, 1000],
        [250_000, 250_100],
        [1000, 140_000],
      ] as const)
        got.push(...(await stored.read([{ start, end }], never)));
      await stored.close();
      expect(Buffer.concat(got)).toEqual(
        Buffer.concat([bytes.subarray(0, 1000), bytes.subarray(250_000, 250_100), bytes.subarray(1000, 140_000)]),
      );
    });

    test("an object that is replaced is read as it was, or not at all", async () => {
      const [before, after] = [counted(200_000, 1), counted(200_000, 2)];
      const uri = await place.put("replaced.jpg", before);
      const stored = await place.storage.open({ uri }, never);
      await stored.read([{ start: 0, end: 100 }], never);
      await place.put("replaced.jpg", after);
      const outcome = await stored.read([{ start: 150_000, end: 150_100 }], never).then(
        ([part]) => (before.subarray(150_000, 150_100).equals(part ?? Buffer.alloc(0)) ? "before" : "after"),
        (thrown: ImagemetaError) => thrown.code,
      );
      expect(["before", "CHANGED"]).toContain(outcome);
      await stored.close();
    });

    test("ends with the signal's reason", async () => {
      const uri = await place.put("aborted.jpg", counted(1000));
      const stop = new AbortController();
      const stored = await place.storage.open({ uri }, never);
      stop.abort("enough");
      expect(await rejection(stored.read([{ start: 0, end: 100 }], stop.signal))).toBe("enough");
      await stored.close();
    });

    test("says that an object is not there", async () => {
      const uri = place.absent;
      expect(await rejection(place.storage.open({ uri }, never).then((stored) => stored.read([{ start: 0, end: 9 }], never)))).toBe(
        "NOT_FOUND",
      );
    });

    test("takes names of any characters", async () => {
      for (const [i, each] of NAMES.entries()) {
        const uri = await place.put(each, counted(50, i));
        const { parts } = await readAt(uri, [0, 50]);
        expect(Buffer.from(parts[0] ?? []), each).toEqual(counted(50, i));
      }
    });

    if (!lists) return;
    test("lists by name as UTF-8 bytes, below a prefix, by glob; what it lists can be read", async () => {
      const { where } = place;
      if (where === undefined) throw new Error("the place has no list");
      const uris = new Map<string, string>();
      for (const [i, each] of NAMES.entries()) uris.set(each, await place.put(`names/${each}`, counted(60 + i)));
      const all = await listed(place.storage, { ...where, prefix: "names/" });
      const inOrder = NAMES.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(all.map(({ uri }) => uri)).toEqual(inOrder.map((each) => uris.get(each)));
      for (const object of all) {
        const stored = await place.storage.open(object, never);
        const [part] = await stored.read([{ start: 0, end: 1000 }], never);
        expect([part?.length, stored.size]).toEqual([object.info.size, object.info.size]);
        await stored.close();
      }
      const matching = async (include: string[], exclude: string[] = []) =>
        (await listed(place.storage, { ...where, prefix: "names/a", include, exclude })).map(({ uri }) =>
          decodeURIComponent(uri).slice(decodeURIComponent(uri).lastIndexOf("names/") + 6),
        );
      expect(await matching(["names/*.jpg"])).toEqual(["a+b&c=d.jpg", "a.jpg"]);
      expect(await matching(["names/a/**"])).toEqual(["a/b.jpg", "a/b/c.jpg"]);
      expect(await matching(["b.jpg", "c d.*"])).toEqual(["a b/c d.jpg", "a/b.jpg"]);
      expect(await matching(["**/*.jpg"], ["names/a/**", "x.*"])).toEqual(["a b/c d.jpg", "a+b&c=d.jpg", "a.jpg"]);
    });
  });
}
