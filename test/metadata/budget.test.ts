import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../src/metadata/read.ts";
import { iccProfile, localized } from "../builders/icc.ts";
import { iptcBlock, UTF8 } from "../builders/iptc.ts";
import { app, iccSegments, jfifSegment, jpegFile, photoshopSegment, resource, xmpSegment } from "../builders/jpeg.ts";
import { tiff } from "../builders/tiff.ts";
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
