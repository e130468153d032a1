import { expect, test } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { type TiffDirectory, tiff } from "../../builders/tiff.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const DOUBLE = 12;
const LONG8 = 16;

const page = (width: number, height: number, subfileType?: number): TiffDirectory => [
  ...(subfileType === undefined ? [] : ([[0x00fe, LONG, [subfileType]]] as const)),
  [0x0100, SHORT, [width]],
  [0x0101, SHORT, [height]],
  [0x0102, SHORT, [8, 8, 8]],
  [0x0103, SHORT, [1]],
  [0x0106, SHORT, [2]],
  [0x0115, SHORT, [3]],
];

test("a page: its size, depth and colours", () => {
  const bytes = tiff([[...page(640, 480), [0x0152, SHORT, [2]]]]);
  const content = readMetadataSync(bytes);
  expect(content).toMatchObject({ format: "TIFF", mimeType: "image/tiff", width: 640, height: 480 });
  expect(content.summary).toMatchObject({ bitsPerSample: 8, channels: 3, hasAlpha: true, frames: 1 });
  expect(content.tags.IFD0).toMatchObject({
    Compression: "Uncompressed",
    PhotometricInterpretation: "RGB",
    ExtraSamples: "Unassociated Alpha",
  });
});

test("of many pages the first counts, unless one says that it is the full image", () => {
  const faxes = tiff([page(10, 20, 2), page(11, 21, 2), page(12, 22, 2)]);
  expect(readMetadataSync(faxes)).toMatchObject({ width: 10, height: 20, summary: { frames: 3 }, tags: { File: { PageCount: 3 } } });
  const reduced = tiff([page(10, 20, 1), page(1000, 2000, 0)]);
  expect(readMetadataSync(reduced)).toMatchObject({ width: 1000, height: 2000, summary: { frames: 1 } });
});

test("DNG: known by its version, its size from the raw image, previews by their directory", () => {
  const raw: TiffDirectory = [...page(4000, 3000, 0)];
  const preview: TiffDirectory = [
    [0x00fe, LONG, [1]],
    [0x0103, SHORT, [7]],
    [0x0111, LONG, [100]],
    [0x0117, LONG, [50]],
  ];
  const bytes = tiff([
    [
      [0x00fe, LONG, [1]],
      [0x0100, SHORT, [256]],
      [0x0101, SHORT, [171]],
      [0x014a, LONG, { directories: [raw, preview, preview] }],
      [0xc612, BYTE, [1, 4, 0, 0]],
    ],
  ]);
  const content = readMetadataSync(bytes);
  expect(content).toMatchObject({ format: "DNG", mimeType: "image/x-adobe-dng", width: 4000, height: 3000 });
  expect(content.tags.IFD0).toMatchObject({ DNGVersion: "1.4.0.0" });
  expect(content.tags.SubIFD).toMatchObject({ SubfileType: "Full-resolution image" });
  expect(content.tags.SubIFD1).toMatchObject({ PreviewImageStart: 100, PreviewImageLength: 50 });
  expect(content.tags.SubIFD2).toMatchObject({ JpgFromRawStart: 100, JpgFromRawLength: 50 });
  lawOfWindows(bytes);
  lawOfTruncation(bytes);
});

test("BigTIFF has 64-bit counts and offsets, and directories named after their tags", () => {
  const bytes = tiff(
    [
      [
        [0x0100, LONG8, [70_000]],
        [0x0101, SHORT, [2]],
        [0x0131, ASCII, "longer than eight\0"],
        [0x8769, LONG8, { directories: [[[0x9003, ASCII, "2019:03:13 11:04:13\0"]]] }],
      ],
      page(35_000, 1, 1),
    ],
    { big: true },
  );
  const content = readMetadataSync(bytes);
  expect(content).toMatchObject({ format: "BTF", mimeType: "image/x-tiff-big", width: 70_000, height: 2 });
  expect(content.tags.IFD0).toMatchObject({ Software: "longer than eight" });
  expect(content.tags.ExifOffset).toEqual({ DateTimeOriginal: "2019:03:13 11:04:13" });
  expect(content.tags.IFD1).toMatchObject({ ImageWidth: 35_000 });
  lawOfWindows(bytes);
  lawOfTruncation(bytes);
});

