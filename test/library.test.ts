import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createReader, ImagemetaError, readImage, readMetadata, readMetadataSync, version } from "../src/index.ts";
import { jfifSegment, jpegFile } from "./builders/jpeg.ts";
import { expectMetadata, expectRecord } from "./schema.ts";
import { openBucket, type TestBucket } from "./storage/bucket.ts";

const photo = jpegFile([jfifSegment(300)], 5000);
let folder: string;
let bucket: TestBucket;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-library-"));
  writeFileSync(join(folder, "a b#.jpg"), photo);
  writeFileSync(join(folder, "notes.txt"), "no image");
  bucket = await openBucket();
  await bucket.put("a[1]*?.jpg", photo);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await bucket.close();
});

test("bytes from anywhere give the same metadata", async () => {
  const expected = readMetadataSync(photo);
  expectMetadata(expected);
  expect(expected).toMatchObject({ engine: version, values: "printed", format: "JPEG", tags: { JFIF: { XResolution: 300 } } });
  const plain = new Uint8Array(photo);
  for (const source of [
    photo,
    plain,
    plain.buffer,
    new DataView(plain.buffer),
    new Blob([plain]),
    Readable.from([photo]),
    new Blob([plain]).stream(),
  ]) {
    expect(await readMetadata(source)).toEqual(expected);
  }
});

test("a stream is read up to the limit, and no longer than the signal allows", async () => {
  await expect(readMetadata(Readable.from([photo]), { limits: { wholeBytes: 1000 } })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  const stop = new AbortController();
  const reading = readMetadata(new Readable({ read() {} }), { signal: stop.signal });
  stop.abort("enough");
  await expect(reading).rejects.toBe("enough");
});

test("one image by path, file URL and bucket address; its name is taken as it is", async () => {
  const byPath = await readImage(join(folder, "a b#.jpg"));
  expectRecord(byPath);
  expect(byPath).toMatchObject({ format: "JPEG", object: { name: "a b#.jpg", size: photo.length }, read: { requests: 0 } });
  expect(await readImage(pathToFileURL(join(folder, "a b#.jpg")))).toEqual(byPath);
  const inBucket = await readImage("gs://photos/a[1]*?.jpg", { emulatorHost: bucket.emulator.url, numeric: true });
  expect(inBucket).toMatchObject({ uri: "gs://photos/a[1]*?.jpg", values: "numeric", format: "JPEG", read: { requests: 1 } });
});

test("many images of a place, only images unless all are asked for", async () => {
  const reader = createReader();
  const uris = async (all: boolean) => {
    const found: string[] = [];
    for await (const record of reader.readImages(folder, { all }))
      found.push(`${record.uri.split("/").at(-1)} ${record.error === undefined ? record.format : record.error.code}`);
    return found;
  };
  expect(await uris(false)).toEqual(["a%20b%23.jpg JPEG"]);
  expect(await uris(true)).toEqual(["a%20b%23.jpg JPEG", "notes.txt NOT_AN_IMAGE"]);
  await reader.close();
});

test("what is wrong with an image is in its record; what is wrong with the call is thrown", async () => {
  expect((await readImage(join(folder, "absent.jpg"))).error?.code).toBe("NOT_FOUND");
  await expect(readImage(folder)).rejects.toBeInstanceOf(ImagemetaError);
  await expect(readImage("ftp://example.org/a.jpg")).rejects.toThrow("no address of a storage");
});
