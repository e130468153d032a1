import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteWindow, MissingBytes, PastEnd } from "../../../src/metadata/bytes/window.ts";

const bytes = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

test("a byte that is not fetched is asked for, one past the end is an error", () => {
  const window = ByteWindow.empty(300);
  expect(thrownBy(() => window.u32(10))).toEqual(new MissingBytes([{ start: 10, end: 14 }]));
  expect(thrownBy(() => window.u32(297))).toBeInstanceOf(PastEnd);
  expect(thrownBy(() => window.bytes(-1, 4))).toBeInstanceOf(PastEnd);
  expect(thrownBy(() => window.bytes(0, Number.NaN))).toBeInstanceOf(PastEnd);
});

test("one MissingBytes names all that is needed, in the object's offsets", () => {
  const window = ByteWindow.empty(300);
  window.add(100, bytes.subarray(100, 150));
  const sub = window.sub(90, 100);
  expect(
    thrownBy(() =>
      sub.need([
        { start: 10, end: 60 },
        { start: 0, end: 10 },
        { start: 90, end: 500 },
      ]),
    ),
  ).toEqual(
    new MissingBytes([
      { start: 90, end: 100 },
      { start: 180, end: 190 },
    ]),
  );
});

test("numbers in both orders", () => {
  const window = ByteWindow.whole(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0);
  expect([window.u16(0), window.u16(0, true), window.u24(0), window.u24(0, true), window.u32(0), window.u32(0, true)]).toEqual([
    0x102, 0x201, 0x10203, 0x30201, 0x1020304, 0x4030201,
  ]);
  expect(window.u64(0)).toBe(0x102030405060708n);
  expect(window.ascii(0, 2)).toBe("\x01\x02");
});

test("a sub-window ends where its parent ends", () => {
  const window = ByteWindow.whole(bytes, 0);
  const sub = window.sub(250, 1000).sub(10);
  expect(sub.size).toBe(40);
  expect(sub.offsetInObject).toBe(260);
  expect(sub.u8(0)).toBe(260 & 0xff);
  expect(thrownBy(() => window.sub(301))).toBeInstanceOf(PastEnd);
});

test("what lies outside is never asked for", () => {
  const window = ByteWindow.empty(300);
  const thrown = thrownBy(() =>
    window.sub(100, 50).need([
      { start: -16, end: 8 },
      { start: 40, end: 90 },
      { start: -9, end: -1 },
    ]),
  );
  expect(thrown).toEqual(
    new MissingBytes([
      { start: 100, end: 108 },
      { start: 140, end: 150 },
    ]),
  );
});

test("joined parts are one window, of which only what is touched is asked for", () => {
  const window = ByteWindow.empty(300);
  const joined = window.join([
    { start: 100, end: 110 },
    { start: 10, end: 20 },
    { start: 290, end: 400 },
  ]);
  expect(joined.size).toBe(30);
  expect(thrownBy(() => joined.bytes(8, 4))).toEqual(
    new MissingBytes([
      { start: 108, end: 110 },
      { start: 10, end: 12 },
    ]),
  );
  window.add(0, bytes.subarray(0, 20));
  expect(thrownBy(() => joined.u16(9))).toEqual(new MissingBytes([{ start: 109, end: 110 }]));
  window.add(100, bytes.subarray(100, 110));
  expect([...joined.bytes(8, 4)]).toEqual([108, 109, 10, 11]);
  expect(joined.sub(10, 5).u8(4)).toBe(14);
  expect(joined.has(20, 21)).toBe(false);
  expect(thrownBy(() => joined.u8(30))).toBeInstanceOf(PastEnd);
  expect(thrownBy(() => joined.join([{ start: 22, end: 24 }]).u16(0))).toEqual(new MissingBytes([{ start: 292, end: 294 }]));
});

test("chunks in any order and overlap give the same bytes", () => {
  const piece = fc.tuple(fc.nat(299), fc.nat(80));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const window = ByteWindow.empty(300);
      const there = new Set<number>();
      for (const [start, length] of pieces) {
        window.add(start, bytes.subarray(start, start + length));
        for (let i = start; i < Math.min(300, start + length); i++) there.add(i);
      }
      for (let i = 0; i < 300; i++) expect(window.has(i, i + 1)).toBe(there.has(i));
      for (const [start, length] of pieces) {
        const end = Math.min(300, start + length);
        expect([...window.bytes(start, end - start)]).toEqual([...bytes.subarray(start, end)]);
      }
    }),
  );
});

test("more places may be asked for at once than a call takes arguments", () => {
  const window = ByteWindow.empty(1 << 22);
  const places = Array.from({ length: 300_000 }, (_, i) => ({ start: 8 * i, end: 8 * i + 4 }));
  expect(thrownBy(() => window.need(places))).toEqual(new MissingBytes(places));
});
