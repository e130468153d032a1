/** Changes that break formats where they are weak: lengths, counts, offsets, signatures, ends. */
import type { Random } from "./random.ts";

export const LONGEST = 256 << 10;

const BYTES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
const SHORTS = [0, 1, 2, 0x7f, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff];
const WORDS = [0, 1, 4, 8, 0xff, 0xffff, 0x1_0000, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_fffe, 0xffff_ffff];

type Change = (bytes: Buffer, random: Random, other: Uint8Array) => Buffer;

const changes: readonly Change[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[random.below(bytes.length)] = random.below(2) === 0 ? random.one(BYTES) : random.below(256);
    return bytes;
  },
  function addToByte(bytes, random) {
    const at = random.below(bytes.length);
    bytes[at] = ((bytes[at] ?? 0) + random.below(33) - 16) & 0xff;
    return bytes;
  },
  function setShort(bytes, random) {
    if (bytes.length < 2) return bytes;
    const at = random.below(bytes.length - 1);
    const value = random.below(4) === 0 ? bytes.length & 0xffff : random.one(SHORTS);
    if (random.below(2) === 0) bytes.writeUInt16BE(value, at);
    else bytes.writeUInt16LE(value, at);
    return bytes;
  },
  function setWord(bytes, random) {
    if (bytes.length < 4) return bytes;
    const at = random.below(bytes.length - 3);
    const value = random.below(3) === 0 ? random.below(bytes.length + 8) : random.one(WORDS);
    if (random.below(2) === 0) bytes.writeUInt32BE(value, at);
    else bytes.writeUInt32LE(value, at);
    return bytes;
  },
  function cutOut(bytes, random) {
    const [from, length] = [random.below(bytes.length), 1 + random.below(1 << random.below(10))];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  },
  function repeat(bytes, random) {
    const [from, length] = [random.below(bytes.length), 1 + random.below(1 << random.below(10))];
    const piece = bytes.subarray(from, from + length);
    const copies = Array.from({ length: 1 + random.below(1 << random.below(7)) }, () => piece);
    return Buffer.concat([bytes.subarray(0, from), ...copies, bytes.subarray(from)]);
  },
  function move(bytes, random) {
    const [from, to, length] = [random.below(bytes.length), random.below(bytes.length), 1 + random.below(64)];
    bytes.copyWithin(to, from, from + length);
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    const piece = Buffer.alloc(1 + random.below(32), random.one(BYTES));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  function take(bytes, random, other) {
    if (other.length === 0) return bytes;
    const from = random.below(other.length);
    const piece = other.subarray(from, from + 1 + random.below(1 << random.below(12)));
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(random.below(2) === 0 ? at : at + piece.length)]);
  },
];

/** A changed copy of `bytes`, with a piece of `other` perhaps. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let changed: Buffer = Buffer.from(bytes);
  for (let times = 1 << random.below(4); times > 0; times--) {
    if (changed.length === 0) changed = Buffer.from([0]);
    changed = random.one(changes)(changed, random, other);
  }
  return changed.subarray(0, LONGEST);
}
