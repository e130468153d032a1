import { describe, expect, it } from "vitest";
import type { Decoder } from "../../../src/metadata/contracts.ts";
import { putFields } from "../../../src/metadata/tables/fixed-fields.ts";
import { type Context, type How, Layout, Table } from "../../../src/metadata/tables/row.ts";
import { decodeBlock } from "../../decode.ts";

/** The tags of group `Test` that a decoder of these bytes puts. */
function tagsOf(decode: Decoder<"adobe">["decode"], bytes: readonly number[] = [0]) {
  const { printed, numeric } = decodeBlock({ kind: "adobe", decode }, Uint8Array.from(bytes));
  return { printed: printed.Test, numeric: numeric.Test };
}

function fieldsOf(layout: Layout, bytes: readonly number[], littleEndian = false) {
  return tagsOf(({ data }, found) => putFields(layout, data, found.group("Test"), littleEndian), bytes);
}

describe("a layout", () => {
  it("counts offsets in values of its format", () => {
    const settings = new Layout(
      [
        [1, "MacroMode", { print: { 1: "Macro", 2: "Normal" } }],
        [2, "SelfTimer", { value: (raw: number) => raw / 10, print: (seconds: number) => `${seconds} s` }],
        [3, "Serial", { read: "int32u" }],
      ],
      "int16s",
    );
    const bytes = [0, 0, 2, 0, 0xff, 0xff, 4, 3, 2, 1];
    expect(fieldsOf(settings, bytes, true)).toEqual({
      printed: { MacroMode: "Normal", SelfTimer: "-0.1 s", Serial: 0x01020304 },
      numeric: { MacroMode: 2, SelfTimer: -0.1, Serial: 0x01020304 },
    });
  });

  it("reads every format", () => {
    const rows = new Layout([
      [0, "Byte"],
      [1, "Signed", { read: "int8s" }],
      [2, "Short", { read: "int16u" }],
      [4, "Fraction", { read: "rational64s" }],
      [12, "Float", { read: "float" }],
      [16, "Long", { read: "int64u" }],
      [24, "Name", { read: "string", count: 4 }],
      [28, "Bytes", { read: "undef", count: 2 }],
      [30, "Some", { count: 2 }],
      [30, "One", { count: 1 }],
    ]);
    const bytes = [
      ...[7, 0xff, 1, 2],
      ...[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 4],
      ...[0x3f, 0xc0, 0, 0],
      ...[0, 0, 0, 0, 0, 0, 1, 0],
      ...[0x41, 0x42, 0, 0x43],
      ...[1, 2],
      ...[8, 9],
    ];
    expect(fieldsOf(rows, bytes).numeric).toEqual({
      Byte: 7,
      Signed: -1,
      Short: 0x0102,
      Fraction: -0.25,
      Float: 1.5,
      Long: 256,
      Name: "AB",
      Bytes: { bytes: 2 },
      Some: [8, 9],
      One: [8],
    });
  });

  it("gives bits of one number as numbers of their own", () => {
    const read: How["read"] = "int32u";
    const flags = new Layout([
      [0, "High", { read, mask: 0xf8000000 }],
      [0, "Middle", { read, mask: 0x00ff0000, value: (raw: number) => raw + 1 }],
      [0, "Low", { read, mask: 0x3, print: { 2: "Two" } }],
    ]);
    expect(fieldsOf(flags, [0xfa, 0x10, 0, 0xfe])).toEqual({
      printed: { High: 31, Middle: 17, Low: "Two" },
      numeric: { High: 31, Middle: 17, Low: 2 },
    });
  });

  it("leaves out what lies past the end, and takes what there is of a list", () => {
    const rows = new Layout([
      [0, "Whole", { read: "int16u" }],
      [2, "List", { read: "int16u", count: 3 }],
      [6, "Cut", { read: "int16u" }],
      [20, "Away"],
    ]);
    expect(fieldsOf(rows, [0, 1, 0, 2, 0, 3, 0]).numeric).toEqual({ Whole: 1, List: [2, 3] });
    expect(fieldsOf(rows, []).numeric).toBeUndefined();
  });
});

describe("a row", () => {
  it("leaves the tag out if its value stands for nothing", () => {
    const table = new Table<string>([["a", "Rating", { value: (raw: number) => raw || undefined }]]);
    const rating = table.first("a");
    expect(rating?.standsFor(0, false)).toBeUndefined();
    expect(rating?.standsFor(5, false)).toBe(5);
    expect(table.first("b")).toBeUndefined();
  });

  it("prints each value of a list on its own", () => {
    const table = new Table([[1, "Colors", { list: true, print: { 1: "Red", 2: "Blue" } }]]);
    const [colors] = table.tags;
    expect(tagsOf((_, found) => colors && found.group("Test").putRow(colors, [2, 1, 3])).printed).toEqual({
      Colors: ["Blue", "Red", "Unknown (3)"],
    });
  });

  it("is taken if its condition holds, the first of its id", () => {
    const table = new Table([
      [1, "OfTheThumbnail", { when: ({ directory }) => directory === "IFD1" }],
      [1, "OfTheImage"],
      [2, "Other"],
    ]);
    const inDirectory = (directory: string): Context => ({ directory, holder: "APP1", compression: undefined, subfileType: undefined });
    expect(table.first(1)?.taken(inDirectory("IFD1"))?.name).toBe("OfTheThumbnail");
    expect(table.first(1)?.taken(inDirectory("IFD0"))?.name).toBe("OfTheImage");
    expect(table.tags.map(({ name }) => name)).toEqual(["OfTheThumbnail", "OfTheImage", "Other"]);
  });

  it("stands below a tag of its name if it is low, though that came by its name alone", () => {
    const table = new Table([[1, "FirstReadInTheMidstOfAnImage", { low: true }]]);
    const { numeric } = tagsOf((_, found) => {
      const group = found.group("Test");
      group.put("FirstReadInTheMidstOfAnImage", 1);
      for (const tag of table.tags) group.putRaw(tag, 2);
    });
    expect(numeric).toEqual({ FirstReadInTheMidstOfAnImage: 1 });
  });
});

describe("a group of low priority", () => {
  it("gives way to any other group, whatever its rows say", () => {
    const table = new Table([[1, "Title"]]);
    const [title] = table.tags;
    const { printed } = tagsOf((_, found) => {
      found.group("Test").put("Title", "main");
      const low = found.group("Test", true);
      low.put("Title", "by name");
      if (title !== undefined) low.putRow(title, "by row");
      if (title !== undefined) low.putRaw(title, "raw");
    });
    expect(printed).toEqual({ Title: "main" });
  });
});
