import { describe, expect, it, test } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import type { Tags } from "../../../src/record/types.ts";
import { app, jpegFile } from "../../builders/jpeg.ts";
import { imageHeader, pixelData, pngChunk, pngFile } from "../../builders/png.ts";
import { type TiffDirectory, tiff } from "../../builders/tiff.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
const SRATIONAL = 10;
const FLOAT = 11;
const UTF8 = 129;

const exifSegment = (structure: Uint8Array) => app(1, "Exif\0\0", structure);

/** The tags of a JPEG whose Exif has these directories, in both forms. */
function tagsOf(chain: readonly TiffDirectory[], bigEndian = false): { stored: Tags; printed: Tags } {
  const bytes = jpegFile([exifSegment(tiff(chain, { bigEndian }))]);
  return { stored: readMetadataSync(bytes, { numeric: true }).tags, printed: readMetadataSync(bytes).tags };
}

const camera: TiffDirectory = [
  [0x010f, ASCII, "Apple \0"],
  [0x0112, SHORT, [6]],
  [0x011a, RATIONAL, [[72, 1]]],
  [0x8298, ASCII, "Ann Photographer \0Ed Editor\0"],
  [
    0x8769,
    LONG,
    {
      directories: [
        [
          [0x829a, RATIONAL, [[1, 2825]]],
          [0x829d, RATIONAL, [[9, 5]]],
          [0x8827, SHORT, [20]],
          [0x9000, UNDEFINED, "0232"],
          [0x9101, UNDEFINED, Buffer.of(1, 2, 3, 0)],
          [0x9201, SRATIONAL, [[11464, 1000]]],
          [0x9204, SRATIONAL, [[-2, 3]]],
          [0x9209, SHORT, [16]],
          [0x920a, RATIONAL, [[17, 4]]],
          [0xa302, UNDEFINED, Buffer.of(2, 0, 2, 0, 0, 1, 1, 2)],
          [
            0xa432,
            RATIONAL,
            [
              [24, 1],
              [70, 1],
              [28, 10],
              [0, 0],
            ],
          ],
          [0xa005, LONG, { directories: [[[0x0001, ASCII, "R98\0"]]] }],
        ],
      ],
    },
  ],
  [
    0x8825,
    LONG,
    {
      directories: [
        [
          [0x0000, BYTE, [2, 3, 0, 0]],
          [0x0001, ASCII, "N\0"],
          [
            0x0002,
            RATIONAL,
            [
              [40, 1],
              [42, 1],
              [3134, 100],
            ],
          ],
          [0x0006, RATIONAL, [[1234, 10]]],
          [
            0x0007,
            RATIONAL,
            [
              [15, 1],
              [4, 1],
              [25, 10],
            ],
          ],
          [0x001b, UNDEFINED, "ASCII\0\0\0GPS\0"],
          [0x001d, ASCII, "2019\x0003\x0013\0"],
        ],
      ],
    },
  ],
];

test.each([
  ["little-endian", false],
  ["big-endian", true],
])("the values of a camera, %s, as stored and as people read them", (_, bigEndian) => {
  const swapped = camera.map((entry) => entry) as TiffDirectory;
  const { stored, printed } = tagsOf([swapped], bigEndian);
  expect(stored.File).toMatchObject({ ExifByteOrder: bigEndian ? "MM" : "II" });
  expect(stored.IFD0).toEqual({ Make: "Apple", Orientation: 6, XResolution: 72, Copyright: "Ann Photographer\nEd Editor" });
  expect(stored.ExifIFD).toMatchObject({
    ExposureTime: 0.0003539823009,
    FNumber: 1.8,
    ISO: 20,
    ExifVersion: "0232",
    ComponentsConfiguration: [1, 2, 3, 0],
    ExposureCompensation: -0.6666666667,
    Flash: 16,
    CFAPattern: [2, 2, 0, 1, 1, 2],
    LensInfo: "24 70 2.8 undef",
  });
  expect(printed.ExifIFD).toMatchObject({
    ExposureTime: "1/2825",
    FNumber: "1.8",
    ComponentsConfiguration: "Y, Cb, Cr, -",
    ShutterSpeedValue: "1/2825",
    ExposureCompensation: "-2/3",
    Flash: "Off, Did not fire",
    FocalLength: "4.2 mm",
    CFAPattern: "[Red,Green][Green,Blue]",
    LensInfo: "24-70mm f/2.8-?",
  });
  expect(printed.InteropIFD).toEqual({ InteropIndex: "R98 - DCF basic file (sRGB)" });
  expect(stored.GPS).toEqual({
    GPSVersionID: [2, 3, 0, 0],
    GPSLatitudeRef: "N",
    GPSLatitude: 40.7087055555556,
    GPSAltitude: 123.4,
    GPSTimeStamp: "15:04:02.5",
    GPSProcessingMethod: "GPS",
    GPSDateStamp: "2019:03:13",
  });
  expect(printed.GPS).toMatchObject({ GPSLatitudeRef: "North", GPSLatitude: "40 deg 42' 31.34\"", GPSAltitude: "123.4 m" });
});

