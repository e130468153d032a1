/** Files that the tests' builders make: between them, every container and most kinds of blocks. */
import { deflateSync, gzipSync } from "node:zlib";
import type { Kinds } from "../src/metadata/blocks/kinds.ts";
import type { BlockKind, FoundBlock, PlainKind } from "../src/metadata/contracts.ts";
import * as apple from "../test/builders/apple.ts";
import { bitmap, letters } from "../test/builders/bmp.ts";
import { compoundFile, propertySet } from "../test/builders/compound-file.ts";
import { gifApplication, gifComment, gifControl, gifFile, gifFrame, gifXmp } from "../test/builders/gif.ts";
import * as heif from "../test/builders/heif.ts";
import { dictionary, element, iccProfile, localized, u16, u32 } from "../test/builders/icc.ts";
import { iconFile } from "../test/builders/ico.ts";
import { iptcBlock, UTF8 } from "../test/builders/iptc.ts";
import * as jpeg from "../test/builders/jpeg.ts";
import * as jumbf from "../test/builders/jumbf.ts";
import { documentData, unicodeName } from "../test/builders/photoshop-layers.ts";
import * as png from "../test/builders/png.ts";
import { propertyList } from "../test/builders/property-list.ts";
import { type TiffDirectory, tiff } from "../test/builders/tiff.ts";
import * as webp from "../test/builders/webp.ts";
import { alternatives, array, packetText, utf32, xmpPacket } from "../test/builders/xmp.ts";

const profile = iccProfile([
  ["desc", localized({ enUS: "Display", deDE: "Bildschirm" })],
  ["cprt", element("text", "CC0\0")],
  ["dmnd", element("desc", u32(4), "IEC\0")],
  ["wtpt", element("XYZ ", u32(0xf6d6, 0x10000, 0xd32d))],
  ["chad", element("sf32", u32(1, 2, 3))],
  ["rTRC", element("curv", u32(1), u16(0x0233))],
  ["view", element("view", u32(1, 1, 1, 1, 0, 0, 2))],
  ["meas", element("meas", u32(1, 0, 0, 0, 1, 0x28f, 2))],
  ["chrm", element("chrm", u16(3, 1), u32(1, 2, 3, 4, 5, 6))],
  ["cicp", element("cicp", Buffer.of(9, 16, 0, 1))],
  ["clrt", element("clrt", u32(1), "Cyan".padEnd(32, "\0"), u16(1, 2, 3))],
  ["clro", element("clro", u32(3), Buffer.of(2, 1, 0))],
  ["calt", element("dtim", u16(1998, 2, 9, 6, 49, 0))],
  ["ui64", element("ui64", u32(1, 2))],
  ["resp", element("ui08", Buffer.of(1, 2, 3))],
  ["meta", dictionary({ License: "CC0", Source: "edid" })],
]);

const dataSets: readonly (readonly [record: number, number: number, value: string | Uint8Array])[] = [
  [1, 90, UTF8],
  [2, 0, Buffer.of(0, 4)],
  [2, 25, "sea"],
  [2, 25, "Ägäis"],
  [2, 55, "20190313"],
  [2, 60, "110413-0400"],
  [2, 221, "1:2:3:00042"],
  [3, 10, Buffer.from("0005000001003230303130323033" + "0009", "hex")],
  [7, 20, Buffer.alloc(8, 1)],
  [8, 10, Buffer.alloc(20)],
];
const iptc = iptcBlock(...dataSets);

const directory: TiffDirectory = [
  [0x0100, 3, [320]],
  [0x0101, 3, [200]],
  [0x0102, 3, [8, 8, 8]],
  [0x010f, 2, "Maker"],
  [0x0110, 2, "A model whose name is long"],
  [0x0112, 3, [6]],
  [0x011a, 5, [[72, 1]]],
  [0x8298, 2, "Photographer\0Editor"],
  [0x9c9b, 1, Buffer.from("Title\0", "utf16le")],
  [
    0x8769,
    13,
    {
      directories: [
        [
          [0x829a, 5, [[1, 2825]]],
          [0x9000, 7, Buffer.from("0232")],
          [0x9003, 2, "2019:03:13 11:04:13"],
          [0x9286, 7, Buffer.from("UNICODE\0A\0B\0", "latin1")],
          [0xa430, 2, "An owner"],
          [0x882a, 8, [1, 2]],
          [0xa302, 7, Buffer.from("0200020000010102", "hex")],
          [
            0xa432,
            5,
            [
              [4, 1],
              [6, 1],
              [18, 10],
              [0, 0],
            ],
          ],
          [0xa460, 3, [2]],
          [0xa005, 4, { directories: [[[1, 2, "R98"]]] }],
        ],
      ],
    },
  ],
  [
    0x8825,
    4,
    {
      directories: [
        [
          [1, 2, "N"],
          [
            2,
            5,
            [
              [40, 1],
              [42, 1],
              [3134, 100],
            ],
          ],
          [5, 1, [1]],
          [
            7,
            5,
            [
              [15, 1],
              [4, 1],
              [2, 1],
            ],
          ],
          [29, 2, "2019:03:13"],
        ],
      ],
    },
  ],
];
const thumbnail: TiffDirectory = [
  [0x0103, 3, [6]],
  [0x0201, 4, [8]],
  [0x0202, 4, [16]],
];
const exif = tiff([directory, thumbnail]);