test("GeoTIFF keys from the entry, from the numbers and from the texts", () => {
  const bytes = tiff([
    [
      ...page(4, 4),
      [0x87af, SHORT, [1, 1, 0, 3, 1024, 0, 1, 2, 2049, 0x87b1, 7, 0, 2057, 0x87b0, 1, 1]],
      [0x87b0, DOUBLE, [1, 6378137]],
      [0x87b1, ASCII, "WGS 84|\0"],
    ],
  ]);
  expect(readMetadataSync(bytes).tags.GeoTiff).toEqual({
    GeoTiffVersion: "1.1.0",
    GTModelType: "Geographic",
    GeogCitation: "WGS 84",
    GeogSemiMajorAxis: 6378137,
  });
  expect(readMetadataSync(bytes).tags.IFD0).not.toHaveProperty("GeoTiffDirectory");
});

test("XMP, IPTC and ICC in tags are decoded where they stand", () => {
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="A tool"/></rdf:RDF></x:xmpmeta>`;
  const iptc = Buffer.concat([Buffer.of(0x1c, 2, 105, 0, 8), Buffer.from("Headline")]);
  const { tags } = readMetadataSync(
    tiff([
      [
        [0x02bc, BYTE, Buffer.from(packet)],
        [0x83bb, 7, iptc],
      ],
    ]),
  );
  expect(tags["XMP-xmp"]).toEqual({ CreatorTool: "A tool" });
  expect(tags.IPTC).toMatchObject({ Headline: "Headline" });
});

test("neither pixels nor their lists of offsets are fetched: the directory, its values, the next", () => {
  const strips = Array.from({ length: 5000 }, (_, i) => 8 + i * 100);
  const structure = tiff([
    [
      ...page(3000, 2000),
      [0x010f, ASCII, "Maker of far values\0"],
      [0x0111, LONG, strips],
      [0x0117, LONG, strips],
      [0x8769, LONG, { directories: [[[0x9003, ASCII, "2019:03:13 11:04:13\0"]]] }],
    ],
  ]);
  const pixels = Buffer.alloc(900_000);
  const { content, rounds, bytes } = readSparsely(Buffer.concat([structure, pixels]), 4096);
  expect(content.tags.IFD0).toMatchObject({ StripOffsets: { bytes: 20_000 }, StripByteCounts: { bytes: 20_000 } });
  expect(content.tags.ExifIFD).toEqual({ DateTimeOriginal: "2019:03:13 11:04:13" });
  expect(rounds).toBe(2);
  expect(bytes).toBeLessThan(4096 + 600);
});

test("a chain of more directories than the limit has no number of frames", () => {
  const [count, size] = [66_000, 2 + 2 * 12 + 4];
  const bytes = Buffer.alloc(8 + count * size);
  bytes.write("II*\0\b", "latin1");
  for (let i = 0; i < count; i++) {
    const at = 8 + i * size;
    bytes.writeUInt16LE(2, at);
    for (const [entry, tag] of [0x0100, 0x0101].entries()) {
      bytes.writeUInt16LE(tag, at + 2 + 12 * entry);
      bytes.writeUInt16LE(SHORT, at + 4 + 12 * entry);
      bytes.writeUInt32LE(1, at + 6 + 12 * entry);
      bytes.writeUInt32LE(7, at + 10 + 12 * entry);
    }
    bytes.writeUInt32LE(i + 1 < count ? at + size : 0, at + size - 4);
  }
  const { summary, warnings, width } = readMetadataSync(bytes);
  expect(summary).not.toHaveProperty("frames");
  expect(width).toBe(7);
  expect(warnings).toContainEqual(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
});
