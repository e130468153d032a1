import { Blob as NodeBlob } from "node:buffer";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ImagemetaError, type MetadataSource, type ReadRange, readMetadata, readMetadataSync } from "../src/engine.ts";
import { app, jfifSegment, jpegFile } from "./builders/jpeg.ts";

const photo = new Uint8Array(readFileSync(new URL("../samples/sample-bucket/2024/athens.jpg", import.meta.url)));
const expected = readMetadataSync(photo);
/** Its headers take 150,000 bytes, its picture 2,000,000. */
const large = new Uint8Array(
  jpegFile([jfifSegment(), ...Array.from({ length: 3 }, () => app(10, Buffer.alloc(50_000))), jfifSegment(300)], 2_000_000),
);

/** As `structuredClone(…, { transfer })` leaves it. */
function detached(): ArrayBuffer {
  const buffer = photo.slice().buffer;
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

async function codeOf(source: unknown, options = {}): Promise<string> {
  const thrown = await readMetadata(source as MetadataSource, options).then(
    () => new Error("it was read"),
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(ImagemetaError);
  return (thrown as ImagemetaError).code;
}

function syncCodeOf(source: unknown): string {
  try {
    readMetadataSync(source as Uint8Array);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ImagemetaError);
    return (thrown as ImagemetaError).code;
  }
  throw new Error("it was read");
}

describe("bytes at hand", () => {
  const shared = new SharedArrayBuffer(photo.length);
  new Uint8Array(shared).set(photo);
  const resizable = new ArrayBuffer(photo.length, { maxByteLength: 2 * photo.length });
  new Uint8Array(resizable).set(photo);
  const words = new Uint32Array(Math.ceil(photo.length / 4));
  new Uint8Array(words.buffer).set(photo);
  const padded = new Uint8Array(photo.length + 20);
  padded.set(photo, 7);
  const ofOtherRealm: Uint8Array = runInNewContext("(length) => new Uint8Array(length)")(photo.length);
  ofOtherRealm.set(photo);

  test.each([
    ["a Uint8Array", photo],
    ["a Buffer", Buffer.from(photo)],
    ["an ArrayBuffer", photo.slice().buffer],
    ["a SharedArrayBuffer", shared],
    ["a view of a shared buffer", new Uint8Array(shared)],
    ["a resizable buffer", resizable],
    ["a DataView", new DataView(photo.buffer, photo.byteOffset, photo.byteLength)],
    ["a Uint8ClampedArray", new Uint8ClampedArray(photo)],
    ["words", words],
    ["a part of a buffer", padded.subarray(7, 7 + photo.length)],
    ["an array of another realm", ofOtherRealm],
    ["a buffer of another realm", ofOtherRealm.buffer],
  ])("reads %s", async (_, bytes) => {
    expect(readMetadataSync(bytes)).toMatchObject({ tags: expected.tags, summary: expected.summary });
    expect(await readMetadata(bytes)).toEqual(readMetadataSync(bytes));
  });

  test.each([
    undefined,
    null,
    "photo.jpg",
    42,
    10n,
    true,
    Symbol("photo"),
    {},
    [0xff, 0xd8],
    new Date(),
    new Map(),
    { length: 3 },
    new URL("file:///a.jpg"),
  ])("says that %s is not bytes", async (source) => {
    expect(await codeOf(source)).toBe("NOT_AN_IMAGE");
    expect(syncCodeOf(source)).toBe("NOT_AN_IMAGE");
  });

  test("reads neither promises, blobs, streams nor functions without a promise", () => {
    for (const source of [Promise.resolve(photo), new Blob([photo]), new Blob([photo]).stream(), () => photo])
      expect(syncCodeOf(source)).toBe("NOT_AN_IMAGE");
  });

  test("says that a detached buffer has no bytes", async () => {
    const buffer = detached();
    const view = (() => {
      const whole = photo.slice();
      const views = [whole, new DataView(whole.buffer, 4, 100)] as const;
      structuredClone(whole.buffer, { transfer: [whole.buffer] });
      return views;
    })();
    for (const source of [buffer, ...view]) {
      expect(await codeOf(source)).toBe("EMPTY");
      expect(syncCodeOf(source)).toBe("EMPTY");
    }
  });

  test("says that a view past the end of its buffer has no bytes", () => {
    const buffer = new ArrayBuffer(100, { maxByteLength: 100 });
    const view = new DataView(buffer, 50, 50);
    buffer.resize(10);
    expect(syncCodeOf(view)).toBe("EMPTY");
    expect(syncCodeOf(new Uint8Array(0))).toBe("EMPTY");
  });

  test("refuses anything else, whatever it is", () => {
    fc.assert(fc.property(fc.anything(), (value) => void expect(["NOT_AN_IMAGE", "EMPTY"]).toContain(syncCodeOf(value))));
  });
});

describe("ranges", () => {
  /** A source of `bytes` that remembers what was asked. */
  function watched(bytes: Uint8Array): { read: ReadRange; asked: [number, number][] } {
    const asked: [number, number][] = [];
    return {
      asked,
      read(start, end) {
        asked.push([start, end]);
        return bytes.subarray(start, end);
      },
    };
  }

  test("reads no more of a blob than it needs", async () => {
    let bytes = 0;
    const blob = new Blob([large]);
    const slice = blob.slice.bind(blob);
    blob.slice = (start, end) => {
      bytes += (end ?? 0) - (start ?? 0);
      return slice(start, end);
    };
    expect(await readMetadata(blob)).toEqual(readMetadataSync(large));
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(large.length / 4);
  });

  test("reads a file as a blob, also one of another implementation", async () => {
    expect(await readMetadata(new File([photo], "athens.jpg", { type: "image/jpeg" }))).toEqual(expected);
    expect(await readMetadata(new NodeBlob([photo]) as Blob)).toEqual(expected);
  });

  test("asks a function for what it needs, and for nothing past its size", async () => {
    const { read, asked } = watched(large);
    expect(await readMetadata(read, { size: large.length })).toEqual(readMetadataSync(large));
    expect(asked.length).toBeGreaterThan(1);
    for (const [start, end] of asked) expect([start < end, end <= large.length]).toEqual([true, true]);
    expect(asked.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(large.length / 4);
  });

  test("finds the end of a function that has no size", async () => {
    for (const bytes of [photo, large, photo.subarray(0, 3000)]) {
      expect(await readMetadata(watched(bytes).read)).toEqual(readMetadataSync(bytes));
      expect(await readMetadata(async (start, end) => bytes.slice(start, end).buffer)).toEqual(readMetadataSync(bytes));
    }
    expect(await codeOf(watched(new Uint8Array(0)).read)).toBe("EMPTY");
  });

  test("stops at the limits of requests and of bytes", async () => {
    const { read, asked } = watched(large);
    const few = await readMetadata(read, { size: large.length, limits: { requests: 1 } });
    expect(asked).toHaveLength(1);
    expect(few.warnings).toMatchObject([{ code: "NOT_READ" }]);
    const short = await readMetadata(watched(large).read, { size: large.length, limits: { bytes: 70_000 } });
    expect(short.warnings).toMatchObject([{ code: "NOT_READ" }]);
  });

  test.each([
    ["gives fewer bytes than asked", (start: number, end: number) => large.subarray(start, end - 1)],
    ["gives nothing", () => new Uint8Array(0)],
    ["gives more bytes than asked", () => large],
    ["throws", () => Promise.reject(new TypeError("offline"))],
    ["throws no error", () => Promise.reject("offline")],
    [
      "throws at once",
      () => {
        throw new RangeError("offline");
      },
    ],
  ])("is UNAVAILABLE if a function %s", async (_, read) => {
    expect(await codeOf(read, { size: large.length })).toBe("UNAVAILABLE");
  });

  test("passes on the error of a function that is one of ours", async () => {
    const gone = new ImagemetaError("NOT_FOUND", "no such object");
    await expect(readMetadata(() => Promise.reject(gone))).rejects.toBe(gone);
  });

  test("says what a function gives if it is not bytes", async () => {
    for (const given of [undefined, null, "text", [1, 2], { bytes: 3 }, new Blob([photo])]) {
      expect(await codeOf(() => given, { size: 100 })).toBe("NOT_AN_IMAGE");
    }
    expect(await codeOf(() => detached(), { size: 100 })).toBe("EMPTY");
  });

  test("refuses a size that is not one", async () => {
    for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "100", 2 ** 53, null])
      expect(await codeOf(watched(photo).read, { size })).toBe("NOT_AN_IMAGE");
    expect(await codeOf(watched(photo).read, { size: 0 })).toBe("EMPTY");
  });

  test("is UNAVAILABLE if a blob cannot be read", async () => {
    const blob = new Blob([photo]);
    blob.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException("it was changed", "NotReadableError")) }) as unknown as Blob;
    expect(await codeOf(blob)).toBe("UNAVAILABLE");
  });

  test("ends with the reason of the signal, also while a function does not answer", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const reading = readMetadata(() => new Promise(() => {}), { signal: stop.signal });
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    for (const source of [photo, new Blob([photo]), () => photo, new Blob([photo]).stream()])
      await expect(readMetadata(source, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("hands the signal on", async () => {
    const { signal } = new AbortController();
    await readMetadata(
      (start, end, given) => {
        expect(given).toBe(signal);
        return photo.subarray(start, end);
      },
      { signal, size: photo.length },
    );
  });
});

describe("streams", () => {
  const endless = (cancelled: (reason: unknown) => void) =>
    new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 16)), cancel: cancelled });

  test("reads web streams, streams of Node and generators", async () => {
    const chunks = async function* () {
      for (let at = 0; at < photo.length; at += 1000) yield photo.subarray(at, at + 1000);
    };
    const noIterator = new Blob([photo]).stream();
    Object.defineProperty(noIterator, Symbol.asyncIterator, { value: undefined });
    for (const source of [new Blob([photo]).stream(), Readable.from([photo]), chunks(), noIterator] as MetadataSource[])
      expect(await readMetadata(source)).toEqual(expected);
  });

  test("ends a stream that is longer than the limit", async () => {
    let ended = 0;
    expect(
      await codeOf(
        endless(() => ended++),
        { limits: { wholeBytes: 1 << 20 } },
      ),
    ).toBe("LIMIT_EXCEEDED");
    expect(ended).toBe(1);
  });

  test("ends a stream that waits when the signal aborts", async () => {
    const ended = Promise.withResolvers<void>();
    const stop = new AbortController();
    const reading = readMetadata(new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => ended.resolve() }), {
      signal: stop.signal,
    });
    stop.abort("enough");
    await expect(reading).rejects.toBe("enough");
    await ended.promise;
  });

  test("is UNAVAILABLE if a stream fails or is locked", async () => {
    const failing = new ReadableStream({ pull: (controller) => controller.error(new TypeError("the connection broke")) });
    expect(await codeOf(failing)).toBe("UNAVAILABLE");
    const locked = new Blob([photo]).stream();
    locked.getReader();
    expect(await codeOf(locked)).toBe("UNAVAILABLE");
    expect(
      await codeOf(
        Readable.from(
          (async function* () {
            yield photo;
            throw new Error("the connection broke");
          })(),
        ),
      ),
    ).toBe("UNAVAILABLE");
  });

  test("says that chunks of text are not bytes", async () => {
    expect(await codeOf(Readable.from(["text"]))).toBe("NOT_AN_IMAGE");
    expect(await codeOf(new ReadableStream({ start: (controller) => controller.enqueue(7) }))).toBe("NOT_AN_IMAGE");
  });
});
