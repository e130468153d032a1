/**
 * Time to read images from memory, each engine in processes of its own, in turn: all core images beside `exifr` with all its blocks; JPEGs with
 * Exif alone and XMP packets beside the baseline; the summary alone beside the full record. Times are CPU time of the thread that reads.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMetadataSync } from "../src/index.ts";
import type { ImageMetadata } from "../src/record/types.ts";
import { app, jpegFile } from "../test/builders/jpeg.ts";
import { baseline } from "./baseline.ts";
import { type Measure, median } from "./measure.ts";
import type { GroupPasses } from "./passes.ts";

const root = new URL("..", import.meta.url).pathname;
const OURS = `${root}dist/index.js`;

/** JPEG, PNG, GIF, WebP, TIFF, DNG, HEIF, AVIF, BMP, ICO with their variants. */
const CORE = /^(JPEG|MPO|JPS|A?PNG|PNG Plus|GIF|(Extended )?WEBP.*|TIFF|BTF|DNG|HEI[CF]S?|AVIF|BMP|ICO|CUR)$/;

/** Groups of a JPEG that has no metadata but Exif. */
const EXIF_ALONE = /^(File|JFIF|IFD\d|SubIFD\d*|ExifIFD|GPS|InteropIFD)$/;

/** What `readMetadataSync` takes for `--only summary`. */
const SUMMARY_ALONE = { tags: [] };

/** How often a process reads its files, and how many of the last passes count. */
interface Passes {
  readonly all: number;
  readonly last: number;
}

/** The 20th pass alone. */
const TWENTIETH: Passes = { all: 20, last: 1 };
/** Few small files need more passes until they are compiled, and one pass over them is too short to be measured. */
const LONG_RUN: Passes = { all: 100, last: 20 };

const MAX_SEGMENT_BYTES = 65_000;

interface Image {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly record: ImageMetadata;
}

interface Engine {
  /** A module, or `exifr`. */
  readonly module: string;
  readonly options?: object;
}

/** The core images among `paths`. */
function coreImages(paths: readonly string[]): readonly Image[] {
  return paths.flatMap((path) => {
    const bytes = readFileSync(path);
    try {
      const record = readMetadataSync(bytes);
      return CORE.test(record.format) ? [{ path, bytes, record }] : [];
    } catch {
      return [];
    }
  });
}

type Groups = readonly (readonly string[])[];

function passesOf({ module, options = {} }: Engine, groups: Groups, passes: Passes): readonly GroupPasses[] {
  const args = [`${root}bench/passes.ts`, module, String(passes.all), String(passes.last), JSON.stringify(options)];
  const printed = execFileSync(process.execPath, args, { input: JSON.stringify(groups), maxBuffer: 1 << 28 });
  return JSON.parse(printed.toString());
}

interface Round {
  readonly ours: readonly GroupPasses[];
  readonly theirs: readonly GroupPasses[];
}

/** Both engines in turn, in fresh processes; every second round the other one first. */
function inTurn(ours: Engine, theirs: Engine, groups: Groups, passes: Passes, rounds: number): readonly Round[] {
  return Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 0) return { ours: passesOf(ours, groups, passes), theirs: passesOf(theirs, groups, passes) };
    const before = passesOf(theirs, groups, passes);
    return { ours: passesOf(ours, groups, passes), theirs: before };
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

type When = "first" | "last";

/** Our time over theirs: the median of the rounds. In brackets are the microseconds of an image, the medians too. */
function timeRow(what: string, rounds: readonly Round[], when: When, most: number, groups?: readonly number[]): Measure {
  const timeOf = (all: readonly GroupPasses[]) => {
    const counted = groups === undefined ? all : groups.flatMap((i) => all[i] ?? []);
    return (1000 * sum(counted.map((group) => group[when]))) / sum(counted.map(({ tags }) => tags.length));
  };
  const ours = rounds.map((round) => timeOf(round.ours));
  const theirs = rounds.map((round) => timeOf(round.theirs));
  const ratio = median(ours.map((time, i) => time / (theirs[i] ?? 0)));
  const times = `${median(ours).toFixed(0)} and ${median(theirs).toFixed(0)} µs an image`;
  return { what: `${what} (${times})`, ratio, limit: `at most ${most.toFixed(2)}`, holds: ratio <= most };
}

