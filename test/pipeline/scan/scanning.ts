/** Scans of an emulator's bucket into a SQLite catalogue, for tests. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalReaders } from "../../../src/pipeline/reading/local-readers.ts";
import type { ReaderOptions, Readers } from "../../../src/pipeline/reading/readers.ts";
import type { ScanPlace } from "../../../src/pipeline/scan/decided.ts";
import { goneSince } from "../../../src/pipeline/scan/prune.ts";
import { type ScanOptions, scan } from "../../../src/pipeline/scan/scan.ts";
import { newTotals, type ScanTotals } from "../../../src/pipeline/scan/totals.ts";
import { LiveVersions } from "../../../src/pipeline/worker/live-versions.ts";
import type { ErrorCode, ImageRecord } from "../../../src/record/types.ts";
import { gcs } from "../../../src/storage/gcs/storage.ts";
import { type RequestGate, resolveOptions, type StorageOptions } from "../../../src/storage/options.ts";
import { looksLikeImage } from "../../../src/storage/selection.ts";
import type { Catalogue, Store } from "../../../src/stores/contract.ts";
import { openSqlite } from "../../../src/stores/sqlite/catalogue.ts";
import { openBucket, type TestBucket } from "../../storage/bucket.ts";

const samples = new URL("../../../samples/sample-bucket/2024/", import.meta.url).pathname;

const images: readonly Buffer[] = readdirSync(samples)
  .filter((name) => /\.(jpe?g|png|webp|gif)$/i.test(name))
  .map((name) => readFileSync(samples + name));

/** One of a few real images of some kilobytes, another for the next number. */
export const image = (i: number): Buffer => images[i % images.length] ?? Buffer.alloc(0);

interface Scanned {
  readonly totals: ScanTotals;
  readonly failures: readonly (readonly [uri: string, code: ErrorCode])[];
}

export interface ScanBench {
  readonly bucket: TestBucket;
  readonly folder: string;
  /** Puts so many images, `img-0000.jpg` and so on. */
  fill(count: number): Promise<void>;
  open(name?: string): Promise<Catalogue>;
  place(options?: Partial<ScanPlace> & StorageOptions): ScanPlace;
  /** Scans with readers of its own, where none are given. */
  scan(store: Store, options?: Partial<Omit<ScanOptions, "prune">> & { readonly prune?: boolean }): Promise<Scanned>;
  close(): Promise<void>;
}

/** Quick to repeat, quick to give up. */
const quick = { backoff: 5, stall: 300 };

export async function openScanBench(): Promise<ScanBench> {
  const bucket = await openBucket();
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-scan-"));
  const opened: { close(): Promise<void> }[] = [];
  const emulatorHost = bucket.emulator.url;
  const place: ScanBench["place"] = (options = {}) => {
    let requests = 0;
    const gate: RequestGate = { enter: () => void requests++, leave: () => {} };
    const storage = gcs(resolveOptions({ ...quick, ...options, emulatorHost, gate }));
    opened.push(storage);
    return {
      list: (signal) => storage.list({ root: "gs://photos" }, signal),
      uriPrefix: "gs://photos/",
      wants: ({ info = {} }) => looksLikeImage(info),
      get requests() {
        return requests;
      },
      ...options,
    };
  };
  return {
    bucket,
    folder,
    place,
    async fill(count) {
      for (let i = 0; i < count; i++) {
        await bucket.put(`img-${String(i).padStart(4, "0")}.jpg`, image(i));
      }
    },
    async open(name = "catalog.db") {
      const store = await openSqlite(join(folder, name), { values: "numeric" });
      opened.push(store);
      return store;
    },
    async scan(store, { prune = false, ...options } = {}) {
      const totals = newTotals();
      const failures: [string, ErrorCode][] = [];
      const readers: Readers = options.readers ?? localReaders(emulatorHost);
      const storage = gcs(resolveOptions({ ...quick, emulatorHost }));
      opened.push(storage);
      const signal = options.signal ?? new AbortController().signal;
      try {
        await scan({
          place: place(),
          reread: {},
          patience: 10_000,
          pause: 5,
          listener: { allListed() {}, waiting() {}, failed: (uri, code) => failures.push([uri, code]) },
          findLive: async (uri) => storage.findLive?.(uri, signal),
          ...(prune ? { prune: goneSince(Date.now(), storage, signal) } : {}),
          ...options,
          signal,
          store,
          readers,
          totals,
        });
      } finally {
        await readers.close();
      }
      return { totals, failures };
    },
    async close() {
      for (const each of opened) await each.close();
      await bucket.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Readers in this process, which also ask the bucket for live versions as a worker does. */
export class BucketReaders extends LocalReaders {
  readonly #live: LiveVersions;

  constructor(options: ReaderOptions) {
    super(options);
    this.#live = new LiveVersions(options.storage, options.concurrency);
  }

  findLive(uri: string) {
    return this.#live.find(uri);
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#live.close()]);
  }
}

export function localReaders(emulatorHost: string, concurrency = 8): BucketReaders {
  return new BucketReaders({ concurrency, share: 1, printed: false, thorough: false, storage: { ...quick, emulatorHost } });
}

/** All that a store holds, by address, without what reading took. */
export async function contentOf(store: Catalogue): Promise<Map<string, Omit<ImageRecord, "read">>> {
  const content = new Map<string, Omit<ImageRecord, "read">>();
  for await (const { read, ...record } of store.iterate()) {
    if (content.has(record.uri)) throw new Error(`${record.uri} stands twice`);
    content.set(record.uri, record);
  }
  return content;
}
