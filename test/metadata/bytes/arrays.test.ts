import fc from "fast-check";
import { expect, test } from "vitest";
import { indexOfBytes, joined } from "../../../src/metadata/bytes/arrays.ts";
import { digitValue, hex } from "../../../src/metadata/bytes/hex.ts";

test("finds and joins bytes as Node's buffers do", () => {
  const few = fc.array(fc.constantFrom(6, 7, 8), { maxLength: 30 });
  const sought = fc.tuple(fc.constantFrom(6, 7), fc.constantFrom(6, 7, 8), fc.constantFrom(6, 7));
  fc.assert(
    fc.property(few, sought, fc.nat(10), (bytes, pattern, from) => {
      const at = Buffer.from(bytes).indexOf(Buffer.from(pattern), from);
      expect(indexOfBytes(Uint8Array.from(bytes), pattern, from)).toBe(at);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect([...joined(parts)]).toEqual([...Buffer.concat(parts)]);
    }),
  );
});

test("reads and writes hexadecimal digits as Node's buffers do", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(hex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
    }),
  );
  for (let code = 0; code < 256; code++) {
    const character = String.fromCharCode(code);
    expect(digitValue(code), character).toBe(/[0-9a-f]/i.test(character) ? Number.parseInt(character, 16) : -1);
  }
});
