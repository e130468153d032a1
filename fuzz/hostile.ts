/** Hostile inputs: a tree of pieces and steps that make it expensive. A recipe gives the same bytes each time, and more of the same by a factor. */
import {
  type Change,
  cutAfter,
  entryHead,
  fill,
  graft,
  limit,
  nest,
  pattern,
  records,
  repeat,
  run,
  runAt,
  size,
  stretch,
  word,
} from "./changes.ts";
import type { Dictionary } from "./dictionary.ts";
import { LONGEST } from "./mutate.ts";
import type { Random } from "./random.ts";
import { type Branch, below, built, isLeaf, type Leaf, type Piece, pieceAt, substitute, TooLong } from "./structure/piece.ts";

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
const LONGEST_INFLATED = 512 << 10;
/** Texts that one recipe grows at once. */
const MAX_PLACES = 24;

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

const listsIn = new WeakMap<Piece, boolean>();

/** Is the piece a list, or is there one in it? */
function hasList(piece: Piece): boolean {
  let known = listsIn.get(piece);
  if (known === undefined) {
    known = !isLeaf(piece) && (piece.list === true || piece.parts.some(hasList));
    listsIn.set(piece, known);
  }
  return known;
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
    const stretching = random.below(3) === 0;
    const all = below(recipe.tree).filter(
      ({ piece }) => isLeaf(piece) && (piece.leaf === "text" || (named && piece.leaf === "name" && piece.bytes.length > 4)),
    );
    const places = new Set(Array.from({ length: Math.min(all.length, 1 + random.below(MAX_PLACES)) }, () => random.one(all)));
    const most = Math.max(16, (random.below(4) === 0 ? LONGEST / 2 : LONGEST / 8) / Math.max(1, places.size));
    const repeated = pattern(random);
    const place = random.one([0, 1, 0.5]);
    const steps = [...places].map(({ piece, path }): Step => {
      const leaf = piece as Leaf;
      return {
        path,
        label: leaf.label,
        change: stretching ? stretch(leaf, random, most) : runAt(repeated, most / repeated.length, place, false, "x"),
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
      // A piece with lists in it can grow in more ways.
      const deep: readonly Piece[] = random.below(2) === 0 ? piece.parts.filter(hasList) : [];
      const candidates: readonly Piece[] = deep.length > 0 ? deep : piece.parts;
      const label: string = random.one([...new Set(candidates.map((part) => part.label))]);
      const index: number = random.one(piece.parts.flatMap((part, i) => (part.label === label && candidates.includes(part) ? [i] : [])));
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
    const innermost = random.below(2) === 0 ? lists.at(-1) : undefined;
    const outer = random.below(innermost === undefined ? 1 : 2) === 0 && lists.length > 0 ? random.one(lists) : undefined;
    // In the order of the way: what lies within is repeated first.
    const chosen = lists.filter((one) => one === innermost || one === outer);
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
      // The name before a list: what all of its parts may have in their own names.
      const deepest = chosen.at(-1)?.path.length ?? 0;
      const beside = way.flatMap(({ piece: branch, path: at }) =>
        at.length >= deepest
          ? []
          : branch.parts.flatMap((part, i) => (isLeaf(part) && part.leaf !== "bytes" ? [{ leaf: part, path: [...at, i] }] : [])),
      );
      if (beside.length > 0 && random.below(3) === 0) {
        const { leaf, path: at } = random.below(2) === 0 ? (beside.at(-1) as (typeof beside)[number]) : random.one(beside);
        grow({ path: at, label: leaf.label, change: run(leaf, random, LONGEST / 4, LONGEST / 16) });
      }
      for (const [i, { piece: branch, path: at, index }] of [...chosen].reverse().entries()) {
        const part: Piece | undefined = tree === undefined ? undefined : pieceAt(tree, [...at, index]);
        if (part === undefined) break;
        const left = LONGEST * 0.95 - (tree === undefined ? 0 : built(tree).length);
        const room = chosen.length > 1 && i === 0 ? left / 10 : left;
        const count = Math.floor(room / (branch.shared ?? Math.max(1, built(part).length)));
        if (count >= 2) grow({ path: at, label: part.label, change: repeat(index, count, random.below(2) === 0) });
      }
    } catch (thrown) {
      // Skip a recipe that cannot be built.
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
      // Skip a recipe that cannot be built.
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
