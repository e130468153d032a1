import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { imageHeader, PNG_SIGNATURE, pixelData, pngChunk, pngFile, pngText, u32s } from "../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const KIB = 1 << 10;

describe("png", () => {
  it("gives the header, the facts and the chunks of fixed layout", () => {
    const bytes = pngFile(
      imageHeader(640, 480, 16, 6),
      pngChunk("gAMA", u32s(45455)),
      pngChunk("cHRM", u32s(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
      pngChunk("sRGB", "\x01"),
      pngChunk("pHYs", Buffer.concat([u32s(2835, 2835), Buffer.from([1])])),
      pngChunk("cICP", "\x09\x10\0\x01"),
      pngChunk("bKGD", "\0\x01\0\x02\0\xff"),
      pngChunk("sBIT", "\x08\x08\x08\x08"),
      pngChunk("tIME", "\x07\xe8\x02\x1d\x0c\x22\x38"),
      pngChunk("oFFs", Buffer.concat([u32s(3, 4), Buffer.from([1])])),
      pngChunk("sTER", "\x01"),
      pngChunk("vpAg", Buffer.concat([u32s(9, 8), Buffer.from([0])])),
      pngChunk("sCAL", "\x010.5\0" + "0.25"),
      pngChunk("pCAL", "abcde"),
      pixelData(100),
    );
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "PNG", mimeType: "image/png", width: 640, height: 480, warnings: [] });
    expect(summary).toMatchObject({ bitsPerSample: 16, channels: 4, hasAlpha: true, animated: false });
    expect(tags.PNG).toEqual({
      ImageWidth: 640,
      ImageHeight: 480,
      BitDepth: 16,
      ColorType: "RGB with Alpha",
      Compression: "Deflate/Inflate",
      Filter: "Adaptive",
      Interlace: "Noninterlaced",
      Gamma: 2.2,
      WhitePointX: 0.3127,
      WhitePointY: 0.329,
      RedX: 0.64,
      RedY: 0.33,
      GreenX: 0.3,
      GreenY: 0.6,
      BlueX: 0.15,
      BlueY: 0.06,
      SRGBRendering: "Relative Colorimetric",
      BackgroundColor: [1, 2, 255],
      SignificantBits: [8, 8, 8, 8],
      ModifyDate: "2024:02:29 12:34:56",
      ImageOffset: "3, 4 (microns)",
      StereoMode: "Diverging-fuse Layout",
      VirtualImageWidth: 9,
      VirtualImageHeight: 8,
      VirtualPageUnits: 0,
      SubjectUnits: "meters",
      SubjectPixelWidth: "0.5",
      SubjectPixelHeight: "0.25",
      PixelCalibration: { bytes: 5 },
    });
    expect(tags["PNG-pHYs"]).toEqual({ PixelsPerUnitX: 2835, PixelsPerUnitY: 2835, PixelUnits: "meters" });
    expect(tags["PNG-cICP"]).toMatchObject({ ColorPrimaries: "BT.2020, BT.2100", MatrixCoefficients: "Identity matrix" });
    expect(readMetadataSync(bytes, { numeric: true }).tags.PNG).toMatchObject({ ColorType: 6, SRGBRendering: 1 });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("tells transparency of a palette from none", () => {
    const palette = [imageHeader(1, 1, 8, 3), pngChunk("PLTE", "\x01\x02\x03\x04\x05\x06")];
    expect(readMetadataSync(pngFile(...palette, pixelData(10))).summary).toMatchObject({ hasAlpha: false, channels: 1 });
    const { tags, summary } = readMetadataSync(pngFile(...palette, pngChunk("tRNS", "\x80\xff"), pixelData(10)));
    expect(summary.hasAlpha).toBe(true);
    expect(tags.PNG).toMatchObject({ Palette: { bytes: 6 }, Transparency: [128, 255] });
  });

  it("reads APNG", () => {
    const frame = pngChunk("fcTL", Buffer.alloc(26));
    const bytes = pngFile(pngChunk("acTL", u32s(2, 0)), frame, pixelData(50), frame, pixelData(50, 50, "fdAT"), pngText("Software", "x"));
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "APNG", mimeType: "image/apng", warnings: [] });
    expect(summary).toMatchObject({ animated: true, frames: 2 });
    expect(tags.PNG).toMatchObject({ AnimationFrames: 2, AnimationPlays: "inf", Software: "x" });
    lawOfWindows(bytes);
  });

  it("names the ICC profile", () => {
    const bytes = pngFile(pngChunk("iCCP", Buffer.concat([Buffer.from("Display P3\0\0"), deflateSync(Buffer.alloc(200))])), pixelData(10));
    expect(readMetadataSync(bytes).tags.PNG).toMatchObject({ ProfileName: "Display P3" });
  });

  it("warns once of a profile that does not inflate, however the file arrives", () => {
    const bytes = pngFile(pngChunk("iCCP", "broken\0\0garbage"), pixelData(200 * KIB), pngText("Title", "behind"));
    const { content } = readSparsely(bytes);
    expect(content.warnings.filter(({ message }) => message.startsWith("does not inflate"))).toMatchObject([{ block: "icc", offset: 49 }]);
    lawOfWindows(bytes);
  });

  it("gives what stands after IEND to the group Trailer", () => {
    const bytes = Buffer.concat([pngFile(pixelData(10)), pngChunk("sTER", "\0"), Buffer.from("rest")]);
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.Trailer).toEqual({ StereoMode: "Cross-fuse Layout" });
    expect(warnings).toHaveLength(2);
    lawOfWindows(bytes);
  });

  it("warns of a wrong CRC and keeps the chunk", () => {
    const gamma = pngChunk("gAMA", u32s(100_000));
    gamma[11] = (gamma[11] ?? 0) ^ 1;
    const { tags, warnings } = readMetadataSync(pngFile(gamma, pixelData(10)));
    expect(tags.PNG?.Gamma).toBe(1);
    expect(warnings).toEqual([{ code: "MALFORMED", message: "the CRC of the gAMA chunk is wrong", offset: 33 }]);
  });

  it("warns of an end before IEND", () => {
    const bytes = pngFile(pngText("Title", "t"), pixelData(100));
    const { tags, warnings } = readMetadataSync(bytes.subarray(0, -30));
    expect(tags.PNG?.Title).toBe("t");
    expect(warnings).toMatchObject([{ code: "TRUNCATED" }]);
    expect(readMetadataSync(Buffer.concat([PNG_SIGNATURE, imageHeader()])).warnings).toMatchObject([{ code: "TRUNCATED" }]);
  });

  it("reads a PNG that does not begin with IHDR", () => {
    const { tags, warnings, width } = readMetadataSync(pngFile(pngText("Title", "t"), pngText("Author", "a"), imageHeader(), pixelData(9)));
    expect(tags.PNG).toMatchObject({ Title: "t", Author: "a" });
    expect(width).toBe(3);
    expect(warnings).toEqual([{ code: "MALFORMED", message: "the first chunk is not IHDR", offset: 8 }]);
  });

  it("reads Apple's form for the iPhone", () => {
    const { width, warnings } = readMetadataSync(pngFile(pngChunk("CgBI", "\x50\0\x20\x06"), imageHeader(), pixelData(9)));
    expect(width).toBe(3);
    expect(warnings).toMatchObject([{ code: "MALFORMED", offset: 8 }]);
  });

  it("warns of a length beyond 2³¹−1", () => {
    const { warnings } = readMetadataSync(Buffer.concat([PNG_SIGNATURE, imageHeader(), Buffer.from("\xff\xff\xff\xfftEXt", "latin1")]));
    expect(warnings).toMatchObject([{ code: "MALFORMED", offset: 33 }]);
  });
});

