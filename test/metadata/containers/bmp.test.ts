import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { bitmap, letters } from "../../builders/bmp.ts";
import { element, iccProfile } from "../../builders/icc.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { expectMetadata } from "../../schema.ts";

const v3 = bitmap({ header: 40, width: 3, height: -2, depth: 8, fields: { 20: 8, 24: 2835, 28: 2835, 32: 252 } });
const core = bitmap({ header: 12, width: 300, height: 200, depth: 4 });
const profile = iccProfile([["cprt", element("text", "CC0\0")]]);
const v5 = { header: 124, width: 1, height: 1, depth: 32 } as const;
const embedded = bitmap({
  ...v5,
  fields: { 16: 3, 52: 0xff000000, 56: letters("MBED"), 108: 4, 112: 124, 116: profile.length },
  rest: profile,
});

describe("bmp", () => {
  it("reads a top-down Windows bitmap", () => {
    const metadata = readMetadataSync(v3);
    expectMetadata(metadata);
    expect(metadata).toMatchObject({ format: "BMP", mimeType: "image/bmp", width: 3, height: 2, warnings: [] });
    expect(metadata.tags).toEqual({
      File: {
        BMPVersion: "Windows V3",
        ImageWidth: 3,
        ImageHeight: 2,
        Planes: 1,
        BitDepth: 8,
        Compression: "None",
        ImageLength: 8,
        PixelsPerMeterX: 2835,
        PixelsPerMeterY: 2835,
        NumColors: 252,
        NumImportantColors: "All",
      },
    });
    expect(metadata.summary).toMatchObject({ bitsPerSample: 8, channels: 1, hasAlpha: false, animated: false });
  });

  it("reads the headers of OS/2", () => {
    expect(readMetadataSync(core)).toMatchObject({
      width: 300,
      height: 200,
      tags: { File: { BMPVersion: "OS/2 V1", ImageWidth: 300, ImageHeight: 200, Planes: 1, BitDepth: 4 } },
    });
    for (const header of [16, 64]) {
      const { width, height, warnings } = readMetadataSync(bitmap({ header, width: 70_000, height: 3, depth: 24 }));
      expect({ width, height, warnings }, `header of ${header} bytes`).toEqual({ width: 70_000, height: 3, warnings: [] });
    }
  });

  it("names compressions, codecs among them", () => {
    const compressionOf = (value: number, numeric: boolean) =>
      readMetadataSync(bitmap({ header: 40, width: 1, height: 1, depth: 8, fields: { 16: value } }), { numeric }).tags.File?.Compression;
    expect([0, 1, 2, 3].map((value) => compressionOf(value, false))).toEqual(["None", "8-Bit RLE", "4-Bit RLE", "Bitfields"]);
    expect(compressionOf(12, false)).toBe("12");
    expect(compressionOf(letters("GPJM"), true)).toBe("MJPG");
    expect(compressionOf(letters("\x01PJM"), false)).toBe("MJP\\x01");
  });

  it("reads calibrated colour of version 4", () => {
    const bytes = bitmap({
      header: 108,
      width: 1,
      height: 1,
      depth: 16,
      fields: { 40: 0x7c00, 44: 0x3e0, 48: 0x1f, 60: 0x28f5c28f, 64: 0x151eb851, 68: 0x1eb851e, 96: 0x745d },
    });
    expect(readMetadataSync(bytes).tags.File).toMatchObject({
      BMPVersion: "Windows V4",
      RedMask: "0x00007c00",
      AlphaMask: "0x00000000",
      ColorSpace: "Calibrated RGB",
      RedEndpoint: "0.640000 0.330000 0.030000",
      GammaRed: 0.45454,
      GammaBlue: 0,
    });
    expect(readMetadataSync(bytes, { numeric: true }).tags.File?.RedEndpoint).toEqual(
      [0.63999999966472387, 0.32999999914318323, 0.029999999329447746].map((value) => expect.closeTo(value, 8)),
    );
  });

  it("reads the profile of version 5", () => {
    const metadata = readMetadataSync(embedded);
    expect(metadata.tags.File).toMatchObject({
      BMPVersion: "Windows V5",
      ColorSpace: "Embedded Color Profile",
      RenderingIntent: "Picture (LCS_GM_IMAGES)",
      ProfileDataOffset: 124,
      ProfileSize: profile.length,
    });
    expect(metadata.tags.ICC_Profile).toEqual({ ProfileCopyright: "CC0" });
    expect(metadata.summary).toMatchObject({ hasAlpha: true, channels: 4, bitsPerSample: 8 });
    const name = Buffer.from("C:\\Caf\xe9.icc\0\0", "latin1");
    const linked = bitmap({ ...v5, fields: { 56: letters("LINK"), 112: 124, 116: name.length }, rest: name });
    expect(readMetadataSync(linked).tags.File).toMatchObject({ ColorSpace: "Linked Color Profile", LinkedProfileName: "C:\\Café.icc" });
    expect(readMetadataSync(bitmap({ ...v5, fields: { 56: letters("LINK"), 112: 124, 116: 17 } }))).toMatchObject({
      tags: { File: { ProfileSize: 17 } },
      warnings: [{ code: "TRUNCATED", offset: 138 }],
    });
  });

  it("names a picture within as its thumbnail", () => {
    const bytes = bitmap({ header: 40, width: 1, height: 1, depth: 0, fields: { 16: 5, 20: 12 } });
    expect(readMetadataSync(bytes)).toMatchObject({
      tags: { File: { Compression: "PNG", EmbeddedPNG: { bytes: 12 } } },
      thumbnail: { offset: 54, length: 12, mimeType: "image/png" },
    });
  });

  it("takes two letters for no bitmap", () => {
    expect(() => readMetadataSync(Buffer.from("BM is no bitmap at all, but text"))).toThrow(
      expect.objectContaining({ code: "NOT_AN_IMAGE" }),
    );
  });

  it("holds the laws of every image", () => {
    for (const bytes of [v3, core, embedded]) {
      lawOfWindows(bytes);
      lawOfTruncation(bytes);
    }
  });
});
