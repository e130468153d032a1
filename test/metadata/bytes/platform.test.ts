import { brotliCompressSync, deflateRawSync, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Compression } from "../../../src/metadata/bytes/platform.ts";
import { platform as node } from "../../../src/metadata/bytes/platform-node.ts";
import { platform as web } from "../../../src/metadata/bytes/platform-web.ts";

/** Text in pieces that are well-formed, cut characters, surrogates in UTF-8, byte order marks and plain noise. */
const textBytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
      fc.string({ unit: "binary", minLength: 1 }).map((text) => Buffer.from(text).subarray(0, -1)),
      fc.string().map((text) => Buffer.from(text, "latin1")),
      fc
        .constantFrom("efbbbf", "eda080", "edb080", "f4908080", "c0af", "e0809f", "efbfbe", "efbfbf", "00")
        .map((digits) => Buffer.from(digits, "hex")),
      fc.uint8Array(),
    ),
    { maxLength: 6 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));
/** Longer than one call makes text of. */
const longBytes = fc.uint8Array({ minLength: 8190, maxLength: 16_400 });
const anyBytes = fc.oneof({ weight: 20, arbitrary: textBytes }, { weight: 1, arbitrary: longBytes });

describe("without Node, the same comes out", () => {
  test("latin1", () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(50), (bytes, start) => {
        const from = Math.min(start, bytes.length);
        expect(web.latin1(bytes, from, bytes.length)).toEqual(node.latin1(bytes, from, bytes.length));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["isAscii", "utf8", "utf16le", "crc32"] as const)("%s", (name) => {
    fc.assert(
      fc.property(anyBytes, (bytes) => void expect(web[name](bytes)).toEqual(node[name](bytes))),
      { numRuns: 1000 },
    );
  });

  test("base64 with white space and of any length", () => {
    const text = fc.string({ unit: fc.constantFrom(..."AZaz09+/ \n\r\t\f"), maxLength: 200 });
    fc.assert(
      fc.property(text, (base64) => void expect([...web.base64(base64)]).toEqual([...node.base64(base64)])),
      { numRuns: 1000 },
    );
  });

  /** Streams that are whole, cut, changed, followed by something, or no streams. */
  const stream = fc
    .record({
      content: fc.oneof(
        textBytes,
        fc.tuple(fc.uint8Array({ maxLength: 50 }), fc.nat(2000)).map(([bytes, times]) => Buffer.concat(Array(times).fill(bytes))),
      ),
      level: fc.integer({ min: 0, max: 9 }),
      raw: fc.boolean(),
      kept: fc.integer({ min: 1, max: 160 }),
      damage: fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { maxLength: 2 }),
      tail: fc.uint8Array({ maxLength: 10 }),
      limit: fc.constantFrom(1 << 20, 20_000, 10),
    })
    .map(({ content, level, raw, kept, damage, tail, limit }) => {
      const whole = raw ? deflateRawSync(content, { level }) : deflateSync(content, { level });
      const bytes = Uint8Array.from(
        Buffer.concat([whole, tail]).subarray(0, kept > 100 ? undefined : Math.ceil((kept / 100) * whole.length)),
      );
      for (const { at, value } of damage) bytes[at % bytes.length] = value;
      return { bytes, compression: (raw ? "deflate" : "zlib") as Compression, limit };
    });

  test("inflates the same, and says the same of damage", () => {
    const seen = { whole: 0, MALFORMED: 0, LIMIT_EXCEEDED: 0 };
    fc.assert(
      fc.property(stream, ({ bytes, compression, limit }) => {
        const expected = node.inflate(bytes, compression, limit);
        const found = web.inflate(bytes, compression, limit);
        expect(found.damage).toEqual(expected.damage);
        expect(Buffer.compare(found.bytes, expected.bytes)).toBe(0);
        seen[(expected.damage?.code as "MALFORMED" | undefined) ?? "whole"]++;
      }),
      { numRuns: 3000 },
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(50);
  });

  test("a dictionary is missing in both", () => {
    const bytes = deflateSync("abc", { dictionary: Buffer.from("abcdef") });
    expect(web.inflate(bytes, "zlib", 1000)).toEqual(node.inflate(bytes, "zlib", 1000));
  });
});

test("Brotli is decoded on Node, and said to be left out elsewhere", () => {
  const bytes = brotliCompressSync("text");
  expect(Buffer.from(node.inflate(bytes, "brotli", 1000).bytes).toString()).toBe("text");
  expect(web.inflate(bytes, "brotli", 1000)).toMatchObject({ bytes: new Uint8Array(0), damage: { code: "NOT_DECODED" } });
});
