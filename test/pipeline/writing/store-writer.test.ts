import { expect, test } from "vitest";
import { type Change, StoreWriter, type StoreWriterOptions } from "../../../src/pipeline/writing/store-writer.ts";
import { ImagemetaError } from "../../../src/record/errors.ts";
import type { ImageRecord } from "../../../src/record/types.ts";
import type { PutOutcome, Sink } from "../../../src/stores/contract.ts";

const record = (name: string): ImageRecord => ({
  schema: 1,
  engine: "0.1.0",
  values: "numeric",
  uri: `gs://b/${name}`,
  object: {},
  read: { requests: 1, bytes: 10 },
  error: { code: "EMPTY", message: "it is empty" },
});

const written = ({ uri }: { uri: string }): PutOutcome => ({ uri, result: "written" });
const down = () => new ImagemetaError("UNAVAILABLE", "connection refused");

/** A writer over a sink whose `put` is given. */
function writer(put: Sink["put"], options: Partial<StoreWriterOptions> = {}) {
  const outcomes: [Change, PutOutcome][] = [];
  const waits: (string | undefined)[] = [];
  const failures: ImagemetaError[] = [];
  const store: Sink = { values: "numeric", put, remove: async (gone) => gone.map(written), close: async () => {}, abandon: async () => {} };
  return {
    outcomes,
    waits,
    failures,
    writer: new StoreWriter({
      store,
      patience: 5000,
      signal: new AbortController().signal,
      onOutcome: (change, outcome) => outcomes.push([change, outcome]),
      onWaiting: (why) => waits.push(why),
      onFailure: (failure) => failures.push(failure),
      ...options,
    }),
  };
}

test("writes in batches, by number and by bytes, one after the other", async () => {
  const batches: number[] = [];
  let inFlight = 0;
  const { writer: of, outcomes } = writer(
    async (records) => {
      expect(++inFlight).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight--;
      batches.push(records.length);
      return records.map(written);
    },
    { batching: { records: 10, bytes: 3000, milliseconds: 5 } },
  );
  for (let i = 0; i < 25; i++) of.add({ kind: "put", item: record(String(i)) });
  of.add({ kind: "remove", item: { uri: "gs://b/gone" } });
  await of.flush();
  expect(batches.reduce((sum, count) => sum + count)).toBe(25);
  expect(Math.max(...batches)).toBeLessThanOrEqual(10);
  expect(outcomes).toHaveLength(26);
});

test("what waits is written when it is old enough, without a flush", async () => {
  let wrote = 0;
  const { writer: of } = writer(async (records) => {
    wrote += records.length;
    return records.map(written);
  });
  of.add({ kind: "put", item: record("a") });
  await expect.poll(() => wrote).toBe(1);
  expect(of.isFull).toBe(false);
});

test("is full when four batches wait, and has room again", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const { writer: of } = writer(
    async (records) => {
      await gate;
      return records.map(written);
    },
    { batching: { records: 2, bytes: 1e9, milliseconds: 1 } },
  );
  for (let i = 0; i < 10; i++) of.add({ kind: "put", item: record(String(i)) });
  expect(of.isFull).toBe(true);
  const room = of.room();
  release();
  await room;
  expect(of.isFull).toBe(false);
  await of.flush();
});

test("a store that is down is waited for, and each record has its own outcome", async () => {
  let calls = 0;
  const {
    writer: of,
    outcomes,
    waits,
  } = writer(async (records) => {
    calls++;
    if (calls === 1) throw down();
    return records.map((each, i): PutOutcome => {
      if (calls === 2 && i > 0) return { uri: each.uri, result: "failed", error: down() };
      if (each.uri.endsWith("bad")) return { uri: each.uri, result: "failed", error: new ImagemetaError("MALFORMED", "too deep") };
      return written(each);
    });
  });
  for (const name of ["a", "bad", "c"]) of.add({ kind: "put", item: record(name) });
  await of.flush();
  expect(calls).toBe(3);
  expect(outcomes.map(([, { uri, result }]) => `${uri} ${result}`)).toEqual(["gs://b/a written", "gs://b/bad failed", "gs://b/c written"]);
  expect(waits).toEqual(["connection refused", "connection refused", undefined]);
});

test("patience ends: what is to be done is said, and no more is taken", async () => {
  const { writer: of, failures } = writer(
    async () => {
      throw down();
    },
    { patience: 0 },
  );
  of.add({ kind: "put", item: record("a") });
  await expect(of.flush()).rejects.toThrow(/waited for 0 s.*connection refused.*run the same command again/);
  expect(failures).toHaveLength(1);
  of.add({ kind: "put", item: record("b") });
  expect(of.isFull).toBe(false);
  await of.room();
});

test("what waiting cannot mend ends it at once", async () => {
  const { writer: of } = writer(async () => {
    throw new ImagemetaError("LIMIT_EXCEEDED", "the disk is full");
  });
  of.add({ kind: "put", item: record("a") });
  await expect(of.flush()).rejects.toThrow("the disk is full");
});

test("the signal ends the waiting", async () => {
  const stop = new AbortController();
  const { writer: of } = writer(
    async () => {
      throw down();
    },
    { patience: 60_000, signal: stop.signal, onWaiting: () => stop.abort(new Error("interrupted")) },
  );
  of.add({ kind: "put", item: record("a") });
  await expect(of.flush()).rejects.toThrow("connection refused");
});
