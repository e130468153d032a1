/**
 * A scan of a bucket into SQLite whose images are read in this process or by a pool, with all else the same: the difference is what
 * the pool costs.
 *
 *   node bench/scan-readers.ts URL BUCKET IN_FLIGHT CATALOGUE here|pool
 */
import { keepHeapLean } from "../src/cli/lean-heap.ts";
import { LocalReaders } from "../src/pipeline/reading/local-readers.ts";
import { DEFAULT_PARSE_SECONDS } from "../src/pipeline/reading/parse-limits.ts";
import { ReaderPool } from "../src/pipeline/reading/reader-pool.ts";
import type { ReaderOptions } from "../src/pipeline/reading/readers.ts";
import { scan } from "../src/pipeline/scan/scan.ts";
import { newTotals } from "../src/pipeline/scan/totals.ts";
import { gcs } from "../src/storage/gcs/storage.ts";
import { resolveOptions } from "../src/storage/options.ts";
import { openSqlite } from "../src/stores/sqlite/catalogue.ts";

const [emulatorHost = "", bucket = "", inFlight = "", path = "", where = ""] = process.argv.slice(2);
keepHeapLean();
const reader: ReaderOptions = { concurrency: Number(inFlight), share: 1, printed: false, thorough: false, storage: { emulatorHost } };
const readers =
  where === "pool" ? new ReaderPool({ processes: 1, parseSeconds: DEFAULT_PARSE_SECONDS }).open(reader) : new LocalReaders(reader);
const store = await openSqlite(path);
const storage = gcs(resolveOptions({ emulatorHost }));
const root = `gs://${bucket}`;
await scan({
  place: { list: (signal) => storage.list({ root }, signal), uriPrefix: `${root}/`, wants: () => true, requests: 0 },
  store,
  readers,
  reread: {},
  patience: 0,
  signal: new AbortController().signal,
  listener: { allListed() {}, failed() {}, waiting() {} },
  totals: newTotals(),
});
await Promise.all([readers.close(), storage.close(), store.close()]);
