import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import type { ImageMetadata } from "../../../src/record/types.ts";
import { type DocumentOptions, documentData, type LayerOptions, unicodeName } from "../../builders/photoshop-layers.ts";
import { tiff } from "../../builders/tiff.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const number = (value: number, size: 2 | 4, littleEndian: boolean): Buffer => {
  const bytes = Buffer.alloc(size);
  if (littleEndian) bytes.writeUIntLE(value, 0, size);
  else bytes.writeUIntBE(value, 0, size);
  return bytes;
};

/** The metadata of a layer that was changed at this time, in seconds since 1970. */
const changedAt = (seconds: number, littleEndian: boolean): Buffer => {
  const bytes = Buffer.alloc(8);
  if (littleEndian) bytes.writeDoubleLE(seconds);
  else bytes.writeDoubleBE(seconds);
  return Buffer.concat([Buffer.from(`....layerTime${littleEndian ? "buod" : "doub"}`), bytes, Buffer.alloc(3)]);
};

const layers = (littleEndian: boolean, effects = 5000): LayerOptions[] => [
  { name: "Background", information: [["lclr", Buffer.concat([number(1, 2, littleEndian), Buffer.alloc(6)])]] },
  {
    name: "Gr\xfcn",
    rectangle: [-5, 2, 100, 200],
    blendMode: "mul ",
    opacity: 128,
    hidden: true,
    channels: 4,
    maskBytes: 20,
    information: [
      ["luni", unicodeName("Grün 猫", littleEndian)],
      ["lfx2", Buffer.alloc(effects + 1)],
      ["shmd", changedAt(1336651200.25, littleEndian)],
      ["lsct", number(1, 4, littleEndian)],
    ],
  },
  { name: "x", blendMode: "????", information: [["lyid", number(5, 4, littleEndian)]] },
];

const fileOf = (document: Uint8Array, bigEndian = true): Buffer =>
  tiff(
    [
      [
        [0x0100, 3, [8]],
        [0x0101, 3, [8]],
        [0x935c, 7, document],
      ],
    ],
    { bigEndian },
  );

const read = (all: readonly LayerOptions[], options: DocumentOptions = {}, numeric = false): ImageMetadata =>
  readMetadataSync(fileOf(documentData(all, options), !options.littleEndian), { numeric });

describe("Photoshop's layers in a TIFF", () => {
  it.each<[name: string, options: DocumentOptions]>([
    ["big-endian", {}],
    ["little-endian", { littleEndian: true }],
    ["with lengths of 64 bits", { wide: true }],
    ["little-endian with lengths of 64 bits", { littleEndian: true, wide: true }],
    ["of 16 bits a channel", { key: "Lr16" }],
    ["behind another block", { before: [["Mtrn", Buffer.alloc(6)]] }],
    ["with the transparency of the merged image", { count: -3 }],
  ])("are read %s", (_, options) => {
    const { tags, warnings } = read(layers(options.littleEndian ?? false), options);
    expect(warnings).toEqual([]);
    expect(tags.Photoshop).toEqual({
      LayerCount: 3,
      LayerRectangles: [
        [0, 0, 8, 8],
        [4_294_967_291, 2, 100, 200],
        [0, 0, 8, 8],
      ],
      LayerBlendModes: ["Normal", "Multiply", "Unknown (????)"],
      LayerOpacities: ["100%", "50%", "100%"],
      LayerVisible: ["Yes", "No", "Yes"],
      LayerNames: ["Background", "Grün", "x"],
      LayerColors: ["Red", "Unknown ()", "Unknown ()"],
      LayerUnicodeNames: ["", "Grün 猫", ""],
      LayerModifyDates: ["", "2012:05:10 12:00:00+00:00", ""],
      LayerSections: ["Layer", "Folder (open)", "Layer"],
    });
  });

  it("are given as they are stored", () => {
    expect(read(layers(false), {}, true).tags.Photoshop).toMatchObject({
      LayerBlendModes: ["norm", "mul ", "????"],
      LayerOpacities: [100, 50.1960784313725, 100],
      LayerVisible: [0, 2, 0],
      LayerColors: [1, "", ""],
      LayerSections: [0, 1, 0],
    });
  });

  it("are read without their effects and pixels", () => {
    const { content, bytes } = readSparsely(fileOf(documentData(layers(false, 1 << 20), { pixels: 4 << 20 })));
    expect(content.tags.Photoshop?.LayerNames).toEqual(["Background", "Grün", "x"]);
    expect(bytes).toBeLessThan(256 << 10);
  });

  it("stand as far as they can be read", () => {
    const { tags, warnings } = read(layers(false), { count: 5, pixels: 200 });
    expect(tags.Photoshop).toMatchObject({ LayerCount: 5, LayerNames: ["Background", "Grün", "x"] });
    expect(warnings).toMatchObject([{ code: "MALFORMED", block: "photoshop-layers" }]);
  });

  it("warn of data of another kind", () => {
    const { tags, warnings } = readMetadataSync(fileOf(Buffer.from("Adobe Photoshop Document Data Other\0............")));
    expect(tags.Photoshop).toBeUndefined();
    expect(warnings).toMatchObject([{ code: "MALFORMED", block: "photoshop-layers" }]);
    expect(readMetadataSync(fileOf(documentData([], { before: [["Mtrn", Buffer.alloc(6)]] }).fill(0, 36, 40))).warnings).toMatchObject([
      { code: "MALFORMED", block: "photoshop-layers" },
    ]);
  });

  it("warn of a block that ends past the data", () => {
    const document = documentData(layers(false));
    const { warnings } = readMetadataSync(fileOf(document.subarray(0, document.length - 8)));
    expect(warnings).toMatchObject([{ code: "TRUNCATED", block: "photoshop-layers" }]);
  });

  it("obey the laws", () => {
    const bytes = fileOf(documentData(layers(false, 40_000)));
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });
});
