import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Storage, StoredObject } from "../../../src/storage/contract.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { type Share, SharedMemory } from "../../../src/storage/http/memory.ts";
import { http } from "../../../src/storage/http/storage.ts";
import { resolveOptions } from "../../../src/storage/options.ts";
import { counted, rejection } from "../../conformance/storage.ts";
import { sendRange, serve } from "../web-server.ts";
import { closing, openAt } from "./opened.ts";

const never = new AbortController().signal;
const MIB = 1 << 20;

async function read(stored: StoredObject, start: number, end: number): Promise<Buffer> {
  const [part] = await stored.read([{ start, end }], never);
  return Buffer.from(part ?? []);
}

/** Bytes of which compression saves little. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Answers with a range of what begins so and goes on so without end. */
function sendEndless(request: IncomingMessage, response: ServerResponse, coding: string, head: Buffer, block: Buffer): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const [start, end] = [Number(first), Number(last) + 1];
  const whole = Buffer.concat([head, Buffer.alloc(Math.max(0, end - head.length), block)]);
  response
    .writeHead(206, { "content-encoding": coding, "content-range": `bytes ${start}-${end - 1}/1000000000000`, "x-goog-generation": "1" })
    .end(whole.subarray(start, end));
}

const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
const emptyBlock = Buffer.from([0, 0, 0, 0xff, 0xff]);
const silent: readonly (readonly [what: string, coding: string, head: Buffer, block: Buffer])[] = [
  ["empty blocks of gzip", "gzip", gzipHead, emptyBlock],
  ["empty blocks of deflate", "deflate", Buffer.from([0x78, 0x9c]), emptyBlock],
  ["empty blocks behind content", "gzip", Buffer.concat([gzipHead, Buffer.from([0, 3, 0, 0xfc, 0xff]), Buffer.from("abc")]), emptyBlock],
  ["empty files of gzip in a row", "gzip", Buffer.alloc(0), gzipSync("")],
  ["a name without end in the header of gzip", "gzip", Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.from("a")],
  // RFC 7932 section 9.2: blocks of 256 bytes that are skipped.
  [
    "metadata of Brotli",
    "br",
    Buffer.concat([Buffer.from([0xac, 0x7f]), Buffer.alloc(256)]),
    Buffer.concat([Buffer.from([0xd6, 0x3f]), Buffer.alloc(256)]),
  ],
];

const storages: readonly (readonly [scheme: string, open: (url: string) => Promise<[Storage, StoredObject]>])[] = [
  [
    "https",
    async (url) => {
      const storage = http(resolveOptions({ backoff: 1 }));
      return [storage, await storage.open({ uri: `${url}/b/a.jpg` }, never)];
    },
  ],
  [
    "gs",
    async (url) => {
      const storage = gcs(resolveOptions({ backoff: 1, emulatorHost: url }));
      return [storage, await storage.open({ uri: "gs://b/a.jpg" }, never)];
    },
  ],
];

test.each(storages.flatMap(([scheme, open]) => silent.map(([what, ...sent]) => [what, scheme, open, sent] as const)))(
  "%s without end are refused early, by %s",
  async (_what, _scheme, open, [coding, head, block]) => {
    const server = await serve((request, response) => sendEndless(request, response, coding, head, block));
    const [storage, stored] = await open(server.url);
    closing.push(
      () => storage.close(),
      () => server.close(),
    );
    const reading = read(stored, 0, 65_536);
    await expect(reading).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringContaining("inflate to nothing") });
    expect(stored.cost.bytes).toBeLessThanOrEqual(MIB);
  },
);

test("a byte of content for every kilobyte of empty blocks is refused early", async () => {
  const trickle = Buffer.concat([...Array.from({ length: 200 }, () => emptyBlock), Buffer.from([0, 1, 0, 0xfe, 0xff]), Buffer.from("a")]);
  const { stored } = await openAt((request, response) => sendEndless(request, response, "gzip", gzipHead, trickle), { bytes: 16 * MIB });
  await expect(read(stored, 0, 65_536)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("inflate to no more"),
  });
  expect(stored.cost.bytes).toBeLessThanOrEqual(4 * MIB);
});

test("content without end is left at the limit of stored bytes", async () => {
  const block = Buffer.concat([Buffer.from([0, 3, 0, 0xfc, 0xff]), Buffer.from("abc")]);
  const { stored } = await openAt((request, response) => sendEndless(request, response, "gzip", gzipHead, block), { bytes: MIB });
  expect((await read(stored, 300_000, 300_009)).toString()).toBe("abcabcabc");
  expect(await rejection(read(stored, 9 * MIB, 9 * MIB + 1))).toBe("LIMIT_EXCEEDED");
  expect(stored.cost.bytes).toBeLessThanOrEqual(MIB + 9);
});

