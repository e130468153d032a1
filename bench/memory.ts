/** Time to read from memory, all blocks, beside `exifr` with all its blocks on: the same files, in turn, in one process. */
import { readdirSync, readFileSync } from "node:fs";
import { readMetadataSync } from "../src/index.ts";
import { type Measure, median } from "./measure.ts";

// The full build; exifr's types name no default export under nodenext.
const exifr = (await import("exifr")).default as unknown as { parse(bytes: Uint8Array, options: object): Promise<unknown> };

const ALL = {
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

/** Passes over all files by one, then by the other. */
const PASSES = 3;
/** Rounds that are not counted: both are compiled by then. */
const WARM_UP = 5;

/** @param folder images; those that exifr reads are compared */
export async function measureMemory(folder: string, rounds = 9): Promise<Measure> {
  const files: Uint8Array[] = [];
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(`${folder}/${name}`);
    try {
      if ((await exifr.parse(bytes, ALL)) !== undefined) {
        readMetadataSync(bytes);
        files.push(bytes);
      }
    } catch {
      // One of the two does not read it.
    }
  }
  const ours = () => {
    for (let pass = 0; pass < PASSES; pass++) for (const bytes of files) readMetadataSync(bytes);
  };
  const theirs = async () => {
    for (let pass = 0; pass < PASSES; pass++) for (const bytes of files) await exifr.parse(bytes, ALL);
  };
  const ratios: number[] = [];
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const a = performance.now();
    ours();
    const b = performance.now();
    await theirs();
    if (round >= WARM_UP) ratios.push((b - a) / (performance.now() - b));
  }
  return {
    what: `time to read ${files.length} files from memory, beside exifr`,
    ratio: median(ratios),
    limit: "at most 1",
    holds: median(ratios) <= 1,
  };
}
