/**
 * What may follow a name, from the name outward: first the names that share most with it, last those that share least. Each level
 * is what differs from it first at one byte. Shares are of all names that begin with its first `from` bytes.
 */
import { LONGEST_NAME } from "./name-bytes.ts";
import { extend, hashOf, type NameModel, type Shares } from "./name-model.ts";

/** Below this share of the names around, what is deeper is not told apart. */
const FINEST = 2 ** -30;

interface Level {
  readonly shares: Shares;
  /** The share of the names that begin with the bytes before this level's. */
  readonly weight: number;
}

export class NamePath {
  readonly name: Uint8Array;
  readonly from: number;
  readonly #model: NameModel;
  readonly #levels: Level[] = [];

  /** Goes down to where it is finer than what differs at the byte `fine`. */
  constructor(model: NameModel, name: Uint8Array, from: number, fine: number) {
    this.name = name;
    this.from = from;
    this.#model = model;
    let [weight, finest, hash] = [1, 0, hashOf(name, from)];
    for (let at = from; at < name.length && weight > finest; at++) {
      if (at === fine) finest = weight * FINEST;
      const shares = model.sharesAfter(name, at, hash);
      this.#levels.push({ shares, weight });
      const byte = name[at] ?? 0;
      weight *= between(shares, byte, byte + 1);
      hash = extend(hash, byte);
    }
  }

  /** The share of names that differ from it first at a byte, and are lower. */
  #below(at: number): number {
    const level = this.#levels[at - this.from];
    return level === undefined ? 0 : level.weight * between(level.shares, 0, this.name[at] ?? 0);
  }

  /** Those that are higher, whose byte there is below `end`. */
  aboveAt(at: number, end = 256): number {
    const level = this.#levels[at - this.from];
    return level === undefined ? 0 : level.weight * between(level.shares, (this.name[at] ?? 0) + 1, end);
  }

  /** The share of names below it that have its first `from` bytes. */
  sharesBelow(from: number): number {
    let sum = 0;
    for (let at = this.from + this.#levels.length - 1; at >= from; at--) sum += this.#below(at);
    return sum;
  }

  /** The share of names above it that have its first `from` bytes. */
  sharesAbove(from: number): number {
    let sum = 0;
    for (let at = this.from + this.#levels.length - 1; at >= from; at--) sum += this.aboveAt(at);
    return sum;
  }

  /** Bytes that a name begins with that has such a share of names between this one and itself, or less by `tolerance` at most. */
  nameAfter(share: number, tolerance: number): number[] {
    let left = share;
    for (let at = this.from + this.#levels.length - 1; at >= this.from; at--) {
      const level = this.#levels[at - this.from];
      const inLevel = this.aboveAt(at);
      if (level !== undefined && inLevel > 0 && (left < inLevel || at === this.from)) {
        const skipped = level.weight * (level.shares[(this.name[at] ?? 0) + 1] ?? 0);
        return this.#descend([...this.name.subarray(0, at)], level, Math.min(left, inLevel) + skipped, tolerance);
      }
      left -= inLevel;
    }
    return [...this.name];
  }

  #descend(name: number[], { shares, weight }: Level, share: number, tolerance: number): number[] {
    let hash = hashOf(name, name.length);
    let left = share;
    for (
      let [following, whole] = [shares, weight];
      name.length < LONGEST_NAME;
      following = this.#model.sharesAfter(name, name.length, hash)
    ) {
      const byte = byteAt(following, left / whole);
      name.push(byte);
      hash = extend(hash, byte);
      left -= whole * (following[byte] ?? 0);
      whole *= between(following, byte, byte + 1);
      if (whole <= tolerance || left <= tolerance / 4) break;
    }
    return name;
  }
}

const between = (shares: Shares, from: number, to: number): number => Math.max(0, (shares[to] ?? 1) - (shares[from] ?? 0));

/** The byte whose share holds this one. */
function byteAt(shares: Shares, share: number): number {
  let [low, high] = [0, 255];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shares[middle + 1] ?? 1) > share) high = middle;
    else low = middle + 1;
  }
  // At the very end rounding may lead to a byte without a share.
  while (low > 0 && (shares[low + 1] ?? 1) <= (shares[low] ?? 0)) low--;
  return low;
}
