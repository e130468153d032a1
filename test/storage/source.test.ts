import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bucketLocation, objectSource, sourceOf } from "../../src/storage/source.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-source-"));
  mkdirSync(join(folder, "sub dir"));
  writeFileSync(join(folder, "a#1.jpg"), "");
  writeFileSync(join(folder, "b[1].jpg"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("addresses of buckets", async () => {
  expect(await sourceOf("gs://my-bucket/photos/a.jpg")).toEqual({ object: { uri: "gs://my-bucket/photos/a.jpg" } });
  expect(await sourceOf("gs://my-bucket")).toEqual({ where: { root: "gs://my-bucket", prefix: "" } });
  expect(await sourceOf("gs://my-bucket/photos/")).toEqual({ where: { root: "gs://my-bucket", prefix: "photos/" } });
  expect(await sourceOf("gs://my-bucket/photos/**/*.jpg")).toEqual({
    where: { root: "gs://my-bucket", prefix: "photos/", include: ["/photos/**/*.jpg"] },
  });
  await expect(sourceOf("gs://my-*/a.jpg")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(sourceOf("gs://")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("one object after --file, wildcards meaning themselves", () => {
  expect(objectSource("/my-bucket/photos/a[1]*.jpg")).toEqual({ object: { uri: "gs://my-bucket/photos/a[1]*.jpg" } });
  expect(objectSource("gs://my-bucket/a//b.jpg")).toEqual({ object: { uri: "gs://my-bucket/a//b.jpg" } });
  expect(() => objectSource("my-bucket")).toThrow("names no object");
});

test("buckets by name, with or without what stands around it", () => {
  for (const name of ["my-bucket", "gs://my-bucket", "gs://my-bucket/"]) expect(bucketLocation(name).root).toBe("gs://my-bucket");
  expect(() => bucketLocation("my bucket")).toThrow("no name of a bucket");
});

test("paths: files, folders, globs, names that only look like one", async () => {
  const uri = (name: string) => pathToFileURL(join(folder, name)).href;
  expect(await sourceOf(join(folder, "a#1.jpg"))).toEqual({ object: { uri: uri("a#1.jpg") } });
  expect(await sourceOf(join(folder, "b[1].jpg"))).toEqual({ object: { uri: uri("b[1].jpg") } });
  expect(await sourceOf(join(folder, "sub dir"))).toEqual({ where: { root: `${uri("sub dir")}/` } });
  expect(await sourceOf(`${uri("sub dir")}/`)).toEqual({ where: { root: `${uri("sub dir")}/` } });
  expect(await sourceOf(join(folder, "**/*.jpg"))).toEqual({ where: { root: `${pathToFileURL(folder).href}/`, include: ["/**/*.jpg"] } });
  expect(await sourceOf(join(folder, "absent.jpg"))).toEqual({ object: { uri: uri("absent.jpg") } });
});

test("the web, and standard input", async () => {
  expect(await sourceOf("https://example.org/a.jpg?x=*")).toEqual({ object: { uri: "https://example.org/a.jpg?x=*" } });
  expect(await sourceOf("-")).toEqual({ object: { uri: "-" } });
});
