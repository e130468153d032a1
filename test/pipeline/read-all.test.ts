import { expect, test } from "vitest";
import { readAll } from "../../src/pipeline/read-all.ts";
import type { ImageRecord } from "../../src/record/types.ts";
import type { StorageObject } from "../../src/storage/contract.ts";

const never = new AbortController().signal;

function recordOf({ uri }: StorageObject): ImageRecord {
  return {
    schema: 1,
    engine: "0",
    values: "numeric",
    uri,
    object: {},
    read: { requests: 0, bytes: 0 },
    error: { code: "EMPTY", message: "" },
  };
}

async function* pagesOf(count: number, size = 10, onPage = () => {}): AsyncGenerator<StorageObject[]> {
  for (let at = 0; at < count; at += size) {
    onPage();
    yield Array.from({ length: Math.min(size, count - at) }, (_, i) => ({ uri: `${at + i}` }));
  }
}

const turn = (turns = 1) => new Promise<void>((resolve) => setTimeout(resolve, turns));

test("gives the records in the order of the list, whatever ends first", async () => {
  const uris: string[] = [];
  const read = async (object: StorageObject) => {
    await turn(Number(object.uri) % 7);
    return recordOf(object);
  };
  for await (const { uri } of readAll(pagesOf(200), { concurrency: 8, signal: never, read })) uris.push(uri);
  expect(uris).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
});

test("nothing is listed or read that nobody takes", async () => {
  let [started, ended, pages] = [0, 0, 0];
  const read = async (object: StorageObject) => {
    started++;
    await turn();
    ended++;
    return recordOf(object);
  };
  const records = readAll(
    pagesOf(100_000, 10, () => pages++),
    { concurrency: 4, signal: never, read },
  );
  await records.next();
  await turn(100);
  expect(started).toBe(ended);
  expect(started).toBeLessThanOrEqual(8 * 4 + 1);
  expect(pages).toBeLessThanOrEqual(5);
  await records.return(undefined);
});

test("a slow one holds back no more than its window", async () => {
  const done = new Set<string>();
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const read = async (object: StorageObject) => {
    await (object.uri === "0" ? slow : turn());
    done.add(object.uri);
    return recordOf(object);
  };
  const records = readAll(pagesOf(1000), { concurrency: 4, signal: never, read });
  const first = records.next();
  await turn(150);
  expect(done.size).toBe(8 * 4 - 1);
  release();
  expect((await first).value?.uri).toBe("0");
  await records.return(undefined);
});

test("the list's failure comes after the records before it", async () => {
  async function* failing(): AsyncGenerator<StorageObject[]> {
    yield [{ uri: "0" }, { uri: "1" }];
    throw new Error("no more pages");
  }
  const uris: string[] = [];
  const all = (async () => {
    for await (const { uri } of readAll(failing(), { concurrency: 4, signal: never, read: async (object) => recordOf(object) }))
      uris.push(uri);
  })();
  await expect(all).rejects.toThrow("no more pages");
  expect(uris).toEqual(["0", "1"]);
});

test("an aborted signal ends it with its reason, and what is being read", async () => {
  const stop = new AbortController();
  let stopped = 0;
  const read = (_object: StorageObject, signal: AbortSignal) =>
    new Promise<ImageRecord>((_, reject) =>
      signal.addEventListener("abort", () => {
        stopped++;
        reject(signal.reason);
      }),
    );
  const next = readAll(pagesOf(100), { concurrency: 4, signal: stop.signal, read }).next();
  await turn(10);
  stop.abort("enough");
  await expect(next).rejects.toBe("enough");
  expect(stopped).toBe(8);
});

test("a consumer that leaves stops what is being read and the list", async () => {
  let closed = false;
  async function* pages(): AsyncGenerator<StorageObject[]> {
    try {
      yield* pagesOf(1000);
    } finally {
      closed = true;
    }
  }
  const signals: AbortSignal[] = [];
  const read = async (object: StorageObject, signal: AbortSignal) => {
    signals.push(signal);
    await turn();
    return recordOf(object);
  };
  for await (const { uri } of readAll(pages(), { concurrency: 2, signal: never, read })) if (uri === "5") break;
  expect(closed).toBe(true);
  expect(signals.every((signal) => signal.aborted)).toBe(true);
});
