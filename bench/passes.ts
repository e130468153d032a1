/**
 * Child of `memory.ts`: reads files from memory, over and over, and prints as JSON what that took. `ENGINE` is `exifr` with all its blocks,
 * or the path of a module with `readMetadataSync`. Files come in groups, which are timed apart.
 *
 *   node bench/passes.ts ENGINE PASSES LAST OPTIONS < LISTS-OF-PATHS
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

/** What one group of files took: milliseconds of a pass. */
export interface GroupPasses {
  readonly first: number;
  /** The mean of the LAST passes. */
  readonly last: number;
  /** Tags of each file; null if it cannot be read. */
  readonly tags: readonly (number | null)[];
}

const ALL_BLOCKS = {
  tiff: true,
  ifd0: true,
  ifd1: true,
  exif: true,
  gps: true,
  interop: true,
  makerNote: true,
  userComment: true,
  xmp: true,
  icc: true,
  iptc: true,
  jfif: true,
  ihdr: true,
  multiSegment: true,
  mergeOutput: false,
  sanitize: true,
  translateKeys: true,
  translateValues: true,
  reviveValues: true,
};

type Groups = Readonly<Record<string, unknown>>;

/** Gives groups of tags; undefined or an exception if it cannot read the bytes. */
type Read = (bytes: Uint8Array) => Groups | undefined | Promise<Groups | undefined>;

async function readerOf(engine: string, options: object): Promise<Read> {
  if (engine !== "exifr") {
    const { readMetadataSync } = (await import(engine)) as typeof import("../src/index.ts");
    return (bytes) => readMetadataSync(bytes, options).tags;
  }
  // The full build; exifr's types name no default export under nodenext.
  const exifr = (await import("exifr")).default as unknown as { parse(bytes: Uint8Array, options: object): Promise<Groups | undefined> };
  return (bytes) => exifr.parse(bytes, ALL_BLOCKS);
}

function countTags(groups: Groups): number {
  let count = 0;
  for (const [name, group] of Object.entries(groups)) {
    if (name === "errors") continue;
    const isGroup = typeof group === "object" && group !== null && !ArrayBuffer.isView(group);
    count += isGroup ? Object.keys(group).length : 1;
  }
  return count;
}

async function tagsOf(read: Read, bytes: Uint8Array): Promise<number | null> {
  try {
    const groups = await read(bytes);
    return groups === undefined ? null : countTags(groups);
  } catch {
    return null;
  }
}

/**
 * Milliseconds of CPU time of the main thread, where all the reading is done: wall time has what other processes take. It advances in steps of
 * some milliseconds, so that only passes can be timed, not files.
 */
function now(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function pass(read: Read, files: readonly Uint8Array[]): Promise<void> {
  for (const bytes of files) {
    try {
      // Only exifr gives a promise.
      const result = read(bytes);
      if (result instanceof Promise) await result;
    } catch {
      // It takes its time too.
    }
  }
}

if (import.meta.main) {
  const [engine = "", passes = "1", kept = "1", options = "{}"] = process.argv.slice(2);
  const lists = JSON.parse(await text(process.stdin)) as readonly (readonly string[])[];
  const groups = lists.map((paths) => paths.map((path) => readFileSync(path)));
  const read = await readerOf(engine, JSON.parse(options));
  const firstCounted = Number(passes) - Number(kept);
  const times = groups.map(() => ({ first: 0, last: 0 }));
  for (let done = 0; done < Number(passes); done++) {
    for (const [i, files] of groups.entries()) {
      const started = now();
      await pass(read, files);
      const taken = now() - started;
      const time = times[i];
      if (time === undefined) continue;
      if (done === 0) time.first = taken;
      if (done >= firstCounted) time.last += taken / Number(kept);
    }
  }
  const results: GroupPasses[] = [];
  for (const [i, files] of groups.entries()) {
    const tags: (number | null)[] = [];
    for (const bytes of files) tags.push(await tagsOf(read, bytes));
    results.push({ first: 0, last: 0, ...times[i], tags });
  }
  process.stdout.write(JSON.stringify(results));
}
