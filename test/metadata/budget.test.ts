import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ByteRange, ByteWindow } from "../../src/metadata/bytes/window.ts";
import { Missing } from "../../src/metadata/missing.ts";
import { Reading, readMetadataSync } from "../../src/metadata/read.ts";
import { iccProfile, localized } from "../builders/icc.ts";
import { iptcBlock, UTF8 } from "../builders/iptc.ts";
import { app, iccSegments, jfifSegment, jpegFile, photoshopSegment, resource, xmpSegment } from "../builders/jpeg.ts";
import { manifest, manifestStore } from "../builders/jumbf.ts";
import { pngChunk, pngFile } from "../builders/png.ts";
import { tiff } from "../builders/tiff.ts";
import { animChunk, anmfChunk, vp8xChunk, webpFile } from "../builders/webp.ts";
import { packetText } from "../builders/xmp.ts";
import { lawOfWindows } from "../laws.ts";

const exif = tiff([
  [
    [0x010f, 2, "Make"],
    [0x0110, 2, "A model whose name stands behind the directory"],
    [0x0112, 3, [6]],
  ],
]);

const FILE = jpegFile([
  jfifSegment(),
  app(1, "Exif\0\0", exif),
  xmpSegment(packetText("<xmp:CreatorTool>tool</xmp:CreatorTool><xmp:Rating>3</xmp:Rating>")),
  photoshopSegment(resource(0x0404, iptcBlock([1, 90, UTF8], [2, 25, "sea"], [2, 25, "sky"]))),
  ...iccSegments(iccProfile([["desc", localized({ enUS: "Display" })]])),
]);

describe("budget", () => {
  it("is spent alike whatever the windows", () => {
    for (let steps = 0; steps < 20_000; steps += 491) lawOfWindows(FILE, { limits: { steps } });
    for (let tags = 0; tags < 60; tags++) lawOfWindows(FILE, { limits: { tags } });
  });

  it("is spent alike by many blocks that are read by ranges", () => {
    const pixels = Array.from({ length: 3 }, () => app(5, "none", Buffer.alloc(60_000)));
    const unlike = Array.from({ length: 60 }, (_, i) => xmpSegment(packetText(`<n${i}:a xmlns:n${i}="urn:${i}">1</n${i}:a>`)));
    lawOfWindows(jpegFile([jfifSegment(), ...unlike, ...pixels, xmpSegment(packetText("<xmp:Rating>3</xmp:Rating>"))]));
    // Each is a group of its own, which all others of the name are compared with.
    const series = Array.from({ length: 400 }, () => iptcBlock([2, 25, "sea"]));
    const file = jpegFile([jfifSegment(), ...series.map((block) => photoshopSegment(resource(0x0404, block))), ...pixels, xmpSegment("")]);
    lawOfWindows(file, { limits: { steps: 600_000 } });
    for (let steps = 30_000; steps < 300_000; steps += 39_989) lawOfWindows(file, { limits: { steps } });
  });

  it("is warned of by the block that spends it, not by every block that is left", () => {
    const segments = Array.from({ length: 500 }, () => xmpSegment(packetText("<xmp:Rating>3</xmp:Rating>")));
    const { warnings, tags } = readMetadataSync(jpegFile([jfifSegment(), ...segments]), { limits: { steps: 120_000 } });
    expect(tags.JFIF).toMatchObject({ JFIFVersion: 1.02 });
    // By the block that spends it, and by the container, which has a share of its own.
    expect(warnings.map(({ code, block }) => [code, block !== undefined])).toEqual([
      ["LIMIT_EXCEEDED", false],
      ["LIMIT_EXCEEDED", true],
    ]);
  });
});

describe("compressed blocks", () => {
  it("inflate to no more together than the budget has steps for", () => {
    const bomb = deflateSync(Buffer.alloc(1 << 20, 0x41));
    const text = pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), bomb]));
    const { tags, warnings } = readMetadataSync(pngFile(text, text, text), { limits: { steps: 600_000 } });
    expect(tags.PNG?.Comment).toHaveLength(1 << 20);
    expect(warnings.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });
});

it("asks on for what was missing where the budget is spent on the way out", () => {
  // Frames are counted once the walk has ended, with tags that no longer fit.
  const bytes = webpFile(vp8xChunk(2, 320, 200), animChunk(3), ...Array.from({ length: 9 }, () => anmfChunk(100, 900)));
  for (let tags = 0; tags < 8; tags++) lawOfWindows(bytes, { thorough: true, limits: { tags } });
});

it("names no offset that no file has, and no text that JSON cannot hold", () => {
  const huge = tiff(
    [
      [
        [0x0100, 4, [1]],
        [0x010f, 2, "a maker of some length"],
      ],
    ],
    { big: true },
  );
  // The value's offset.
  huge.fill(0x61, 16 + 8 + 20 + 12, 16 + 8 + 20 + 20);
  const { warnings } = readMetadataSync(huge);
  expect(warnings.map(({ offset }) => offset).filter((offset) => !Number.isSafeInteger(offset ?? 0))).toEqual([]);
  expect(warnings.map(({ code }) => code)).toEqual(["TRUNCATED"]);
  const store = manifestStore(manifest({ claim: { claim_generator: "to\0ol", "dc:title": "A \0title" } }));
  const { summary } = readMetadataSync(pngFile(pngChunk("caBX", store)));
  expect(summary.contentCredentials).toEqual({ claimGenerator: "tool", title: "A title" });
});

