import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { app, jpegFile, u16, u32, unicode } from "../../builders/jpeg.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const read = (segments: readonly Uint8Array[], numeric = false) => readMetadataSync(jpegFile(segments), { numeric }).tags;

describe("application segments of fixed layout", () => {
  it("reads Adobe's encoding", () => {
    const bytes = app(14, "Adobe", u16(100, 0x8000, 0), Buffer.of(2));
    expect(read([bytes]).Adobe).toEqual({
      DCTEncodeVersion: 100,
      APP14Flags0: "Encoded with Blend=1 downsampling",
      APP14Flags1: "(none)",
      ColorTransform: "YCCK",
    });
    expect(read([bytes], true).Adobe).toMatchObject({ APP14Flags0: 0x8000, ColorTransform: 2 });
    lawOfWindows(jpegFile([bytes]));
    lawOfTruncation(jpegFile([bytes]));
  });

  it("reads SPIFF of the one length that is known", () => {
    const fields = Buffer.concat([Buffer.of(1, 2, 1, 3, 0, 0), u32(200, 320), Buffer.of(10, 8, 5, 1), u32(300, 301)]);
    expect(read([app(8, "SPIFF\0", fields)]).SPIFF).toEqual({
      SPIFFVersion: "1.2",
      ProfileID: "Continuous-tone Base",
      ColorComponents: 3,
      ImageHeight: 200,
      ImageWidth: 320,
      ColorSpace: "RGB",
      BitsPerSample: 8,
      Compression: "JPEG",
      ResolutionUnit: "inches",
      YResolution: 300,
      XResolution: 301,
    });
    expect(read([app(8, "SPIFF\0", fields, Buffer.alloc(1))]).SPIFF).toBeUndefined();
  });

  it("reads NITF, AVI1 and Adobe's colour management", () => {
    const nitf = Buffer.concat([Buffer.of(2, 1), Buffer.from("B"), u16(3, 4), Buffer.of(0, 8, 4, 1, 75, 0, 8), u32(0x1f)]);
    expect(read([app(6, "NITF\0", nitf)]).NITF).toMatchObject({
      NITFVersion: "2.01",
      ImageFormat: "IMode B",
      BlocksPerRow: 3,
      BlocksPerColumn: 4,
      ImageClass: "Tactical Imagery",
      Quality: 75,
      Flags: "0x1f",
    });
    expect(read([app(0, "AVI1", Buffer.of(2, 0))]).AVI1).toEqual({ InterleavedField: "Even" });
    expect(read([app(13, "Adobe_CM", u16(2))]).AdobeCM).toEqual({ AdobeCMType: 2 });
  });

  it("reads stereo JPEG", () => {
    const jps = (media: number) => app(3, "_JPSJPS_", u16(4), Buffer.of(5, 4, 3, media), u16(7), "comment");
    const { format, mimeType, tags } = readMetadataSync(jpegFile([jps(1)]));
    expect({ format, mimeType }).toEqual({ format: "JPS", mimeType: "image/x-jps" });
    expect(tags.JPS).toEqual({
      JPSSeparation: 5,
      JPSFlags: "Left field first",
      JPSLayout: "Over Under",
      JPSType: "Stereo",
      JPSComment: "comment",
    });
    expect(read([jps(0)]).JPS).not.toHaveProperty("JPSSeparation");
    lawOfWindows(jpegFile([jps(1)]));
    lawOfTruncation(jpegFile([jps(1)]));
  });
});