const properties = `<dc:title>${alternatives({ "x-default": "Sea", fr: "Mer" })}</dc:title>
<dc:subject>${array("Bag", "sea", "sky")}</dc:subject><xmp:Rating>3</xmp:Rating><tiff:Orientation>6</tiff:Orientation>
<xmp:CreateDate>2019-03-13T11:04:13+01:00</xmp:CreateDate><exif:GPSLatitude>40,42.5N</exif:GPSLatitude><exif:Flash rdf:parseType="Resource"><exif:Fired>True</exif:Fired></exif:Flash>`;
const packet = packetText(properties, { about: "uuid", toolkit: "T", padding: 20 });
/** Nodes that are named, and used in other places. */
const graph = packetText(
  '<ex:maker rdf:nodeID="one"/><ex:owner rdf:resource="two"/><ex:list><rdf:Bag><rdf:li rdf:nodeID="one"/></rdf:Bag></ex:list>',
  {
    more: '<rdf:Description rdf:nodeID="one"><ex:name>N</ex:name><ex:place rdf:parseType="Resource"><ex:town>T</ex:town></ex:place></rdf:Description>',
  },
);

const store = jumbf.manifestStore(
  jumbf.manifest({
    claim: { claim_generator: "tool/1.0", "dc:title": "A title", instanceID: "xmp:iid:1" },
    assertions: [
      jumbf.actions({
        action: "c2pa.created",
        digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
      }),
      jumbf.superbox("json", "stds.schema-org.CreativeWork", jumbf.jsonBox({ "@type": "CreativeWork", author: [{ name: "N" }] })),
    ],
    signature: [new Map<jumbf.Encodable, jumbf.Encodable>([[1, -7]]), { x5chain: [jumbf.certificate("Signer", "Organisation")] }],
  }),
);

const document = compoundFile({
  "\x05SummaryInformation": propertySet({ 2: "A title", 4: "An author", 15: 12, 19: 3, 10: 90 }),
  "\x05DocumentSummaryInformation": propertySet({ 2: "A category", 11: 1, 23: 0x000b0007 }),
});

const resources = Buffer.concat([
  jpeg.resource(0x0404, iptc),
  jpeg.resource(0x03ed, jpeg.u16(72, 0, 1, 1, 72, 0, 1, 1)),
  jpeg.resource(0x0421, Buffer.concat([jpeg.u32(1), Buffer.of(1), jpeg.unicode("Writer"), jpeg.unicode("Reader"), jpeg.u32(1)])),
  jpeg.resource(0x0424, Buffer.from(packet)),
  jpeg.resource(0x03f3, Buffer.of(0, 1, 0, 1, 0, 1, 0, 1, 0)),
  jpeg.resource(0x040b, Buffer.from("https://example.com/a")),
  jpeg.resource(0x041e, Buffer.concat([jpeg.u32(1, 0, 1), jpeg.unicode("https://example.com/b")])),
  jpeg.resource(0x040f, profile),
]);

