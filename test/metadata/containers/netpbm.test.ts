import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { lawOfWindows } from "../../laws.ts";

const refusal = (text: string) => {
  try {
    readMetadataSync(Buffer.from(text, "latin1"));
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return "a record";
};
const netpbm = "Netpbm is not read yet";
const floatMap = "Portable FloatMap is not read yet";
const none = "the bytes are of no image format that is known here";

describe("Netpbm", () => {
  it.each(["P1", "P2", "P3", "P4", "P5", "P6"])("%s is known with any white space and comments", (magic) => {
    for (const space of ["\n", "\r", "\r\n", " ", "\t", "\v", "\f", "  \t\n ", "# a\n", " # a\r#b\n\n# c\n "])
      expect(refusal(`${magic}${space}3 2\n255\n`), JSON.stringify(space)).toBe(netpbm);
  });

  it("knows arbitrary maps and float maps", () => {
    for (const space of ["\n", " ", "\r", "\n# a\n", "\t#a\n"]) {
      expect(refusal(`P7${space}WIDTH 3\nHEIGHT 2\n`)).toBe(netpbm);
      for (const magic of ["PF", "Pf"]) expect(refusal(`${magic}${space}3 2\n-1.0\n`)).toBe(floatMap);
    }
  });

  it("is known behind a comment that is longer than the first 4,096 bytes, and if the file ends early", () => {
    for (const length of [4090, 4093, 5000, 100_000]) expect(refusal(`P6 #${"a".repeat(length)}\n3 2\n255\n`), `${length}`).toBe(netpbm);
    for (const text of ["P5\n", "P5 ", "P5 # a", "P5\r"]) expect(refusal(text)).toBe(netpbm);
  });

  it("does not take other texts for one", () => {
    for (const text of ["P5", "P53 2\n", "P0\n3 2", "P8\n3 2", "P5 is here", "P7 3 2", "P7 WIDTHS", "PF text", "p5\n3 2", "P1 #a\nb"])
      expect(refusal(text), text).toBe(none);
    expect(refusal(`P6 #${"a".repeat(5000)}\nb`)).toBe(none);
  });

  it("holds the law of windows", () => {
    for (const text of ["P5 3 2", `P6 #${"a".repeat(5000)}\n3 2\n`, `P6 #${"a".repeat(5000)}\nb`]) lawOfWindows(Buffer.from(text));
  });
});