test("stored bytes count as the bytes of an image", async () => {
  const stored = gzipSync(noise(3 * MIB));
  const { stored: object } = await openAt((request, response) => sendRange(request, response, stored, { "content-encoding": "gzip" }), {
    bytes: MIB,
  });
  expect((await read(object, 0, 500_000)).length).toBe(500_000);
  await expect(read(object, 2 * MIB, 2 * MIB + 1)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("stored compressed"),
  });
  expect(object.cost.bytes).toBe(MIB);
});

test("a server without ranges gives no more than the bytes of an image, if it is compressed", async () => {
  const content = noise(3 * MIB);
  const stored = gzipSync(content);
  const headers = { "content-encoding": "gzip", "content-length": stored.length };
  const { stored: object } = await openAt((_request, response) => void response.writeHead(200, headers).end(stored), { bytes: MIB });
  expect((await read(object, 0, 1000)).equals(content.subarray(0, 1000))).toBe(true);
  expect(await rejection(read(object, 2 * MIB, 2 * MIB + 1))).toBe("LIMIT_EXCEEDED");
  expect(object.cost.bytes).toBeLessThan(1.5 * MIB);
});

test("ranges in any order are those of the content, and nothing stored is fetched twice", async () => {
  const content = Buffer.concat([counted(300_000), noise(MIB)]);
  const stored = gzipSync(content);
  const { stored: object } = await openAt((request, response) => sendRange(request, response, stored, { "content-encoding": "gzip" }));
  for (const [start, end] of [
    [0, 1000],
    [1_000_000, 1_100_000],
    [5000, 6000],
    [5500, 400_000],
    [1_300_000, 2_000_000],
    [0, 10],
  ] as const) {
    expect((await read(object, start, end)).equals(content.subarray(start, end)), `${start} to ${end}`).toBe(true);
  }
  expect(object.size).toBe(content.length);
  expect(object.cost.bytes).toBe(stored.length);
});

test("content is not inflated again and again", async () => {
  const stored = gzipSync(Buffer.alloc(MIB));
  const { stored: object } = await openAt((request, response) => sendRange(request, response, stored, { "content-encoding": "gzip" }), {
    wholeBytes: 4 * MIB,
  });
  await read(object, 0, 100);
  let rounds = 0;
  const again = async (): Promise<void> => {
    for (; rounds < 100; rounds++) {
      await read(object, MIB - 1, MIB);
      await read(object, 0, 1);
    }
  };
  expect(await rejection(again())).toBe("LIMIT_EXCEEDED");
  expect(rounds).toBe(3);
});

/** Remembers the most that was held together. */
class WatchedMemory extends SharedMemory {
  peak = 0;
  readonly #shares = new Set<Share>();

