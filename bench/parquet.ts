/**
 * Peak memory of writing a Parquet file of 1,000,000 records beside one of 100,000, each in a process of its own. Records are those
 * of the sample images, with about 4 KB of JSON. `node bench/parquet.ts` prints one run; `node bench/parquet.ts FILE COUNT` is such a process.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMetadataSync } from "../src/metadata/read.ts";
import type { ReadRecord } from "../src/record/types.ts";
import { writeRecordFile } from "../src/stores/formats/record-file.ts";
import type { Measure } from "./measure.ts";
import { usageOf } from "./usage.ts";

const root = new URL("..", import.meta.url).pathname;
/** Characters of a record's JSON, at least on average. */
const RECORD = 4000;

export async function measureParquet(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  const peakOf = async (count: number) => (await usageOf(import.meta.filename, [`${folder}/${count}.parquet`, String(count)], {})).peak;
  try {
    const small = await peakOf(100_000);
    const large = await peakOf(1_000_000);
    return [
      {
        what: `peak memory of a Parquet file of 1,000,000 records, beside 100,000 (${small.toFixed(0)} MiB)`,
        ratio: large / small,
        limit: "at most 1.25",
        holds: large / small <= 1.25,
      },
      { what: "the same, in MiB", ratio: large, limit: "under 300", holds: large < 300 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

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

if (process.argv[1] === import.meta.filename) {
  const [path, count] = process.argv.slice(2);
  if (path !== undefined) await writeRecordFile(path, recordsOf(Number(count)));
  else for (const { ratio, limit, what } of await measureParquet()) process.stdout.write(`${ratio.toFixed(3)}  ${limit}  ${what}\n`);
}
