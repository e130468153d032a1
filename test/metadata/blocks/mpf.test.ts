import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { app, jpegFile, tiffDirectory, u16, u32 } from "../../builders/jpeg.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

/** An entry of 16 bytes: attributes, length, offset, dependent images. */
const entry = (attributes: number, length: number, offset: number, first = 0, second = 0) =>
  Buffer.concat([u32(attributes, length, offset), u16(first, second)]);

const mpf = (entries: readonly Buffer[], next = 0) =>
  tiffDirectory(
    [
      [0xb000, 7, 4, Buffer.from("0100")],
      [0xb001, 4, 1, entries.length],
      [0xb002, 7, 16 * entries.length, Buffer.concat(entries)],
    ],
    next,
  );

describe("mpf", () => {
  it("gives the images and the preview among them", () => {
    const bytes = jpegFile(
      [app(2, "MPF\0", mpf([entry(0xa0030000, 5000, 0, 2), entry(0x40010001, 300, 1000), entry(0, 400, 1300)]))],
      3000,
    );
    const { tags, format, thumbnail } = readMetadataSync(bytes);
    expect(format).toBe("JPEG");
    expect(tags.MPF0).toEqual({ MPFVersion: "0100", NumberOfImages: 3 });
    expect(tags.MPImage1).toEqual({
      MPImageFlags: "Representative image, Dependent parent image",
      MPImageFormat: "JPEG",
      MPImageType: "Baseline MP Primary Image",
      MPImageLength: 5000,
      MPImageStart: 0,
      DependentImage1EntryNumber: 2,
      DependentImage2EntryNumber: 0,
    });
    // The header stands at 2 + 4 + 4.
    expect(tags.MPImage2).toMatchObject({ MPImageFlags: "Dependent child image", MPImageStart: 1010, PreviewImage: { bytes: 300 } });
    expect(tags.MPImage3).toMatchObject({ MPImageFlags: "(none)", MPImageType: "Undefined", MPImage3: { bytes: 400 } });
    expect(thumbnail).toEqual({ offset: 1010, length: 300, mimeType: "image/jpeg" });
    expect(readMetadataSync(bytes, { numeric: true }).tags.MPImage2).toMatchObject({
      MPImageFlags: 8,
      MPImageFormat: 0,
      MPImageType: 0x10001,
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("calls several views MPO, and reads the attributes of the first", () => {
    const index = mpf([entry(0x20020002, 5000, 0), entry(0x00020002, 5000, 3000)], 200);
    const attributes = tiffDirectory([
      [0xb101, 4, 1, 1],
      [0xb201, 4, 1, 0x02030110],
    ]).subarray(8);
    const { tags, format } = readMetadataSync(jpegFile([app(2, "MPF\0", index, Buffer.alloc(200 - index.length), attributes)]));
    expect(format).toBe("MPO");
    expect(tags.MPF0).toMatchObject({ MPIndividualNum: 1, PanOrientation: "2 rows; 3 columns; Start at top right; Clockwise" });
  });

  it("keeps the rest where the list of images lies past the end", () => {
    const bytes = mpf([entry(0, 1, 1), entry(0, 1, 1)]).subarray(0, -20);
    const { tags, warnings } = readMetadataSync(jpegFile([app(2, "MPF\0", bytes)]));
    expect(tags.MPF0).toEqual({ MPFVersion: "0100", NumberOfImages: 2 });
    expect(warnings.map(({ code }) => code)).toEqual(["TRUNCATED"]);
  });
});
