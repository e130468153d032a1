import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { app, jpegFile } from "../../builders/jpeg.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

describe("jfif", () => {
  it("gives density and thumbnail", () => {
    const thumbnail = Buffer.alloc(3 * 4 * 2);
    const bytes = jpegFile([app(0, "JFIF\0", Buffer.of(1, 1, 2, 0, 28, 0, 29, 4, 2), thumbnail)]);
    expect(readMetadataSync(bytes).tags.JFIF).toEqual({
      JFIFVersion: 1.01,
      ResolutionUnit: "cm",
      XResolution: 28,
      YResolution: 29,
      ThumbnailWidth: 4,
      ThumbnailHeight: 2,
      ThumbnailTIFF: { bytes: 24 },
    });
    expect(readMetadataSync(bytes, { numeric: true }).tags.JFIF).toMatchObject({ JFIFVersion: [1, 1], ResolutionUnit: 2 });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("gives what a short segment has", () => {
    expect(readMetadataSync(jpegFile([app(0, "JFIF\0", Buffer.of(1, 2, 1, 0, 72))])).tags.JFIF).toEqual({
      JFIFVersion: 1.02,
      ResolutionUnit: "inches",
      XResolution: 72,
    });
  });
});

describe("jfxx", () => {
  it("offers a JPEG thumbnail", () => {
    const bytes = jpegFile([app(0, "JFXX\0\x10", Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(97))]);
    const { tags, thumbnail } = readMetadataSync(bytes);
    expect(tags.JFXX).toEqual({ ThumbnailImage: { bytes: 100 } });
    expect(thumbnail).toEqual({ offset: 12, length: 100, mimeType: "image/jpeg" });
    lawOfWindows(bytes);
  });

  it("tells thumbnails with a palette from those of RGB, and empty ones", () => {
    const jfxx = (code: string, data: Buffer) => readMetadataSync(jpegFile([app(0, "JFXX\0", code, data)])).tags.JFXX;
    expect(jfxx("\x11", Buffer.alloc(800, 4))).toEqual({ ThumbnailTIFF: { bytes: 800 } });
    expect(jfxx("\x13", Buffer.alloc(50, 4))).toEqual({ ThumbnailTIFF: { bytes: 50 } });
    expect(jfxx("\x11", Buffer.alloc(50, 4))).toBeUndefined();
    expect(jfxx("\x13", Buffer.alloc(50))).toBeUndefined();
  });
});
