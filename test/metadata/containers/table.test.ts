import { describe, expect, it } from "vitest";
import { isRead } from "../../../src/metadata/containers/detect.ts";
import { known } from "../../../src/metadata/containers/known.ts";
import { containers } from "../../../src/metadata/containers/table.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { FirstRead } from "../../../src/read-image/first-read.ts";
import { looksLikeImage } from "../../../src/storage/selection.ts";

const formats = containers.flatMap((container) => container.formats.map((format) => ({ container, ...format })));

describe("the table of containers", () => {
  it("names each container once", () => {
    expect(new Set(containers.map(({ name }) => name)).size).toBe(containers.length);
  });

  it("states the facts of each format: selection takes its type and its endings", () => {
    for (const { container, format, mimeType, extensions } of formats) {
      expect(looksLikeImage({ contentType: mimeType }), format).toBe(true);
      for (const ending of extensions.split(" ")) {
        expect(ending, format).toMatch(/^[a-z0-9_]+$/);
        expect(looksLikeImage({ name: `a.${ending.toUpperCase()}` }), ending).toBe(true);
      }
      if (isRead(container)) expect([container.metadata, container.coverage], container.name).not.toContain(undefined);
    }
  });

  it("states how much a first read asks for", () => {
    const size = 10 << 20;
    for (const { container, mimeType } of formats)
      expect(new FirstRead().size({ bucket: "b", contentType: mimeType, size }), mimeType).toBe(
        container.firstRead ?? (mimeType.startsWith("image/") ? 32 << 10 : 64 << 10),
      );
  });

  it.each<[title: string, head: string]>([
    ["Photoshop (PSD, PSB)", "8BPS\0\x01"],
    ["JPEG 2000 (JP2)", "\0\0\0\x0cjP  \r\n\x87\n"],
    ["JPEG XL", "\0\0\0\x0cJXL \r\n\x87\n"],
    ["JPEG XL codestream", "\xff\x0a"],
    ["JPEG XR", "II\xbc\x01"],
    ["Radiance HDR", "#?RGBE\n"],
    ["Panasonic RW2", "IIU\0\x18\0\0\0"],
    ["Olympus ORF", "MMOR\0\0\0\x08"],
    ["Canon CR3", "\0\0\0\x18ftypcrx \0\0\0\x01crx isom"],
    ["Canon CRW", "II\x1a\0\0\0HEAPCCDR"],
    ["Targa", "\0\x01\x01\0\0"],
    ["SGI image", "\x01\xda\x01\x01"],
  ])("names %s, which is known and not read", (title, head) => {
    expect(() => readMetadataSync(Buffer.from(head, "latin1"))).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FORMAT", message: `${title} is not read yet` }),
    );
    expect(known.map((container) => container.title)).toContain(title);
  });

  it("tells a large Photoshop document from a small one", () => {
    const typeOf = (version: number) => {
      const head = Buffer.from(`8BPS\0${String.fromCharCode(version)}`);
      return known.map((container) => container.detect(head)).find((type) => type !== undefined);
    };
    expect([typeOf(1)?.format, typeOf(2)?.format]).toEqual(["PSD", "PSB"]);
  });

  it("does not know what is no image", () => {
    for (const text of ["", "%PDF-1.7\n", "PK\x03\x04", '{"error": 404}', "<html>"])
      for (const container of containers) expect(container.detect(Buffer.from(text, "latin1")), container.name).toBeUndefined();
  });
});