/** Keys of GeoTIFF 1.1 with numbers and texts elsewhere, and what cameras and generators write as JSON and as lines. */
const described: TiffDirectory = [
  [0x0100, 3, [320]],
  [0x0101, 3, [200]],
  [0x010e, 2, '{"prompt": "a cat", "seed": 12345678901234567890, "size": [512, 768], "model": {"name": "m", "hash": "0a1b"}}'],
  [0x0131, 2, "tool 1.2 (build 3)"],
  [0x0132, 2, "2019:03:13 11:04:13"],
  [0x9c9c, 1, Buffer.from("A comment\0", "utf16le")],
  [0x87af, 3, [1, 1, 0, 4, 1024, 0, 1, 1, 1026, 0x87b1, 8, 0, 2057, 0x87b0, 1, 0, 2059, 0x87b0, 2, 1]],
  [0x87b0, 12, [6378137, 298.25, 1]],
  [0x87b1, 2, "WGS 84 |"],
  [0x8769, 4, { directories: [[[0x9286, 7, Buffer.from('ASCII\0\0\0{"steps": 20, "cfg": 7.5, "sampler": "Euler a"}', "latin1")]]] }],
];

const images = jpeg.tiffDirectory([
  [0xb000, 7, 4, Buffer.from("0100")],
  [0xb001, 4, 1, 2],
  [0xb002, 7, 32, jpeg.u32(0x00030000, 900, 0, 0, 0x00010001, 500, 1000, 0)],
]);

const movieBrands = [heif.fileType("avis", "msf1"), heif.movie({ width: 320, height: 200, samples: 3 })];

/** Whole files. */
const appleNotes = apple.appleNotes([
  apple.number(0x0001, 15),
  apple.bytes(0x0003, propertyList({ flags: 1, value: 4_905_158_086_875, timescale: 1_000_000_000, epoch: 0, inner: { key: "text" } })),
  apple.rationals(0x0008, -1, 10, 3, 4, -98, 100),
  apple.rationals(0x000c, 164, 100, 79, 100),
  apple.text(0x0011, "ACB565E0-E49F-4A13-B175-24BD944844AF"),
  [0x0023, 9, 2, apple.int32s([954, 268_435_495])],
  apple.bytes(0x0040, propertyList({ 0: 1, list: [1, true, "a", 1.5], größe: "Größe" })),
]);

