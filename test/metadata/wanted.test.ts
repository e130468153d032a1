import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readMetadataSync } from "../../src/metadata/read.ts";
import { summaryNames } from "../../src/metadata/summary/names.ts";
import type { ImageMetadata, Tags } from "../../src/record/types.ts";
import { lawOfWindows } from "../laws.ts";

const folder = new URL("../../samples/sample-bucket/", import.meta.url);
const images = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(jpe?g|png|webp|avif|heic|tiff?|gif)$/i.test(name))
  .map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))] as const);

/** The tags of a record whose group and name match. */
function tagsOf({ tags }: ImageMetadata, matches: (group: string, name: string) => boolean): Tags {
  const picked: Tags = {};
  for (const [group, values] of Object.entries(tags)) {
    const kept = Object.entries(values).filter(([name]) => matches(group, name));
    if (kept.length > 0) picked[group] = Object.fromEntries(kept);
  }
  return picked;
}

describe.each(images)("%s", (_, bytes) => {
  const whole = readMetadataSync(bytes);

  test("has the same summary and facts without its tags", () => {
    const { tags, warnings, ...rest } = readMetadataSync(bytes, { tags: [] });
    const { tags: allTags, warnings: allWarnings, ...expected } = whole;
    expect(rest).toEqual(expected);
    expect(tags).toEqual({});
  });

  test.each([
    ["IFD0:*", (group: string) => group === "IFD0"],
    ["XMP-*:*", (group: string) => group.startsWith("XMP-")],
    ["*date*", (_group: string, name: string) => /date/i.test(name)],
  ] as const)("gives of %s what the whole record has", (pattern, matches) => {
    expect(readMetadataSync(bytes, { tags: [pattern] }).tags).toEqual(tagsOf(whole, matches));
  });

  test("gives the same in windows of any size", () => lawOfWindows(bytes, { tags: ["IFD0:Make"] }));
});

test("the summary needs some of the names alone", () => {
  expect(summaryNames.has("Make")).toBe(true);
  expect(summaryNames.has("MaxApertureValue")).toBe(false);
});

test("follows a list of patterns that its caller changes", () => {
  const [[, bytes = new Uint8Array(0)] = []] = images.filter(([, image]) => readMetadataSync(image).tags.IFD0?.Make !== undefined);
  const tags = ["IFD0:Make"];
  expect(Object.keys(readMetadataSync(bytes, { tags }).tags.IFD0 ?? {})).toEqual(["Make"]);
  tags[0] = "IFD0:Model";
  expect(Object.keys(readMetadataSync(bytes, { tags }).tags.IFD0 ?? {})).toEqual(["Model"]);
});
