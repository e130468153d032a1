/** Changes that make one piece expensive, or say to the parser what it does not expect. */
import type { Dictionary } from "./dictionary.ts";
import { LONGEST } from "./mutate.ts";
import type { Random } from "./random.ts";
import {
  type Branch,
  below,
  built,
  isLeaf,
  type Leaf,
  numbers,
  type Piece,
  pieceAt,
  substitute,
  TooLong,
  withParts,
} from "./structure/piece.ts";
import { claiming } from "./structure/tiff.ts";

/** One change of a piece; `factor` makes more of it. */
export interface Change {
  /** What it does, without sizes. */
  readonly name: string;
  apply(piece: Piece, factor: number): Piece | undefined;
}

const MAX_DEPTH = 400;
/** Bytes of all names that a repetition makes. */
const MAX_NAMES_BYTES = 2 << 20;

/** Texts that are repeated to a run. Each is a place where an expression or a scanner may go back and forth. */
// biome-ignore format: one list of texts
const PATTERNS = [
  " ", "\0", "0", "1", "9", "a", "A", "x", "<", ">", "&", "(", ")", "[", "{", '"', "'", ",", ";", ":", "-", ".", "/", "\\", "\n", "\t", "=", "|", "_", "+",
  "\x80", "\xff", "\xc3\xa9", "1,", "1 ", "a ", " ,", "a:", "a=", "a\n", "<a>", "<!---->", "<a/>", "&amp;", "((", "[[", '{"a":', "1:", "\0a", "a\0", ".1", "1.",
];

/** Those that most expressions and scanners look for: half of all runs are of them. */
const USUAL_PATTERNS = [" ", "\n", "\t", "\0", "0", "1", "a", "<", "(", "\\", "\xff", "<!---->"];

export const pattern = (random: Random): Buffer => Buffer.from(random.one(random.below(2) === 0 ? USUAL_PATTERNS : PATTERNS), "latin1");

/** Names that a plain object has without being asked. */
const INHERITED = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "__defineGetter__", "isPrototypeOf"];
const COUNTS = [0, 1, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const WIDTHS = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24];

/** A size from `least` to `most`, each order of magnitude as likely as the others. */
export function size(random: Random, least: number, most: number): number {
  return Math.max(least, Math.floor(least * (most / least) ** (random.below(1001) / 1000)));
}

function runOf(pattern: Buffer, count: number): Buffer {
  const length = pattern.length * Math.floor(count);
  if (length > 8 << 20) throw new TooLong(`${length} bytes`);
  return Buffer.alloc(length, pattern);
}

/** A run of one text within another. */
export function run(leaf: Leaf, random: Random, most: number, least = 2): Change {
  const own = leaf.bytes.length > 1 && random.below(4) === 0;
  const from = random.below(leaf.bytes.length);
  const repeated = own ? Buffer.from(leaf.bytes.subarray(from, from + 1 + random.below(12))) : pattern(random);
  const count = size(random, Math.max(2, least / repeated.length), Math.max(3, most / repeated.length));
  const place = random.one([0, 0, 1, 1, random.below(1000) / 1000]);
  return runAt(repeated, count, place, random.below(5) === 0, random.one(["", "", "x", " x", "\n"]));
}

/** `place` from 0, before the text, to 1, behind it; `whole` puts the run in its place. */
export function runAt(pattern: Buffer, count: number, place: number, whole: boolean, tail: string): Change {
  return {
    name: `run of ${JSON.stringify(pattern.toString("latin1"))}`,
    apply(piece, factor) {
      if (!isLeaf(piece)) return undefined;
      const at = Math.floor(place * piece.bytes.length);
      const [before, after] = whole ? [Buffer.alloc(0), Buffer.alloc(0)] : [piece.bytes.subarray(0, at), piece.bytes.subarray(at)];
      return { ...piece, bytes: Buffer.concat([before, runOf(pattern, count * factor), after, Buffer.from(tail)]) };
    },
  };
}

