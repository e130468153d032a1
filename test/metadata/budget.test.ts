import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../src/metadata/read.ts";
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
    for (let steps = 0; steps < 1500; steps += 37) lawOfWindows(FILE, { limits: { steps } });
    for (let tags = 0; tags < 60; tags++) lawOfWindows(FILE, { limits: { tags } });
  });

  it("is warned of once, not by every block that is left", () => {
    const segments = Array.from({ length: 500 }, () => xmpSegment(packetText("<xmp:Rating>3</xmp:Rating>")));
    const { warnings, tags } = readMetadataSync(jpegFile([jfifSegment(), ...segments]), { limits: { steps: 20_000 } });
    expect(tags.JFIF).toMatchObject({ JFIFVersion: 1.02 });
    expect(warnings.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });
});

describe("compressed blocks", () => {
  it("inflate to no more together than the budget has steps for", () => {
    const bomb = deflateSync(Buffer.alloc(1 << 20, 0x41));
    const text = pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), bomb]));
    const { tags, warnings } = readMetadataSync(pngFile(text, text, text), { limits: { steps: 150_000 } });
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