  get held(): number {
    return [...this.#shares].reduce((sum, { common, alone }) => sum + common + alone, 0);
  }

  override take(share: Share, bytes: number): boolean {
    const isTaken = super.take(share, bytes);
    this.#shares.add(share);
    this.peak = Math.max(this.peak, this.held);
    return isTaken;
  }
}

const PNG_HEAD = Buffer.from("89504e470d0a1a0a", "hex");
const bomb = Buffer.concat([PNG_HEAD, Buffer.alloc(25 * MIB)]);

test.each([
  ["gzip", gzipSync(bomb), 2 * MIB],
  ["deflate", deflateSync(bomb), 2 * MIB],
  // A window of 4 MiB each, so that they wait for each other.
  ["br", brotliCompressSync(bomb), 12 * MIB],
] as const)("nine bombs of %s at once hold no more than the memory that is shared", async (coding, stored, bytes) => {
  const server = await serve((request, response) => sendRange(request, response, stored, { "content-encoding": coding }));
  const memory = new WatchedMemory(bytes);
  const storage = http({ ...resolveOptions({ backoff: 1 }), memory });
  closing.push(
    () => storage.close(),
    () => server.close(),
  );
  const reading = async (_: unknown, index: number): Promise<void> => {
    const object = await storage.open({ uri: `${server.url}/${index}.png` }, never);
    expect((await read(object, 0, 65_536)).subarray(0, 8)).toEqual(PNG_HEAD);
    expect((await read(object, 24 * MIB, 24 * MIB + 100_000)).length).toBe(100_000);
    await object.close();
  };
  await Promise.all(Array.from({ length: 9 }, reading));
  expect(memory.peak).toBeGreaterThan(stored.length);
  expect(memory.peak).toBeLessThanOrEqual(bytes);
  expect(memory.held).toBe(0);
});

test("a range of content that takes more memory than one image may have is refused", async () => {
  const { stored: object } = await openAt(
    (request, response) => sendRange(request, response, gzipSync(bomb), { "content-encoding": "gzip" }),
    { memoryBytes: 2 * MIB },
  );
  expect(await rejection(read(object, 0, MIB))).toBe("LIMIT_EXCEEDED");
});

test("wholes of servers without ranges are held one at a time, if they are large", async () => {
  const whole = noise(3 * MIB);
  for (const headers of [{ "content-length": whole.length }, {}]) {
    const server = await serve((_request, response) => void response.writeHead(200, headers).end(whole));
    const memory = new WatchedMemory(4 * MIB);
    const storage = http({ ...resolveOptions({ backoff: 1, wholeBytes: 4 * MIB }), memory });
    closing.push(
      () => storage.close(),
      () => server.close(),
    );
    const reading = async (_: unknown, index: number): Promise<void> => {
      const object = await storage.open({ uri: `${server.url}/${index}.png` }, never);
      await read(object, 0, 1000);
      expect((await read(object, 2 * MIB, 2 * MIB + 9)).equals(whole.subarray(2 * MIB, 2 * MIB + 9))).toBe(true);
      await object.close();
    };
    await Promise.all(Array.from({ length: 6 }, reading));
    // Half of the memory is for all, and one at a time is as large as `wholeBytes`.
    expect(memory.peak).toBeLessThanOrEqual(6 * MIB);
    expect(memory.held).toBe(0);
  }
});

test("ranges that find at once that a server gives none take the whole once", async () => {
  const bytes = counted(300_000);
  const { stored: object, server } = await openAt((request, response) => {
    if (server.requests.length === 1) sendRange(request, response, bytes);
    else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
  });
  await read(object, 0, 1000);
  const ranges = [10_000, 100_000, 200_000].map((start) => ({ start, end: start + 10 }));
  const parts = await object.read(ranges, never);
  expect(parts.map((part) => Buffer.from(part))).toEqual(ranges.map(({ start, end }) => bytes.subarray(start, end)));
  expect(server.requests.map(({ headers }) => headers.range === undefined)).toEqual([false, false, false, false, true]);
});

/** Sends a body in chunks without end, as fast as it is taken. */
function sendWithoutEnd(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const chunk = Buffer.alloc(65_536, 1);
  response.writeHead(status, headers);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}

test("a body in chunks without end is left at the limit", async () => {
  const { stored: object } = await openAt((_request, response) => sendWithoutEnd(response, 200), { wholeBytes: MIB });
  expect((await read(object, 0, 1000)).length).toBe(1000);
  expect(await rejection(read(object, 500_000, 500_010))).toBe("LIMIT_EXCEEDED");
  expect(object.cost.bytes).toBeLessThan(1.5 * MIB);
});

test("a whole that grows beyond its size is left there", async () => {
  const { stored: object } = await openAt((request, response) => {
    if (request.headers.range === undefined) sendWithoutEnd(response, 200);
    else response.writeHead(200, { "content-length": 100_000 }).end(Buffer.alloc(100_000));
  });
  await read(object, 0, 1000);
  expect(await rejection(read(object, 50_000, 50_010))).toBe("CHANGED");
  expect(object.cost.bytes).toBeLessThan(MIB);
});

test("a refusal without end is left early", async () => {
  const { stored: object, server } = await openAt((_request, response) =>
    sendWithoutEnd(response, server.requests.length === 1 ? 200 : 404),
  );
  await read(object, 0, 1000);
  expect(await rejection(read(object, 500_000, 500_010))).toBe("NOT_FOUND");
  expect(object.cost.bytes).toBeLessThan(MIB);
});

test("wholes that break off again and again are given up at the limit", async () => {
  const { stored: object } = await openAt(
    (request, response) => {
      response.writeHead(200, { "content-length": 900_000 });
      if (request.headers.range !== undefined) response.end(Buffer.alloc(900_000));
      else response.write(Buffer.alloc(899_999), () => response.destroy());
    },
    { wholeBytes: MIB },
  );
  await read(object, 0, 1000);
  expect(await rejection(read(object, 500_000, 500_010))).toBe("LIMIT_EXCEEDED");
  expect(object.cost.bytes).toBeLessThan(2.5 * MIB);
});

test.each([
  ["ranges", 206, { "content-range": "bytes 0-999/1000" }],
  ["no ranges", 200, {}],
  ["gzip", 206, { "content-range": "bytes 0-999/1000", "content-encoding": "gzip" }],
] as const)("a body that trickles ends at the deadline, with %s", async (_what, status, headers) => {
  const { stored: object, server } = await openAt(
    (_request, response) => {
      response.writeHead(status, headers);
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    },
    { deadline: 400, stall: 5000 },
  );
  const reading = read(object, 0, 1000);
  await expect(reading).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("the deadline passed") });
  expect(server.requests.length).toBe(1);
  expect(object.cost.bytes).toBeLessThan(1000);
});
