import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { propertySet } from "../../builders/compound-file.ts";
import { app, jpegFile, u16, u32 } from "../../builders/jpeg.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

/** A contents list of these streams. */
function contents(streams: readonly (readonly [path: string, size: number])[]): Buffer {
  const entries = streams.map(([path, size]) =>
    Buffer.concat([u32(size), Buffer.of(0), Buffer.from(`${path}\0`, "utf16le"), Buffer.alloc(size === 0xffffffff ? 16 : 0)]),
  );
  return app(2, "FPXR\0", Buffer.of(0, 1), u16(streams.length), ...entries);
}

function stream(index: number, offset: number, data: Uint8Array): Buffer {
  return app(2, "FPXR\0", Buffer.of(0, 2), u16(index), u32(offset), data);
}

const read = (segments: readonly Uint8Array[], numeric = false) => readMetadataSync(jpegFile(segments), { numeric });

describe("flashpix", () => {
  it("reads the extension list and the screen nail, in parts that overlap", () => {
    const list = propertySet({ 65537: "Screen nail", 65539: 1, 65543: "For the display", 268435456: 1 });
    const nail = Buffer.concat([Buffer.alloc(40), Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(57)]);
    const bytes = jpegFile([
      contents([
        ["/\x05Extension List", list.length],
        ["/Nail", 0xffffffff],
        ["/Nail/\x05Screen Nail_bd0100609719a180", nail.length],
      ]),
      stream(0, 0, list),
      stream(2, 0, nail.subarray(0, 50)),
      stream(2, 40, nail.subarray(40)),
    ]);
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.FlashPix).toEqual({
      ExtensionName: "Screen nail",
      ExtensionPersistence: "Invalidated By Modification",
      ExtensionDescription: "For the display",
      UsedExtensionNumbers: 1,
      ScreenNail: { bytes: 72 },
      PreviewImage: { bytes: 60 },
    });
    expect(warnings).toEqual([]);
    expect(readMetadataSync(bytes, { numeric: true }).tags.FlashPix?.ExtensionPersistence).toBe(1);
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("reads Fujifilm's preview, with and without a contents list", () => {
    const preview = Buffer.concat([Buffer.alloc(47), Buffer.of(0xff, 0xd8, 0xff, 0xdb), Buffer.alloc(96)]);
    const property = Buffer.alloc(37);
    property.writeUInt16BE(320, 0x0d);
    property.writeUInt16BE(240, 0x17);
    const listed = [
      contents([
        ["/Preview", preview.length],
        ["/Property", 37],
      ]),
      stream(0, 0, preview),
      stream(1, 0, property),
    ];
    expect(read(listed).tags.FlashPix).toEqual({ PreviewImage: { bytes: 100 }, PreviewImageWidth: 320, PreviewImageHeight: 240 });
    const unlisted = [stream(512, 0, preview), stream(512, 0, Buffer.alloc(147))];
    expect(read(unlisted).tags.FlashPix).toEqual({ PreviewImage: { bytes: 200 } });
  });

  it("gives the sound, and a stream that is shorter than it should be", () => {
    const segments = [contents([["/Audio/Audio Stream 000000", 500]]), stream(0, 0, Buffer.alloc(128))];
    expect(read(segments).tags.FlashPix).toEqual({ AudioStream: { bytes: 100 } });
  });

  it("keeps what stands before damage", () => {
    const bad = [app(2, "FPXR\0", Buffer.of(0, 1), u16(9), Buffer.alloc(40, 1)), app(2, "FPXR\0")];
    const { tags, warnings } = read(bad);
    expect(tags.FlashPix).toBeUndefined();
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED", "TRUNCATED"]);
  });
});
