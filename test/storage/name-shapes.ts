/** Names of objects as buckets have them, and as they are hard to divide: so many of each shape, in the order of their UTF-8 bytes. */
import { createHash } from "node:crypto";
import { compareNames } from "../../src/record/name-order.ts";

const digits = (number: number, length: number): string => String(number).padStart(length, "0");
const hash = (index: number): string => createHash("md5").update(String(index)).digest("hex");

/** Letters of several scripts, the last ones beyond U+FFFF. */
const LETTERS = [..."abcéüßабвгдежзαβγδ日本語写真旅行家族夏冬한국어어린이😀🎉🏔🚀𝔸𝔹"];

/** A photo each hour of the day, and many on some days. */
function dated(index: number): string {
  const day = new Date(Date.UTC(2012, 0, 1 + Math.floor(index / 60)));
  const busy = index % 60 < 50 ? day : new Date(Date.UTC(2019, 7, 3));
  return `photos/${busy.toISOString().slice(0, 10).replaceAll("-", "/")}/IMG_${digits(index, 7)}.jpg`;
}

const WORDS = "red blue green mountain sea dog cat house street night summer winter beach party wedding trip".split(" ");
const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
const hexAt = (word: string, at: number, length: number): number => Number.parseInt(word.slice(at, at + length), 16);

/** A UUID of version 7, which begins with when it was made. */
function uuid7(index: number): string {
  const [time, word] = [(1_700_000_000_000 + index * 431).toString(16).padStart(12, "0"), hash(index)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${word.slice(0, 3)}-a${word.slice(3, 6)}-${word.slice(6, 18)}`;
}

function deep(index: number): string {
  const word = hash(index);
  const folders = Array.from({ length: hexAt(word, 0, 1) % 6 }, (_, at) => `${word.slice(1 + at * 2, 3 + at * 2)}/`);
  return `${folders.join("")}img${index}.jpg`;
}

const shapes = {
  dates: dated,
  hashes: (index: number) => hash(index),
  "hashes below a long prefix": (index: number) => `${"uploads/originals/".repeat(12)}${hash(index).slice(0, 20)}.jpg`,
  "one flat prefix": (index: number) => `images/IMG_${digits(index, 8)}.jpg`,
  "numbers without zeros": (index: number) => `scan-${index + 1}.tif`,
  Unicode: (index: number) => {
    const word = hash(index);
    return `фото/${[0, 1, 2, 3, 4, 5].map((at) => LETTERS[Number.parseInt(word.slice(at * 2, at * 2 + 2), 16) % LETTERS.length]).join("")}/${index}.jpg`;
  },
  "very long common prefixes": (index: number) => `${"a".repeat(900)}${digits(index, 9)}`,
  "folders of one object": (index: number) =>
    `users/${hash(index % 1000).slice(0, 8)}-${hash(index).slice(0, 4)}/albums/${index}/cover.jpg`,
  "nearly all in one corner": (index: number) =>
    index % 50 === 0 ? `${hash(index).slice(0, 6)}.png` : `m/x/${"~".repeat(40)}/${digits(index, 9)}.jpg`,
  words: (index: number) => `${[0, 1, 2].map((at) => WORDS[hexAt(hash(index), at, 1)]).join("-")}-${index}.jpg`,
  "days below many cameras": (index: number) =>
    `cam${index % 20}/${isoOf(Date.UTC(2020, 0, 1 + (hexAt(hash(index), 0, 6) % 900))).slice(0, 10)}/${hexAt(hash(index), 6, 4)}-${index}.jpg`,
  "times in bursts": (index: number) => `events/${isoOf(1.6e12 + Math.floor(index / 5000) * 86_400_000 * 17 + (index % 5000) * 900)}.json`,
  base64: (index: number) => createHash("md5").update(String(index)).digest("base64url").slice(0, 16),
  "any characters": (index: number) =>
    `${[0, 4, 8, 12].map((at) => String.fromCodePoint(0x100 + (hexAt(hash(index), at, 4) % 0xb000))).join("")}${index}`,
  "a common part that grows": (index: number) => `${"a".repeat(Math.floor(index / 400))}/${digits(index, 6)}`,
  "UUIDs of version 7": uuid7,
  emoji: (index: number) =>
    `${[0, 2, 4, 6, 8].map((at) => String.fromCodePoint(0x1f600 + (hexAt(hash(index), at, 2) % 60))).join("")}/${index}.png`,
  "900 bytes": (index: number) => `${hash(0).repeat(28)}${hash(index).slice(0, 12)}`,
  "mixed depths": deep,
  "one huge folder": (index: number) => `folder-${hash(index % 10 === 0 ? index : 1).slice(0, 6)}/DSC${digits(index, 7)}.ARW`,
} satisfies Record<string, (index: number) => string>;

export type Shape = keyof typeof shapes;
export const SHAPES = Object.keys(shapes) as Shape[];

/** `count` different names. */
export function namesOf(shape: Shape, count: number): string[] {
  return Array.from({ length: count }, (_, index) => shapes[shape](index)).sort(compareNames);
}
