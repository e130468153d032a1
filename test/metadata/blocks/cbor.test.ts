import { beforeAll, describe, expect, it } from "vitest";
import { loadTables } from "../../../src/metadata/late-tables.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { box } from "../../builders/heif.ts";
import { superbox } from "../../builders/jumbf.ts";
import { pngChunk, pngFile } from "../../builders/png.ts";

beforeAll(loadTables);

/** The tags of a CBOR box with these bytes. */
function tagsOf(hex: string) {
  return readMetadataSync(pngFile(pngChunk("caBX", superbox("cbor", "test", box("cbor", Buffer.from(hex, "hex")))))).tags.CBOR;
}

const key = (name: string) => (0x60 + name.length).toString(16) + Buffer.from(name).toString("hex");

describe("CBOR tags", () => {
  it.each([
    ["a date", `c074${Buffer.from("2013-03-21T20:04:00Z").toString("hex")}`, "2013:03:21 20:04:00Z"],
    ["seconds since 1970", "c11a514b67b0", "2013:03:21 20:04:00+00:00"],
    ["parts of a second", "c1fb41d452d9ec200000", "2013:03:21 20:04:00.500+00:00"],
    ["a big number", "c249010000000000000000", "18446744073709551616"],
    ["a negative big number", "c349010000000000000000", "-18446744073709551617"],
    ["a decimal fraction", "c48221196ab3", 273.15],
    ["a big float", "c5822003", 1.5],
    ["another tag", "d8206161", "a"],
    ["null", "f6", "null"],
    ["undefined", "f7", "undef"],
    ["true", "f5", true],
    ["a structure", `a2${key("in")}01${key("f6")}f6`, { in: 1, f6: "null" }],
    ["lists in a list", "828101820203", [1, 2, 3]],
  ])("gives %s", (_, value, expected) => {
    expect(tagsOf(`a1${key("value")}${value}`)).toEqual({ Value: expected });
  });

  it("numbers the items of a list, and names keys as tags", () => {
    expect(tagsOf("8301f641ff")).toEqual({ Item0: 1, Item1: "null", Item2: { bytes: 1 } });
    expect(tagsOf(`a4${key("c2pa:x")}01${key("dc:format")}02${key("a")}03${key("thumbnailUrl")}04`)).toEqual({
      C2PA_x: 1,
      Format: 2,
      TagA: 3,
      ThumbnailURL: 4,
    });
    expect(tagsOf("a2010241ff03")).toEqual({ Tag1: 2, Ff: 3 });
  });

  it("takes zeros for padding", () => {
    expect(tagsOf(`a1${key("one")}010000`)).toEqual({ One: 1 });
  });
});
