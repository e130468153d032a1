import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { iccHeader, iccProfile } from "../../builders/icc.ts";
import { iptcBlock } from "../../builders/iptc.ts";
import {
  app,
  extendedXmpSegments,
  frame,
  iccSegments,
  jfifSegment,
  jpegFile,
  jpegOf,
  photoshopSegment,
  resource,
  segment,
  tiffDirectory,
  u16,
  u32,
  xmpSegment,
} from "../../builders/jpeg.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const make = (text: string) => tiffDirectory([[0x010f, 2, text.length + 1, Buffer.from(`${text}\0`)]]);
const description = (attributes: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${attributes}/></rdf:RDF></x:xmpmeta>`;
const GUID = "0123456789ABCDEF0123456789ABCDEF";

/** A profile with a copyright, and `bytes` behind it. */
function longProfile(bytes: number): Buffer {
  const profile = Buffer.concat([iccProfile([], iccHeader()), Buffer.alloc(bytes)]);
  profile.writeUInt32BE(profile.length, 0);
  profile.writeUInt32BE(1, 128);
  profile.write("cprt", 132, "latin1");
  profile.writeUInt32BE(144, 136);
  profile.writeUInt32BE(13, 140);
  profile.write("text\0\0\0\0done\0", 144, "latin1");
  return profile;
}

describe("jpeg", () => {
  it("gives the frame", () => {
    const bytes = jpegFile([jfifSegment(300)]);
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "JPEG", mimeType: "image/jpeg", width: 320, height: 200, warnings: [] });
    expect(summary).toMatchObject({ bitsPerSample: 8, channels: 3 });
    expect(tags.File).toEqual({
      ImageWidth: 320,
      ImageHeight: 200,
      EncodingProcess: "Baseline DCT, Huffman coding",
      BitsPerSample: 8,
      ColorComponents: 3,
      YCbCrSubSampling: "YCbCr4:2:0 (2 2)",
    });
    expect(tags.JFIF).toEqual({ JFIFVersion: 1.02, ResolutionUnit: "inches", XResolution: 300, YResolution: 300 });
    expect(readMetadataSync(bytes, { numeric: true }).tags.File).toMatchObject({ EncodingProcess: 0, YCbCrSubSampling: [2, 2] });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("reads frames of other processes and components", () => {
    const grey = readMetadataSync(jpegOf([frame(10, 20, [0x11], 0xc2, 12)])).tags.File;
    expect(grey).toMatchObject({ EncodingProcess: "Progressive DCT, Huffman coding", BitsPerSample: 12, ColorComponents: 1 });
    expect(grey).not.toHaveProperty("YCbCrSubSampling");
    const wide = readMetadataSync(jpegOf([frame(10, 20, [0x41, 0x11, 0x11], 0xc9)])).tags.File;
    expect(wide).toMatchObject({ EncodingProcess: "Extended sequential DCT, arithmetic coding", YCbCrSubSampling: "YCbCr4:1:1 (4 1)" });
    const odd = readMetadataSync(jpegOf([frame(10, 20, [0x31, 0x21, 0x11])]), { numeric: true }).tags.File;
    expect(odd?.YCbCrSubSampling).toEqual([3, 1]);
  });

  it("takes the first frame and no table for one", () => {
    const bytes = jpegOf([segment(0xc4, Buffer.alloc(20)), frame(10, 20), frame(30, 40)]);
    expect(readMetadataSync(bytes)).toMatchObject({ width: 10, height: 20 });
  });

  it("steps over fill bytes and junk between segments", () => {
    const filled = jpegFile([app(7), Buffer.alloc(7, 0xff), segment(0xfe, "one"), Buffer.from("no marker here"), jfifSegment()]);
    const { tags, warnings } = readMetadataSync(filled);
    expect(tags.File?.Comment).toBe("one");
    expect(tags.JFIF?.XResolution).toBe(72);
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED", "MALFORMED"]);
    lawOfWindows(filled);
    const far = jpegFile([app(7), Buffer.alloc(100_000), jfifSegment()]);
    expect(readMetadataSync(far).tags.JFIF?.XResolution).toBe(72);
    lawOfWindows(far);
  });

  it("joins an ICC profile by the numbers of its parts", () => {
    const parts = iccSegments(longProfile(150_000));
    expect(parts).toHaveLength(3);
    const [first, second, third] = parts as [Buffer, Buffer, Buffer];
    for (const order of [parts, [third, first, second]]) {
      const bytes = jpegFile(order);
      const { tags, warnings } = readMetadataSync(bytes);
      expect(tags["ICC-header"]?.ProfileClass).toBe("Display Device Profile");
      expect(tags.ICC_Profile?.ProfileCopyright).toBe("done");
      expect(warnings).toEqual([]);
      lawOfWindows(bytes);
    }
    const missing = readMetadataSync(jpegFile([first, third]));
    expect(missing.warnings.map(({ code }) => code)).toContain("TRUNCATED");
  });

  it("steps over the tables of a long profile: the place of its last part is known from its first", () => {
    const segments = iccSegments(longProfile(500_000));
    const { content, rounds, bytes } = readSparsely(jpegFile([jfifSegment(), ...segments], 200_000), 16 << 10);
    expect(content.width).toBe(320);
    expect(content.tags["ICC-header"]?.ProfileClass).toBe("Display Device Profile");
    expect([rounds, bytes < 32_000]).toEqual([2, true]);
    lawOfWindows(jpegFile(segments));
    // Where the last part is not where it should be, every part is looked at.
    const uneven = jpegFile([...segments.slice(0, 4), app(12, "Ducky"), ...segments.slice(4)]);
    expect(readMetadataSync(uneven).tags["ICC-header"]).toEqual(content.tags["ICC-header"]);
    lawOfWindows(uneven);
  });

  it("is answered by its head, whatever follows the scan", () => {
    const bytes = jpegFile([jfifSegment(), app(1, "Exif\0\0", make("Maker"))], 2_000_000);
    const { content, rounds } = readSparsely(bytes, 16 << 10);
    expect(content.tags.IFD0?.Make).toBe("Maker");
    expect(rounds).toBe(1);
  });

  it("hops over payloads that nobody reads", () => {
    const bytes = jpegFile([app(7, Buffer.alloc(60_000)), app(7, Buffer.alloc(60_000)), jfifSegment()], 500_000);
    const { content, bytes: fetched } = readSparsely(bytes, 16 << 10);
    expect(content.tags.JFIF).toBeDefined();
    expect(fetched).toBeLessThan(40_000);
  });

  it("reads Exif with damaged identifiers, and of several segments", () => {
    for (const head of ["Exif\0\0", "Exif\0x", "exif\0\0", "\0\0\0\0Exif\0\0"]) {
      expect(readMetadataSync(jpegFile([app(1, head, make("Maker"))])).tags.IFD0?.Make, head).toBe("Maker");
    }
    const exif = make("A maker whose name goes on in the next segment");
    const split = jpegFile([app(1, "Exif\0\0", exif.subarray(0, 40)), app(1, "Exif\0\0", exif.subarray(40))]);
    expect(readMetadataSync(split).tags.IFD0?.Make).toBe("A maker whose name goes on in the next segment");
    lawOfWindows(split);
  });

  it("reads XMP with and without its signature", () => {
    const packet = description('xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Blue"');
    expect(readMetadataSync(jpegFile([xmpSegment(packet)])).tags["XMP-xmp"]?.Label).toBe("Blue");
    const bare = readMetadataSync(jpegFile([app(1, `XMP\0<?xpacket begin="" id=""?>${packet}`)]));
    expect(bare.tags["XMP-xmp"]?.Label).toBe("Blue");
    expect(bare.warnings.map(({ code }) => code)).toContain("MALFORMED");
  });

  it("joins the extended XMP that the main packet names, and no other", () => {
    const main = xmpSegment(description(`xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${GUID}"`));
    const extended = description(`xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Blue" xmp:Nickname="${"n".repeat(300)}"`);
    const other = description('xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"');
    const parts = extendedXmpSegments(GUID, extended, 200);
    const bytes = jpegFile([main, ...parts.toReversed(), ...extendedXmpSegments(GUID.toLowerCase(), other, 500)]);
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags["XMP-xmp"]).toEqual({ Label: "Blue", Nickname: "n".repeat(300) });
    expect(warnings.map(({ code }) => code)).toEqual(["NOT_DECODED"]);
    lawOfWindows(bytes);
    const cut = readMetadataSync(jpegFile([main, ...parts.slice(1)]));
    expect(cut.tags["XMP-xmp"]).toBeUndefined();
    expect(cut.warnings.map(({ code }) => code)).toEqual(["TRUNCATED"]);
  });

  it("joins Photoshop's resources of several segments", () => {
    const resources = Buffer.concat([
      resource(0x0404, iptcBlock([2, 5, "Title"])),
      resource(0x07d0, Buffer.alloc(70_000)),
      resource(0x040d, u32(30)),
    ]);
    const bytes = jpegFile([photoshopSegment(resources.subarray(0, 65_000)), photoshopSegment(resources.subarray(65_000))]);
    const { tags } = readMetadataSync(bytes);
    expect(tags.IPTC?.ObjectName).toBe("Title");
    expect(tags.Photoshop).toEqual({ GlobalAngle: 30 });
    lawOfWindows(bytes);
  });

  it("joins JUMBF boxes by instance and sequence", () => {
    const description = Buffer.concat([
      u32(8 + 17 + 5),
      Buffer.from("jumd"),
      Buffer.from("c2pa"),
      Buffer.alloc(12),
      Buffer.of(3),
      Buffer.from("c2pa\0"),
    ]);
    const rest = Buffer.concat([u32(40), Buffer.from("free"), Buffer.alloc(32)]);
    const length = 8 + description.length + rest.length;
    const part = (instance: number, sequence: number, data: Uint8Array) =>
      app(11, "JP", u16(instance), u32(sequence, length), "jumb", data);
    const bytes = jpegFile([part(1, 2, rest), part(2, 1, description), part(1, 1, description)]);
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.JUMBF?.JUMDLabel).toBe("c2pa");
    expect(warnings.map(({ code }) => code)).toEqual(["TRUNCATED"]);
    lawOfWindows(bytes);
  });

  it("joins previews that makers store in segments", () => {
    const head = Buffer.of(0xff, 0xd8, 0xff, 0xdb);
    const tags = (...segments: Buffer[]) => readMetadataSync(jpegFile(segments)).tags.File;
    expect(tags(app(2, head, Buffer.alloc(96)))?.PreviewImage).toEqual({ bytes: 100 });
    expect(tags(app(2, "QVGA\0", head, Buffer.alloc(46)), app(2, Buffer.alloc(50)))?.PreviewImage).toEqual({ bytes: 100 });
    expect(tags(app(3, head, Buffer.alloc(46)), app(4, Buffer.alloc(30)), app(5, Buffer.alloc(20)))?.PreviewImage).toEqual({ bytes: 100 });
    const bytes = jpegFile([jfifSegment(), app(2, head, Buffer.alloc(96))]);
    expect(readMetadataSync(bytes).thumbnail).toEqual({ offset: 24, length: 100, mimeType: "image/jpeg" });
  });

  it("reads comments, in UTF-8 and of PhotoStudio", () => {
    const comment = (...segments: Buffer[]) => readMetadataSync(jpegFile(segments)).tags.File?.Comment;
    expect(comment(segment(0xfe, Buffer.from("grüß\0\0")))).toBe("grüß");
    expect(comment(segment(0xfe, "one"), segment(0xfe, "two"))).toBe("one");
    expect(comment(app(10, "UNICODE\0", Buffer.from("größer", "utf16le").swap16()))).toBe("größer");
  });

  it("keeps what stands before damage", () => {
    const short = jpegOf([jfifSegment(), Buffer.of(0xff, 0xe1, 0, 1)]);
    expect(readMetadataSync(short).tags.JFIF).toBeDefined();
    expect(readMetadataSync(short).warnings.map(({ code }) => code)).toEqual(["MALFORMED", "TRUNCATED"]);
    const exif = app(1, "Exif\0\0", make("Maker"), Buffer.alloc(500));
    const cut = jpegFile([jfifSegment(), exif]).subarray(0, 150);
    expect(readMetadataSync(cut).tags.IFD0?.Make).toBe("Maker");
    expect(readMetadataSync(cut).warnings.map(({ code }) => code)).toEqual(["TRUNCATED", "TRUNCATED", "TRUNCATED"]);
  });

  it("gives an error where there is no segment to read", () => {
    expect(() => readMetadataSync(Buffer.of(0xff, 0xd8, 0xff))).toThrow(expect.objectContaining({ code: "TRUNCATED" }));
    expect(() => readMetadataSync(Buffer.of(0xff, 0xd8, 0xff, 0xd9))).toThrow(expect.objectContaining({ code: "TRUNCATED" }));
  });

  it("reads so many segments and no more, and the frame all the same", () => {
    const { tags, warnings } = readMetadataSync(jpegFile(Array.from({ length: 5000 }, (_, i) => segment(0xfe, String(i)))));
    expect(tags.File).toMatchObject({ Comment: "0", ImageWidth: 320 });
    expect(warnings.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("tells what makers' segments it does not decode", () => {
    const { warnings, tags } = readMetadataSync(
      jpegFile([
        app(1, "FLIR\0", Buffer.alloc(95)),
        app(1, "FLIR\0", Buffer.alloc(45)),
        app(6, "GoPro\0"),
        app(1, "PARROT\0II*\0", Buffer.alloc(16)),
      ]),
    );
    expect(warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "NOT_DECODED FLIR thermal data, 150 bytes",
      "NOT_DECODED GoPro GPMF, 6 bytes",
    ]);
    expect(tags.Parrot).toEqual({ RawThermalImage: { bytes: 20 } });
  });

  it("reads EXV", () => {
    const bytes = Buffer.concat([Buffer.from("\xff\x01Exiv2", "latin1"), app(1, "Exif\0\0", make("Maker")), Buffer.of(0xff, 0xd9)]);
    const { format, mimeType, tags } = readMetadataSync(bytes);
    expect({ format, mimeType, make: tags.IFD0?.Make }).toEqual({ format: "EXV", mimeType: "image/x-exv", make: "Maker" });
  });

  it("finds the trailers of small files", () => {
    const iptc = iptcBlock([2, 5, "Title"]);
    const base = jpegFile();
    const start = base.length;
    const afcp = Buffer.concat([
      Buffer.from("AXS!\x01\0", "latin1"),
      u16(1),
      u32(0),
      Buffer.from("IPTC"),
      u32(iptc.length, start + 24),
      iptc,
      Buffer.from("AXS!"),
      u32(start, 0),
    ]);
    const bytes = Buffer.concat([base, afcp]);
    expect(readMetadataSync(bytes).tags.IPTC2?.ObjectName).toBe("Title");
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
    const foto = Buffer.concat([base, iptc, u16(1), u32(iptc.length + 10, 0xa1b2c3d4)]);
    expect(readMetadataSync(foto).tags.IPTC2?.ObjectName).toBe("Title");
    const crop = Buffer.concat([base, u32(640, 480, 3, 72_000, 9000), u16(2), u32(30, 0xa1b2c3d4)]);
    expect(readMetadataSync(crop).tags.FotoStation).toMatchObject({ OriginalImageWidth: 640, XYResolution: 72, Rotation: 270 });
  });
});