test.each([
  ["ASCII\0\0\0plain text\0after", "plain text"],
  ["ASCII   spaces for nulls  ", "spaces for nulls"],
  [Buffer.concat([Buffer.from("UNICODE\0"), Buffer.from("Größe 日本", "utf16le")]), "Größe 日本"],
  [Buffer.concat([Buffer.from("UNICODE\0"), Buffer.from("Größe, wrong order", "utf16le").swap16()]), "Größe, wrong order"],
  [Buffer.concat([Buffer.from("JIS\0\0\0\0\0"), Buffer.of(0x46, 0x7c, 0x4b, 0x5c)]), "日本"],
  ["\0\0\0\0\0\0\0\0undefined", "undefined"],
  ["no code at all", "no code at all"],
  ["short", "short"],
])("a user comment of %j", (bytes, text) => {
  const exif: TiffDirectory = [[0x9286, UNDEFINED, bytes]];
  expect(tagsOf([[[0x8769, LONG, { directories: [exif] }]]]).stored.ExifIFD).toEqual({ UserComment: text });
});

test("UTF-8, Windows' UTF-16, 64-bit rationals without a denominator and single bytes of no type", () => {
  const { stored, printed } = tagsOf([
    [
      [0x010e, UTF8, "Straße\0"],
      [0x011a, RATIONAL, [[1, 0]]],
      [0x011b, RATIONAL, [[0, 0]]],
      [0x9c9b, BYTE, Buffer.from("Titel ☃\0", "utf16le")],
      [0x8769, LONG, { directories: [[[0xa300, UNDEFINED, Buffer.of(3)]]] }],
    ],
  ]);
  expect(stored.IFD0).toEqual({ ImageDescription: "Straße", XResolution: "inf", YResolution: "undef", XPTitle: "Titel ☃" });
  expect(printed.ExifIFD).toEqual({ FileSource: "Digital Camera" });
});

test("halves are rounded to the even neighbour, as C does", () => {
  const exif: TiffDirectory = [
    [0x829d, RATIONAL, [[13, 4]]],
    [0x920a, RATIONAL, [[375, 100]]],
  ];
  expect(tagsOf([[[0x8769, LONG, { directories: [exif] }]]]).printed.ExifIFD).toEqual({ FNumber: "3.2", FocalLength: "3.8 mm" });
});

describe("the thumbnail", () => {
  const picture = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xdb), Buffer.alloc(96)]);
  const main: TiffDirectory = [[0x010f, ASCII, "Maker\0"]];
  const withThumbnail = (bytes: Uint8Array): Buffer => {
    const entries = (offset: number): TiffDirectory => [
      [0x0103, SHORT, [6]],
      [0x0201, LONG, [offset]],
      [0x0202, LONG, [bytes.length]],
    ];
    const { length } = tiff([main, entries(0)]);
    return Buffer.concat([tiff([main, entries(length)]), bytes]);
  };

  test("is given where it lies in the object", () => {
    const structure = withThumbnail(picture);
    const bytes = jpegFile([exifSegment(structure)]);
    const { tags, thumbnail } = readMetadataSync(bytes, { numeric: true });
    const offset = bytes.indexOf(picture);
    expect(tags.IFD1).toEqual({ Compression: 6, ThumbnailOffset: offset, ThumbnailLength: 100, ThumbnailImage: { bytes: 100 } });
    expect(thumbnail).toEqual({ offset, length: 100, mimeType: "image/jpeg" });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  test("is none where its bytes are no JPEG", () => {
    const { tags, thumbnail } = readMetadataSync(jpegFile([exifSegment(withThumbnail(Buffer.alloc(100)))]), { numeric: true });
    expect(tags.IFD1).toHaveProperty("ThumbnailImage", { bytes: 100 });
    expect(thumbnail).toBeUndefined();
  });
});