it("reads a text of type UNDEFINED alike from a Buffer and from other bytes", () => {
  const gps = tiff([
    [
      [
        0x8825,
        4,
        {
          directories: [
            [
              [2, 7, Buffer.from("0100")],
              [7, 7, Buffer.from("12")],
            ],
          ],
        },
      ],
    ],
  ]);
  for (const bytes of [gps, Uint8Array.from(gps)])
    expect(readMetadataSync(bytes, { numeric: true }).tags.GPS).toEqual({ GPSLatitude: 100, GPSTimeStamp: "12:00:00" });
});

describe("work", () => {
  const entries = 3000;
  /** A directory whose entries all name the same bytes. */
  const shared = (bytes: number, tag: number, type: number, size: number) => {
    const head = 8 + 2 + 12 * entries + 4;
    const file = Buffer.alloc(head + bytes, 0x41);
    file.write("II*\0\x08\0\0\0", 0, "latin1");
    file.writeUInt16LE(entries, 8);
    for (let i = 0; i < entries; i++) {
      file.writeUInt16LE(tag + (i % 8), 10 + 12 * i);
      file.writeUInt16LE(type, 12 + 12 * i);
      file.writeUInt32LE(bytes / size, 14 + 12 * i);
      file.writeUInt32LE(head, 18 + 12 * i);
    }
    file.writeUInt32LE(0, head - 4);
    return file;
  };

  it("is charged each time for bytes that several entries share", () => {
    const { warnings } = readMetadataSync(shared(100_000, 0x010d, 2, 1));
    expect(warnings.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });

  it("is charged by the digits of numbers, not by the entries that hold them", () => {
    const { warnings } = readMetadataSync(shared(40_000, 0xc621, 5, 8));
    expect(warnings.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });

  it("counts over all attempts: an image that is dear to start over is fetched whole", () => {
    const count = 40;
    const stride = 100_000;
    // Directories far from each other, each with numbers to read again at each attempt.
    const file = Buffer.alloc(count * stride);
    file.write("II*\0\x08\0\0\0", 0, "latin1");
    for (let i = 0; i < count; i++) {
      const at = i === 0 ? 8 : i * stride;
      file.writeUInt16LE(1, at);
      file.writeUInt16LE(0xc621, at + 2);
      file.writeUInt16LE(12, at + 4);
      file.writeUInt32LE(5000, at + 6);
      file.writeUInt32LE(at + 18, at + 10);
      file.writeUInt32LE(i + 1 < count ? (i + 1) * stride : 0, at + 14);
    }
    const window = ByteWindow.empty(file.length);
    const reading = new Reading(window);
    let attempts = 0;
    for (let missing: readonly ByteRange[] = [{ start: 0, end: 4096 }]; missing.length > 0; attempts++) {
      for (const { start, end } of missing) window.add(start, file.subarray(start, end));
      try {
        expect(reading.attempt()).toEqual(new Reading(ByteWindow.whole(file, 0)).attempt());
        missing = [];
      } catch (thrown) {
        if (!(thrown instanceof Missing)) throw thrown;
        missing = thrown.ranges;
      }
    }
    expect(attempts).toBeLessThan(count);
  });
});

describe("memory", () => {
  it("is charged for what texts keep, and its end is warned of", () => {
    const text = pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(1 << 20, 0x41))]));
    const { warnings } = readMetadataSync(pngFile(text, text, text), { limits: { keptBytes: 5 << 20 } });
    expect(warnings).toMatchObject([{ code: "LIMIT_EXCEEDED", message: expect.stringContaining("bytes of memory") }]);
  });
});

describe("a record", () => {
  const comments = (count: number, length: number) =>
    Array.from({ length: count }, (_, i) => pngChunk("tEXt", Buffer.from(`Text${i}\0${"x".repeat(length)}`)));

  it("has no more bytes of JSON than its limit: the largest texts are cut to one length, with a warning", () => {
    const recordBytes = 200_000;
    const record = readMetadataSync(pngFile(...comments(3, 100_000), ...comments(1, 50)), { limits: { recordBytes } });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(recordBytes);
    expect(record.warnings).toMatchObject([{ code: "LIMIT_EXCEEDED", message: expect.stringContaining("cut PNG:Text1, PNG:Text2") }]);
    const lengths = Object.values(record.tags.PNG ?? {}).flatMap((value) => (typeof value === "string" ? [value.length] : []));
    expect(Math.max(...lengths)).toBeGreaterThan(40_000);
  });

  it("leaves out the largest tags if texts alone are not enough, and names them", () => {
    const recordBytes = 100_000;
    const record = readMetadataSync(pngFile(...comments(1000, 200)), { limits: { recordBytes } });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(recordBytes);
    expect(record.warnings).toMatchObject([{ code: "LIMIT_EXCEEDED", message: expect.stringContaining("left out PNG:") }]);
  });

  it("counts characters that JSON escapes by their escapes", () => {
    const recordBytes = 120_000;
    const text = pngChunk("iTXt", Buffer.from(`Comment\0\0\0\0\0${"\u0001\u202e".repeat(20_000)}`));
    const record = readMetadataSync(pngFile(text), { limits: { recordBytes } });
    const escaped = JSON.stringify(record).replaceAll("\u202e", "\\u202e");
    expect(Buffer.byteLength(escaped)).toBeLessThanOrEqual(recordBytes);
  });

  it("has no more warnings than its limit, and the last one counts the others", () => {
    const segments = Array.from({ length: 50 }, () => app(2, "ICC_PROFILE\0\x01\x02", Buffer.alloc(4)));
    const { warnings } = readMetadataSync(jpegFile([jfifSegment(), ...segments]), { limits: { warnings: 10 } });
    expect(warnings).toHaveLength(10);
    expect(warnings.at(-1)).toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringMatching(/^\d+ more warnings are left out$/) });
  });
});
