/** `node bench/parquet-file.ts FILE COUNT`: so many records into a Parquet file. They are those of the sample images, with about 4 KB of JSON. */
import { readFileSync } from "node:fs";
import { keepHeapLean } from "../src/cli/lean-heap.ts";
import { readMetadataSync } from "../src/metadata/read.ts";
import type { ImageMetadata, ReadRecord } from "../src/record/types.ts";
import { writeRecordFile } from "../src/stores/formats/record-file.ts";
import { imagesBelow, recordOf, SAMPLES } from "./sample-records.ts";

/** Characters of a record's JSON, at least on average. */
const RECORD = 4000;

/** Records as a scan puts them: parsed anew, each with an address, a generation and a tag of its own. */
function* recordsOf(count: number): Generator<ReadRecord> {
  const texts = imagesBelow(SAMPLES).map((path) => JSON.stringify(readMetadataSync(readFileSync(path), { numeric: true })));
  const filler = "x".repeat(Math.max(0, RECORD - texts.reduce((sum, { length }) => sum + length, 0) / texts.length));
  for (let i = 0; i < count; i++) {
    const content = JSON.parse(texts[i % texts.length] ?? "") as ImageMetadata;
    const tags = { ...content.tags, Bench: { Id: `${i * 7919}${filler}` } };
    yield recordOf({ ...content, tags }, i, String(1_700_000_000_000_000 + i * 7919));
  }
}

const [path = "", count = "0"] = process.argv.slice(2);
// As the commands that write files do.
keepHeapLean();
await writeRecordFile(path, recordsOf(Number(count)));
