import { expect, test } from "vitest";
import { matcher } from "../../src/storage/glob.ts";
import { isGlob, literalPrefix } from "../../src/storage/wildcards.ts";

test.each([
  ["a/*.jpg", ["a/b.jpg", "a/.b.jpg"], ["a/b/c.jpg", "b.jpg"]],
  ["a/**/*.jpg", ["a/b.jpg", "a/b/c.jpg", "a/b/c/d.jpg"], ["a.jpg", "b/a/c.jpg"]],
  ["**.jpg", ["a.jpg", "a/b/c.jpg"], ["a.png"]],
  ["a**b.jpg", ["ab.jpg", "axb.jpg", "a/x/b.jpg", "ax/y/zb.jpg"], ["a/x/c.jpg"]],
  ["photos/**", ["photos/a", "photos/a/b"], ["photo/a"]],
  ["*.jpg", ["a.jpg", "deep/down/a.jpg"], ["a.jpg/b"]],
  ["a?.jpg", ["ab.jpg", "x/ab.jpg"], ["a.jpg", "abc.jpg"]],
  ["img[0-9].jpg", ["img7.jpg"], ["imgx.jpg"]],
  ["*.{jpg,png}", ["a.jpg", "a.png"], ["a.gif"]],
  ["!a.jpg", ["!a.jpg"], ["b.jpg"]],
])("%s", (glob, yes, no) => {
  const matches = matcher(glob);
  expect(yes.filter((name) => !matches(name))).toEqual([]);
  expect(no.filter(matches)).toEqual([]);
});

test("what is a glob, and what stands before its first wildcard", () => {
  expect(["a.jpg", "a b/c#.jpg", "a]b", "50%.jpg"].filter(isGlob)).toEqual([]);
  expect(["*.jpg", "a?", "a[1].jpg", "{a,b}"].filter((text) => !isGlob(text))).toEqual([]);
  expect([literalPrefix("photos/2024/*.jpg"), literalPrefix("**"), literalPrefix("a.jpg")]).toEqual(["photos/2024/", "", "a.jpg"]);
});
