/** `node bench/parquet-file.ts FILE COUNT`: so many records into a Parquet file. They are those of the sample images, with about 4 KB of JSON. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keepHeapLean } from "../src/cli/lean-heap.ts";
import { readMetadataSync } from "../src/metadata/read.ts";
import type { ReadRecord } from "../src/record/types.ts";
import { writeRecordFile } from "../src/stores/formats/record-file.ts";

const root = new URL("..", import.meta.url).pathname;
/** Characters of a record's JSON, at least on average. */
const RECORD = 4000;

/** Records as a scan puts them: parsed anew, each with an address, a generation and a tag of its own. */
function* recordsOf(count: number): Generator<ReadRecord> {
  const texts = readdirSync(`${root}samples/sample-bucket`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|gif|webp|tiff?|heic|avif)$/i.test(entry.name))
    .map((entry) => JSON.stringify(readMetadataSync(readFileSync(join(entry.parentPath, entry.name)), { numeric: true })));
  const filler = "x".repeat(Math.max(0, RECORD - texts.reduce((sum, { length }) => sum + length, 0) / texts.length));
  for (let i = 0; i < count; i++) {
    const content = JSON.parse(texts[i % texts.length] ?? "") as ReadRecord;
    const name = `photos/${i % 97}/${String(i).padStart(9, "0")}.jpg`;
    const generation = String(1_700_000_000_000_000 + i * 7919);
    const object = {
      bucket: "bench",
      name,
      generation,
      metageneration: "1",
      size: 1_000_000 + i,
      contentType: "image/jpeg",
      etag: `e${i}`,
    };
    const tags = { ...content.tags, Bench: { Id: `${i * 7919}${filler}` } };
    yield { ...content, uri: `gs://bench/${name}`, object, tags, read: { requests: 1, bytes: 65_536 } };
  }
}

const [path = "", count = "0"] = process.argv.slice(2);
// As the commands that write files do.
keepHeapLean();
await writeRecordFile(path, recordsOf(Number(count)));
