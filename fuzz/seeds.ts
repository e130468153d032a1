/** What the search starts from: the builders' files, the samples, a corpus if there is one, inputs kept from earlier runs. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { corpus } from "../test/corpus.ts";
import { builtBlocks, builtFiles, builtNotes, heads } from "./built.ts";
import type { Engine, Input } from "./engine.ts";
import { readInput } from "./saved.ts";
import type { Target } from "./targets.ts";

/** Of a longer file the head: mutations of long files hit little. */
const HEAD = 64 << 10;
const MOST = 400;

const samples = new URL("../samples", import.meta.url).pathname;

export interface Seeds {
  readonly inputs: readonly Input[];
  /** Seeds that the builders made: they are small and use each structure. */
  readonly built: readonly Input[];
}

/** The seeds of one target. Those in the folder `kept` come first. */
export function seedsOf(engine: Engine, target: Target, kept: string | undefined): Seeds {
  const before = kept !== undefined && existsSync(kept) ? binaries(kept).map(readInput) : [];
  const images = [...files(samples, HEAD), ...corpusFiles("images"), ...corpusFiles("malformed")];
  const kind = /^block-(.*)$/.exec(target.name)?.[1];
  let [built, others]: [Input[], Input[]] = [[], []];
  if (target.name === "detection") {
    built = heads.map((bytes) => ({ bytes }));
    others = images.map(({ bytes }) => ({ bytes: bytes.subarray(0, 64) }));
  } else if (kind === undefined) {
    built = builtFiles.filter((bytes) => containerOf(engine, bytes) === target.name).map((bytes) => ({ bytes }));
    others = images.filter(({ bytes }) => containerOf(engine, bytes) === target.name);
  } else {
    const within = (bytes: Uint8Array) =>
      engine.blocksIn(bytes).flatMap(([its, input]) => (its === kind && input.bytes.length <= HEAD ? [input] : []));
    const notes = builtNotes.get(kind);
    built = [
      ...(notes === undefined ? [] : [{ bytes: notes }]),
      ...builtBlocks.filter((block) => block.kind === kind).map(({ bytes, context }) => ({ bytes, context })),
      ...builtFiles.flatMap(within),
    ];
    for (const { bytes } of images) {
      if (others.length + built.length >= MOST) break;
      others.push(...within(bytes));
    }
  }
  const inputs = [...before, ...built, ...others].slice(0, MOST);
  return { inputs: inputs.length > 0 ? inputs : [{ bytes: Buffer.alloc(64) }], built };
}

function containerOf(engine: Engine, bytes: Uint8Array): string | undefined {
  return engine.containers.find((container) => container.detect(bytes.subarray(0, 4096)) !== undefined)?.name;
}

function corpusFiles(folder: string): Input[] {
  return corpus === undefined ? [] : files(join(corpus, folder), HEAD);
}

function binaries(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".bin"))
    .map((name) => join(folder, name));
}

function files(folder: string, longest: number): Input[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ bytes: readFileSync(path).subarray(0, longest) }));
}
