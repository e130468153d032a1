import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../../src/metadata/read.ts";
import {
  box,
  bytesOf,
  exifItem,
  heifFile,
  hevcConfiguration,
  type ItemOptions,
  pixelDepths,
  spatialExtent,
  tiffWithModel,
  xmpPacket,
} from "../../../builders/heif.ts";
import { manifest, manifestStore } from "../../../builders/jumbf.ts";
import { u32s } from "../../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../../laws.ts";
import { readSparsely } from "../../../reading.ts";

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

  it("reads a C2PA manifest store in an item", () => {
    const data = manifestStore(manifest({ claim: { "dc:title": "inside" } }));
    const { summary } = readMetadataSync(heifFile(described({ ...xmp, contentType: "application/c2pa", data })));
    expect(summary.contentCredentials).toEqual({ title: "inside" });
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
