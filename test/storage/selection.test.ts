import { expect, test } from "vitest";
import { looksLikeImage } from "../../src/storage/selection.ts";

test("by content type or by name, either is enough", () => {
  expect(
    [
      { contentType: "image/jpeg", name: "a" },
      { contentType: "Image/PNG; charset=binary" },
      { contentType: "application/octet-stream", name: "photos/A.JPG" },
      { name: "a.b.heic" },
      { name: "dng/a.dng" },
    ].filter((info) => !looksLikeImage(info)),
  ).toEqual([]);
  expect(
    [{}, { contentType: "text/plain", name: "a.txt" }, { name: "jpg" }, { name: "folder.jpg/" }, { name: "a.jpg.zip" }].filter(
      looksLikeImage,
    ),
  ).toEqual([]);
});
