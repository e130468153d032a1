/** What mutation starts from: the builders' files, the samples, a corpus where there is one, inputs kept from earlier runs. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { containers } from "../src/metadata/containers/table.ts";
import { bitmap, letters } from "../test/builders/bmp.ts";
import { dictionary, element, iccProfile, localized, u16, u32 } from "../test/builders/icc.ts";
import { iconFile } from "../test/builders/ico.ts";
import { iptcBlock, UTF8 } from "../test/builders/iptc.ts";
import { corpus } from "../test/corpus.ts";
import { blocksIn, type Input, type Target } from "./targets.ts";

/** Of a longer file the head: mutations of long files hit little. */
const HEAD = 64 << 10;
const MOST = 400;

const samples = new URL("../samples", import.meta.url).pathname;

const profile = iccProfile([
  ["desc", localized({ enUS: "Display", deDE: "Bildschirm" })],
  ["cprt", element("text", "CC0\0")],
  ["dmnd", element("desc", u32(4), "IEC\0")],
  ["wtpt", element("XYZ ", u32(0xf6d6, 0x10000, 0xd32d))],
  ["chad", element("sf32", u32(1, 2, 3))],
  ["rTRC", element("curv", u32(1), u16(0x0233))],
  ["view", element("view", u32(1, 1, 1, 1, 0, 0, 2))],
  ["meas", element("meas", u32(1, 0, 0, 0, 1, 0x28f, 2))],
  ["chrm", element("chrm", u16(3, 1), u32(1, 2, 3, 4, 5, 6))],
  ["cicp", element("cicp", Buffer.of(9, 16, 0, 1))],
  ["clrt", element("clrt", u32(1), "Cyan".padEnd(32, "\0"), u16(1, 2, 3))],
  ["clro", element("clro", u32(3), Buffer.of(2, 1, 0))],
  ["calt", element("dtim", u16(1998, 2, 9, 6, 49, 0))],
  ["ui64", element("ui64", u32(1, 2))],
  ["resp", element("ui08", Buffer.of(1, 2, 3))],
  ["meta", dictionary({ License: "CC0", Source: "edid" })],
]);

const iptc = iptcBlock(
  [1, 90, UTF8],
  [2, 0, Buffer.of(0, 4)],
  [2, 25, "sea"],
  [2, 25, "Ägäis"],
  [2, 55, "20190313"],
  [2, 60, "110413-0400"],
  [2, 120, "x".repeat(0x8000)],
  [2, 221, "1:2:3:00042"],
  [3, 10, Buffer.from("0005000001003230303130323033" + "0009", "hex")],
  [7, 20, Buffer.alloc(8, 1)],
  [8, 10, Buffer.alloc(20)],
);

const built: readonly Input[] = [
  bitmap({ header: 12, width: 3, height: 2, depth: 4 }),
  bitmap({ header: 40, width: 3, height: -2, depth: 8, fields: { 16: 5, 20: 12 } }),
  bitmap({ header: 108, width: 3, height: 2, depth: 16, fields: { 16: 3, 52: 255 } }),
  bitmap({ header: 124, width: 1, height: 1, depth: 32, fields: { 56: letters("MBED"), 112: 124, 116: profile.length }, rest: profile }),
  iconFile("icon", [{ width: 16, height: 16, bytes: Buffer.alloc(20) }]),
  iconFile("cursor", [{ width: 16, height: 16, bytes: Buffer.alloc(20) }]),
].map((bytes) => ({ bytes }));

const builtBlocks: readonly (readonly [kind: string, input: Input])[] = [
  ["icc", { bytes: profile, path: ["png"] }],
  ["iptc", { bytes: iptc, path: ["jpeg", "photoshop"] }],
];

/** Where inputs that failed are kept. */
export function keptFolder(target: string): string {
  return new URL(`../.cache/fuzz/${target}`, import.meta.url).pathname;
}

/** The seeds of one target. */
export function seedsOf(target: Target): Input[] {
  const kept = files(keptFolder(target.name), Number.POSITIVE_INFINITY);
  const images = [...built, ...files(samples, HEAD), ...corpusFiles("images"), ...corpusFiles("malformed")];
  const kind = /^block-(.*)$/.exec(target.name)?.[1];
  if (kind === undefined) return [...kept, ...images.filter(({ bytes }) => containerOf(bytes) === target.name)].slice(0, MOST);
  const seeds = [...kept, ...builtBlocks.filter(([its]) => its === kind).map(([, input]) => input)];
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
