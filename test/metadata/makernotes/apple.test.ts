import { describe, expect, test } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { appleNotes, bytes, int32s, number, rationals, text } from "../../builders/apple.ts";
import { app, jpegFile } from "../../builders/jpeg.ts";
import { marker, objectList, propertyList } from "../../builders/property-list.ts";
import { tiff } from "../../builders/tiff.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const runTime = propertyList({ flags: 1, value: 4_905_158_086_875, timescale: 1_000_000_000, epoch: 0 });

const notes = appleNotes([
  number(0x0001, 15),
  bytes(0x0002, propertyList("unknown to ExifTool unless asked")),
  bytes(0x0003, runTime),
  number(0x0004, 1),
  rationals(0x0008, -1, 10, 3, 4, -98, 100),
  number(0x000a, 2),
  rationals(0x000c, 164, 100, 79, 100),
  text(0x0011, "ACB565E0-E49F-4A13-B175-24BD944844AF"),
  number(0x0014, 10),
  [0x0023, 9, 2, int32s([954, (1 << 28) + 39])],
  number(0x002e, 6),
  bytes(0x0040, propertyList({ 0: 1, 1: true, "a-b": [1, 2], "is not a name": "x" })),
  number(0x0041, 1),
]);

function photo(makerNote: Uint8Array, options: { bigEndian?: boolean } = {}): Buffer {
  const exif = tiff(
    [
      [
        [0x010f, 2, "Apple"],
        [
          0x8769,
          4,
          {
            directories: [
              [
                [0x9003, 2, "2024:05:06 07:08:09"],
                [0x927c, 7, makerNote],
                [0xa002, 4, [4032]],
              ],
            ],
          },
        ],
      ],
    ],
    options,
  );
  return jpegFile([app(1, "Exif\0\0", exif)]);
}

const printed = {
  MakerNoteVersion: 15,
  RunTimeFlags: "Valid",
  RunTimeValue: 4_905_158_086_875,
  RunTimeScale: 1_000_000_000,
  RunTimeEpoch: 0,
  AEStable: "Yes",
  AccelerationVector: [-0.1, 0.75, -0.98],
  HDRImageType: "Unknown (2)",
  FocusDistanceRange: "0.79 - 1.64 m",
  ContentIdentifier: "ACB565E0-E49F-4A13-B175-24BD944844AF",
  ImageCaptureType: "Photo",
  AFPerformance: "954 1 39",
  CameraType: "Front",
  SemanticStyle: { _0: 1, _1: true, "a-b": [1, 2], Tag3: "x" },
};

describe("Apple's maker notes", () => {
  test.each([{ bigEndian: true }, { bigEndian: false }])(
    "are decoded in their own byte order, whatever that of the file: %o",
    (options) => {
      const { tags, warnings } = readMetadataSync(photo(notes, options));
      expect(tags.Apple).toEqual(printed);
      expect(tags.ExifIFD).toEqual(expect.objectContaining({ DateTimeOriginal: "2024:05:06 07:08:09", ExifImageWidth: 4032 }));
      expect(warnings).toEqual([]);
    },
  );

  test("give stored values", () => {
    expect(readMetadataSync(photo(notes), { numeric: true }).tags.Apple).toMatchObject({
      RunTimeFlags: 1,
      AEStable: 1,
      FocusDistanceRange: [1.64, 0.79],
      AFPerformance: [954, 268_435_495],
      CameraType: 6,
    });
  });

  test("that an editor has written in the other byte order are decoded", () => {
    const rewritten = appleNotes([[0x0001, 9, 1, int32s([12], true)], bytes(0x0003, runTime)], { littleEndian: true });
    expect(readMetadataSync(photo(rewritten)).tags.Apple).toMatchObject({ MakerNoteVersion: 12, RunTimeFlags: "Valid" });
  });

  test("have types of 64 bits", () => {
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64BE(403n);
    expect(readMetadataSync(photo(appleNotes([number(0x0001, 14), [0x0038, 16, 1, wide]]))).tags.Apple).toMatchObject({
      AFMeasuredDepth: 403,
    });
  });

  test("print numbers as ExifTool does, also those that no device writes", () => {
    const { tags } = readMetadataSync(photo(appleNotes([rationals(0x000c, 1, 2), [0x0023, 9, 2, int32s([-3, -1])]])));
    expect(tags.Apple).toEqual({ FocusDistanceRange: "0.50 - 0.00 m", AFPerformance: "-3 68719476735 268435455" });
  });

  test("name keys that no table has as ExifTool does", () => {
    const list = propertyList({ "time base": 1, x: 2, inner: { value: 3 }, "1st": 4 });
    expect(readMetadataSync(photo(appleNotes([bytes(0x0003, list)]))).tags.Apple).toEqual({
      TimeBase: 1,
      TagX: 2,
      InnerValue: 3,
      Tag1St: 4,
    });
  });

  test("obey the law of windows and that of truncation", () => {
    lawOfWindows(photo(notes));
    lawOfTruncation(photo(notes));
    for (let length = 0; length < notes.length; length += 7) readMetadataSync(photo(notes.subarray(0, length)));
  });
});

describe("hostile notes of Apple", () => {
  test.each([
    ["a circle", objectList([Buffer.concat([marker(10, 1), Buffer.of(0)])])],
    ["a count of 2³²", objectList([Buffer.of(0xdf, 0x12, 255, 255, 255, 255)])],
    ["a list that is cut", runTime.subarray(0, -1)],
  ])("cost their tag alone: %s", (_, list) => {
    const { tags, warnings } = readMetadataSync(photo(appleNotes([number(0x0001, 15), bytes(0x0003, list), number(0x0004, 0)])));
    expect(tags.Apple).toEqual({ MakerNoteVersion: 15, AEStable: "No" });
    expect(tags.ExifIFD).toHaveProperty("ExifImageWidth", 4032);
    expect(warnings).toEqual([
      expect.objectContaining({ code: "MALFORMED", message: expect.stringMatching(/^tag 0x0003: a property list/) }),
    ]);
  });

  test("are charged for each time that a directory names them", () => {
    const many = (count: number) => {
      const exif = tiff([Array.from({ length: count }, () => [0x927c, 7, notes] as const)]);
      return readMetadataSync(jpegFile([app(1, "Exif\0\0", exif)]), { limits: { steps: 50_000 } }).warnings.map(({ code }) => code);
    };
    expect(many(1)).toEqual([]);
    expect(many(100)).toContain("LIMIT_EXCEEDED");
  });

  test("of 65,535 entries end with a warning", () => {
    const header = Buffer.from("Apple iOS\0\0\x01MM\xff\xff", "latin1");
    const { tags, warnings } = readMetadataSync(photo(Buffer.concat([header, Buffer.alloc(2000, 0xaa)])));
    expect(tags.ExifIFD).toHaveProperty("ExifImageWidth", 4032);
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThan(30);
  });

  test("whose offsets point at their own directory are not followed", () => {
    const circular = Buffer.from(notes);
    circular.writeUInt32BE(14, 16 + 2 * 12 + 8);
    const { tags, warnings } = readMetadataSync(photo(circular));
    expect(tags.Apple).not.toHaveProperty("RunTimeValue");
    expect(tags.Apple).toHaveProperty("AEStable", "Yes");
    expect(warnings).toEqual([expect.objectContaining({ code: "MALFORMED", message: "Apple tag 0x0003: its value cannot lie at 14" })]);
  });
});