export const builtFiles: readonly Uint8Array[] = [
  bitmap({ header: 12, width: 3, height: 2, depth: 4 }),
  bitmap({ header: 40, width: 3, height: -2, depth: 8, fields: { 16: 5, 20: 12 } }),
  bitmap({ header: 108, width: 3, height: 2, depth: 16, fields: { 16: 3, 52: 255 } }),
  bitmap({ header: 124, width: 1, height: 1, depth: 32, fields: { 56: letters("MBED"), 112: 124, 116: profile.length }, rest: profile }),
  iconFile("icon", [{ width: 16, height: 16, bytes: Buffer.alloc(20) }]),
  iconFile("cursor", [{ width: 16, height: 16, bytes: Buffer.alloc(20) }]),
  gifFile(gifComment("A comment"), gifXmp(packet), gifApplication("ICCRGBG1", "012", profile), gifControl(5, 1), gifFrame(), gifFrame(300)),
  gifFile(gifApplication("NETSCAPE", "2.0", Buffer.of(1, 0, 0)), gifApplication("C2PA_GIF", "\x01\x00\x00", store), gifFrame()),
  webp.webpFile(
    webp.vp8xChunk(0x3e, 320, 200),
    webp.riffChunk("ICCP", profile),
    webp.animChunk(3),
    webp.anmfChunk(100),
    webp.anmfChunk(50, 40),
    webp.riffChunk("EXIF", exif),
    webp.riffChunk("XMP ", Buffer.from(packet)),
    webp.riffChunk("C2PA", store),
  ),
  webp.webpFile(webp.vp8Chunk(320, 200)),
  webp.webpFile(webp.vp8lChunk(320, 200, true)),
  png.pngFile(
    png.imageHeader(320, 200, 8, 3),
    png.pngChunk("PLTE", Buffer.alloc(12)),
    png.pngChunk("gAMA", png.u32s(45455)),
    png.pngChunk("tIME", Buffer.of(7, 0xe3, 3, 13, 11, 4, 13)),
    png.pngChunk("acTL", png.u32s(2, 0)),
    png.pngText("Software", "tool"),
    png.pngText(
      "parameters",
      "a cat\nNegative prompt: a dog\nSteps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 1, Size: 512x768, Version: v1.6",
    ),
    png.pngCompressedText("parameters", "a cat\nSteps: 20, Seed: 1"),
    png.pngCompressedText("Description", "Painted by tool 1.2 on 2019-03-13"),
    png.pngText("Creation Time", "2019-03-13T11:04:13+01:00"),
    png.pngText("prompt", '{"3": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 20, "sampler_name": "euler"}}}'),
    png.pngCompressedText("create-date", "2019-03-13T11:04:13+01:00"),
    png.pngCompressedText("Comment", "compressed"),
    png.pngInternationalText("Title", "Ägäis", { language: "de", compressed: true }),
    png.pngInternationalText("XML:com.adobe.xmp", packet),
    png.pngChunk("eXIf", exif),
    png.pngChunk("caBX", store),
    png.pngChunk("cpIp", document),
    png.pixelData(200, 100),
    png.pngText("Author", "behind the pixels"),
  ),
  png.pngFile(
    png.pngChunk("iCCP", Buffer.concat([Buffer.from("profile\0\0"), deflateSync(profile)])),
    png.pngInternationalText("XML:com.adobe.xmp", graph, { compressed: true }),
    png.pixelData(20),
  ),
  png.pngFile(
    png.pngText("Raw profile type iptc", `\niptc\n${String(iptc.length).padStart(8)}\n${iptc.toString("hex")}\n`),
    png.pngCompressedText("Raw profile type exif", `\nexif\n${String(exif.length).padStart(8)}\n${exif.toString("hex")}\n`),
    png.pixelData(20),
  ),
  jpeg.jpegFile([
    jpeg.jfifSegment(),
    jpeg.app(1, "Exif\0\0", exif),
    jpeg.xmpSegment(packetText(`${properties}<xmpNote:HasExtendedXMP>${"AB".repeat(16)}</xmpNote:HasExtendedXMP>`)),
    ...jpeg.extendedXmpSegments("AB".repeat(16), packetText("<dc:format>image/jpeg</dc:format>"), 200),
    jpeg.photoshopSegment(resources),
    ...jpeg.iccSegments(profile, 500),
    jpeg.app(2, "MPF\0", images),
    jpeg.app(11, "JP\0\x01\0\0\0\x01", store),
    jpeg.app(14, "Adobe", Buffer.of(0, 100, 0, 0, 0, 0, 1)),
    jpeg.segment(0xfe, "A comment"),
  ]),
  jpeg.jpegFile([
    jpeg.app(1, "Exif\0\0", tiff([described, [[0x927c, 7, appleNotes]]])),
    jpeg.xmpSegment(graph),
    jpeg.app(
      3,
      "Meta\0\0",
      tiff([
        [
          [0xc350, 2, "film"],
          [0xc351, 3, [1, 2]],
        ],
      ]),
    ),
    jpeg.app(11, "HDR_RI ver=11, ln0=-4.2, ln1=3.1, s2n=2, alpha=1, beta=1, cor=1\n~\0"),
    jpeg.app(12, "[picture info]\r\nTimeDate=953138000\r\nShutter=16\r\nFNumber=5.6\r\nType=SR84\r\n"),
    jpeg.app(12, "Ducky", Buffer.of(0, 1, 0, 4, 0, 0, 0, 60, 0, 2, 0, 6, 0, 0, 0, 1, 0, 0x41)),
  ]),
  tiff([described]),
  tiff([
    directory,
    thumbnail,
    [
      [0x8649, 1, resources],
      [0x83bb, 1, iptc],
      [0x02bc, 1, Buffer.from(packet)],
      [0x8773, 7, profile],
    ],
  ]),
  tiff([directory], { bigEndian: true }),
  tiff([directory], { big: true }),
  heif.heifFile({
    items: [
      { id: 1, type: "hvc1", properties: [1, 2, 3, 4], data: Buffer.alloc(20) },
      { id: 2, type: "Exif", data: heif.exifItem("Model"), within: "idat" },
      { id: 3, type: "mime", contentType: "application/rdf+xml", data: heif.xmpPacket("tool") },
      { id: 4, type: "jpeg", data: Buffer.alloc(20), properties: [1] },
    ],
    primary: 1,
    properties: [heif.spatialExtent(320, 200), heif.hevcConfiguration(), heif.pixelDepths(8, 8, 8), heif.rotation(1), heif.mirror(0)],
    references: [
      ["cdsc", 2, 1],
      ["cdsc", 3, 1],
      ["thmb", 4, 1],
    ],
  }),
  heif.heifFile({
    items: [
      { id: 1, type: "grid", properties: [1, 2, 3], data: Buffer.from([0, 0, 0, 1, 1, 64, 0, 200]), within: "idat" },
      { id: 2, type: "hvc1", properties: [1, 2, 4], data: Buffer.alloc(20), within: "idat" },
      { id: 3, type: "mime", contentType: "application/rdf+xml", within: "item", part: [4, 8] },
      { id: 4, type: "mime", contentType: "text/plain", within: "item", part: [0, 12] },
      { id: 5, type: "mime", contentType: "text/plain", contentEncoding: "deflate", data: deflateSync("text"), within: "idat" },
    ],
    primary: 1,
    properties: [
      heif.spatialExtent(320, 200),
      heif.hevcConfiguration(),
      heif.pixelDepths(8, 8, 8),
      heif.auxiliary("urn:mpeg:hevc:2015:auxid:1"),
    ],
    references: [
      ["dimg", 1, 2],
      ["auxl", 2, 1],
      ["cdsc", 3, 1],
      ["iloc", 3, 2],
      ["iloc", 4, 2],
    ],
  }),
  heif.heifFile({
    brands: ["avif", "mif1"],
    items: [
      { id: 1, type: "av01", properties: [1, 2, 3], data: Buffer.alloc(20) },
      { id: 2, type: "av01", properties: [1, 4], data: Buffer.alloc(20) },
    ],
    properties: [
      heif.spatialExtent(320, 200),
      heif.av1Configuration(),
      heif.box("colr", "prof", profile),
      heif.auxiliary("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"),
    ],
    references: [["auxl", 2, 1]],
    wide: true,
  }),
  Buffer.concat(movieBrands),
];

