import { describe, expect, it, test } from "vitest";
import { iptc } from "../../../src/metadata/blocks/iptc.ts";
import type { IptcStanding } from "../../../src/metadata/blocks/kinds.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import type { Limits } from "../../../src/record/limits.ts";
import { iptcBlock, UTF8 } from "../../builders/iptc.ts";
import { app, jpegFile, photoshopSegment, resource } from "../../builders/jpeg.ts";
import { pngChunk, pngFile } from "../../builders/png.ts";
import { type TiffDirectory, tiff } from "../../builders/tiff.ts";
import { riffChunk, webpFile } from "../../builders/webp.ts";
import { decodeBlock } from "../../decode.ts";

const photoshop = { context: { standing: "standard" } } as const;

const decoded = (bytes: Uint8Array, limits: Partial<Limits> = {}) => decodeBlock(iptc, bytes, { context: { standing: "free" }, limits });

describe("iptc", () => {
  it("reads the application record", () => {
    const { printed, numeric, warnings } = decodeBlock(
      iptc,
      iptcBlock(
        [1, 90, UTF8],
        [2, 0, Buffer.of(0, 4)],
        [2, 5, "Bücher\0\0"],
        [2, 10, "5"],
        [2, 25, "sea"],
        [2, 25, "Ägäis"],
        [2, 42, "02"],
        [2, 55, "20190313"],
        [2, 60, "110413-0400"],
        [2, 75, "b"],
        [2, 80, "Ada"],
        [2, 120, "x".repeat(40_000)],
        [2, 221, "1:2:3:00042"],
        [2, 231, "one\0\0two"],
      ),
      photoshop,
    );
    expect(printed.IPTC).toEqual({
      CodedCharacterSet: "UTF8",
      ApplicationRecordVersion: 4,
      ObjectName: "Bücher",
      Urgency: "5 (normal urgency)",
      Keywords: ["sea", "Ägäis"],
      ActionAdvised: "Object Replace",
      DateCreated: "2019:03:13",
      TimeCreated: "11:04:13-04:00",
      ObjectCycle: "Both Morning and Evening",
      "By-line": ["Ada"],
      "Caption-Abstract": "x".repeat(40_000),
      Prefs: "Tagged:1, ColorClass:2, Rating:3, FrameNum:00042",
      DocumentHistory: "one\ntwo",
    });
    expect(numeric.IPTC).toMatchObject({ CodedCharacterSet: UTF8, Urgency: "5", ActionAdvised: "02", Prefs: "1:2:3:00042" });
    expect(warnings).toEqual([]);
  });

  it("reads the envelope", () => {
    const { printed } = decoded(
      iptcBlock(
        [1, 0, Buffer.of(0, 4)],
        [1, 5, "here"],
        [1, 20, Buffer.of(0, 11)],
        [1, 40, "00000007"],
        [1, 60, "9"],
        [1, 70, "2024-02-29"],
        [1, 80, "23 59 58"],
        [1, 90, "\x1b,A\x1b$B"],
      ),
    );
    expect(printed.IPTC).toEqual({
      EnvelopeRecordVersion: 4,
      Destination: ["here"],
      FileFormat: "JPEG File Interchange (JFIF)",
      EnvelopeNumber: "00000007",
      EnvelopePriority: "9 (user-defined priority)",
      DateSent: "2024:02:29",
      TimeSent: "23:59:58",
      CodedCharacterSet: "ESC , A, ESC $ B",
    });
  });

  it("reads news photo, object and FotoStation records", () => {
    const picture = Buffer.concat([Buffer.of(0, 5, 0, 0, 1, 0), Buffer.from("20010203"), Buffer.of(0, 9)]);
    const { printed, numeric, warnings } = decoded(
      iptcBlock(
        [3, 10, picture],
        [3, 20, Buffer.of(2, 0)],
        [3, 60, Buffer.of(3, 4)],
        [3, 66, Buffer.alloc(300)],
        [3, 102, Buffer.of(3)],
        [7, 10, Buffer.of(1)],
        [7, 20, Buffer.from("0020000000000001", "hex")],
        [8, 10, Buffer.alloc(20)],
        [8, 10, Buffer.alloc(10)],
        [9, 10, Buffer.of(0, 0, 0, 30)],
        [240, 1, "unknown"],
      ),
    );
    expect(printed.IPTC).toEqual({
      IPTCPictureNumber: "5 (Nikon Corporation, Japan), equip 256, 2001:02:03, no. 9",
      IPTCImageWidth: 512,
      ColorRepresentation: "3 Components, Pixel Sequential",
      ICC_Profile: { bytes: 300 },
      IPTCImageRotation: "270",
      SizeMode: "Size Known",
      MaxSubfileSize: "9007199254740993",
      SubFile: [{ bytes: 20 }, { bytes: 10 }],
      ConfirmedObjectSize: 30,
    });
    expect(numeric.IPTC).toMatchObject({ ColorRepresentation: 0x304, IPTCImageRotation: 3 });
    expect(warnings).toEqual([]);
  });

  it("reads text without CodedCharacterSet as Latin-1", () => {
    const latin = Buffer.from("Caf\xe9 \x80", "latin1");
    expect(decoded(iptcBlock([2, 120, latin])).numeric.IPTC).toEqual({ "Caption-Abstract": "Café €" });
    expect(decoded(iptcBlock([1, 90, "\x1b%/1"], [2, 120, latin])).numeric.IPTC).toMatchObject({ "Caption-Abstract": "Caf? ?" });
    expect(decoded(iptcBlock([1, 90, UTF8], [2, 120, latin])).numeric.IPTC).toMatchObject({ "Caption-Abstract": "Caf? ?" });
  });

  it("leaves text as it is where ISO 2022 shifts in it", () => {
    const shifted = Buffer.from("\x1b.A\xe9", "latin1");
    expect(decoded(iptcBlock([2, 120, shifted])).numeric.IPTC).toEqual({ "Caption-Abstract": "\x1b.A?" });
  });

  it("gives the digest of a block in its standard place, and numbers what stands elsewhere", () => {
    const digest = { CurrentIPTCDigest: "c28fccf3a3d0c5f937a9255e51f28bd3" };
    const ofBlock = (standing: IptcStanding) => {
      const { numeric, found } = decodeBlock(iptc, iptcBlock([2, 5, "name"]), { context: { standing } });
      return [numeric.File, found.series];
    };
    expect(ofBlock("standard")).toEqual([digest, { name: "iptc", standard: true }]);
    expect(ofBlock("free")).toEqual([undefined, { name: "iptc", standard: true }]);
    expect(ofBlock("elsewhere")).toEqual([undefined, { name: "iptc", standard: false }]);
  });

  const block = iptcBlock([2, 5, "name"]);
  const naa = [0x83bb, 7, block] as const;
  const resources = resource(0x0404, block);
  const nested = resource(0x0422, tiff([[naa]]));
  const settings = [0x8649, 7, resources] as const;
  const exifSegment = (...chain: readonly TiffDirectory[]) => app(1, "Exif\0\0", tiff(chain));
  const size = [
    [256, 4, [3]],
    [257, 4, [2]],
  ] as const;
  test.each<[place: string, standing: IptcStanding, file: Uint8Array]>([
    ["the Photoshop resources of a JPEG", "standard", jpegFile([photoshopSegment(resources)])],
    ["the Exif of a JPEG", "elsewhere", jpegFile([exifSegment([naa])])],
    ["Photoshop resources in the Exif of a JPEG", "elsewhere", jpegFile([exifSegment([settings])])],
    ["Exif in the Photoshop resources of a JPEG", "elsewhere", jpegFile([photoshopSegment(nested)])],
    ["the first IFD of a TIFF", "standard", tiff([[...size, naa]])],
    ["the second IFD of a TIFF", "elsewhere", tiff([size, [naa]])],
    ["Photoshop resources in a TIFF", "elsewhere", tiff([[...size, settings]])],
    ["Exif in Photoshop resources in a TIFF", "elsewhere", tiff([[...size, [0x8649, 7, nested]]])],
    ["the Exif of a PNG", "free", pngFile(pngChunk("eXIf", tiff([[naa]])))],
    ["Photoshop resources in the Exif of a PNG", "free", pngFile(pngChunk("eXIf", tiff([[settings]])))],
    ["Exif in Photoshop resources in the Exif of a PNG", "free", pngFile(pngChunk("eXIf", tiff([[[0x8649, 7, nested]]])))],
    ["the second IFD of the Exif of a WebP", "free", webpFile(riffChunk("EXIF", tiff([[], [naa]])))],
  ])("in %s stands: %s", (_, standing, file) => {
    const { tags } = readMetadataSync(file);
    expect(tags[standing === "elsewhere" ? "IPTC2" : "IPTC"]).toEqual({ ObjectName: "name" });
    expect(tags.File?.CurrentIPTCDigest !== undefined).toBe(standing === "standard");
  });

  it("reads a block that is swapped as 32-bit words", () => {
    const block = Buffer.concat([iptcBlock([2, 5, "abcdef"]), Buffer.alloc(1)]).swap32();
    const { numeric, warnings } = decoded(block);
    expect(numeric.IPTC).toEqual({ ObjectName: "abcdef" });
    expect(warnings).toMatchObject([{ code: "MALFORMED", message: "the block is byte-swapped" }]);
  });

  it("takes zeros at the end as padding and warns of anything else", () => {
    expect(decoded(Buffer.concat([iptcBlock([2, 5, "a"]), Buffer.alloc(9)])).warnings).toEqual([]);
    const { numeric, warnings } = decoded(Buffer.concat([iptcBlock([2, 5, "a"]), Buffer.from("\0\0\0\0\0junk")]));
    expect(numeric.IPTC).toEqual({ ObjectName: "a" });
    expect(warnings).toMatchObject([{ code: "MALFORMED" }]);
  });

  it("keeps what comes before damage, and skips unknown records and datasets", () => {
    const block = iptcBlock([2, 5, "a"], [77, 1, "b"], [77, 2, "b"], [2, 1, "c"], [2, 90, "d"], [2, 120, "e"]);
    const { numeric, warnings } = decoded(block);
    expect(numeric.IPTC).toEqual({ ObjectName: "a", City: "d", "Caption-Abstract": "e" });
    expect(warnings).toMatchObject([{ code: "MALFORMED", message: "record 77 is unknown" }]);
    expect(decoded(iptcBlock([2, 5, "abc"], [2, 90, "def"]).subarray(0, -1))).toMatchObject({
      numeric: { IPTC: { ObjectName: "abc" } },
      warnings: [{ code: "TRUNCATED" }],
    });
    expect(decoded(Buffer.of(0x1c, 2, 5, 0x80, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0))).toMatchObject({
      warnings: [{ code: "MALFORMED" }],
    });
  });

  it("cuts text at its limit", () => {
    const { numeric, warnings } = decoded(iptcBlock([2, 120, "x".repeat(2000)]), { textBytes: 100 });
    expect(numeric.IPTC).toEqual({ "Caption-Abstract": "x".repeat(100) });
    expect(warnings).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });

  it("draws the items of lists on the tag budget", () => {
    const block = iptcBlock(...Array.from({ length: 50 }, () => [2, 25, "k"] as const));
    expect(() => decoded(block, { tags: 40 })).toThrow(/more than 40 tags/);
  });
});
