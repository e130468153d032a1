/** What hostile files may choose, charged by what it costs or cut to a sane length. The step limits lie between the charge and what it once was. */
import { beforeAll, describe, expect, it } from "vitest";
import { Budget } from "../../src/metadata/budget.ts";
import { numberKey } from "../../src/metadata/bytes/number-key.ts";
import { ByteWindow } from "../../src/metadata/bytes/window.ts";
import { CborMap } from "../../src/metadata/grammar/cbor.ts";
import { certificateSubject } from "../../src/metadata/grammar/der.ts";
import { loadTables } from "../../src/metadata/late-tables.ts";
import { readMetadataSync } from "../../src/metadata/read.ts";
import { degrees } from "../../src/metadata/tables/exif-values.ts";
import { defaultLimits } from "../../src/record/limits.ts";
import { gifApplication, gifFile } from "../builders/gif.ts";
import { dictionary, iccProfile } from "../builders/icc.ts";
import { iptcBlock } from "../builders/iptc.ts";
import { app, jpegFile, photoshopSegment, resource } from "../builders/jpeg.ts";
import { certificate, jsonBox, superbox } from "../builders/jumbf.ts";
import { pngChunk, pngFile, pngInternationalText } from "../builders/png.ts";
import { tiff } from "../builders/tiff.ts";
import { packetText } from "../builders/xmp.ts";

beforeAll(loadTables);

const JSON_TYPE = "json";

function codesOf(bytes: Uint8Array, limits: { steps?: number; keptBytes?: number }, thorough = false): string[] {
  return readMetadataSync(bytes, { limits, thorough }).warnings.map(({ code }) => code);
}

/** Steps that a value is charged. */
function stepsOf(value: unknown): number {
  const budget = new Budget({ ...defaultLimits, steps: Number.MAX_SAFE_INTEGER, keptBytes: Number.MAX_SAFE_INTEGER });
  budget.value(value);
  return budget.spent.steps;
}

describe("tables of keys that a file chooses", () => {
  it("keep numbers by texts, whose hashes a file cannot foresee", () => {
    expect([numberKey(5), numberKey(2n ** 60n)]).toEqual(["#5", "#1152921504606846976"]);
  });

  it("tell numbers from texts that look like them", () => {
    const map = new CborMap();
    map.set(5, "number");
    map.set("5", "text");
    map.set("#5", "key");
    map.set(5, "later number");
    expect([...map]).toEqual([
      [5, "later number"],
      ["5", "text"],
      ["#5", "key"],
    ]);
    expect([map.get(5), map.get("5"), map.get("#5"), map.get(6)]).toEqual(["later number", "text", "key", undefined]);
  });
});

describe("a value", () => {
  it("is charged for the names of its fields", () => {
    expect(stepsOf({ [`a${"b".repeat(8000)}`]: 1 })).toBeGreaterThan(1000);
  });

  it("is charged by pairs for fields whose names are indexes", () => {
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [String(i), 1]));
    expect(stepsOf(fields(2000)) / stepsOf(fields(1000))).toBeGreaterThan(3);
  });

  it("is charged for integers of 64 bits, each of which is printed by itself", () => {
    expect(stepsOf(new Array(100).fill(2n ** 60n))).toBeGreaterThan(1000);
  });
});