/** The context of a block that came without one. */
export const usualContexts: { readonly [K in Exclude<BlockKind, PlainKind>]: Kinds[K] } = {
  exif: { holder: "APP1", iptc: "elsewhere" },
  flashpix: { lengths: [64] },
  fotostation: { record: 2 },
  iptc: { standing: "standard" },
  "jpeg-comment": { charset: "utf-8" },
  "mp-entries": { littleEndian: true, structure: 0 },
  photoshop: { iptc: "standard" },
  "png-text": { group: "PNG", keyword: "Comment" },
  printim: { littleEndian: true },
};

/** Notes of makers, by the name of what decodes them: see notes.ts. */
export const builtNotes: ReadonlyMap<string, Uint8Array> = new Map([["apple-notes", appleNotes]]);

/** Blocks whose surroundings matter, or that no file above holds in this form. */
export const builtBlocks: readonly (FoundBlock & { readonly bytes: Uint8Array })[] = [
  { kind: "icc", bytes: profile },
  { kind: "iptc", bytes: iptcBlock(...dataSets, [2, 120, "x".repeat(0x8000)]), context: usualContexts.iptc },
  { kind: "xmp", bytes: xmpPacket(properties) },
  { kind: "xmp", bytes: utf32(packet, true) },
  { kind: "compound-file", bytes: document },
  { kind: "jumbf", bytes: store },
  { kind: "photoshop", bytes: resources, context: { iptc: "elsewhere" } },
  {
    kind: "photoshop-layers",
    bytes: documentData([{ name: "a layer", maskBytes: 4, information: [["luni", unicodeName("Ebene")]] }, { name: "b" }]),
  },
  { kind: "exif", bytes: tiff([described]), context: usualContexts.exif },
  { kind: "xmp", bytes: Buffer.from(graph) },
];

/** All that is built of parts of files. */
export const builtParts: readonly Uint8Array[] = [...builtBlocks.map(({ bytes }) => bytes), ...builtNotes.values()];

/** Beginnings of files that are not read: what they are is still found out. */
export const heads: readonly Uint8Array[] = [
  '<?xml version="1.0"?><!-- a drawing --><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="1"/>',
  "<!-- a drawing --> <svg></svg>",
  '<!DOCTYPE s:svg [ <!ENTITY a "]>"> <!-- it\'s --> ]><?a b?><s:svg a="b" xmlns:s="http://www.w3.org/2000/svg"/>',
  "\xfe\xff\0<\0s\0v\0g\0/\0>",
  gzipSync("<!-- a drawing --><svg/>", { level: 9 }).toString("latin1"),
  "<!DOCTYPE html><html><head><title>Not found</title></head></html>",
  '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
  '{"error": {"code": 404, "message": "Not found"}}',
  "8BPS\0\x01\0\0\0\0\0\0",
  "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
  "P6\n# a comment\n3 2\n255\n",
  "\0\0\0\x20ftypisom\0\0\x02\0isomiso2",
  "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n",
  "/* XPM */\nstatic char *a[] = {",
].map((head) => Buffer.from(head, "latin1"));
