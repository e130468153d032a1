import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import {
  auxiliary,
  av1Configuration,
  box,
  bytesOf,
  fileType,
  fullBox,
  heifFile,
  hevcConfiguration,
  type ItemOptions,
  mirror,
  pixelDepths,
  rotation,
  spatialExtent,
  u16s,
  xmpPacket,
} from "../../builders/heif.ts";
import { u32s } from "../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const image: ItemOptions = { id: 1, type: "hvc1", data: Buffer.alloc(64), properties: [1, 2, 3] };
const properties = [spatialExtent(640, 480), pixelDepths(8, 8, 8), hevcConfiguration()];
const simple = { items: [image], primary: 1, properties };

describe("HEIF", () => {
  it("reads an image with its tags as they are stored", () => {
    const bytes = heifFile(simple);
    const { tags, summary, ...record } = readMetadataSync(bytes, { numeric: true });
    expect(record).toMatchObject({ format: "HEIC", mimeType: "image/heic", width: 640, height: 480, warnings: [] });
    expect(record.orientation).toBeUndefined();
    expect(summary).toMatchObject({ bitsPerSample: 8, channels: 3, hasAlpha: false });
    expect(tags.File).toEqual({ ImageWidth: 640, ImageHeight: 480 });
    expect(tags.Meta).toEqual({ PrimaryItemReference: 1 });
    expect(tags.QuickTime).toEqual({
      MajorBrand: "heic",
      MinorVersion: "0.0.0",
      CompatibleBrands: ["mif1", "heic"],
      HandlerType: "pict",
      ImageSpatialExtent: [640, 480],
      ImagePixelDepth: [8, 8, 8],
      HEVCConfigurationVersion: 1,
      GeneralProfileSpace: 0,
      GeneralTierFlag: 0,
      GeneralProfileIDC: 1,
      GenProfileCompatibilityFlags: 0x60000000,
      ConstraintIndicatorFlags: [0xb0, 0, 0, 0, 0, 0],
      GeneralLevelIDC: 120,
      MinSpatialSegmentationIDC: 0,
      ParallelismType: 0,
      ChromaFormat: 1,
      BitDepthLuma: 8,
      BitDepthChroma: 8,
      AverageFrameRate: 0,
      ConstantFrameRate: 0,
      NumTemporalLayers: 1,
      TemporalIDNested: 1,
      MediaDataSize: 64,
      MediaDataOffset: bytes.length - 64,
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("prints them for people", () => {
    const { tags } = readMetadataSync(heifFile(simple));
    expect(tags.QuickTime).toMatchObject({
      MajorBrand: "High Efficiency Image Format HEVC still image (.HEIC)",
      HandlerType: "Picture",
      ImageSpatialExtent: "640x480",
      GenProfileCompatibilityFlags: "Main 10, Main",
      GeneralLevelIDC: "120 (level 4.0)",
      ChromaFormat: "4:2:0",
      TemporalIDNested: "Yes",
    });
  });

  it.each([
    ["heic", "HEIC", "image/heic"],
    ["heix", "HEIF", "image/heif"],
    ["hevc", "HEICS", "image/heic-sequence"],
    ["mif1", "HEIF", "image/heif"],
    ["msf1", "HEIFS", "image/heif-sequence"],
    ["avif", "AVIF", "image/avif"],
    ["avis", "AVIF", "image/avif"],
    ["xxxx", "HEIF", "image/heif"],
  ] as const)("tells by brand %s that the file is %s", (brand, format, mimeType) => {
    expect(readMetadataSync(heifFile({ ...simple, brands: [brand, "mif1"] }))).toMatchObject({ format, mimeType });
  });

  it("leaves films and Canon's raw files to others", () => {
    for (const brand of ["isom", "crx "]) {
      const bytes = bytesOf(fileType(brand, brand === "crx " ? "mif1" : "mp42"), box("mdat", Buffer.alloc(16)));
      expect(() => readMetadataSync(bytes)).toThrowError();
    }
  });

  it("reads AVIF's codec configuration where no pixel depth is said", () => {
    const colour = box("colr", "nclx", u16s(9, 16, 9), 0x80);
    const { tags, summary } = readMetadataSync(
      heifFile({
        ...simple,
        brands: ["avif", "mif1"],
        items: [{ ...image, type: "av01" }],
        properties: [spatialExtent(4, 5), av1Configuration(), colour],
      }),
    );
    expect(summary).toMatchObject({ bitsPerSample: 10, channels: 3 });
    expect(tags.QuickTime).toMatchObject({
      AV1ConfigurationVersion: 1,
      ChromaFormat: "YUV 4:2:0",
      ChromaSamplePosition: "Unknown",
      ColorProfiles: "nclx",
      ColorPrimaries: "BT.2020, BT.2100",
      TransferCharacteristics: "SMPTE ST 2084, ITU BT.2100 PQ",
      MatrixCoefficients: "BT.2020 non-constant luminance, BT.2100 YCbCr",
      VideoFullRangeFlag: "Full",
    });
  });

  it("reads depth, channels and alpha of uncompressed images", () => {
    const components = [4, 5, 6, 7].map((_, i) => bytesOf(u16s(i), 9, 0, 0));
    const uncompressed = fullBox("uncC", 0, 0, u32s(0, 4), ...components, Buffer.alloc(24));
    const { summary } = readMetadataSync(
      heifFile({ ...simple, brands: ["mif1"], properties: [spatialExtent(4, 5), box("cmpd", u32s(4), u16s(4, 5, 6, 7)), uncompressed] }),
    );
    expect(summary).toMatchObject({ bitsPerSample: 10, channels: 4, hasAlpha: true, animated: false });
  });

  it("takes the size of the grid, not of its tiles, and the depth of its tiles", () => {
    const items: ItemOptions[] = [
      { id: 1, type: "hvc1", data: Buffer.alloc(8), properties: [1, 3] },
      { id: 2, type: "hvc1", data: Buffer.alloc(8), properties: [1, 3] },
      { id: 3, type: "grid", data: Buffer.from([0, 0, 0, 1, 4, 0, 2, 0]), within: "idat", properties: [2] },
    ];
    const bytes = heifFile({
      items,
      primary: 3,
      properties: [spatialExtent(512, 512), spatialExtent(1024, 512), hevcConfiguration()],
      references: [["dimg", 3, 1, 2]],
    });
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ width: 1024, height: 512 });
    expect(summary.bitsPerSample).toBe(8);
    expect(tags.QuickTime).toMatchObject({ ImageSpatialExtent: "1024x512", GeneralProfileIDC: "Main" });
    expect(tags.Meta).toEqual({ PrimaryItemReference: 3, MetaImageSize: "1024x512" });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("sees an alpha plane, and keeps its properties below those of the image", () => {
    const items: ItemOptions[] = [image, { id: 2, type: "hvc1", data: Buffer.alloc(8), properties: [4, 5, 6] }];
    const { tags, summary } = readMetadataSync(
      heifFile({
        ...simple,
        items,
        properties: [...properties, spatialExtent(320, 240), auxiliary("urn:mpeg:hevc:2015:auxid:1"), pixelDepths(1)],
        references: [["auxl", 2, 1]],
      }),
    );
    expect(summary).toMatchObject({ hasAlpha: true, channels: 4, bitsPerSample: 8 });
    expect(tags.QuickTime).toMatchObject({
      ImageSpatialExtent: "640x480",
      ImagePixelDepth: [8, 8, 8],
      AuxiliaryImageType: "urn:mpeg:hevc:2015:auxid:1",
    });
  });

  it.each<[where: string, references: [string, number, ...number[]][], expected: object]>([
    [
      "each tile",
      [
        ["auxl", 4, 1],
        ["auxl", 5, 2],
      ],
      { hasAlpha: true, channels: 4 },
    ],
    ["all tiles at once", [["auxl", 4, 1, 2]], { hasAlpha: true, channels: 4 }],
    ["the grid", [["auxl", 4, 3]], { hasAlpha: true, channels: 4 }],
    ["one tile alone", [["auxl", 4, 1]], { hasAlpha: false, channels: 3 }],
    ["no tile", [], { hasAlpha: false, channels: 3 }],
  ])("sees the alpha plane of a grid that hangs on %s", (_, references, expected) => {
    const tile = { type: "av01", data: Buffer.alloc(8), properties: [1, 3] };
    const plane = { type: "av01", data: Buffer.alloc(8), properties: [1, 4] };
    const bytes = heifFile({
      brands: ["avif", "mif1"],
      items: [
        { id: 1, ...tile },
        { id: 2, ...tile },
        { id: 3, type: "grid", data: Buffer.from([0, 0, 0, 1, 4, 0, 2, 0]), within: "idat", properties: [2] },
        { id: 4, ...plane },
        { id: 5, ...plane },
      ],
      primary: 3,
      properties: [
        spatialExtent(512, 512),
        spatialExtent(1024, 512),
        pixelDepths(8, 8, 8),
        auxiliary("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"),
      ],
      references: [["dimg", 3, 1, 2], ...references],
    });
    expect(readMetadataSync(bytes).summary).toMatchObject(expected);
    lawOfWindows(bytes);
  });

  it.each([
    [[rotation(0)], 1],
    [[mirror(1)], 2],
    [[rotation(2)], 3],
    [[mirror(0)], 4],
    [[rotation(3)], 6],
    [[rotation(1)], 8],
    // Quarter turns before mirroring, as MIAF orders them.
    [[rotation(1), mirror(0)], 5],
    [[rotation(3), mirror(1)], 5],
    [[rotation(1), mirror(1)], 7],
    [[mirror(1), rotation(1)], 5],
    [[mirror(1), rotation(3)], 7],
  ])("turns rotation and mirroring into Exif's orientation (%#)", (turns, orientation) => {
    const items = [{ ...image, properties: [1, ...turns.map((_, i) => i + 2)] }];
    expect(readMetadataSync(heifFile({ ...simple, items, properties: [spatialExtent(2, 3), ...turns] })).orientation).toBe(orientation);
  });

  it("lets other properties speak: aperture, aspect, light, damage apart", () => {
    const more = [
      box("clap", u32s(29, 1, 100, 1, 0xffffffdd, 2, 0, 1)),
      box("pasp", u32s(4, 3)),
      box("clli", u16s(470, 263)),
      fullBox("rloc", 0, 0, u32s(7, 9)),
      box("ispe", "short"),
    ];
    const items = [{ ...image, properties: [1, 4, 5, 6, 7, 8] }];
    const { tags, width } = readMetadataSync(heifFile({ ...simple, items, properties: [...properties, ...more] }), { numeric: true });
    expect(width).toBe(640);
    expect(tags.QuickTime).toMatchObject({
      CleanAperture: [29, 100, -17.5, 0],
      PixelAspectRatio: [4, 3],
      MaxContentLightLevel: 470,
      MaxPicAverageLightLevel: 263,
      RelativeLocation: [7, 9],
    });
  });
});

describe("HEIF boxes at the top of the file", () => {
  const XMP_UUID = Buffer.from("be7acfcb97a942e89c71999491e3afac", "hex");

  it("reads XMP and names a motion photo behind the pixels", () => {
    const bytes = heifFile({ ...simple, after: [box("mpvd", Buffer.alloc(50)), box("uuid", XMP_UUID, xmpPacket("Late"))] });
    const { tags } = readMetadataSync(bytes);
    expect(tags["XMP-xmp"]).toEqual({ CreatorTool: "Late" });
    expect(tags.QuickTime).toMatchObject({ MotionPhotoVideo: { bytes: 50 } });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("names the version that Canon writes into the meta box", () => {
    const canon = box("uuid", Buffer.from("85c0b687820f11e08111f4ce462b6a48", "hex"), u32s(0), "CanonHEIF001");
    const { tags } = readMetadataSync(bytesOf(fileType("heix"), fullBox("meta", 0, 0, canon)));
    expect(tags.Meta).toEqual({ MetaVersion: "CanonHEIF001" });
  });

  it("hands on what a SEAL box says", () => {
    const { tags } = readMetadataSync(heifFile({ ...simple, after: [box("SEAL", '<seal seal="1" d="example.com"/>')] }));
    expect(tags.SEAL).toEqual({ SEALVersion: "1", Domain: "example.com" });
  });

  it("says what is cut, and the size that the pixels should have", () => {
    const bytes = heifFile({ ...simple, pixels: 500 });
    const { tags, warnings } = readMetadataSync(bytes.subarray(0, bytes.length - 100));
    expect(tags.QuickTime).toMatchObject({ MediaDataSize: 564, ImageSpatialExtent: "640x480" });
    expect(warnings).toMatchObject([{ code: "TRUNCATED", offset: bytes.length - 572 }]);
  });

  it("reads on after a box without sense", () => {
    const bytes = bytesOf(
      fileType("mif1"),
      fullBox("meta", 0, 0, box("pitm", 0), box("iloc", "x"), box("hdlr", "y")),
      box("mdat", "pixels"),
    );
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.QuickTime).toMatchObject({ MediaDataSize: 6 });
    expect(warnings[0]).toMatchObject({ code: "TRUNCATED" });
  });

  it("takes pixels of 64-bit size, and pixels to the end of the file", () => {
    const head = heifFile(simple).subarray(0, -72);
    const wide = bytesOf(head, u32s(1), "mdat", u32s(0, 116), Buffer.alloc(100));
    expect(readMetadataSync(wide).tags.QuickTime).toMatchObject({ MediaDataSize: 100, MediaDataOffset: wide.length - 100 });
    const open = bytesOf(head, u32s(0), "mdat", Buffer.alloc(100));
    expect(readMetadataSync(open).tags.QuickTime).toMatchObject({ MediaDataSize: 100, MediaDataOffset: open.length - 100 });
  });
});

describe("hostile HEIF", () => {
  it("takes counts that the file cannot hold for damage", () => {
    const many = u32s(0xffffffff);
    const bytes = bytesOf(
      fileType("mif1"),
      fullBox(
        "meta",
        0,
        0,
        fullBox("pitm", 0, 0, u16s(1)),
        fullBox("iinf", 1, 0, many),
        fullBox("iloc", 2, 0, u16s(0), many, u32s(1), u16s(0, 0, 0xffff)),
        fullBox("iref", 0, 0, box("dimg", u16s(1, 0xffff, 2))),
        box("iprp", box("ipco", spatialExtent(1, 1)), fullBox("ipma", 0, 0, many)),
      ),
    );
    const { width, warnings } = readMetadataSync(bytes);
    expect(width).toBe(1);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(["TRUNCATED"]));
    lawOfWindows(bytes);
  });

  it("gives up on endless extents without stalling", () => {
    const entries = Array.from({ length: 2000 }, (_, i) => bytesOf(u16s(i, 0, 0xffff)));
    const bytes = bytesOf(
      fileType("mif1"),
      fullBox("meta", 0, 0, fullBox("iloc", 0, 0, u16s(0, entries.length), ...entries), fullBox("pitm", 0, 0, u16s(1))),
    );
    expect(readMetadataSync(bytes).tags.Meta).toEqual({ PrimaryItemReference: 1 });
  });
});