describe("decoders", () => {
  it("charge the values of JSON before they are parsed", () => {
    const file = pngFile(pngChunk("caBX", superbox(JSON_TYPE, "x", jsonBox({ a: new Array(5000).fill(0) }))));
    expect(codesOf(file, { steps: 100_000 })).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("charge compressed bytes one by one: they may be tables of blocks that hold nothing", () => {
    // RFC 1951 section 3.2.4: stored blocks without a byte.
    const empty = Buffer.concat([Buffer.from([0x78, 0x9c]), Buffer.alloc(50_000, Buffer.from([0, 0, 0, 0xff, 0xff]))]);
    const file = pngFile(pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), empty])));
    expect(codesOf(file, { steps: 40_000 })).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("read JSON whose names are indexes", () => {
    const file = pngFile(pngChunk("caBX", superbox(JSON_TYPE, "x", jsonBox({ 7: { 8: [{ 9: 1 }] } }))));
    expect(readMetadataSync(file).tags.JSON).toEqual({ Tag7: { 8: [{ 9: 1 }] } });
  });

  it("take a JUMBF label of more than 4096 bytes for one without an end", () => {
    const label = (length: number) => readMetadataSync(pngFile(pngChunk("caBX", superbox(JSON_TYPE, "l".repeat(length)))));
    expect(label(4095).tags.JUMBF?.JUMDLabel).toHaveLength(4095);
    expect(label(4096).tags.JUMBF?.JUMDLabel).toBeUndefined();
    expect(label(4096).warnings).toMatchObject([{ code: "MALFORMED", message: expect.stringContaining("has no end") }]);
  });

  it("charge the names of an ICC dictionary by their characters", () => {
    const names = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [" \xe9".repeat(127) + String.fromCharCode(0x400 + i), "x"]));
    const file = jpegFile([app(2, "ICC_PROFILE\0\x01\x01", iccProfile([["meta", dictionary(names)]]))]);
    expect(codesOf(file, { steps: 40_000 })).toContain("LIMIT_EXCEEDED");
  });

  it("charge bytes that are printed as numbers by their numbers", () => {
    const response = Buffer.concat([Buffer.from([0, 1, 0x03, 0xe8]), Buffer.from("a\0"), Buffer.alloc(8000, 1)]);
    expect(codesOf(tiff([[[0xa20c, 7, response]]]), { steps: 12_000 })).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("charge lists of numbers that stand for something else", () => {
    expect(codesOf(tiff([[[0xc763, 1, new Array(8000).fill(1)]]]), { steps: 30_000 })).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("charge the places of the sub-blocks of GIF", () => {
    const icc = gifApplication("ICCRGBG1", "012", Buffer.alloc(255 * 1000));
    expect(codesOf(gifFile(icc), { keptBytes: 50_000 }, true)).toContain("LIMIT_EXCEEDED");
  });

  it("look for coordinates in the beginning of a text", () => {
    expect(degrees("12 30 0")).toBe(12.5);
    expect(degrees(`12 30 0${" ".repeat(1000)}45 x/0`)).toBe(12.5);
  });

  it("read the subject of a certificate with any number of fields behind it", () => {
    const fields = Buffer.alloc(200_000, Buffer.from([5, 0]));
    const inner = certificate("Name", "Firm");
    expect(certificateSubject(inner)).toEqual({ commonName: "Name", organization: "Firm" });
    // The fields of the certificate, and behind them the others.
    const signed = Buffer.concat([inner.subarray(2 + 2), fields]);
    expect(certificateSubject(sequence(sequence(signed)))).toEqual({ commonName: "Name", organization: "Firm" });
  });
});

/** A DER sequence whose length takes four bytes. */
function sequence(content: Uint8Array): Buffer {
  const header = Buffer.from([0x30, 0x84, 0, 0, 0, 0]);
  header.writeUInt32BE(content.length, 2);
  return Buffer.concat([header, content]);
}

describe("picture info", () => {
  it("has sections that end at their bracket or at the end of their line", () => {
    const read = (text: string) => readMetadataSync(jpegFile([app(12, "", Buffer.from(text))])).tags.PictureInfo;
    expect(Object.keys(read("[a]Flash=1\r\n") ?? {})).toEqual(["Flash"]);
    expect(Object.keys(read("[a\nFlash=1\r\n") ?? {})).toEqual(["Flash"]);
    expect(read("[".repeat(100))).toBeUndefined();
  });
});

describe("joined parts", () => {
  it("are read over any number of parts without a byte", () => {
    const parts = [{ start: 0, end: 1 }, ...Array.from({ length: 1000 }, () => ({ start: 1, end: 1 })), { start: 1, end: 2 }];
    const joined = ByteWindow.whole(Buffer.from([1, 2])).join(parts);
    expect([joined.size, joined.u16(0), joined.u8(1)]).toEqual([2, 0x0102, 2]);
  });
});

describe("a record that is too long", () => {
  it("leaves fields of the summary out if they alone are longer", () => {
    const words = Array.from({ length: 200 }, (_, i): [number, number, string] => [2, 25, "k".repeat(300) + i]);
    const file = jpegFile([photoshopSegment(resource(0x0404, iptcBlock(...words)))]);
    const record = readMetadataSync(file, { limits: { recordBytes: 66_000 } });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(66_000);
    expect(record.summary.keywords).toBeUndefined();
    expect(record.warnings[0]?.message).toContain("summary:keywords");
  });

  it("leaves out groups with long names, and keeps the others", () => {
    const prefix = "p".repeat(100_000);
    const packet = packetText(`<${prefix}:Name>1</${prefix}:Name><xmp:Rating>3</xmp:Rating>`);
    const record = readMetadataSync(pngFile(pngInternationalText("XML:com.adobe.xmp", packet)), { limits: { recordBytes: 100_000 } });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(100_000);
    expect(record.tags["XMP-xmp"]).toEqual({ Rating: 3 });
  });

  it("is measured with its warnings, however little its tags keep", () => {
    const notes = Array.from({ length: 30 }, (): [number, number, Buffer] => [0x927c, 7, Buffer.alloc(8, 1)]);
    const exif = tiff([[[0x010f, 2, "\u0001".repeat(450)], ...notes]]);
    const record = readMetadataSync(jpegFile([app(1, "Exif\0\0", exif)]), { limits: { recordBytes: 140_000 } });
    expect(record.warnings.length).toBeGreaterThan(25);
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(140_000);
  });
});

describe("long names of XMP", () => {
  const values = (open: string, value: (index: number) => string, close: string) => {
    const all = Array.from({ length: 1000 }, (_, i) => value(i)).join("");
    return pngFile(pngInternationalText("XML:com.adobe.xmp", packetText(`${open}${all}${close}`)));
  };
  const resource = (length: number) => {
    const name = `a:${"n".repeat(length)}`;
    return values(`<${name} xmlns:a="u" rdf:parseType="Resource">`, (i) => `<a:f${i}>1</a:f${i}>`, `</${name}>`);
  };

  it("are charged again for each value below them", () => {
    expect(codesOf(resource(40), { steps: 400_000 })).toEqual([]);
    expect(codesOf(resource(3000), { steps: 400_000 })).toContain("LIMIT_EXCEEDED");
  });

  it("are charged again for each ordinal that is made part of them", () => {
    const name = `a:${"n".repeat(3000)}`;
    const ordinals = values(`<${name} xmlns:a="u">`, (i) => `<rdf:_${i}>1</rdf:_${i}>`, `</${name}>`);
    expect(codesOf(ordinals, { steps: 1_200_000 })).toContain("LIMIT_EXCEEDED");
  });

  it("are left out with a warning if they have thousands of characters, and what follows is not", () => {
    const long = `a:${"n".repeat(5000)}`;
    const file = values(`<${long} xmlns:a="u">1</${long}><xmp:Rating>3</xmp:Rating><xmp:Label ${long}="1">red</xmp:Label>`, () => "", "");
    const { tags, warnings } = readMetadataSync(file);
    expect(tags).toMatchObject({ "XMP-xmp": { Rating: 3, Label: "red" } });
    expect(Object.keys(tags)).not.toContain("XMP-a");
    expect(warnings.map(({ message }) => message)).toEqual(["names of thousands of characters were left out"]);
  });
});
