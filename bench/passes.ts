/**
 * Child of `memory.ts`: reads files from memory, over and over, and prints as JSON what each file took. `ENGINE` is `exifr` with all its blocks,
 * or the path of a module with `readMetadataSync`.
 *
 *   node bench/passes.ts ENGINE PASSES LAST OPTIONS < LIST-OF-PATHS
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { median } from "./measure.ts";

/** One file. Times are in microseconds. */
export interface FilePasses {
  readonly first: number;
  /** The median of the LAST passes. */
  readonly last: number;
  /** Tags of the result; undefined if the file cannot be read. */
  readonly tags?: number;
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

async function tagsOf(read: Read, bytes: Uint8Array): Promise<number | undefined> {
  try {
    const groups = await read(bytes);
    return groups === undefined ? undefined : countTags(groups);
  } catch {
    return undefined;
  }
}

/** Microseconds of each file. */
async function pass(read: Read, files: readonly Uint8Array[]): Promise<number[]> {
  const times: number[] = [];
  for (const bytes of files) {
    const started = performance.now();
    try {
      // Only exifr gives a promise.
      const result = read(bytes);
      if (result instanceof Promise) await result;
    } catch {
      // It takes its time too.
    }
    times.push((performance.now() - started) * 1000);
  }
  return times;
}

if (import.meta.main) {
  const [engine = "", passes = "1", kept = "1", options = "{}"] = process.argv.slice(2);
  const paths = JSON.parse(await text(process.stdin)) as readonly string[];
  const files = paths.map((path) => readFileSync(path));
  const read = await readerOf(engine, JSON.parse(options));
  const first = await pass(read, files);
  const all = [first];
  while (all.length < Number(passes)) all.push(await pass(read, files));
  const last = all.slice(-Number(kept));
  const results: FilePasses[] = [];
  for (const [i, bytes] of files.entries()) {
    const tags = await tagsOf(read, bytes);
    const times = { first: first[i] ?? 0, last: median(last.map((one) => one[i] ?? 0)) };
    results.push(tags === undefined ? times : { ...times, tags });
  }
  process.stdout.write(JSON.stringify(results));
}
