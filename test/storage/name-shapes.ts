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
} satisfies Record<string, (index: number) => string>;

export type Shape = keyof typeof shapes;
export const SHAPES = Object.keys(shapes) as Shape[];

/** `count` different names. */
export function namesOf(shape: Shape, count: number): string[] {
  return Array.from({ length: count }, (_, index) => shapes[shape](index)).sort(compareNames);
}
