import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import {
  auxiliary,
  av1Configuration,
  box,
  bytesOf,
  exifItem,
  fileType,
  fullBox,
  heifFile,
  hevcConfiguration,
  type ItemOptions,
  mirror,
  movie,
  pixelDepths,
  rotation,
  spatialExtent,
  tiffWithModel,
  u16s,
  xmpPacket,
} from "../../builders/heif.ts";
import { u32s } from "../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const KIB = 1 << 10;

/** The first three boxes of a file. */
function partsOf(file: Buffer): [Buffer, Buffer, Buffer] {
  const first = file.readUInt32BE(0);
  const second = first + file.readUInt32BE(first);
  return [file.subarray(0, first), file.subarray(first, second), file.subarray(second)];
}

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

describe("HEIF metadata items", () => {
  const described = (...items: ItemOptions[]) => ({
    ...simple,
    items: [image, ...items],
    references: items.map(({ id }) => ["cdsc", id, 1] as const),
  });
  const exif: ItemOptions = { id: 2, type: "Exif", data: exifItem("Camera") };
  const xmp: ItemOptions = { id: 3, type: "mime", contentType: "application/rdf+xml", data: xmpPacket("Tool") };

  it("reads Exif and XMP", () => {
    const bytes = heifFile(described(exif, xmp));
    const { tags, warnings } = readMetadataSync(bytes);
    expect(warnings).toEqual([]);
    expect(tags.IFD0).toEqual({ Model: "Camera" });
    expect(tags["XMP-xmp"]).toEqual({ CreatorTool: "Tool" });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it.each([
    ["without an offset", tiffWithModel("Camera")],
    ["with Exif's own header only", bytesOf("Exif\0\0", tiffWithModel("Camera"))],
    ["with the offset zero", bytesOf(u32s(0), tiffWithModel("Camera"))],
  ])("reads an Exif item %s", (_, data) => {
    expect(readMetadataSync(heifFile(described({ ...exif, data }))).tags.IFD0).toEqual({ Model: "Camera" });
  });

  it("reads wide ids, offsets and indices", () => {
    const { tags, width } = readMetadataSync(heifFile({ ...described(exif, xmp), wide: true }));
    expect(width).toBe(640);
    expect(tags.IFD0).toEqual({ Model: "Camera" });
    expect(tags["XMP-xmp"]).toEqual({ CreatorTool: "Tool" });
  });

  it("reads items in the item data box and in other items", () => {
    const holder: ItemOptions = { id: 4, type: "dat1", data: bytesOf("padding", xmpPacket("Inner")) };
    const inner: ItemOptions = { ...xmp, within: "item", part: [7, xmpPacket("Inner").length] };
    const { tags } = readMetadataSync(
      heifFile({ ...simple, items: [image, { ...exif, within: "idat" }, inner, holder], references: [["iloc", 3, 4]] }),
    );
    expect(tags.IFD0).toEqual({ Model: "Camera" });
    expect(tags["XMP-xmp"]).toEqual({ CreatorTool: "Inner" });
  });

  it("stops where items refer to each other in a circle", () => {
    const [one, two] = [2, 3].map((id): ItemOptions => ({ ...xmp, id, within: "item", part: [0, 100] })) as [ItemOptions, ItemOptions];
    const { warnings } = readMetadataSync(
      heifFile({
        ...simple,
        items: [image, one, two],
        references: [
          ["iloc", 2, 3],
          ["iloc", 3, 2],
        ],
      }),
    );
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED", "MALFORMED"]);
  });

  it("inflates XMP, and says what it cannot decode", () => {
    const deflated = { ...xmp, contentEncoding: "deflate", data: deflateSync(xmpPacket("Packed")) };
    expect(readMetadataSync(heifFile(described(deflated))).tags["XMP-xmp"]).toEqual({ CreatorTool: "Packed" });
    for (const odd of [{ contentEncoding: "constructor" }, { protected: true }]) {
      const { tags, warnings } = readMetadataSync(heifFile(described({ ...xmp, ...odd })));
      expect(tags["XMP-xmp"]).toBeUndefined();
      expect(warnings).toMatchObject([{ code: "NOT_DECODED" }]);
    }
  });

  it("keeps what describes another image below what describes the main one", () => {
    const other: ItemOptions = { id: 4, type: "hvc1", data: Buffer.alloc(8), properties: [1] };
    const late: ItemOptions = { ...exif, id: 5, data: exifItem("Other") };
    const { tags } = readMetadataSync(
      heifFile({
        ...simple,
        items: [image, exif, other, late],
        references: [
          ["cdsc", 2, 1],
          ["cdsc", 5, 4],
        ],
      }),
    );
    expect(tags.IFD0).toEqual({ Model: "Camera" });
  });

  it("offers a JPEG item as thumbnail", () => {
    const data = bytesOf(0xff, 0xd8, 0xff, 0xdb, Buffer.alloc(600));
    const bytes = heifFile({ ...simple, items: [image, { id: 2, type: "jpeg", data }], references: [["thmb", 2, 1]] });
    const { thumbnail, tags } = readMetadataSync(bytes);
    expect(thumbnail).toEqual({ offset: bytes.length - data.length, length: data.length, mimeType: "image/jpeg" });
    expect(tags.File).toMatchObject({ PreviewImage: { bytes: data.length } });
    lawOfWindows(bytes);
  });

  it("needs one request where the items lie at the front, two where they lie behind the pixels", () => {
    const front = readSparsely(heifFile({ ...described(exif, xmp), after: [] }), 16 * KIB);
    expect(front.rounds).toBe(1);
    const bytes = heifFile({ ...described(exif, xmp), pixels: 900 * KIB, after: [box("free", Buffer.alloc(100))] });
    const far = readSparsely(bytes, 16 * KIB);
    expect(far.rounds).toBe(2);
    expect(far.bytes).toBeLessThan(32 * KIB);
    expect(far.content.tags.IFD0).toEqual({ Model: "Camera" });
    expect(far.content.tags["XMP-xmp"]).toEqual({ CreatorTool: "Tool" });
  });

  it("finds the meta box behind the pixels in two requests", () => {
    const [front, meta, mdat] = partsOf(heifFile({ ...simple, pixels: 300 * KIB }));
    const { rounds, content } = readSparsely(bytesOf(front, mdat, meta), 16 * KIB);
    expect(rounds).toBe(2);
    expect(content).toMatchObject({ width: 640, height: 480 });
  });

  it("does not ask for a rest that can hold nothing", () => {
    const bytes = heifFile({ ...simple, pixels: 100 * KIB, after: [box("free", Buffer.alloc(8))] });
    expect(readSparsely(bytes, 16 * KIB)).toMatchObject({ rounds: 1, bytes: 16 * KIB });
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

describe("HEIF image sequences", () => {
  it("reads the movie and its tracks", () => {
    const sound = box("mp4a", u32s(0, 1), u32s(0, 0), u16s(2, 16, 0, 0), u32s(48_000 * 0x10000));
    const bytes = bytesOf(
      fileType("msf1", "msf1", "hevc"),
      movie({ width: 256, height: 144, samples: 9 }, { handler: "soun", entry: sound, wide: true }),
      box("mdat", Buffer.alloc(100)),
    );
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "HEIFS", width: 256, height: 144, warnings: [] });
    expect(summary).toMatchObject({ frames: 9, animated: true });
    expect(tags.QuickTime).toMatchObject({
      CreateDate: "2020:01:02 03:04:05",
      TimeScale: 1000,
      Duration: "0.50 s",
      PreferredRate: 1,
      PreferredVolume: "100.00%",
      MatrixStructure: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      PreviewTime: "0 s",
      NextTrackID: 3,
    });
    expect(tags.Track1).toEqual({
      TrackHeaderVersion: 0,
      TrackCreateDate: "2020:01:02 03:04:05",
      TrackModifyDate: "2020:01:02 03:04:05",
      TrackID: 1,
      TrackDuration: "0.50 s",
      TrackLayer: 0,
      TrackVolume: "0.00%",
      MatrixStructure: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      ImageWidth: 256,
      ImageHeight: 144,
      MediaHeaderVersion: 0,
      MediaCreateDate: "2020:01:02 03:04:05",
      MediaModifyDate: "2020:01:02 03:04:05",
      MediaTimeScale: 90_000,
      MediaDuration: "0.50 s",
      MediaLanguageCode: "und",
      HandlerType: "Picture",
      HandlerDescription: "Sequence",
      GraphicsMode: "srcCopy",
      OpColor: [0, 0, 0],
      OtherFormat: "hvc1",
    });
    expect(tags.Track2).toMatchObject({
      TrackHeaderVersion: 1,
      TrackID: 2,
      TrackDuration: "0.50 s",
      MediaDuration: "0.50 s",
      HandlerType: "Audio Track",
      Balance: 0,
      AudioFormat: "mp4a",
      AudioChannels: 2,
      AudioBitsPerSample: 16,
      AudioSampleRate: 48_000,
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("reads film tracks and the item list", () => {
    const entry = box(
      "avc1",
      Buffer.alloc(24),
      u16s(1920, 1080),
      u32s(72 * 0x10000, 72 * 0x10000, 0),
      u16s(1),
      4,
      "H264",
      Buffer.alloc(27),
      u16s(24, 0xffff),
      box("pasp", u32s(1, 1)),
      box("btrt", u32s(1, 2, 3)),
    );
    const film = movie({ handler: "vide", width: 1920, height: 1080, samples: 30, entry });
    const list = box("udta", fullBox("meta", 0, 0, box("ilst", box("\xa9too", box("data", u32s(1, 0), "Encoder 1")))));
    const moov = box("moov", film.subarray(8), list);
    const { tags, summary } = readMetadataSync(bytesOf(fileType("msf1"), moov, box("mdat", Buffer.alloc(40))));
    expect(summary.frames).toBe(30);
    expect(tags.ItemList).toEqual({ Encoder: "Encoder 1" });
    expect(tags.Track1).toMatchObject({
      CompressorID: "avc1",
      SourceImageWidth: 1920,
      SourceImageHeight: 1080,
      XResolution: 72,
      CompressorName: "H264",
      BitDepth: 24,
      PixelAspectRatio: "1:1",
      BufferSize: 1,
      MaxBitrate: 2,
      AverageBitrate: 3,
      VideoFrameRate: 10,
    });
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
