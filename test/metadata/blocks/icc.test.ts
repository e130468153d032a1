import { describe, expect, it } from "vitest";
import { icc } from "../../../src/metadata/blocks/icc.ts";
import { dictionary, element, iccHeader, iccProfile, localized, u16, u32, utf16 } from "../../builders/icc.ts";
import { decodeBlock } from "../../decode.ts";

const one = 0x10000;

describe("icc", () => {
  it("reads the header", () => {
    const { printed, numeric } = decodeBlock(icc, iccProfile([["cprt", element("text", "CC0\0")]]));
    expect(printed["ICC-header"]).toEqual({
      ProfileCMMType: "Little CMS",
      ProfileVersion: "4.3.0",
      ProfileClass: "Display Device Profile",
      ColorSpaceData: "RGB ",
      ProfileConnectionSpace: "XYZ ",
      ProfileDateTime: "2022:05:09 10:11:12",
      ProfileFileSignature: "acsp",
      PrimaryPlatform: "Microsoft Corporation",
      CMMFlags: "Embedded, Independent",
      DeviceManufacturer: "",
      DeviceModel: "",
      DeviceAttributes: "Transparency, Glossy, Negative, Color",
      RenderingIntent: "Media-Relative Colorimetric",
      ConnectionSpaceIlluminant: [0.9642, 1, 0.82491],
      ProfileCreator: "",
      ProfileID: 0,
    });
    expect(numeric["ICC-header"]).toMatchObject({ ProfileVersion: 0x430, ProfileClass: "mntr", CMMFlags: 1, DeviceAttributes: [0, 5] });
    expect(printed.ICC_Profile).toEqual({ ProfileCopyright: "CC0" });
  });

  it("prints a profile ID in hexadecimal", () => {
    const header = iccHeader();
    header.set([0x61, 0x47, 0x00, 0xff], 84);
    expect(decodeBlock(icc, iccProfile([["tech", element("sig ", "CRT ")]], header)).printed).toMatchObject({
      "ICC-header": { ProfileID: "614700ff000000000000000000000000" },
      ICC_Profile: { Technology: "Cathode Ray Tube Display" },
    });
  });

  it("reads every simple element type", () => {
    const { numeric } = decodeBlock(
      icc,
      iccProfile([
        ["wtpt", element("XYZ ", u32(0xf6d6, one, 0xd32d))],
        ["bkpt", element("XYZ ", u32(0, 0, 0, one, one, one))],
        ["desc", element("desc", u32(5), "sRGB\0rest")],
        ["dmnd", element("text", "A\xa9B\0")],
        ["calt", element("dtim", u16(1998, 2, 9, 6, 49, 0))],
        ["chad", element("sf32", u32(one, -one >>> 0, 0x8000))],
        ["lumi", element("uf32", u32(0xffff_8000))],
        ["resp", element("ui08", Buffer.of(1, 2, 255))],
        ["gamt", element("ui32", u32(7))],
        ["psvm", element("ui64", Buffer.from("0020000000000001", "hex"))],
        ["clro", element("clro", u32(3), Buffer.of(2, 1, 255))],
        ["ps2s", element("data", u32(0), "setcolor")],
        ["ps2i", element("data", u32(1), Buffer.of(1, 2, 3))],
        ["rTRC", element("curv", u32(1), u16(0x0233))],
        ["vcgt", element("vcgt", u32(1))],
        ["D2B0", element("text", "hidden")],
        ["targ", element("text", "x".repeat(129))],
        ["mmod", Buffer.of(1, 2)],
      ]),
    );
    expect(numeric.ICC_Profile).toEqual({
      MediaWhitePoint: [0.9642, 1, 0.82491],
      MediaBlackPoint: "0 0 0, 1 1 1",
      ProfileDescription: "sRGB",
      DeviceMfgDesc: "A©B",
      CalibrationDateTime: "1998:02:09 06:49:00",
      ChromaticAdaptation: [1, -1, 0.5],
      Luminance: 65535.5,
      OutputResponse: [1, 2, 255],
      Gamut: 7,
      PS2CRDVMSize: "9007199254740993",
      ColorantOrder: [2, 1, -1],
      PostScript2CSA: "setcolor",
      PS2RenderingIntent: { bytes: 15 },
      RedTRC: { bytes: 14 },
      VideoCardGamma: { bytes: 12 },
      DToB0: { bytes: 14 },
      CharTarget: { bytes: 129 },
      MakeAndModel: { bytes: 2 },
    });
  });

  it("names languages but American English", () => {
    const { numeric, warnings } = decodeBlock(
      icc,
      iccProfile([
        ["desc", localized({ enUS: "Display", FRfr: "Écran", "\0\0\0\0": "Screen" })],
        ["cprt", localized({ deDE: "Frei\0gabe" })],
      ]),
    );
    expect(numeric.ICC_Profile).toEqual({
      ProfileDescription: "Screen",
      "ProfileDescription-fr-FR": "Écran",
      "ProfileCopyright-de-DE": "Frei",
    });
    expect(warnings).toEqual([]);
  });

  it("reads structures into their own groups", () => {
    const { printed, numeric } = decodeBlock(
      icc,
      iccProfile([
        ["view", element("view", u32(one, one, one, one / 2, 0, 0, 2))],
        ["meas", element("meas", u32(1, 0, 0, 0, 1, 0x28f, 9))],
        ["chrm", element("chrm", u16(2, 1), u32(0xa3d7, 0x547b, 0x4ccd, 0x999a))],
        ["cicp", element("cicp", Buffer.of(9, 16, 0, 1))],
        ["clrt", element("clrt", u32(1), "Cyan".padEnd(32, "\0"), u16(1, 2, 3))],
      ]),
    );
    expect(printed).toMatchObject({
      "ICC-view": { ViewingCondIlluminant: [1, 1, 1], ViewingCondSurround: [0.5, 0, 0], ViewingCondIlluminantType: "D65" },
      "ICC-meas": {
        MeasurementObserver: "CIE 1931",
        MeasurementBacking: [0, 0, 0],
        MeasurementGeometry: "0/45 or 45/0",
        MeasurementFlare: "0.999%",
        MeasurementIlluminant: "Unknown (9)",
      },
      "ICC-chrm": { ChromaticityChannels: 2, ChromaticityColorant: "ITU-R BT.709", ChromaticityChannel2: [0.3, 0.60001] },
      "ICC-cicp": {
        ColorPrimaries: "BT.2020, BT.2100",
        TransferCharacteristics: "SMPTE ST 2084, ITU BT.2100 PQ",
        MatrixCoefficients: "Identity matrix",
        VideoFullRangeFlag: "Full",
      },
      "ICC-clrt": { ColorantCount: 1, Colorant1Name: "Cyan", Colorant1Coordinates: [1, 2, 3] },
    });
    expect(numeric["ICC-meas"]?.MeasurementFlare).toBe(0.00999);
    expect(printed["ICC-chrm"]).not.toHaveProperty("ChromaticityChannel3");
  });

  it("makes every name of the metadata dictionary a tag", () => {
    const { numeric } = decodeBlock(icc, iccProfile([["meta", dictionary({ License: "CC0", "data source": "edid", "CMF_binary!": "x" })]]));
    expect(numeric["ICC-meta"]).toEqual({ License: "CC0", DataSource: "edid", CMF_binary: "x" });
  });

  it("keeps what comes before an element that lies outside", () => {
    const profile = iccProfile([
      ["cprt", element("text", "CC0\0")],
      ["desc", element("desc", u32(2), "a\0")],
    ]);
    profile.writeUInt32BE(100_000, 132 + 12 + 8);
    const { numeric, warnings } = decodeBlock(icc, profile);
    expect(numeric.ICC_Profile).toEqual({ ProfileCopyright: "CC0" });
    expect(warnings).toMatchObject([{ code: "TRUNCATED" }]);
  });

  it("reads nothing of a profile that is cut or has no plausible table", () => {
    const profile = iccProfile([["cprt", element("text", "CC0\0")]]);
    expect(decodeBlock(icc, profile.subarray(0, 140))).toMatchObject({ numeric: {}, warnings: [{ code: "MALFORMED" }] });
    expect(decodeBlock(icc, profile.subarray(0, 20))).toMatchObject({ numeric: {}, warnings: [{ code: "TRUNCATED" }] });
    profile.writeUInt32BE(300, 128);
    expect(decodeBlock(icc, profile)).toMatchObject({ numeric: {}, warnings: [{ code: "MALFORMED" }] });
  });

  it("leaves out records of texts and dictionaries that lie outside", () => {
    const text = localized({ enUS: "Display", deDE: "Bild" });
    text.writeUInt32BE(5000, 16 + 12 + 4);
    const names = dictionary({ A: "1", B: "2" });
    names.writeUInt32BE(5000, 16 + 16 + 4);
    const { numeric, warnings } = decodeBlock(
      icc,
      iccProfile([
        ["desc", text],
        ["meta", names],
        ["chrm", element("view", u16(2, 1))],
        ["vued", element("mluc", u32(1))],
      ]),
    );
    expect(numeric).toMatchObject({ ICC_Profile: { ProfileDescription: "Display" }, "ICC-meta": { A: "1" } });
    expect(Object.keys(numeric)).toEqual(["ICC-header", "ICC_Profile", "ICC-meta"]);
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED", "MALFORMED", "MALFORMED"]);
  });

  it("gives a long table of numbers as its length", () => {
    const { numeric, warnings } = decodeBlock(icc, iccProfile([["resp", element("ui08", Buffer.alloc(70_000))]]));
    expect(numeric.ICC_Profile).toEqual({ OutputResponse: { bytes: 70_008 } });
    expect(warnings).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });

  it("draws overlapping texts on the work budget", () => {
    const count = 5000;
    const content = utf16("x".repeat(20_000));
    const records = Array.from({ length: count }, () => Buffer.concat([Buffer.from("enUS"), u32(content.length, 16 + 12 * count)]));
    const profile = iccProfile([["desc", element("mluc", u32(count, 12), ...records, content)]]);
    expect(() => decodeBlock(icc, profile)).toThrow(/more than \d+ (steps of work|bytes of memory)/);
  });
});
