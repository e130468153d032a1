import { describe, expect, it } from "vitest";
import { Budget } from "../../../src/metadata/budget.ts";
import { ByteWindow } from "../../../src/metadata/bytes/window.ts";
import { CborMap, CborReader, type CborValue, Simple, Tagged } from "../../../src/metadata/grammar/cbor.ts";
import { defaultLimits } from "../../../src/record/limits.ts";

function read(hex: string): CborValue {
  return new CborReader(ByteWindow.whole(Buffer.from(hex, "hex")), new Budget(defaultLimits)).read();
}

function mapOf(...fields: (readonly [key: CborValue, value: CborValue])[]): CborMap {
  const map = new CborMap();
  for (const [key, value] of fields) map.set(key, value);
  return map;
}

describe("CBOR, by the examples of RFC 8949 appendix A", () => {
  it.each<[string, CborValue]>([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["1bffffffffffffffff", 18446744073709551615n],
    ["20", -1],
    ["3903e7", -1000],
    ["3bffffffffffffffff", -18446744073709551616n],
    ["f90000", 0],
    ["f93c00", 1],
    ["f97bff", 65504],
    ["f90001", 2 ** -24],
    ["f9c400", -4],
    ["f97c00", Number.POSITIVE_INFINITY],
    ["f97e00", Number.NaN],
    ["fa47c35000", 100_000],
    ["fb3ff199999999999a", 1.1],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["f7", new Simple(23)],
    ["f0", new Simple(16)],
    ["f8ff", new Simple(255)],
    ["c11a514b67b0", new Tagged(1, 1363896240)],
    ["4401020304", Uint8Array.of(1, 2, 3, 4)],
    ["6449455446", "IETF"],
    ["62c3bc", "ü"],
    ["8301820203820405", [1, [2, 3], [4, 5]]],
    ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
    ["a201020304", mapOf([1, 2], [3, 4])],
    ["bf61610161629f0203ffff", mapOf(["a", 1], ["b", [2, 3]])],
    ["7f657374726561646d696e67ff", "streaming"],
    ["5f42010243030405ff", Uint8Array.of(1, 2, 3, 4, 5)],
  ])("reads %s", (hex, value) => {
    const item = read(hex);
    expect(item instanceof CborMap ? [...item] : item).toEqual(value instanceof CborMap ? [...value] : value);
  });

  it.each([
    ["", "lie past the end"],
    ["1c", "no integer of kind 28"],
    ["fc", "no value of kind 28"],
    ["1f", "has no value"],
    ["ff", "outside"],
    ["82ff", "announces more"],
    ["8201ff", "too early"],
    ["9b7fffffffffffffff", "announces more"],
    ["5b7fffffffffffffff", "lie past the end"],
    ["5f6161ff", "another kind"],
    ["c1ff", "has no value"],
    ["81".repeat(80), "nested deeper"],
    ["c1".repeat(80), "nested deeper"],
  ])("refuses %s", (hex, message) => {
    expect(() => read(hex)).toThrowError(message);
  });
});