describe("application segments of texts and lists", () => {
  it("reads Ducky", () => {
    const ducky = app(12, "Ducky", u16(1, 4), u32(80), u16(2, 10), unicode("größ").subarray(0, 10), u16(3, 8), unicode("me"), u16(0, 0));
    expect(read([ducky]).Ducky).toEqual({ Quality: "80%", Comment: "grö", Copyright: "me" });
    expect(read([ducky], true).Ducky?.Quality).toBe(80);
    const damaged = readMetadataSync(jpegFile([app(12, "Ducky", u16(1, 4), u32(80), u16(2, 900))]));
    expect(damaged.tags.Ducky).toEqual({ Quality: "80%" });
    expect(damaged.warnings).toMatchObject([{ code: "MALFORMED", block: "ducky" }]);
  });

  it("reads the picture info of early cameras", () => {
    const text = [
      "[picture info]\r\nTimeDate=909698819\r\nShutter=33363\r\nFNumber=F2.8\r\nFlash=1\r\nImageSize=640-480\r\n",
      "[Camera Info]\r\nType=SR55\r\nSerial#=#00000001\r\nq=82 pay-load=7 text=two words\r\n\0\0",
    ].join("");
    expect(read([app(12, text)]).PictureInfo).toEqual({
      DateTimeOriginal: "1998:10:29 22:06:59",
      ExposureTime: "1/30",
      FNumber: "2.8",
      Flash: "On",
      ImageSize: "640x480",
      CameraType: "SR55",
      SerialNumber: "#00000001",
      TagQ: "82",
      "Pay-load": "7",
      Text: "two words",
    });
    expect(read([app(12, text)], true).PictureInfo).toMatchObject({ Flash: "1", ImageSize: "640-480", ExposureTime: 0.033363 });
    lawOfWindows(jpegFile([app(12, text)]));
    expect(read([app(12, Buffer.alloc(60_000, "a=b "))]).PictureInfo).toEqual({ TagA: "b" });
  });

  it("reads Ocad, Scalado and JPEG-HDR", () => {
    expect(read([app(0, "Ocad$Rev: 14797 $size: 3\0")]).Ocad).toEqual({ OcadRevision: "14797", Ocad_Size: "3" });
    const entry = (name: string, version: number, value: number) => Buffer.concat([Buffer.from(name), u32(version, value)]);
    const scalado = Buffer.concat([
      entry("SPMO", 5, 36),
      entry("WDTH", 1, -324),
      entry("HGHT", 1, 243),
      entry("QUAL", 1, 0),
      entry("QUAL", 1, 9),
    ]);
    const parts = [scalado.subarray(0, 20), scalado.subarray(20)];
    const segments = parts.map((part, i) => app(4, "SCALADO\0", u16(2, i), u32(scalado.length), part));
    expect(read(segments).Scalado).toEqual({ PreviewImageWidth: 324, PreviewImageHeight: 243 });
    lawOfWindows(jpegFile(segments));
    const hdr = [app(11, "HDR_RI ver=11, ln0=-3.2, cor=1~\0", Buffer.alloc(40)), app(11, "HDR_RI ext=1~\0", Buffer.alloc(60))];
    expect(read(hdr)["JPEG-HDR"]).toEqual({ "JPEG-HDRVersion": "11", Ln0: "-3.2", CorrectionMethod: "1", RatioImage: { bytes: 100 } });
  });

  it("reads Media Jukebox", () => {
    const xml = "<MJMD><Date>38300.5</Date><Name>A &amp; B</Name><Other>x</Other></MJMD>";
    expect(read([app(9, "Media Jukebox\0", Buffer.alloc(2), xml)]).MediaJukebox).toEqual({ Date: "2004:11:09 12:00:00", Name: "A & B" });
  });

  it("reads single values", () => {
    expect(read([app(15, "Q 80")]).GraphConv).toEqual({ Quality: 80 });
    expect(read([app(15, "Q 80 ")]).GraphConv).toBeUndefined();
    expect(read([app(2, "urn:iso:std:iso:ts:21496:-1\0")]).APP2).toEqual({ UniformResourceName: "urn:iso:std:iso:ts:21496:-1" });
    expect(read([app(5, "ssuniqueid\0AB12")]).Samsung).toEqual({ UniqueID: "41423132" });
    expect(read([app(10, "AROT\0\0", u32(3), Buffer.alloc(12))]).AROT).toEqual({ HDRGainCurveSize: 3, HDRGainCurve: { bytes: 12 } });
  });

  it("reads Ricoh's user-defined fields", () => {
    const section = (type: number, data: Buffer) => Buffer.concat([u16(type, data.length + 2), data]);
    const names = section(1, Buffer.from("Sign type\0Road name\0Lit\0"));
    const texts = section(2, Buffer.from("Warning\0High Street\0\0"));
    const numbers = section(3, u16(2, 0xffff, 1));
    const fields = app(5, "RMETA\0", "MM", u16(0, 0, 0, 12, 0), u16(3), Buffer.alloc(8), names, texts, numbers);
    expect(read([fields]).RMETA).toEqual({ SignType: "Warning", RoadName: "High Street", Lit: "1" });
    expect(read([fields], true).RMETA).toEqual({ SignType: 2, RoadName: 65535, Lit: 1 });
    const code = app(5, "RMETA\0", "MM", u16(0, 1, 0, 0, 0, 0), "BARCODE001,01,4,ABCD,2,XY\0");
    expect(read([code]).RMETA).toEqual({ Barcodes: ["ABCD", "XY"] });
    const sound = app(5, "RMETA\0", "MM", u16(0, 1, 0, 0, 0, 20), "RIFF", Buffer.alloc(16));
    expect(read([sound]).RMETA).toEqual({ SoundFile: { bytes: 20 } });
    lawOfTruncation(jpegFile([fields, code, sound]));
  });
});
