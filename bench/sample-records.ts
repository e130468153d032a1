/** What benchmarks put into stores: records of an invented bucket, with the content of real images. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ImageMetadata, ReadRecord } from "../src/record/types.ts";

export const SAMPLES = new URL("../samples/sample-bucket", import.meta.url).pathname;

/** The paths of all images below a folder. */
export const imagesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|gif|webp|tiff?|heic|avif)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** The record of the object of that number, as a scan puts it. */
export function recordOf(content: ImageMetadata, i: number, generation: string): ReadRecord {
  const name = `photos/${i % 97}/${String(i).padStart(9, "0")}.jpg`;
  const object = {
    bucket: "bench",
    name,
    generation,
    metageneration: "1",
    size: 1_000_000 + i,
    contentType: "image/jpeg",
    etag: `e${i}`,
  };
  return { ...content, uri: `gs://bench/${name}`, object, read: { requests: 1, bytes: 65_536 } };
}
