/**
 * How the names of a bucket lie between two names, guessed from the characters that were seen at each position. Names are taken
 * as code points, whose order is that of UTF-8 bytes. A wrong guess costs balance, never a name.
 */

/** Names of a page that are learned from; more say little more. */
const SAMPLE = 48;
/** Characters kept over all positions: what bounds memory, whatever the names. */
const MOST_CHARACTERS = 1 << 16;
/** Characters from which on a position is taken to show all that its kind can have, such as ten digits. */
const FULL = 10;
/** Below this a share of a range is no longer told apart. */
const FINEST = 2 ** -50;
const LONGEST_NAME = 1024;

export const codePoints = (name: string): readonly number[] => Array.from(name, (character) => character.codePointAt(0) ?? 0);

export function nameOf(points: readonly number[]): string {
  return points.map((point) => String.fromCodePoint(point)).join("");
}

/** How many characters both begin with. */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

/** The least name that is above all names with a prefix; undefined where there is none. Never a surrogate, CR or LF. */
export function above(prefix: readonly number[]): readonly number[] | undefined {
  for (let at = prefix.length - 1; at >= 0; at--) {
    let next = (prefix[at] ?? 0) + 1;
    while (next === 0x0a || next === 0x0d) next++;
    if (next >= 0xd800 && next <= 0xdfff) next = 0xe000;
    if (next <= 0x10ffff) return [...prefix.slice(0, at), next];
  }
  return undefined;
}

export class NameModel {
  /** By position: the characters seen there. */
  readonly #seen: Set<number>[] = [];
  #count = 0;
  /** By position, what is taken to be possible there, in order; made anew when more is seen. */
  #alphabets: (readonly number[])[] = [];
  #full: readonly (readonly number[])[] | undefined;

  /** Learns from a page of names. */
  learn(names: readonly { readonly name: string }[]): void {
    const step = Math.max(1, names.length / SAMPLE);
    for (let at = 0; at < names.length; at += step) this.#learn(names[Math.floor(at)]?.name ?? "");
    this.#learn(names.at(-1)?.name ?? "");
  }

  #learn(name: string): void {
    let at = 0;
    for (const character of name) {
      const point = character.codePointAt(0) ?? 0;
      let seen = this.#seen[at];
      if (seen === undefined) {
        seen = new Set();
        this.#seen[at] = seen;
      }
      at++;
      if (seen.has(point) || this.#count >= MOST_CHARACTERS) continue;
      seen.add(point);
      this.#count++;
      this.#alphabets = [];
      this.#full = undefined;
    }
  }

  /** What was seen at a position, or the smallest full alphabet of another position that has it all: a 0 stands for all digits. */
  #alphabet(position: number): readonly number[] {
    const known = this.#alphabets[position];
    if (known !== undefined) return known;
    const seen = this.#seen[position] ?? new Set();
    this.#full ??= this.#fullAlphabets();
    const wider =
      seen.size === 0 || seen.size >= FULL ? undefined : this.#full.find((full) => [...seen].every((point) => full.includes(point)));
    const alphabet = wider ?? sorted(seen);
    this.#alphabets[position] = alphabet;
    return alphabet;
  }

  /** The smallest first, one of each size. */
  #fullAlphabets(): readonly (readonly number[])[] {
    const bySize = new Map<number, Set<number>>();
    for (const seen of this.#seen) if (seen.size >= FULL) bySize.set(seen.size, seen);
    return [...bySize.values()].sort((a, b) => a.size - b.size).map(sorted);
  }

  /** The place of a name, 0 to 1, among all that begin with its first `from` characters. */
  place(name: readonly number[], from: number): number {
    let [place, weight] = [0, 1];
    for (let at = from; at < name.length && weight > FINEST; at++) {
      const alphabet = this.#alphabet(at);
      if (alphabet.length === 0) break;
      const index = firstNotBelow(alphabet, name[at] ?? 0);
      place += (weight * index) / alphabet.length;
      if (alphabet[index] !== name[at]) break;
      weight /= alphabet.length;
    }
    return place;
  }

  /** A name that begins with `prefix`, at a place or below it by less than `tolerance`. */
  nameAt(place: number, prefix: readonly number[], tolerance: number): readonly number[] {
    const name = [...prefix];
    let [low, weight] = [0, 1];
    while (weight > Math.max(tolerance, FINEST) && name.length < LONGEST_NAME) {
      const alphabet = this.#alphabet(name.length);
      if (alphabet.length === 0) break;
      const index = Math.max(0, Math.min(alphabet.length - 1, Math.floor(((place - low) / weight) * alphabet.length)));
      name.push(alphabet[index] ?? 0);
      low += (weight * index) / alphabet.length;
      weight /= alphabet.length;
    }
    return name;
  }
}

const sorted = (points: ReadonlySet<number>): readonly number[] => [...points].sort((a, b) => a - b);

function firstNotBelow(alphabet: readonly number[], point: number): number {
  let [from, to] = [0, alphabet.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((alphabet[middle] ?? 0) < point) from = middle + 1;
    else to = middle;
  }
  return from;
}
