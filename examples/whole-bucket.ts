/** Which cameras took the images of a bucket: `node examples/whole-bucket.ts gs://my-bucket/photos/`, or a folder. */
import { createReader } from "imagemeta";

const [place = ""] = process.argv.slice(2);
const reader = createReader({ numeric: true, concurrency: 64 });
const cameras = new Map<string, number>();
try {
  for await (const record of reader.readImages(place)) {
    if (record.error !== undefined) continue;
    const camera = record.summary.model ?? "unknown";
    cameras.set(camera, (cameras.get(camera) ?? 0) + 1);
  }
} finally {
  await reader.close();
}
for (const [camera, count] of [...cameras].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${count} ${camera}`);
