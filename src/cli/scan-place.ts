/** The place that a command line names, as a scan or a check goes through it. */
import { existsSync } from "node:fs";
import { Pace } from "../pipeline/reading/pace.ts";
import { RateRamp } from "../pipeline/reading/rate-ramp.ts";
import type { ScanPlace } from "../pipeline/scan/decided.ts";
import { environmentShard, isInShard, type Shard } from "../pipeline/scan/shard.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { Storage, StorageObject } from "../storage/contract.ts";
import { nameFilter } from "../storage/glob.ts";
import { looksLikeImage } from "../storage/selection.ts";
import { type Source, sourceOf } from "../storage/source.ts";
import { Storages } from "../storage/table.ts";
import { storageOptionsOf } from "./access.ts";
import { narrowed } from "./narrowed.ts";
import { UsageError } from "./outcome.ts";
import type { PlaceOptions } from "./scan-options.ts";

export interface OpenPlace extends ScanPlace {
  readonly shard: Shard | undefined;
  /** What narrows it to less than a prefix of a whole listing; undefined where nothing does. */
  readonly narrowedBy: string | undefined;
  /** Would the place have an object of this address, if it is there? */
  mayHave(uri: string): boolean;
  readonly storage: Storage;
  close(): Promise<void>;
}

/** Requests in flight to list. */
const LISTING = 16;

/** @throws UsageError */
export async function openPlace(word: string, options: PlaceOptions): Promise<OpenPlace> {
  const source = await parseSource(word);
  if (word === "-") throw new UsageError("standard input cannot be scanned: name a bucket or a folder");
  if ("object" in source && source.object.uri.startsWith("file:") && !existsSync(new URL(source.object.uri)))
    throw new UsageError(`there is no file or folder ${word}`);
  const { all = false, storageClass } = options;
  const shard = options.shard ?? environmentShard(process.env);
  const where = "where" in source ? narrowed(source.where, options) : undefined;
  const uri = "object" in source ? source.object.uri : source.where.root;
  const pace = new Pace(LISTING, new RateRamp({ share: 1 / (shard?.count ?? 1) }));
  const storages = new Storages({ ...storageOptionsOf(options), concurrency: LISTING, gate: pace });
  const storage = await storages.for(uri);
  const classes = storageClass?.map((name) => name.toUpperCase());
  const isOurs = (address: string) => shard === undefined || isInShard(shard, address);
  const isAny = all || where === undefined;
  return {
    storage,
    shard,
    narrowedBy: narrowing(source, options),
    uriPrefix: where === undefined || uri.startsWith("file:") ? uri : `${uri}/${where.prefix ?? ""}`,
    get requests() {
      return pace.requests;
    },
    list: (signal) => (where === undefined ? single(uri) : (storage.listParallel?.(where, signal) ?? storage.list(where, signal))),
    wants: (object) =>
      (isAny || looksLikeImage(object.info ?? {})) &&
      (classes === undefined || classes.includes(object.info?.storageClass ?? "STANDARD")) &&
      isOurs(object.uri),
    mayHave(address) {
      if (where === undefined) return address === uri;
      if (!isOurs(address) || classes !== undefined) return false;
      const { root } = where;
      const name = root.startsWith("file:") ? decodeURIComponent(address.slice(root.length)) : address.slice(root.length + 1);
      return nameFilter(where)(name);
    },
    close: () => storages.close(),
  };
}

async function parseSource(word: string): Promise<Source> {
  try {
    return await sourceOf(word);
  } catch (thrown) {
    throw thrown instanceof ImagemetaError ? new UsageError(thrown.message) : thrown;
  }
}

async function* single(uri: string): AsyncGenerator<readonly StorageObject[]> {
  yield [{ uri }];
}

function narrowing(source: Source, { include, exclude, storageClass }: PlaceOptions): string | undefined {
  if ("object" in source) return "a source that is one object";
  if (source.where.include !== undefined) return "a source with wildcards";
  if (include !== undefined) return "--include";
  if (exclude !== undefined) return "--exclude";
  return storageClass === undefined ? undefined : "--storage-class";
}
