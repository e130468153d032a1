import { describe, expect, it } from "vitest";
import { DirectoryReader } from "../../../src/metadata/blocks/exif/directories.ts";
import { ImageFacts } from "../../../src/metadata/blocks/exif/image.ts";
import type { Decoder } from "../../../src/metadata/contracts.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { Table } from "../../../src/metadata/tables/row.ts";
import { app, jpegFile, tiffDirectory, u16, u32 } from "../../builders/jpeg.ts";
import { tiff } from "../../builders/tiff.ts";
import { decodeBlock } from "../../decode.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const unicodeName = Buffer.concat([Buffer.from("UNICODE\0", "latin1"), Buffer.from("None", "utf16le").swap16()]);

describe("kodak-meta", () => {
  it("gives the camera's owner, the effects and the borders", () => {
    const effects = tiffDirectory([
      [0, 1, 4, Buffer.of(1, 0, 0, 0)],
      [1, 7, 4, Buffer.from("None")],
      [2, 3, 1, 5],
    ]).subarray(8);
    const meta = tiffDirectory([
      [0xc353, 7, unicodeName.length, unicodeName],
      [0xc365, 7, 4, Buffer.from("0100")],
      [0xc361, 7, 10, Buffer.alloc(10)],
      [0xc36e, 4, 1, 200],
      [0xc36f, 4, 1, 9999],
    ]);
    const bytes = jpegFile([app(3, "Meta\0\0", meta, Buffer.alloc(200 - meta.length), effects)]);
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.MetaIFD).toEqual({ CameraOwner: "None", MetadataNumber: "0100", SBAExposureRecord: { bytes: 10 } });
    expect(tags.KodakEffectsIFD).toEqual({ DigitalEffectsVersion: [1, 0, 0, 0], DigitalEffectsName: "None", DigitalEffectsType: 5 });
    expect(warnings.map(({ code }) => code)).toEqual(["TRUNCATED"]);
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });
});

describe("stim", () => {
  it("gives how the views are arranged", () => {
    const crop = Buffer.concat([u16(1), Buffer.of(2), u32(0xffffffff), Buffer.of(3), u32(7)]);
    const stim = tiffDirectory([
      [0, 7, 4, Buffer.from("0100")],
      [2, 3, 1, 1],
      [7, 7, crop.length, crop],
      [12, 4, 1, 400],
      [17, 4, 1, 0],
    ]);
    expect(readMetadataSync(jpegFile([app(3, "Stim\0\0", stim)])).tags.Stim).toEqual({
      StimVersion: "0100",
      ImageArrangement: "Cross View Alignment",
      CropXCommonOffset: "Individual Offset Setting",
      CropXViewpointNumber: 2,
      CropXOffset: -1,
      CropXViewpointNumber2: 3,
      CropXOffset2: 7,
      AssumedDisplaySize: "400 mm",
      ConvergenceDistance: "inf",
    });
  });
});

describe("eppim", () => {
  it("hands on Print Image Matching", () => {
    const printIm = Buffer.from("PrintIM\x000300\0\0\0\0\0\0", "latin1");
    const { tags } = readMetadataSync(jpegFile([app(6, "EPPIM\0", tiffDirectory([[0xc4a5, 7, printIm.length, printIm]]))]));
    expect(tags.PrintIM?.PrintIMVersion).toBe("0300");
  });

  it("wants a TIFF header", () => {
    const { warnings } = readMetadataSync(jpegFile([app(6, "EPPIM\0", Buffer.alloc(20))]));
    expect(warnings).toMatchObject([{ code: "MALFORMED", block: "eppim" }]);
  });
});

describe("a directory whose offsets count from another place", () => {
  const inner = new Table([[0x0002, "Text"]]);
  const outer = new Table([
    [0x0001, "Text"],
    [0x0002, "Inner", { directory: { name: "Inner", table: () => inner } }],
    [0x0003, "Place", { offset: true }],
    [0x0004, "List", { structure: (bytes, group) => group.put("Length", bytes.length) }],
  ]);
  const structure = tiff(
    [
      [
        [0x0001, 2, "a text behind the directory"],
        [0x0002, 4, { directories: [[[0x0002, 2, "a text of the inner one"]]] }],
        [0x0003, 4, [100]],
        [0x0004, 7, Buffer.alloc(9)],
      ],
      [[0x0001, 2, "a directory that does not follow"]],
    ],
    { bigEndian: true },
  );
  const BASE = 50;
  const decoder: Decoder<"exif"> = {
    kind: "exif",
    decode({ data }, found) {
      const header = { littleEndian: false, magic: 42, big: false, firstDirectory: 0 };
      const place = { window: data, header, holder: "other", iptc: "elsewhere", origin: 0, base: BASE } as const;
      const next = new DirectoryReader(place, found, new ImageFacts(data, "other", found)).read(
        "Outer",
        BASE + structure.readUInt32BE(4),
        outer,
      );
      expect(next).toBe(0);
    },
  };

  it("is read with the directories in it, and none follows", () => {
    const { numeric, warnings } = decodeBlock(decoder, Buffer.concat([Buffer.alloc(BASE, 0xff), structure]), {
      context: { holder: "other", iptc: "elsewhere" },
    });
    expect(numeric).toEqual({
      Outer: { Text: "a text behind the directory", Place: 150, Length: 9 },
      Inner: { Text: "a text of the inner one" },
    });
    expect(warnings).toEqual([]);
  });
});
