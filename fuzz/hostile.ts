/** Hostile inputs: a tree of pieces and steps that make it expensive. A recipe gives the same bytes each time, and more of the same by a factor. */
import type { Dictionary } from "./dictionary.ts";
import { LONGEST } from "./mutate.ts";
import type { Random } from "./random.ts";
import { type Branch, built, isLeaf, type Leaf, numbers, type Piece, substitute, TooLong, withParts } from "./structure/piece.ts";
import { claiming } from "./structure/tiff.ts";

/** One change of a piece; `factor` makes more of it. */
interface Change {
  /** What it does, without sizes. */
  readonly name: string;
  apply(piece: Piece, factor: number): Piece | undefined;
}

interface Step {
  readonly path: readonly number[];
  readonly label: string;
  readonly change: Change;
}

export interface Recipe {
  readonly tree: Piece;
  readonly steps: readonly Step[];
}

/** Bytes of a text inside something compressed. */
const LONGEST_INFLATED = 2 << 20;
const MAX_DEPTH = 400;
/** Texts that one recipe grows at once. */
const MAX_PLACES = 100;

/** Texts that are repeated to a run. Each is a place where an expression or a scanner may go back and forth. */
const PATTERNS = [
  " ", "\0", "0", "1", "9", "a", "A", "x", "<", ">", "&", "(", ")", "[", "{", '"', "'", ",", ";", ":", "-", ".", "/", "\\", "\n", "\t", "=", "|", "_", "+",
  "\x80", "\xff", "\xc3\xa9", "1,", "1 ", "a ", " ,", "a:", "a=", "a\n", "<a>", "<!---->", "<a/>", "&amp;", "((", "[[", '{"a":', "1:", "\0a", "a\0", ".1", "1.",
]; // biome-ignore format: one list of texts

/** Names that a plain object has without being asked. */
const INHERITED = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "__defineGetter__", "isPrototypeOf"];
const COUNTS = [0, 1, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const WIDTHS = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24];

/** A size from `least` to `most`, each order of magnitude as likely as the others. */
function size(random: Random, least: number, most: number): number {
  return Math.max(least, Math.floor(least * (most / least) ** (random.below(1001) / 1000)));
}

function runOf(pattern: Buffer, count: number): Buffer {
  const length = pattern.length * Math.floor(count);
  if (length > 8 << 20) throw new TooLong(`${length} bytes`);
  return Buffer.alloc(length, pattern);
}

/** A run of one text within another. */
function run(leaf: Leaf, random: Random, most: number, least = 2): Change {
  const own = leaf.bytes.length > 1 && random.below(4) === 0;
  const from = random.below(leaf.bytes.length);
  const pattern = own ? Buffer.from(leaf.bytes.subarray(from, from + 1 + random.below(12))) : Buffer.from(random.one(PATTERNS), "latin1");
  const count = size(random, Math.max(2, least / pattern.length), Math.max(3, most / pattern.length));
  const place = random.one([0, 0, 1, 1, random.below(1000) / 1000]);
  return runAt(pattern, count, place, random.below(5) === 0, random.one(["", "", "x", " x", "\n"]));
}