/** A run after the first digits, letters or separator of a text: what an expression has begun to match goes on. */
export function stretch(leaf: Leaf, random: Random, most: number, least = 2): Change {
  const source = leaf.bytes.toString("latin1", 0, 4096);
  const places = [...source.matchAll(/\d+|[a-zA-Z]+|\s+|[^\w\s]+/g)];
  if (places.length === 0) return run(leaf, random, most, least);
  const match = random.one(places);
  const [at, pattern] = [match.index, Buffer.from(match[0].slice(-1), "latin1")];
  const count = size(random, least, Math.max(3, most));
  const open = random.below(3) === 0;
  return {
    name: `run of ${JSON.stringify(pattern.toString("latin1"))}`,
    apply: (piece, factor) =>
      isLeaf(piece)
        ? {
            ...piece,
            bytes: Buffer.concat([
              piece.bytes.subarray(0, at),
              runOf(pattern, count * factor),
              open ? Buffer.alloc(0) : piece.bytes.subarray(at),
            ]),
          }
        : undefined,
  };
}

/** Another word for the text, or for one of its words. */
export function word(leaf: Leaf, random: Random, dictionary: Dictionary): Change {
  const chosen = random.below(3) === 0 ? random.one(INHERITED) : random.one(dictionary.texts);
  const words = [...leaf.bytes.toString("latin1", 0, 4096).matchAll(/\w+/g)];
  const match = words.length > 0 && random.below(3) > 0 ? random.one(words) : undefined;
  return {
    name: INHERITED.includes(chosen) ? "inherited name" : "known text",
    apply(piece) {
      if (!isLeaf(piece)) return undefined;
      const [from, to] = match === undefined ? [0, piece.bytes.length] : [match.index, match.index + match[0].length];
      return { ...piece, bytes: Buffer.concat([piece.bytes.subarray(0, from), Buffer.from(chosen), piece.bytes.subarray(to)]) };
    },
  };
}

/** Records of a fixed width, one of them many times; the count before them perhaps at its limit. */
export function records(leaf: Leaf, random: Random, most: number, least = 2): Change {
  const width = random.one(WIDTHS);
  const at = random.below(2) === 0 ? 0 : random.below(Math.floor(leaf.bytes.length / width) + 1) * width;
  const count = size(random, Math.max(2, least / width), Math.max(3, most / width));
  const counter = random.below(3) === 0 ? random.one([1, 2, 4] as const) : undefined;
  const [little, field] = [random.below(2) === 0, random.below(4)];
  const claimed = random.below(2) === 0 ? random.one(COUNTS) : undefined;
  return {
    name: `records of ${width}`,
    apply(piece, factor) {
      if (!isLeaf(piece) || piece.bytes.length === 0) return undefined;
      const record = piece.bytes.subarray(at, at + width);
      if (record.length === 0) return undefined;
      const all = Buffer.concat([piece.bytes.subarray(0, at), runOf(record, count * factor), piece.bytes.subarray(at)]);
      const start = field * (counter ?? 1);
      if (counter !== undefined && start + counter <= all.length) numbers(counter, little, claimed ?? count * factor).copy(all, start);
      return { ...piece, bytes: all };
    },
  };
}

/** Numbers, all alike or all different, as many as there is room for. */
export function fill(random: Random, most: number, least = 4): Change {
  const count = size(random, least, Math.max(8, most));
  const value = random.one([0, 1, 0x3f, 0x7f, 0x80, 0xff]);
  const noisy = random.below(2) === 0;
  const salt = random.below(1 << 30);
  return {
    name: noisy ? "noise" : "numbers",
    apply(piece, factor) {
      if (!isLeaf(piece)) return undefined;
      const all = runOf(Buffer.of(value), count * factor);
      if (noisy) scramble(all, salt);
      return { ...piece, bytes: Buffer.concat([piece.bytes, all]) };
    },
  };
}

/** Bytes that look random, the same for the same salt. */
function scramble(all: Buffer, salt: number): void {
  let state = salt;
  for (let i = 0; i < all.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    all[i] = state >>> 24;
  }
}

/** A field at a limit. */
export function limit(leaf: Leaf, random: Random): Change {
  const width = random.one([1, 2, 4] as const);
  const at = random.below(Math.max(1, leaf.bytes.length - width + 1));
  const [value, little] = [random.below(3) === 0 ? random.below(leaf.bytes.length + 2) : random.one(COUNTS), random.below(2) === 0];
  return {
    name: "limit",
    apply(piece) {
      if (!isLeaf(piece) || piece.bytes.length < at + width) return undefined;
      const all = Buffer.from(piece.bytes);
      numbers(width, little, value).copy(all, at);
      return { ...piece, bytes: all };
    },
  };
}

