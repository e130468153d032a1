/** What mutation starts from: the builders' files, the samples, a corpus where there is one, inputs kept from earlier runs. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { containers } from "../src/metadata/containers/table.ts";
import { corpus } from "../test/corpus.ts";
import { builtBlocks, builtFiles } from "./built.ts";
import { blocksIn, type Input, type Target } from "./targets.ts";

/** Of a longer file the head: mutations of long files hit little. */
const HEAD = 64 << 10;
const MOST = 400;

const samples = new URL("../samples", import.meta.url).pathname;

/** Where inputs that failed are kept. */
export function keptFolder(target: string): string {
  return new URL(`../.cache/fuzz/${target}`, import.meta.url).pathname;
}

/** The seeds of one target. */
export function seedsOf(target: Target): Input[] {
  const kept = files(keptFolder(target.name), Number.POSITIVE_INFINITY);
  const images = [
    ...builtFiles.map((bytes) => ({ bytes })),
    ...files(samples, HEAD),
    ...corpusFiles("images"),
    ...corpusFiles("malformed"),
  ];
  const kind = /^block-(.*)$/.exec(target.name)?.[1];
  if (kind === undefined) return [...kept, ...images.filter(({ bytes }) => containerOf(bytes) === target.name)].slice(0, MOST);
  const seeds = [...kept, ...builtBlocks.filter(([its]) => its === kind).map(([, bytes, path]) => ({ bytes, path }))];
  for (const image of images) {
    if (seeds.length >= MOST) break;
    for (const [decoder, input] of blocksIn(image.bytes)) if (decoder.kind === kind && input.bytes.length <= HEAD) seeds.push(input);
  }
  return seeds.length > 0 ? seeds : [{ bytes: Buffer.alloc(64) }];
}

function containerOf(bytes: Uint8Array): string | undefined {
  return containers.find((container) => container.detect(bytes.subarray(0, 4096)) !== undefined)?.name;
}

function corpusFiles(folder: string): Input[] {
  return corpus === undefined ? [] : files(join(corpus, folder), HEAD);
}

function files(folder: string, longest: number): Input[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ bytes: readFileSync(path).subarray(0, longest) }));
}
