import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, latin1, untilNull } from "../../../src/metadata/bytes/text.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("decodeText", () => {
  it("reads UTF-8 and Latin-1 of any length as Node does, but for bad bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        expect(decodeText(Buffer.from(text), "utf-8")).toBe(
          Buffer.from(text)
            .toString()
            .replace(/[\ufffe\uffff]/g, "???"),
        );
        expect(latin1(Buffer.from(text))).toBe(Buffer.from(text).toString("latin1"));
      }),
      { numRuns: 1000 },
    );
  });
  it("reads UTF-8 and makes each bad byte a question mark", () => {
    expect(decodeText(bytes(0xe2, 0x82, 0xac, 0x20, 0xf0, 0x9f, 0x98, 0x80), "utf-8")).toBe("€ 😀");
    expect(decodeText(bytes(0x41, 0xa9, 0x42), "utf-8")).toBe("A?B");
    expect(decodeText(bytes(0xe2, 0x82), "utf-8")).toBe("??");
    expect(decodeText(bytes(0xc0, 0xaf), "utf-8")).toBe("??");
    expect(decodeText(bytes(0xed, 0xa0, 0x80), "utf-8")).toBe("???");
    expect(decodeText(bytes(0xef, 0xbf, 0xbf, 0x41), "utf-8")).toBe("???A");
    expect(decodeText(bytes(0xf4, 0x90, 0x80, 0x80), "utf-8")).toBe("????");
  });
  it("reads Latin-1 with what Windows puts into 0x80 to 0x9f", () => {
    expect(decodeText(bytes(0x80, 0x81, 0x96, 0x9f, 0xa9, 0xff), "latin1")).toBe("€\x81–Ÿ©ÿ");
  });
  it("reads Mac Roman", () => {
    expect(decodeText(bytes(0x80, 0xa9, 0xca, 0xdb, 0xff), "mac-roman")).toBe("Ä©\xa0€ˇ");
  });
  it("reads UTF-16 in both orders, byte order marks and odd lengths", () => {
    expect(decodeText(bytes(0x00, 0x41, 0xd8, 0x3d, 0xde, 0x00), "utf-16be")).toBe("A😀");
    expect(decodeText(bytes(0x41, 0x00, 0x7a), "utf-16le")).toBe("A");
    expect(decodeText(bytes(0xff, 0xfe, 0x41, 0x00), "utf-16be")).toBe("A");
  });
  it("reads UTF-32 in both orders", () => {
    expect(decodeText(bytes(0, 1, 0xf6, 0), "utf-32be")).toBe("😀");
    expect(decodeText(bytes(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0), "utf-32be")).toBe("A");
    expect(decodeText(bytes(0xff, 0xff, 0xff, 0xff), "utf-32be")).toBe("\ufffd");
  });
  it("reads JIS X 0208", () => {
    expect(decodeText(bytes(0x34, 0x41, 0x3b, 0x7a), "jis")).toBe("漢字");
  });
  it("leaves the bytes as they are", () => {
    const source = bytes(0x00, 0x41);
    decodeText(source, "utf-16be");
    expect([...source]).toEqual([0x00, 0x41]);
  });
});

describe("untilNull", () => {
  it("cuts at the first U+0000", () => {
    expect(untilNull("a\0b\0")).toBe("a");
    expect(untilNull("ab")).toBe("ab");
  });
});
