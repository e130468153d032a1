import { describe, expect, it } from "vitest";
import { compoundFile } from "../../../src/metadata/blocks/compound-file.ts";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { compoundFile as build, propertySet } from "../../builders/compound-file.ts";
import { pixelData, pngChunk, pngFile } from "../../builders/png.ts";
import { decodeBlock } from "../../decode.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const FILE = build({
  "\x05SummaryInformation": propertySet({ 2: "A title", 4: "An author", 15: 12, 19: 3, 10: 90, 6: "c".repeat(700) }),
  "\x05DocumentSummaryInformation": propertySet({ 2: "A category", 11: 1, 23: 0x000b0007 }),
});

describe("compound file", () => {
  it("gives PNG Plus its document's summary", () => {
    const bytes = pngFile(pngChunk("cpIp", FILE), pixelData(10));
    const { tags, format, warnings } = readMetadataSync(bytes);
    expect(format).toBe("PNG Plus");
    expect(warnings).toEqual([]);
    expect(tags.FlashPix).toEqual({
      Title: "A title",
      Author: "An author",
      Words: 12,
      Security: "Password protected, Read-only recommended",
      TotalEditTime: "1.5 minutes",
      Comments: "c".repeat(700),
      Category: "A category",
      ScaleCrop: "Yes",
      AppVersion: "11.0007",
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("ends where a chain of sectors runs in a circle", () => {
    const looped = Buffer.from(FILE);
    // The directory's sector goes on with itself.
    looped.writeUInt32LE(1, 512 + 4);
    const { printed, warnings } = decodeBlock(compoundFile, looped);
    expect(printed.FlashPix).toMatchObject({ Title: "A title", Category: "A category" });
    expect(warnings[0]).toMatchObject({ code: "MALFORMED" });
  });

  it("joins no sectors of a size that no compound file has", () => {
    const huge = Buffer.from(FILE);
    huge.writeUInt16LE(16, 30);
    huge.fill(0, 76, 512);
    expect(decodeBlock(compoundFile, huge)).toMatchObject({ printed: {}, warnings: [{ code: "MALFORMED" }] });
  });

  it("joins no more sectors of the allocation table than the file has", () => {
    // A chain of sectors that list the same sector over and over.
    const sectors = 1000;
    const more = Buffer.alloc(512 * sectors);
    for (let i = 1; i <= sectors; i++) more.writeUInt32LE(FILE.length / 512 + i - 1, 512 * i - 4);
    const repeated = Buffer.concat([FILE, more]);
    repeated.writeUInt32LE(FILE.length / 512 - 1, 68);
    const { printed, found } = decodeBlock(compoundFile, repeated);
    expect(printed.FlashPix).toMatchObject({ Title: "A title", Category: "A category" });
    expect(found.budget.spent.steps).toBeLessThan(50_000);
  });

  it("warns of what is none", () => {
    expect(decodeBlock(compoundFile, Buffer.alloc(600))).toMatchObject({ printed: {}, warnings: [{ code: "MALFORMED" }] });
  });
});