/** The head of a directory's entry: another tag, or a count of its own. */
export function entryHead(random: Random, dictionary: Dictionary): Change {
  if (random.below(3) === 0) {
    const count = random.one(COUNTS);
    return { name: "claimed count", apply: (piece) => (isLeaf(piece) ? claiming(piece, count) : undefined) };
  }
  const [tag, type] = [random.one(dictionary.tags), random.below(2) === 0 ? 1 + random.below(13) : undefined];
  return {
    name: "known tag",
    apply(piece) {
      if (!isLeaf(piece) || piece.bytes.length < 4) return undefined;
      // A type is below 256: its place tells the byte order.
      const little = piece.bytes[3] === 0;
      const head = Buffer.from(piece.bytes);
      numbers(2, little, tag).copy(head, 0);
      if (type !== undefined) numbers(2, little, type).copy(head, 2);
      return { ...piece, bytes: head };
    },
  };
}

/** The piece with another first name, so that it differs from its copies. Everything else stays the same piece, and is shared if values can be shared. */
function varied(piece: Piece, index: number): Piece {
  if (isLeaf(piece)) {
    if (piece.leaf !== "name") return piece;
    const all = Buffer.from(piece.bytes);
    if (/^[\x20-\x7e]*$/.test(all.toString("latin1", 0, 64)))
      return { ...piece, bytes: Buffer.concat([all, Buffer.from(index.toString(36))]) };
    const at = piece.label === "entry head" ? (all[3] === 0 ? 0 : 1) : all.length - 1;
    all[at] = ((all[at] ?? 0) + index) & 0xff;
    const high = piece.label === "entry head" && at === 0 ? 1 : at - 1;
    if (high >= 0) all[high] = ((all[high] ?? 0) + (index >> 8)) & 0xff;
    return { ...piece, bytes: all };
  }
  for (const [i, part] of piece.parts.entries()) {
    const other = varied(part, index);
    if (other !== part) return withParts(piece, piece.parts.with(i, other));
  }
  return piece;
}

/** Bytes of the name by which copies of a piece are told apart. */
function nameLength(piece: Piece): number {
  if (isLeaf(piece)) return piece.leaf === "name" ? piece.bytes.length : 0;
  for (const part of piece.parts) {
    const length = nameLength(part);
    if (length > 0) return length;
  }
  return 0;
}

export function repeat(at: number, count: number, different: boolean): Change {
  return {
    name: different ? "repeat with other names" : "repeat",
    apply(piece, factor) {
      if (isLeaf(piece)) return undefined;
      const part = piece.parts[at];
      if (part === undefined) return undefined;
      if (different && count * factor * nameLength(part) > MAX_NAMES_BYTES) return undefined;
      const copies = Array.from({ length: Math.min(1 << 18, Math.floor(count * factor)) }, (_, i) =>
        different ? varied(part, i + 1) : part,
      );
      return withParts(piece, [...piece.parts, ...copies]);
    },
  };
}

/** Nothing after one part: what an expression looks for behind a run does not come. */
export function cutAfter(at: number): Change {
  return {
    name: "cut",
    apply: (piece) => (isLeaf(piece) || piece.parts.length <= at + 1 ? undefined : withParts(piece, piece.parts.slice(0, at + 1))),
  };
}

/** The piece within itself, again and again: a list below it holds it once more. */
export function nest(branch: Branch, random: Random, most: number): Change | undefined {
  const lists = below(branch).filter(({ piece }) => !isLeaf(piece) && piece.list === true && piece !== branch);
  if (lists.length === 0) return undefined;
  const { path } = random.one(lists);
  const deepest = Math.min(MAX_DEPTH, Math.max(2, Math.floor(most / built(branch).length)));
  const depth = size(random, 2, Math.max(3, deepest));
  return {
    name: "nest",
    apply(piece, factor) {
      let inner = piece;
      for (let i = Math.min(MAX_DEPTH, depth * factor); i > 1; i--) {
        const place = pieceAt(piece, path);
        if (place === undefined || isLeaf(place)) return undefined;
        const next = substitute(piece, place, withParts(place, [...place.parts, inner]));
        inner = next;
        if (built(inner).length > LONGEST) break;
      }
      return inner;
    },
  };
}

/** Another structure in the place of a leaf. */
export function graft(donors: readonly Piece[], random: Random): Change {
  const donor = random.one(donors);
  return { name: "graft", apply: () => donor };
}
