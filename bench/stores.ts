/**
 * Rows a second of a catalogue's `put`, beside the driver's own bulk upsert of the same rows, made ready before, into the same
 * table: first all new, then all again in a newer generation. Records are those of the sample images and, where IMAGEMETA_CORPUS
 * names a folder of real images, of those, as varied as they are. A new catalogue is one line in PEERS.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readMetadataSync } from "../src/metadata/read.ts";
import { ImagemetaError } from "../src/record/errors.ts";
import type { ImageMetadata, ImageRecord } from "../src/record/types.ts";
import type { Catalogue } from "../src/stores/contract.ts";
import { openSqlite } from "../src/stores/sqlite/catalogue.ts";
import { putParameters } from "../src/stores/sqlite/rows.ts";
import { firestore } from "./firestore-rows.ts";
import { type Measure, median } from "./measure.ts";
import { postgres } from "./postgres-rows.ts";
import { imagesBelow, recordOf, SAMPLES } from "./sample-records.ts";
import type { Batches, Place } from "./store-place.ts";

const RECORDS = 20_000;
const BATCH = 250;

interface Peer {
  readonly name: string;
  readonly atLeast: number;
  /** An empty catalogue. */
  open(): Promise<Place>;
  /** Fewer than RECORDS, where these would take long. */
  readonly records?: number;
}

const PEERS: readonly Peer[] = [
  { name: "SQLite", atLeast: 0.6, open: sqlite },
  { name: "PostgreSQL", atLeast: 0.6, open: postgres },
  { name: "Firestore", atLeast: 0.8, open: firestore, records: 2_000 },
];

export async function measureStores(rounds = 5): Promise<readonly Measure[]> {
  const measures = await measureImages("sample images", SAMPLES, rounds);
  const corpus = process.env.IMAGEMETA_CORPUS;
  return corpus === undefined ? measures : [...measures, ...(await measureImages("varied images", `${corpus}/images`, rounds))];
}

async function measureImages(images: string, folder: string, rounds: number): Promise<readonly Measure[]> {
  const contents = contentsOf(folder);
  const generations = ["1", "2"].map((generation) => batchesOf(contents, generation));
  const measures: Measure[] = [];
  for (const { name, atLeast, open, records = RECORDS } of PEERS) {
    const rows = generations.map((batches) => batches.slice(0, records / BATCH));
    const ratios: number[] = [];
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const bulk = await timed(open, rows, (place, batches) => place.bulk(batches));
      const put = await timed(
        open,
        rows,
        ({ catalogue }, batches) =>
          () =>
            putAll(catalogue, batches),
      );
      if (round > 0) ratios.push(bulk / put);
    }
    const ratio = median(ratios);
    const what = `rows a second of put into ${name}, of ${images}, beside the driver's own bulk upsert`;
    measures.push({ what, ratio, limit: `at least ${atLeast}`, holds: ratio >= atLeast });
  }
  return measures;
}

async function timed(
  open: () => Promise<Place>,
  generations: readonly Batches[],
  ready: (place: Place, batches: Batches) => () => Promise<void>,
): Promise<number> {
  const place = await open();
  try {
    let milliseconds = 0;
    for (const batches of generations) {
      const write = ready(place, batches);
      const start = performance.now();
      await write();
      milliseconds += performance.now() - start;
    }
    return milliseconds;
  } finally {
    await place.close();
  }
}

async function putAll(catalogue: Catalogue, batches: Batches): Promise<void> {
  for (const batch of batches) {
    const outcomes = await catalogue.put(batch);
    const other = outcomes.find(({ result }) => result !== "written");
    if (other !== undefined) throw new Error(`${other.uri}: ${other.result}`);
  }
}

/** What the images of a folder hold, as the engine gives it. Those that cannot be read are left out. */
function contentsOf(folder: string): readonly ImageMetadata[] {
  return imagesBelow(folder).flatMap((path) => {
    const bytes = readFileSync(path);
    try {
      return [readMetadataSync(bytes, { numeric: true })];
    } catch (thrown) {
      if (thrown instanceof ImagemetaError) return [];
      throw thrown;
    }
  });
}

function batchesOf(contents: readonly ImageMetadata[], generation: string): Batches {
  const records = Array.from({ length: RECORDS }, (_, i): ImageRecord => {
    const content = contents[i % contents.length];
    if (content === undefined) throw new Error("there are no images");
    return recordOf(content, i, generation);
  });
  return Array.from({ length: RECORDS / BATCH }, (_, i) => records.slice(i * BATCH, (i + 1) * BATCH));
}

async function sqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  const path = join(folder, "catalog.db");
  const catalogue = await openSqlite(path);
  const driver = new DatabaseSync(path);
  // As durable, and as much at its ease, as the catalogue.
  driver.exec("pragma synchronous = full; pragma cache_size = -16384; pragma wal_autocheckpoint = 4096");
  const columns = "uri generation metageneration object rank engine format error_code taken_at make model latitude longitude content".split(
    " ",
  );
  const upsert = driver.prepare(
    `insert into images (${columns}) values (${columns.map(() => "?")})
     on conflict (uri) do update set ${columns.map((column) => `${column} = excluded.${column}`)}`,
  );
  return {
    catalogue,
    bulk(batches) {
      const rows = batches.map((batch) => batch.map(putParameters));
      return async () => {
        for (const batch of rows) {
          driver.exec("begin immediate");
          for (const row of batch) upsert.run(...row);
          driver.exec("commit");
        }
      };
    },
    async close() {
      driver.close();
      await catalogue.close();
      rmSync(folder, { recursive: true });
    },
  };
}
