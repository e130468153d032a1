import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNames } from "../../src/record/name-order.ts";
import { emulatorOver } from "./running.ts";

interface Listing {
  readonly items?: readonly { readonly name: string }[];
  readonly prefixes?: readonly string[];
  readonly nextPageToken?: string;
}

async function list(url: string, query: Record<string, string> = {}): Promise<Listing> {
  const response = await fetch(`${url}/storage/v1/b/photos/o?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Listing;
}

const names = ({ items = [] }: Listing): string[] => items.map(({ name }) => name);

const tree = Object.fromEntries(["a/b", "a/c", "d", "e", "e/f", "e/g/h"].map((name) => [`photos/${name === "e" ? "e.txt" : name}`, name]));

test("a delimiter makes folders of names", async () => {
  const { url } = await emulatorOver(tree);
  expect(await list(url, { delimiter: "/", fields: "items(name),prefixes" })).toEqual({
    prefixes: ["a/", "e/"],
    items: [{ name: "d" }, { name: "e.txt" }],
  });
  expect(await list(url, { delimiter: "/", prefix: "e/", fields: "items/name,prefixes" })).toEqual({
    prefixes: ["e/g/"],
    items: [{ name: "e/f" }],
  });
  expect(names(await list(url, { prefix: "e/" }))).toEqual(["e/f", "e/g/h"]);
  expect(names(await list(url, { startOffset: "a/c", endOffset: "e/" }))).toEqual(["a/c", "d", "e.txt"]);
  expect(await list(url, { prefix: "none" })).toEqual({ kind: "storage#objects" });
});

test("a folder's own object is an item besides if trailing delimiters are included", async () => {
  const { url } = await emulatorOver({ "photos/a/b": "b" });
  await fetch(`${url}/upload/storage/v1/b/photos/o?uploadType=media&name=a/`, { method: "POST", body: "" });
  const plain = await list(url, { delimiter: "/", fields: "items/name,prefixes" });
  expect(plain).toEqual({ prefixes: ["a/"] });
  const trailing = await list(url, { delimiter: "/", includeTrailingDelimiter: "true", fields: "items/name,prefixes" });
  expect(trailing).toEqual({ prefixes: ["a/"], items: [{ name: "a/" }] });
});

test("pages of any size hold everything once, in order", async () => {
  const { url } = await emulatorOver(tree);
  for (const delimiter of ["", "/"]) {
    const whole = await list(url, { delimiter });
    for (let maxResults = 1; maxResults <= 7; maxResults++) {
      const found: string[] = [];
      const folders: string[] = [];
      for (let token: string | undefined = ""; token !== undefined; ) {
        const page: Listing = await list(url, { delimiter, maxResults: String(maxResults), pageToken: token });
        expect((page.items?.length ?? 0) + (page.prefixes?.length ?? 0)).toBeLessThanOrEqual(maxResults);
        found.push(...names(page));
        folders.push(...(page.prefixes ?? []));
        token = page.nextPageToken;
      }
      expect([found, folders]).toEqual([names(whole), whole.prefixes ?? []]);
    }
  }
});

test("a page holds a thousand names unless more are asked for", async () => {
  const { url } = await emulatorOver(Object.fromEntries(Array.from({ length: 1201 }, (_, at) => [`photos/${at}`, ""])));
  expect(names(await list(url, { fields: "items/name" })).length).toBe(1000);
  expect(names(await list(url, { fields: "items/name", maxResults: "5000" })).length).toBe(1201);
});

test("names are ordered by their UTF-8 bytes", async () => {
  const unordered = ["😀", "\uff5e", "z", "é", "a/b", "a.b", "ab"];
  const { url } = await emulatorOver(Object.fromEntries(unordered.map((name) => [`photos/${name}`, ""])));
  expect(names(await list(url))).toEqual(["a.b", "a/b", "ab", "z", "é", "\uff5e", "😀"]);
  const bytewise = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => Math.sign(compareNames(a, b)) === bytewise(a, b)),
  );
});

test.for<[string, string[]]>([
  ["*", ["a.jpg", "b.png"]],
  ["**", ["a.jpg", "b.png", "x/a.jpg", "x/y/c.jpg"]],
  ["**.jpg", ["a.jpg", "x/a.jpg", "x/y/c.jpg"]],
  ["**/a.jpg", ["a.jpg", "x/a.jpg"]],
  ["x/**/c.jpg", ["x/y/c.jpg"]],
  ["?.jpg", ["a.jpg"]],
  ["{*.png,x/*.jpg}", ["b.png", "x/a.jpg"]],
  ["[!a].*", ["b.png"]],
  ["[a-b].???", ["a.jpg", "b.png"]],
  ["a\\.jpg", ["a.jpg"]],
])("the glob %s matches %j", async ([glob, matched]) => {
  const { url } = await emulatorOver({ "photos/a.jpg": "", "photos/b.png": "", "photos/x/a.jpg": "", "photos/x/y/c.jpg": "" });
  expect(names(await list(url, { matchGlob: glob }))).toEqual(matched);
});

test("selectors cut a list down, and wrong ones are refused", async () => {
  const { url } = await emulatorOver({ "photos/a.jpg": "a" });
  await fetch(`${url}/storage/v1/b/photos/o/a.jpg`, { method: "PATCH", body: '{"metadata":{"x":"1","y":"2"}}' });
  expect(await list(url, { fields: "items(name,metadata(x)),nextPageToken" })).toEqual({
    items: [{ name: "a.jpg", metadata: { x: "1" } }],
  });
  expect(await list(url, { fields: "items/metadata/y,kind" })).toEqual({ kind: "storage#objects", items: [{ metadata: { y: "2" } }] });
  for (const query of ["fields=items(name", "fields=,", "maxResults=0", "pageToken=x", "matchGlob=a&delimiter=-"]) {
    expect((await fetch(`${url}/storage/v1/b/photos/o?${query}`)).status, query).toBe(400);
  }
});

test.for(["[a", "{a,b", "[z-a]", "a".repeat(4097)])("refuses the glob %s", async (matchGlob) => {
  const { url } = await emulatorOver({ "photos/a.jpg": "a" });
  expect((await fetch(`${url}/storage/v1/b/photos/o?${new URLSearchParams({ matchGlob })}`)).status).toBe(400);
});

test("files that come and go are seen at once", async () => {
  const { url, folder } = await emulatorOver({ "photos/a.jpg": "" });
  expect(names(await list(url))).toEqual(["a.jpg"]);
  mkdirSync(join(folder, "photos/new"));
  writeFileSync(join(folder, "photos/new/b.jpg"), "");
  expect(names(await list(url))).toEqual(["a.jpg", "new/b.jpg"]);
});