/** @param paths of images */
export function measureMemory(paths: readonly string[], rounds = 5): readonly Measure[] {
  const images = coreImages(paths);
  return [...besideExifr(images, rounds), ...besideBaseline(images, rounds), summaryAlone(images, rounds)];
}

const EXIFR: Engine = { module: "exifr" };
const SINGLE: Passes = { all: 1, last: 1 };

function besideExifr(images: readonly Image[], rounds: number): readonly Measure[] {
  const paths = images.map(({ path }) => path);
  const [known] = passesOf(EXIFR, [paths], SINGLE);
  const isRead = (_: string, i: number) => typeof known?.tags[i] === "number";
  const both = paths.filter(isRead);
  const measured = inTurn({ module: OURS }, EXIFR, [both, paths.filter((path, i) => !isRead(path, i))], TWENTIETH, rounds);
  const tagsOf = (groups: readonly GroupPasses[] = []) => sum(groups.flatMap(({ tags }) => tags.map((count) => count ?? 0)));
  const [ours, theirs] = [tagsOf(measured[0]?.ours), tagsOf(measured[0]?.theirs)];
  const all = `${images.length} core images from memory`;
  return [
    timeRow(`20th pass over ${all}, beside exifr with all blocks`, measured, "last", 1),
    timeRow(`the same over the ${both.length} of them that exifr reads`, measured, "last", 1, [0]),
    {
      what: `tags in these images (${ours}), beside exifr (${theirs})`,
      ratio: ours / theirs,
      limit: "at least 2",
      holds: ours / theirs >= 2,
    },
    timeRow(`first pass over ${all}, beside exifr with all blocks`, measured, "first", 2),
  ];
}

function besideBaseline(images: readonly Image[], rounds: number): readonly Measure[] {
  const module = baseline();
  if (module === undefined) {
    process.stdout.write("the history of this checkout does not have the baseline: left out\n");
    return [];
  }
  const exifAlone = images
    .filter(
      ({ record: { format, tags } }) => format === "JPEG" && "IFD0" in tags && Object.keys(tags).every((group) => EXIF_ALONE.test(group)),
    )
    .map(({ path }) => path);
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  try {
    const packets = packetFiles(images, folder);
    const measures: Measure[] = [];
    for (const [what, files, most] of [
      ["JPEGs with Exif alone", exifAlone, 1 / 3],
      ["XMP packets", packets, 1 / 2],
    ] as const) {
      if (files.length === 0) process.stdout.write(`no image has what the row of ${what} needs: left out\n`);
      else {
        const measured = inTurn({ module: OURS }, { module }, [files], LONG_RUN, rounds);
        measures.push(timeRow(`${files.length} ${what} from memory, beside the baseline`, measured, "last", most));
      }
    }
    return measures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The XMP packets of the images, each once, as the only metadata of a JPEG. */
function packetFiles(images: readonly Image[], folder: string): readonly string[] {
  const packets = new Set<string>();
  for (const { bytes } of images) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const start = text.indexOf("<x:xmpmeta");
    const end = text.indexOf("</x:xmpmeta>", start);
    if (start >= 0 && end >= 0 && end - start < MAX_SEGMENT_BYTES) packets.add(text.slice(start, end + "</x:xmpmeta>".length));
  }
  return [...packets].map((packet, i) => {
    const path = `${folder}/${i}.jpg`;
    writeFileSync(path, jpegFile([app(1, "http://ns.adobe.com/xap/1.0/\0", packet)]));
    return path;
  });
}

function summaryAlone(images: readonly Image[], rounds: number): Measure {
  const paths = images.map(({ path }) => path);
  const measured = inTurn({ module: OURS, options: SUMMARY_ALONE }, { module: OURS }, [paths], TWENTIETH, rounds);
  return timeRow(`the summary alone of ${images.length} core images from memory, 20th pass, beside the full record`, measured, "last", 0.5);
}