describe("metadata behind the pixel data of a PNG", () => {
  const behind = [pngText("Title", "behind"), pngText("Comment", "the pixels")];
  const expected = { Title: "behind", Comment: "the pixels" };

  for (const [name, pixels] of [
    ["one chunk", pixelData(700 * KIB)],
    ["chunks of 8 KiB", pixelData(700 * KIB, 8 * KIB)],
    ["chunks of 64 KiB", pixelData(700 * KIB, 64 * KIB)],
    ["chunks of all sizes", Buffer.concat([9, 300, 7, 20, 80, 2, 33, 31, 5, 70, 4, 6, 8].map((size) => pixelData(size * KIB)))],
    ["many small chunks", pixelData(200 * KIB, 512)],
  ] as const) {
    it(`is found in a second request: ${name}`, () => {
      const bytes = pngFile(pixels, ...behind);
      const { content, rounds, bytes: fetched } = readSparsely(bytes);
      expect(content.tags.PNG).toMatchObject(expected);
      expect(content.warnings).toEqual([]);
      expect(rounds).toBe(2);
      expect(fetched).toBeLessThanOrEqual(80 * KIB + 20);
      lawOfWindows(bytes);
    });
  }

  it("takes one request in a small file", () => {
    expect(readSparsely(pngFile(pixelData(12 * KIB, 4 * KIB), ...behind))).toMatchObject({ rounds: 1, content: { warnings: [] } });
  });

  it("is looked for further where more of it stands there than the first tail holds", () => {
    const bytes = pngFile(pixelData(900 * KIB, 8 * KIB), pngText("Software", "first"), pngText("Source", "y".repeat(90 * KIB)), ...behind);
    const { content, rounds } = readSparsely(bytes);
    expect(content.tags.PNG).toMatchObject({ ...expected, Software: "first" });
    expect(rounds).toBe(3);
    lawOfWindows(bytes);
  });

  it("is found though a PNG lies within a chunk there", () => {
    const inner = pngFile(pixelData(60 * KIB), pngText("Title", "inner"));
    const bytes = pngFile(pixelData(900 * KIB, 9 * KIB), pngText("Software", "first"), pngChunk("gdAT", inner), ...behind);
    const { content } = readSparsely(bytes);
    expect(content.tags.PNG).toMatchObject({ ...expected, Software: "first", GainMapImage: { bytes: inner.length } });
    lawOfWindows(bytes);
  });

  it("is not made up in a file that is cut off", () => {
    const bytes = pngFile(pixelData(900 * KIB, 8 * KIB), ...behind).subarray(0, 500 * KIB);
    const { content } = readSparsely(bytes);
    expect(content.tags.PNG).not.toHaveProperty("Title");
    expect(content.warnings).toMatchObject([{ code: "TRUNCATED" }]);
    lawOfWindows(bytes);
  });

  it("is given up with a warning where no chunk is found", () => {
    const bytes = Buffer.concat([PNG_SIGNATURE, imageHeader(), pixelData(300 * KIB, 30 * KIB), Buffer.alloc(3000 * KIB)]);
    const { content } = readSparsely(bytes);
    expect(content.width).toBe(3);
    expect(content.warnings[0]).toMatchObject({ code: "NOT_READ" });
    lawOfWindows(bytes);
  });
});
