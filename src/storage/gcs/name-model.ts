/**
 * How names are likely to go on, guessed from those that were seen: which byte follows two bytes anywhere, which stand at a
 * position, and for a little, any byte. What follows a whole beginning is not asked: where a list goes on nothing was seen yet,
 * so that what was seen there speaks only of what is done. A wrong guess costs balance, never a name.
 */
import { commonLength } from "./name-bytes.ts";
import { Followers } from "./name-followers.ts";

/** Names of a page that are learned from; more say little more. */
const SAMPLE = 48;
/** Bytes from which on a position is taken to show all that its kind can have, such as ten digits. */
const FULL = 10;
/** What is left for bytes that were not seen in such a place. */
const UNSEEN = 1 / 8;
/** How often each byte must have been seen after two others for these to tell half of what follows them. */
const TRUSTED = 8;
const MOST_FOLLOWERS = 1 << 16;

/** By byte, the share of names below it; the last is 1. */
export type Shares = Float64Array;

export class NameModel {
  readonly #pairs = new Followers(MOST_FOLLOWERS);
  readonly #positions = new Followers(MOST_FOLLOWERS);
  #lowest = 255;
  #highest = 0;
  /** By beginning; and the sets of bytes of positions that are full. Made anew when more was seen. */
  readonly #shares = new Map<number, Shares>();
  #full: readonly ReadonlySet<number>[] | undefined;

  /** Learns from a page of names, in order. */
  learn(names: readonly { readonly name: string }[]): void {
    const step = Math.max(1, (names.length - 1) / SAMPLE);
    let before: Uint8Array = Buffer.alloc(0);
    for (let at = 0; at < names.length; at += step) {
      const name = Buffer.from(names[Math.round(at)]?.name ?? "");
      this.#learn(name, commonLength(name, before));
      before = name;
    }
    this.#shares.clear();
    this.#full = undefined;
  }

  /** Only what its neighbour does not begin with: a byte counts once for each place in the tree of names. */
  #learn(name: Uint8Array, common: number): void {
    for (let at = common; at < name.length; at++) {
      const byte = name[at] ?? 0;
      this.#pairs.add(pairAt(name, at), byte);
      this.#positions.add(at, byte);
      this.#lowest = Math.min(this.#lowest, byte);
      this.#highest = Math.max(this.#highest, byte);
    }
  }

  /** What follows the first `length` bytes of a name, which have this hash. */
  sharesAfter(name: ArrayLike<number>, length: number, hash: number): Shares {
    const known = this.#shares.get(hash);
    if (known !== undefined) return known;
    const shares = new Float64Array(257);
    let left = 1;
    // At the beginning of names two bytes are no more than the position says.
    const seen = length < 2 ? undefined : this.#pairs.of(pairAt(name, length));
    const alphabet = this.#alphabet(length);
    if (seen !== undefined) {
      const told = (seen.total / (seen.total + TRUSTED * seen.counts.size)) * suiting(seen.counts, alphabet);
      for (const [byte, count] of seen.counts) shares[byte + 1] = (told * count) / seen.total;
      left -= told;
    }
    const unseen = alphabet.size === 0 ? left : left * UNSEEN;
    for (const byte of alphabet) shares[byte + 1] = (shares[byte + 1] ?? 0) + (left - unseen) / alphabet.size;
    const each = unseen / Math.max(1, this.#highest - this.#lowest + 1);
    for (let byte = this.#lowest; byte <= this.#highest; byte++) shares[byte + 1] = (shares[byte + 1] ?? 0) + each;
    for (let byte = 0; byte < 256; byte++) shares[byte + 1] = (shares[byte + 1] ?? 0) + (shares[byte] ?? 0);
    this.#shares.set(hash, shares);
    return shares;
  }

  /** What was seen at a position, or the smallest full set of another position that has it all: a 0 stands for all digits. */
  #alphabet(position: number): ReadonlySet<number> {
    const seen: ReadonlySet<number> = new Set(this.#positions.of(position)?.counts.keys());
    if (seen.size === 0 || seen.size >= FULL) return seen;
    this.#full ??= [...this.#positions.all()]
      .filter(({ counts }) => counts.size >= FULL)
      .map(({ counts }) => new Set(counts.keys()))
      .sort((a, b) => a.size - b.size);
    return this.#full.find((full) => [...seen].every((byte) => full.has(byte))) ?? seen;
  }
}

/** The part of what follows two bytes anywhere that may stand at a position, where that shows all that its kind can have. */
function suiting(counts: ReadonlyMap<number, number>, alphabet: ReadonlySet<number>): number {
  if (alphabet.size < FULL) return 1;
  let [inside, all] = [0, 0];
  for (const [byte, count] of counts) {
    all += count;
    if (alphabet.has(byte)) inside += count;
  }
  return inside / all;
}

/** Stands for a beginning; two beginnings may have the same, which only makes a guess worse. */
export function hashOf(name: ArrayLike<number>, length: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < length; at++) hash = extend(hash, name[at] ?? 0);
  return hash;
}

/** The hash of a beginning that is longer by a byte. */
export const extend = (hash: number, byte: number): number => (Math.imul(hash ^ byte, 0x01000193) ^ (hash >>> 15)) | 0;

const pairAt = (name: ArrayLike<number>, at: number): number => ((name[at - 2] ?? 0) << 8) | (name[at - 1] ?? 0);
