import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { animChunk, anmfChunk, riffChunk, vp8Chunk, vp8lChunk, vp8xChunk, webpFile } from "../../builders/webp.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const KIB = 1 << 10;
/** Not Exif, so that it is seen in the tags of the container itself. */
const UNKNOWN_EXIF = riffChunk("EXIF", Buffer.from("nothing known"));

describe("webp", () => {
  it("reads the lossy form", () => {
    const bytes = webpFile(vp8Chunk(300, 200));
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "WEBP", mimeType: "image/webp", width: 300, height: 200, warnings: [] });
    expect(summary).toMatchObject({ bitsPerSample: 8, channels: 3, hasAlpha: false, animated: false });
    expect(tags.RIFF).toEqual({
      VP8Version: "0 (bicubic reconstruction, normal loop)",
      ImageWidth: 300,
      HorizontalScale: 0,
      ImageHeight: 200,
      VerticalScale: 0,
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("reads the lossless form", () => {
    const { tags, summary, ...record } = readMetadataSync(webpFile(vp8lChunk(16384, 5, true)));
    expect(record).toMatchObject({ format: "WEBP (lossless)", width: 16384, height: 5 });
    expect(summary).toMatchObject({ channels: 4, hasAlpha: true });
    expect(tags.RIFF).toEqual({ ImageWidth: 16384, ImageHeight: 5, AlphaIsUsed: "Yes" });
  });

  it("takes the size of the canvas in the extended form", () => {
    const bytes = webpFile(vp8xChunk(0x1c, 70_000, 9), riffChunk("ALPH", Buffer.from([1, 2, 3])), vp8Chunk(10, 9), UNKNOWN_EXIF);
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "Extended WEBP", width: 70_000, height: 9, warnings: [] });
    expect(summary.hasAlpha).toBe(true);
    expect(tags.RIFF).toMatchObject({
      WebP_Flags: "XMP, EXIF, Alpha",
      ImageWidth: 70_000,
      ImageHeight: 9,
      AlphaPreprocessing: "Level Reduction",
      UnknownEXIF: { bytes: 13 },
    });
    expect(readMetadataSync(webpFile(vp8xChunk(0x10, 8, 8), vp8lChunk(8, 8, true))).format).toBe("Extended WEBP (lossless)");
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("counts the frames of an animation", () => {
    const bytes = webpFile(vp8xChunk(0x02, 20, 10), animChunk(0), anmfChunk(100), anmfChunk(1500), UNKNOWN_EXIF);
    const { tags, summary } = readMetadataSync(bytes);
    expect(summary).toMatchObject({ animated: true, frames: 2 });
    expect(tags.RIFF).toMatchObject({ BackgroundColor: [1, 2, 3, 4], AnimationLoopCount: "inf", Duration: "1.60 s" });
    expect(tags.RIFF).toHaveProperty("UnknownEXIF");
    lawOfWindows(bytes);
  });

  it("finds what stands behind the picture in a second request", () => {
    const bytes = webpFile(vp8xChunk(0x08, 20, 10), vp8Chunk(20, 10, 400 * KIB), UNKNOWN_EXIF);
    const { content, rounds, bytes: fetched } = readSparsely(bytes);
    expect(content.tags.RIFF).toHaveProperty("UnknownEXIF");
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(17 * KIB);
    lawOfWindows(bytes);
  });

  it("finds what stands behind many frames without hopping over each", () => {
    const frames = Array.from({ length: 40 }, (_, i) => anmfChunk(100, 10 * KIB + 2 * i));
    const bytes = webpFile(vp8xChunk(0x0a, 20, 10), animChunk(3), ...frames, UNKNOWN_EXIF);
    const { content, rounds, bytes: fetched } = readSparsely(bytes);
    expect(content.tags.RIFF).toHaveProperty("UnknownEXIF");
    expect(content.tags.RIFF).not.toHaveProperty("Duration");
    expect(content.summary).toMatchObject({ animated: true });
    expect(content.summary).not.toHaveProperty("frames");
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(50 * KIB);
    lawOfWindows(bytes);

    const thorough = readSparsely(bytes, 16 * KIB, { thorough: true });
    expect(thorough.content.summary.frames).toBe(40);
    expect(thorough.content.tags.RIFF).toMatchObject({ Duration: "4.00 s", UnknownEXIF: { bytes: 13 } });
    lawOfWindows(bytes, { thorough: true });
  });

  it("names the chunks it takes for what they should be", () => {
    const improper = riffChunk("EXIF", Buffer.from("Exif\0\0II*\0\x08\0\0\0\0\0"));
    const { warnings } = readMetadataSync(webpFile(vp8xChunk(0x0c, 2, 2), vp8Chunk(2, 2), improper, riffChunk("XMP\0", Buffer.from(" "))));
    expect(warnings.filter(({ block }) => block === undefined).map(({ message }) => message)).toEqual([
      "EXIF chunk begins with the header of a JPEG's Exif segment",
      "XMP chunk with a wrong name",
    ]);
  });

  it("keeps the size of a picture that is cut off", () => {
    const { warnings, ...record } = readMetadataSync(webpFile(vp8Chunk(300, 200, 500)).subarray(0, 100));
    expect(record).toMatchObject({ width: 300, height: 200 });
    expect(warnings).toMatchObject([{ code: "TRUNCATED", offset: 100 }]);
  });
});
