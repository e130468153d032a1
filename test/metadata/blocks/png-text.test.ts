import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { pixelData, pngChunk, pngCompressedText, pngFile, pngInternationalText, pngText } from "../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";

const tagsOf = (...chunks: readonly Buffer[]) => {
  const { ImageWidth, ImageHeight, BitDepth, ColorType, Compression, Filter, Interlace, ...rest } =
    readMetadataSync(pngFile(...chunks, pixelData(10))).tags.PNG ?? {};
  expect([ImageWidth, ImageHeight, BitDepth, ColorType, Compression, Filter, Interlace]).not.toContain(undefined);
  return rest;
};

describe("png text", () => {
  it("makes names of keywords", () => {
    expect(
      tagsOf(
        pngText("title", "lower case"),
        pngText("Thumb::Document::Pages", "1"),
        pngText("a b  c", "blanks"),
        pngText("x", "one letter"),
        pngText("1abc", "a digit"),
        pngText("Warning", "not ExifTool's"),
        pngText("aesthetic_score", "5.1"),
        pngText("parameters", "a cat\nSteps: 20"),
        pngText("prompt", '{"3": {}}'),
      ),
    ).toEqual({
      Title: "lower case",
      ThumbDocumentPages: "1",
      ABC: "blanks",
      TagX: "one letter",
      Tag1abc: "a digit",
      PNGWarning: "not ExifTool's",
      AestheticScore: "5.1",
      Parameters: "a cat\nSteps: 20",
      Prompt: '{"3": {}}',
    });
  });

  it("knows the encoding and the language", () => {
    const bytes = pngFile(
      pngText("Comment", "caf\xe9 \x80"),
      pngCompressedText("Source", "na\xefve"),
      pngInternationalText("Title", "Été", { language: "fr" }),
      pngInternationalText("Title", "colour", { language: "EN_gb", compressed: true }),
      pngInternationalText("Title", "日本", {}),
      pngInternationalText("Mood", "froh", { language: "de" }),
      pixelData(10),
    );
    expect(readMetadataSync(bytes).tags.PNG).toMatchObject({
      Comment: "café €",
      Source: "naïve",
      "Title-fr": "Été",
      "Title-en-GB": "colour",
      Title: "日本",
      Mood: "froh",
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("converts dates", () => {
    const creation = (text: string) => tagsOf(pngText("Creation Time", text)).CreationTime;
    expect(creation("Mon, 1 Jan 2018 12:10:22 EST")).toBe("2018:01:01 12:10:22-05:00");
    expect(creation("12 dec 99 1:05 +0130")).toBe("1999:12:12 01:05:00+01:30");
    expect(creation("3 Mar 2020 10:00:00 J")).toBe("3 Mar 2020 10:00:00 J");
    expect(creation("3 Mar 2020 10:00:00 N")).toBe("2020:03:03 10:00:00+01:00");
    expect(creation("2019:01:02 03:04:05")).toBe("2019:01:02 03:04:05");
    expect(tagsOf(pngText("create-date", "2015-11-21T17:28:33-05:00"), pngText("modify-date", "2015-11"))).toEqual({
      CreateDate: "2015:11:21 17:28:33-05:00",
      ModDate: "2015:11",
    });
  });

  it("gives text that does not inflate as binary", () => {
    const bytes = pngFile(
      pngChunk("zTXt", "Broken\0\0garbage"),
      pngChunk("zTXt", "Method\0\x05garbage"),
      pngChunk("tEXt", "no end of the keyword"),
      pngText("Raw profile type foo", "zz"),
      pixelData(10),
    );
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.PNG).toMatchObject({
      Broken: { bytes: 7 },
      Method: { bytes: 7 },
      TextualData: { bytes: 21 },
      RawProfileTypeFoo: { bytes: 2 },
    });
    expect(warnings.map(({ code }) => code)).toEqual(["MALFORMED", "MALFORMED", "MALFORMED"]);
  });

  it("holds inflated text against the limits", () => {
    const bytes = pngFile(
      pngChunk("zTXt", Buffer.concat([Buffer.from("Bomb\0\0"), deflateSync(Buffer.alloc(3 << 20, "A"))])),
      pixelData(10),
    );
    const cut = readMetadataSync(bytes);
    expect(cut.tags.PNG?.Bomb).toHaveLength(1 << 20);
    expect(cut.warnings).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
    const refused = readMetadataSync(bytes, { limits: { inflatedBytes: 1 << 20 } });
    expect(refused.tags.PNG?.Bomb).toHaveProperty("bytes");
    expect(refused.warnings).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });

  it("warns of a raw profile that is none", () => {
    const { tags, warnings } = readMetadataSync(pngFile(pngText("Raw profile type exif", "\nexif\n       5\n01020304\n"), pixelData(10)));
    expect(tags.PNG?.EXIF_Profile).toEqual({ bytes: 24 });
    expect(warnings.map(({ message }) => message)).toEqual([
      "EXIF_Profile should have 5 bytes and has 4",
      "EXIF_Profile is of no known kind",
    ]);
  });
});
