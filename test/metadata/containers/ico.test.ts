import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { iconFile } from "../../builders/ico.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { expectMetadata } from "../../schema.ts";

const icon = iconFile("icon", [
  { width: 256, height: 256, bytes: Buffer.alloc(100) },
  { width: 16, height: 16, colors: 4, bits: 8, bytes: Buffer.alloc(50) },
]);
const cursor = iconFile("cursor", [{ width: 32, height: 24, planes: 5, bits: 7, bytes: Buffer.alloc(40) }]);

describe("ico", () => {
  it("reads the first image of an icon", () => {
    const metadata = readMetadataSync(icon);
    expectMetadata(metadata);
    expect(metadata).toMatchObject({ format: "ICO", mimeType: "image/x-icon", width: 256, height: 256, warnings: [] });
    expect(metadata.tags).toEqual({
      File: { ImageCount: 2, ImageWidth: 256, ImageHeight: 256, NumColors: 0, ColorPlanes: 1, BitsPerPixel: 32, ImageLength: 100 },
    });
    expect(metadata.summary).toMatchObject({ hasAlpha: true, animated: false });
  });

  it("reads a cursor and its hot spot", () => {
    expect(readMetadataSync(cursor)).toMatchObject({
      format: "CUR",
      mimeType: "image/x-cursor",
      width: 32,
      height: 24,
      tags: { File: { ImageCount: 1, HotspotX: 5, HotspotY: 7, ImageLength: 40 } },
    });
  });

  it("warns of a directory that is cut", () => {
    expect(readMetadataSync(icon.subarray(0, 30))).toMatchObject({ width: 256, warnings: [{ code: "TRUNCATED", offset: 30 }] });
    expect(readMetadataSync(icon.subarray(0, 20))).toMatchObject({ tags: { File: { ImageCount: 2 } }, warnings: [{ code: "TRUNCATED" }] });
  });

  it("takes an uncompressed Targa for no cursor", () => {
    expect(() => readMetadataSync(Buffer.from([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 8, 0, 24, 0]))).toThrow(
      expect.objectContaining({ code: "NOT_AN_IMAGE" }),
    );
  });

  it("holds the laws of every image", () => {
    for (const bytes of [icon, cursor]) {
      lawOfWindows(bytes);
      lawOfTruncation(bytes);
    }
  });
});
