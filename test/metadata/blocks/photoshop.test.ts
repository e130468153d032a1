import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { iptcBlock } from "../../builders/iptc.ts";
import { app, jpegFile, photoshopSegment, resource, tiffDirectory, u16, u32, unicode } from "../../builders/jpeg.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const read = (resources: readonly Uint8Array[], numeric = false) =>
  readMetadataSync(jpegFile([photoshopSegment(Buffer.concat(resources))]), { numeric });

const floats = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 * i);
  return bytes;
};

describe("photoshop", () => {
  it("gives the resources of fixed layout, printed and stored", () => {
    const aspect = Buffer.alloc(12);
    aspect.writeDoubleBE(1.5, 4);
    const resources = [
      resource(0x03ed, Buffer.concat([u32(72.5 * 0x10000), u16(1, 1), u32(28 * 0x10000), u16(2, 2)])),
      resource(0x0406, u16(8, 0x101, 3)),
      resource(0x040d, u32(120)),
      resource(0x0419, u32(30)),
      resource(0x0426, Buffer.concat([u16(2), floats(0.5, 2), floats(1.25)])),
      resource(0x0428, aspect),
      resource(0x040a, Buffer.of(1)),
    ];
    expect(read(resources).tags.Photoshop).toEqual({
      XResolution: 72.5,
      DisplayedUnitsX: "inches",
      YResolution: 28,
      DisplayedUnitsY: "cm",
      PhotoshopQuality: 12,
      PhotoshopFormat: "Progressive",
      ProgressiveScans: "5 Scans",
      GlobalAngle: 120,
      GlobalAltitude: 30,
      PrintStyle: "User Defined",
      PrintPosition: [0.5, 2],
      PrintScale: 1.25,
      PixelAspectRatio: 1.5,
      CopyrightFlag: "True",
    });
    expect(read(resources, true).tags.Photoshop).toMatchObject({
      DisplayedUnitsX: 1,
      PhotoshopQuality: 8,
      ProgressiveScans: 3,
      CopyrightFlag: 1,
    });
    const bytes = jpegFile([photoshopSegment(Buffer.concat(resources))]);
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("has scans only where the JPEG is progressive, and negative qualities", () => {
    expect(read([resource(0x0406, u16(0xfffe, 1, 3))]).tags.Photoshop).toEqual({ PhotoshopQuality: 2, PhotoshopFormat: "Optimized" });
  });

  it("gives texts", () => {
    const pascal = (...texts: string[]) =>
      Buffer.concat(texts.map((text) => Buffer.from(String.fromCharCode(text.length) + text, "latin1")));
    const resources = [
      resource(0x03ee, pascal("Alpha 1", "Maß")),
      resource(0x040b, Buffer.from("https://example.org/")),
      resource(0x041a, Buffer.concat([Buffer.alloc(20), unicode("slices"), u32(3)])),
      resource(0x041b, unicode("https://example.org/flow")),
      resource(0x041e, Buffer.concat([u32(2, 0, 1), unicode("one"), u32(0, 2), unicode("zwölf")])),
      resource(0x0421, Buffer.concat([u32(1), Buffer.of(1), unicode("Adobe Photoshop"), unicode("Reader"), u32(1)])),
      resource(0x0425, Buffer.from("00112233445566778899aabbccddeeff", "hex")),
      resource(0x0bb7, Buffer.concat([pascal("Path 1"), Buffer.alloc(6, 1)])),
    ];
    expect(read(resources).tags.Photoshop).toEqual({
      AlphaChannelsNames: "Alpha 1, Maß",
      URL: "https://example.org/",
      SlicesGroupName: "slices",
      NumSlices: 3,
      WorkflowURL: "https://example.org/flow",
      URL_List: ["one", "zwölf"],
      HasRealMergedData: "Yes",
      WriterName: "Adobe Photoshop",
      ReaderName: "Reader",
      IPTCDigest: "00112233445566778899aabbccddeeff",
      ClippingPathName: "Path 1",
    });
  });

  it("offers the thumbnail whose colours are in order", () => {
    const thumbnail = Buffer.concat([u32(1), Buffer.alloc(24), Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(97)]);
    const both = jpegFile([photoshopSegment(Buffer.concat([resource(0x0409, thumbnail), resource(0x040c, thumbnail)]))]);
    const { tags, thumbnail: offered } = readMetadataSync(both);
    expect(tags.Photoshop).toEqual({ PhotoshopBGRThumbnail: { bytes: 100 }, PhotoshopThumbnail: { bytes: 100 } });
    expect(offered?.length).toBe(100);
    expect(both.readUIntBE(offered?.offset ?? 0, 3)).toBe(0xffd8ff);
    expect(offered?.offset).toBeGreaterThan(150);
  });

  it("hands on the blocks within", () => {
    const exif = tiffDirectory([[0x010f, 2, 6, Buffer.from("Maker\0")]]);
    const xmp = Buffer.from(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Blue"/></rdf:RDF></x:xmpmeta>',
    );
    const { tags } = read([resource(0x0404, iptcBlock([2, 5, "Title"])), resource(0x0422, exif), resource(0x0424, xmp)]);
    expect([tags.IPTC?.ObjectName, tags.IFD0?.Make, tags["XMP-xmp"]?.Label]).toEqual(["Title", "Maker", "Blue"]);
  });

  it("gives each channel's options", () => {
    const options = Buffer.concat([u32(1), u16(2, 1, 2, 3, 4), Buffer.of(0, 50, 2), u16(8, 0, 0, 0, 0), Buffer.of(0, 100, 0)]);
    const { tags } = read([resource(0x0435, options)]);
    expect(tags.Channel0).toEqual({
      ChannelColorSpace: "CMYK",
      ChannelColorData: [1, 2, 3, 4],
      ChannelOpacity: "50%",
      ChannelColorIndicates: "Spot Color",
    });
    expect(tags.Channel1).toMatchObject({ ChannelColorSpace: "Grayscale", ChannelOpacity: "100%" });
  });

  it("takes resources with names and of other programs", () => {
    const named = Buffer.concat([Buffer.from("8BIM\x04\x0d\x04Name\0", "latin1"), u32(4), u32(7)]);
    const foreign = Buffer.from(resource(0x0419, u32(9)));
    foreign.write("MeSa", "latin1");
    expect(read([named, foreign, resource(0x0419, u32(5))]).tags.Photoshop).toEqual({ GlobalAngle: 7, GlobalAltitude: 5 });
  });

  it("reads the old identifier and keeps what stands before damage", () => {
    const old = app(13, "Adobe_Photoshop2.5:", Buffer.alloc(8), resource(0x040d, u32(7)));
    expect(readMetadataSync(jpegFile([old])).tags.Photoshop).toEqual({ GlobalAngle: 7 });
    const broken = resource(0x0419, u32(9));
    broken.writeUInt32BE(0xffffffff, 8);
    for (const damage of [broken, Buffer.alloc(20, 0x41)]) {
      const { tags, warnings } = read([resource(0x040d, u32(7)), damage]);
      expect(tags.Photoshop).toEqual({ GlobalAngle: 7 });
      expect(warnings).toHaveLength(1);
    }
  });

  it("is not led astray by counts", () => {
    const { tags } = read([
      resource(0x041e, Buffer.concat([u32(0xffffffff, 0, 0), unicode("one")])),
      resource(0x041b, u32(0x7fffffff)),
      resource(0x041a, Buffer.concat([Buffer.alloc(20), u32(0x7fffffff)])),
    ]);
    expect(tags.Photoshop).toEqual({ URL_List: ["one"], WorkflowURL: "<err>" });
  });
});