test("Exif in PNG has offsets from its own start, and loses to nothing", () => {
  const structure = tiff([[], [[0x0201, LONG, [26]]]]);
  const bytes = pngFile(imageHeader(), pngChunk("eXIf", structure), pixelData(32));
  expect(readMetadataSync(bytes, { numeric: true }).tags.IFD1).toEqual({ ThumbnailOffset: 26 });
});

test("maker notes that nobody decodes are named with their maker and size", () => {
  const notes = Buffer.alloc(5230, 0x80);
  const bytes = jpegFile([
    exifSegment(
      tiff([
        [
          [0x010f, ASCII, "Canon\0"],
          [0x8769, LONG, { directories: [[[0x927c, UNDEFINED, notes]]] }],
        ],
      ]),
    ),
  ]);
  const { warnings } = readMetadataSync(bytes);
  expect(warnings).toContainEqual({
    code: "NOT_DECODED",
    message: "maker notes of Canon, 5,230 bytes",
    block: "exif",
    offset: bytes.indexOf(notes),
  });
});

describe("damage", () => {
  const read = (structure: Uint8Array) => readMetadataSync(jpegFile([exifSegment(structure)]), { numeric: true });

  test("directories that point at each other are read once", () => {
    const structure = tiff([[[0x010f, ASCII, "ABC\0"]], [[0x0110, ASCII, "DEF\0"]]]);
    // The second directory's next is the first.
    structure.writeUInt32LE(8, structure.length - 4);
    const { tags, warnings } = read(structure);
    expect(tags).toMatchObject({ IFD0: { Make: "ABC" }, IFD1: { Model: "DEF" } });
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED"]);
  });

  test("a value past the end costs only its own tag", () => {
    const structure = tiff([
      [
        [0x010f, ASCII, "A maker of cameras\0"],
        [0x0112, SHORT, [1]],
      ],
    ]);
    structure.writeUInt32LE(1 << 30, 8 + 2 + 8);
    const { tags, warnings } = read(structure);
    expect(tags.IFD0).toEqual({ Orientation: 1 });
    expect(warnings.map(({ code }) => code)).toEqual(["TRUNCATED"]);
  });

  test("a type that does not exist costs its tag, as the first entry the directory", () => {
    const entries: TiffDirectory = [
      [0x0112, SHORT, [1]],
      [0x0128, SHORT, [2]],
    ];
    const second = tiff([entries]);
    second.writeUInt16LE(99, 8 + 2 + 12 + 2);
    expect(read(second).tags.IFD0).toEqual({ Orientation: 1 });
    const first = tiff([entries]);
    first.writeUInt16LE(99, 8 + 2 + 2);
    expect(read(first).tags.IFD0).toBeUndefined();
  });

  test("counts that no memory holds are left out", () => {
    const structure = tiff([
      [
        [0x0111, LONG, [1]],
        [0x0112, SHORT, [1]],
      ],
    ]);
    structure.writeUInt32LE(0xffff_ffff, 8 + 2 + 4);
    expect(read(structure).tags.IFD0).toEqual({ Orientation: 1 });
  });

  test("one value that many entries share is not read without end", () => {
    const structure = tiff([Array.from({ length: 4000 }, () => [0x010e, ASCII, "four"] as const)]);
    const text = Buffer.alloc(1 << 20, 0x41);
    for (let i = 0; i < 4000; i++) {
      structure.writeUInt32LE(text.length, 8 + 2 + 12 * i + 4);
      structure.writeUInt32LE(structure.length, 8 + 2 + 12 * i + 8);
    }
    const { tags, warnings } = readMetadataSync(Buffer.concat([structure, text]), { numeric: true });
    expect(tags.IFD0?.ImageDescription).toHaveLength(1 << 20);
    expect(warnings.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });

  test("directories within directories end at the limit of depth", () => {
    let directory: TiffDirectory = [[0x0112, SHORT, [1]]];
    for (let i = 0; i < 40; i++) directory = [[0x8769, LONG, { directories: [directory] }]];
    expect(read(tiff([directory])).warnings.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });
});

/** Tags of the Exif IFD and of the GPS IFD that are enumerated or texts. */
const enumerated = [
  ...[0x8822, 0x8830, 0x9207, 0x9208, 0x9209, 0xa001, 0xa217, 0xa300, 0xa301, 0xa401, 0xa402, 0xa403, 0xa406, 0xa407, 0xa408, 0xa40c],
  ...[0xa460, 0x9000, 0x9003, 0x9010, 0x9101, 0x920a, 0x9204, 0x9202, 0x9286, 0xa000, 0xa302, 0xa405, 0xa431, 0xa432, 0xa434],
];
const positions = Array.from({ length: 0x20 }, (_, id) => id);

describe("values of types that their tags do not have", () => {
  it.each<[name: string, type: number, value: TiffDirectory[number][2]]>([
    ["0/0", RATIONAL, [[0, 0]]],
    [
      "several 0/0",
      SRATIONAL,
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ],
    ["1/0", RATIONAL, [[1, 0]]],
    [
      "numbers and 0/0",
      RATIONAL,
      [
        [1, 1],
        [5, 2],
        [0, 0],
      ],
    ],
    ["a list of shorts", SHORT, [1, 2, 3]],
    ["a list of bytes", BYTE, [1, 2, 3]],
    ["no number", FLOAT, [Number.NaN]],
    ["an infinite number", FLOAT, [Number.POSITIVE_INFINITY]],
    ["a text", ASCII, "abc\0"],
    ["nothing", ASCII, ""],
    ["bytes", UNDEFINED, Buffer.of(0, 1, 2, 3)],
  ])("print %s without NaN, Infinity or a list with commas", (_, type, value) => {
    const directory = (ids: readonly number[]): TiffDirectory => [...ids].sort((a, b) => a - b).map((id) => [id, type, value]);
    const chain: TiffDirectory = [
      [0x0112, type, value],
      [0x8769, LONG, { directories: [directory(enumerated)] }],
      [0x8825, LONG, { directories: [directory(positions)] }],
    ];
    const { stored, printed } = tagsOf([chain]);
    expect(Object.keys(printed.ExifIFD ?? {}).length).toBeGreaterThan(20);
    for (const tags of [stored, printed]) {
      for (const [name, text] of Object.entries({ ...tags.IFD0, ...tags.ExifIFD, ...tags.GPS })) {
        if (typeof text !== "string") continue;
        expect(text, name).not.toMatch(/NaN|Infinity|\d,\d/);
      }
    }
    const { summary } = readMetadataSync(jpegFile([exifSegment(tiff([chain]))]));
    expect(JSON.stringify(summary)).not.toMatch(/undef|inf|NaN|null/i);
  });

  it("are printed as ExifTool prints them", () => {
    const values: TiffDirectory = [
      [0x9207, RATIONAL, [[0, 0]]],
      [0x9209, RATIONAL, [[0, 0]]],
      [0x920a, RATIONAL, [[0, 0]]],
      [0xa001, SHORT, [1, 2]],
      [0xa302, ASCII, "undef\0"],
      [0xa402, ASCII, "1\0"],
    ];
    const place: TiffDirectory = [
      [0x00, ASCII, "2 3\0"],
      [0x1b, SHORT, [1, 2, 3]],
      [0x1c, RATIONAL, [[0, 0]]],
    ];
    const { printed } = tagsOf([
      [
        [0x8769, LONG, { directories: [values] }],
        [0x8825, LONG, { directories: [place] }],
      ],
    ]);
    expect(printed.ExifIFD).toEqual({
      MeteringMode: "Unknown (undef)",
      Flash: "Unknown (undef)",
      FocalLength: "0.0 mm",
      ColorSpace: "Unknown (1 2)",
      CFAPattern: "<invalid pattern size>",
      ExposureMode: "Manual",
    });
    expect(printed.GPS).toEqual({ GPSVersionID: "2.3", GPSProcessingMethod: "1 2 3", GPSAreaInformation: "undef" });
  });
});

test("PrintIM, long arrays and lists of offsets", () => {
  const printIm = Buffer.concat([Buffer.from("PrintIM\x000300\0\0"), Buffer.alloc(2)]);
  const { stored } = tagsOf([
    [
      [0x0111, LONG, Array.from({ length: 20 }, (_, i) => 1000 + i)],
      [0x0117, LONG, [1, 2]],
      [0xc4a5, UNDEFINED, printIm],
      [0xc6fa, FLOAT, Array.from({ length: 501 }, () => 0.5)],
    ],
  ]);
  expect(stored.PrintIM).toEqual({ PrintIMVersion: "0300" });
  expect(stored.IFD0).toEqual({
    StripOffsets: { bytes: 80 },
    StripByteCounts: [1, 2],
    ProfileHueSatMapData1: "(large array of 501 float values)",
  });
});

test("Exif of every kind obeys the laws", () => {
  const bytes = jpegFile([exifSegment(tiff([camera, [[0x0103, SHORT, [6]]]], { bigEndian: true }))]);
  lawOfWindows(bytes);
  lawOfTruncation(bytes);
});