/** `place` from 0, before the text, to 1, behind it; `whole` puts the run in its place. */
function runAt(pattern: Buffer, count: number, place: number, whole: boolean, tail: string): Change {
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
function stretch(leaf: Leaf, random: Random, most: number, least = 2): Change {
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
function word(leaf: Leaf, random: Random, dictionary: Dictionary): Change {
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
function records(leaf: Leaf, random: Random, most: number, least = 2): Change {
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
function fill(random: Random, most: number, least = 4): Change {
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
function limit(leaf: Leaf, random: Random): Change {
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
function entryHead(random: Random, dictionary: Dictionary): Change {
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

/** The piece, told apart from its copies by its first name. What is not the name stays the same piece, and is shared where values can be. */
function varied(piece: Piece, index: number): Piece {
  if (isLeaf(piece)) {
    if (piece.leaf !== "name") return piece;
    const all = Buffer.from(piece.bytes);
    if (/^[\x20-\x7e]*$/.test(all.toString("latin1"))) return { ...piece, bytes: Buffer.concat([all, Buffer.from(index.toString(36))]) };
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

function repeat(at: number, count: number, different: boolean): Change {
  return {
    name: different ? "repeat with other names" : "repeat",
    apply(piece, factor) {
      if (isLeaf(piece)) return undefined;
      const part = piece.parts[at];
      if (part === undefined) return undefined;
      const copies = Array.from({ length: Math.min(1 << 18, Math.floor(count * factor)) }, (_, i) =>
        different ? varied(part, i + 1) : part,
      );
      return withParts(piece, [...piece.parts, ...copies]);
    },
  };
}

/** Nothing after one part: what an expression looks for behind a run does not come. */
function cutAfter(at: number): Change {
  return {
    name: "cut",
    apply: (piece) => (isLeaf(piece) || piece.parts.length <= at + 1 ? undefined : withParts(piece, piece.parts.slice(0, at + 1))),
  };
}

/** The piece within itself, again and again: a list below it holds it once more. */
function nest(branch: Branch, random: Random, most: number): Change | undefined {
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
function graft(donors: readonly Piece[], random: Random): Change {
  const donor = random.one(donors);
  return { name: "graft", apply: () => donor };
}

interface Place {
  readonly piece: Piece;
  readonly path: readonly number[];
}

function below(tree: Piece, path: readonly number[] = [], found: Place[] = []): Place[] {
  found.push({ piece: tree, path });
  if (!isLeaf(tree)) {
    const seen = new Set<Piece>();
    for (const [i, part] of tree.parts.entries()) {
      if (seen.has(part) || found.length > 3000) continue;
      seen.add(part);
      below(part, [...path, i], found);
    }
  }
  return found;
}

function pieceAt(tree: Piece, path: readonly number[]): Piece | undefined {
  let piece: Piece | undefined = tree;
  for (const index of path) piece = piece === undefined || isLeaf(piece) ? undefined : piece.parts[index];
  return piece;
}

/** The tree after one step; undefined if the step has no place in it. */
function after(tree: Piece, { path, change }: Step, factor: number): Piece | undefined {
  const target = pieceAt(tree, path);
  const replacement = target === undefined ? undefined : change.apply(target, factor);
  return target === undefined || replacement === undefined ? undefined : substitute(tree, target, replacement);
}

/** The bytes of a recipe with `factor` times of everything that it makes many; undefined if they are too many. */
export function cook(recipe: Recipe, factor = 1): Buffer | undefined {
  let tree: Piece | undefined = recipe.tree;
  try {
    for (const step of recipe.steps) {
      tree = after(tree, step, factor);
      if (tree === undefined) return undefined;
    }
    const all = built(tree);
    return all.length > LONGEST ? undefined : all;
  } catch (thrown) {
    if (thrown instanceof TooLong || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

/** Where and what, without sizes: two recipes with the same key find the same. */
export function placesOf({ steps }: Recipe): string[] {
  return steps.map(({ label, change }) => `${change.name} at ${label}`);
}

export function describe(recipe: Recipe): string {
  return placesOf(recipe).join(", ");
}

interface Way {
  readonly way: readonly { readonly piece: Branch; readonly path: readonly number[]; readonly index: number }[];
  /** Where it ends. */
  readonly piece: Piece;
  readonly path: readonly number[];
}

/** Makes recipes from a tree. */
export class Kitchen {
  readonly #tree: Piece;
  readonly #donors: readonly Piece[];
  readonly #dictionary: Dictionary;
  readonly #random: Random;

  constructor(tree: Piece, donors: readonly Piece[], dictionary: Dictionary, random: Random) {
    this.#tree = tree;
    this.#donors = donors;
    this.#dictionary = dictionary;
    this.#random = random;
  }

  invent(): Recipe {
    const random = this.#random;
    let recipe: Recipe = { tree: this.#tree, steps: [] };
    const scheme = random.below(8);
    if (scheme < 2) return this.#everywhere(recipe);
    if (scheme < 5) return this.#stuff(recipe);
    if (random.below(5) === 0) recipe = this.extend(recipe);
    return random.below(4) > 0 ? this.#descend(recipe) : this.extend(recipe);
  }

  /** One step more, at any place. */
  extend(recipe: Recipe): Recipe {
    const tree = recipe.steps.reduce<Piece | undefined>(
      (before, step) => (before === undefined ? before : after(before, step, 1)),
      recipe.tree,
    );
    if (tree === undefined) return recipe;
    const random = this.#random;
    const places = below(tree);
    // Kinds of pieces are as likely as each other, however many there are of each.
    const label = random.one([...new Set(places.map(({ piece }) => piece.label))]);
    const { piece, path } = random.one(places.filter((place) => place.piece.label === label));
    const most = size(random, 64, LONGEST);
    const change = isLeaf(piece) ? this.#leafChange(piece, most) : this.#branchChange(piece, most);
    return change === undefined ? recipe : { ...recipe, steps: [...recipe.steps, { path, label: piece.label, change }] };
  }

  /** The same run at every text at once, or at many: what it costs tells whether to look which of them it is. */
  #everywhere(recipe: Recipe): Recipe {
    const random = this.#random;
    const named = random.below(3) === 0;
    const share = 1 + random.below(3);
    const places = below(recipe.tree).filter(
      ({ piece }) =>
        isLeaf(piece) && (piece.leaf === "text" || (named && piece.leaf === "name" && piece.bytes.length > 4)) && random.below(share) === 0,
    );
    const most = Math.max(16, (random.below(4) === 0 ? LONGEST / 2 : LONGEST / 8) / Math.max(1, places.length));
    const pattern = Buffer.from(random.one(PATTERNS), "latin1");
    const place = random.one([0, 1, 0.5]);
    const steps = places.slice(0, MAX_PLACES).map(({ piece, path }): Step => {
      const leaf = piece as Leaf;
      return {
        path,
        label: leaf.label,
        change: share === 3 ? stretch(leaf, random, most) : runAt(pattern, most / pattern.length, place, false, "x"),
      };
    });
    return { ...recipe, steps };
  }

  /** A way from the root to a leaf, each kind of part as likely as the others. */
  #wayDown(tree: Piece): Way {
    const random = this.#random;
    const way: Way["way"][number][] = [];
    let [piece, path]: [Piece, readonly number[]] = [tree, []];
    while (!isLeaf(piece) && piece.parts.length > 0) {
      const label: string = random.one([...new Set(piece.parts.map((part) => part.label))]);
      const index: number = random.one(piece.parts.flatMap((part, i) => (part.label === label ? [i] : [])));
      way.push({ piece, path, index });
      [piece, path] = [piece.parts[index] as Piece, [...path, index]];
    }
    return { way, piece, path };
  }

  /** A full input at once: one leaf takes a part of it, and one list on the way to it, or two, the rest. */
  #stuff(recipe: Recipe): Recipe {
    const random = this.#random;
    const { way, piece, path } = this.#wayDown(recipe.tree);
    const lists = way.filter((one) => one.piece.list === true);
    const chosen = random.below(4) === 0 ? lists.slice(-2) : lists.length > 0 ? [random.one(lists)] : [];
    const share = random.one([0, 0.02, 0.2, 0.5]);
    const steps: Step[] = [];
    let tree: Piece | undefined = recipe.tree;
    const grow = (step: Step): void => {
      const next: Piece | undefined = tree === undefined ? undefined : after(tree, step, 1);
      if (next === undefined) return;
      tree = next;
      steps.push(step);
    };
    try {
      if (isLeaf(piece) && (share > 0 || chosen.length === 0)) {
        const room = (chosen.length === 0 ? 0.9 : share) * LONGEST;
        const change = this.#leafChange(piece, room, room);
        if (change !== undefined) grow({ path, label: piece.label, change });
      }
      // The name beside a list: what all of its parts may have in their own names.
      const beside = way.flatMap(({ piece: branch, path: at }) =>
        branch.parts.flatMap((part, i) => (isLeaf(part) && part.leaf !== "bytes" ? [{ leaf: part, path: [...at, i] }] : [])),
      );
      if (beside.length > 0 && random.below(4) === 0) {
        const { leaf, path: at } = random.one(beside);
        grow({ path: at, label: leaf.label, change: run(leaf, random, LONGEST / 4, LONGEST / 16) });
      }
      for (const [i, { piece: branch, path: at, index }] of chosen.reverse().entries()) {
        const part: Piece | undefined = tree === undefined ? undefined : pieceAt(tree, [...at, index]);
        if (part === undefined) break;
        const left = LONGEST * 0.95 - (tree === undefined ? 0 : built(tree).length);
        const room = chosen.length > 1 && i === 0 ? left / 10 : left;
        const count = Math.floor(room / (branch.shared ?? Math.max(1, built(part).length)));
        if (count >= 2) grow({ path: at, label: part.label, change: repeat(index, count, random.below(3) === 0) });
      }
    } catch (thrown) {
      // What cannot be built is not looked at further.
      if (!(thrown instanceof TooLong || thrown instanceof RangeError)) throw thrown;
    }
    return { ...recipe, steps };
  }

  /** A way from the root to a leaf: the leaf grows, and lists on the way hold what is below many times. */
  #descend(recipe: Recipe): Recipe {
    const random = this.#random;
    let tree: Piece | undefined = recipe.tree;
    for (const step of recipe.steps) tree = tree === undefined ? undefined : after(tree, step, 1);
    if (tree === undefined) return recipe;
    const { way, piece, path } = this.#wayDown(tree);
    const steps = [...recipe.steps];
    const grow = (step: Step) => {
      const next: Piece | undefined = tree === undefined ? undefined : after(tree, step, 1);
      if (next === undefined) return;
      tree = next;
      steps.push(step);
    };
    let room = random.below(6) === 0 ? LONGEST * 0.7 : size(random, 256, LONGEST / 8);
    const packed = way.some((one) => one.piece.compressed === true);
    try {
      if (isLeaf(piece) && random.below(6) > 0) {
        const most = packed && random.below(3) === 0 ? LONGEST_INFLATED / 2 : room ** (random.below(1001) / 1000);
        const change = this.#leafChange(piece, Math.max(4, most));
        if (change !== undefined) grow({ path, label: piece.label, change });
      }
      for (const { piece: branch, path: at, index } of [...way].reverse()) {
        // A text beside the way: the name of what holds many.
        const beside = branch.parts.findIndex((part, i) => i !== index && isLeaf(part) && part.leaf !== "bytes");
        if (beside >= 0 && random.below(6) === 0) {
          const leaf = branch.parts[beside] as Leaf;
          grow({ path: [...at, beside], label: leaf.label, change: run(leaf, random, Math.max(4, room / 4)) });
        }
        if (branch.list === true && random.below(6) === 0) grow({ path: at, label: branch.label, change: cutAfter(index) });
        if (branch.list !== true || random.below(5) > 2) continue;
        const part = tree === undefined ? undefined : pieceAt(tree, [...at, index]);
        if (part === undefined) continue;
        const each = branch.shared ?? Math.max(1, built(part).length);
        const most = room / each;
        if (most < 2) continue;
        grow({ path: at, label: part.label, change: repeat(index, size(random, 2, most), random.below(3) === 0) });
        room = branch.shared === undefined ? room / 4 : room;
      }
    } catch (thrown) {
      // What cannot be built is not looked at further.
      if (!(thrown instanceof TooLong || thrown instanceof RangeError)) throw thrown;
    }
    return { ...recipe, steps };
  }

  #leafChange(leaf: Leaf, most: number, least = 4): Change | undefined {
    const random = this.#random;
    if (leaf.label === "entry head") return entryHead(random, this.#dictionary);
    const kind = random.below(12);
    if (kind === 0 && this.#donors.length > 0) return graft(this.#donors, random);
    if (leaf.leaf === "bytes")
      return kind < 5
        ? records(leaf, random, most, least)
        : kind < 8
          ? fill(random, most, least)
          : kind < 10
            ? limit(leaf, random)
            : run(leaf, random, most, least);
    if (kind < 3) return word(leaf, random, this.#dictionary);
    return kind < 7 ? stretch(leaf, random, most, least) : run(leaf, random, most, least);
  }

  #branchChange(branch: Branch, most: number): Change | undefined {
    const random = this.#random;
    if (random.below(4) === 0) return nest(branch, random, most);
    if (branch.list !== true || branch.parts.length === 0)
      return this.#donors.length > 0 && random.below(4) === 0 ? graft(this.#donors, random) : undefined;
    const at = random.below(branch.parts.length);
    if (random.below(5) === 0) return cutAfter(at);
    const each = branch.shared ?? Math.max(1, built(branch.parts[at] as Piece).length);
    return repeat(at, size(random, 2, Math.max(2, most / each)), random.below(3) === 0);
  }
}
