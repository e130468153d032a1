/**
 * The folders of a bucket, as far as they are few beside its names: objects.list with the delimiter "/" tells the folders in a
 * folder. They are where names can be divided before any name there was seen. How much each holds is not known; those in one
 * folder are taken to hold alike.
 */
import { above } from "./name-bytes.ts";

/** Names of a page to each folder in it from which on it is worth asking for folders alone. */
const WORTH_ASKING = 8;
/** What a sum of shares may lack. */
const ROUNDING = 1e-9;

interface Leaf {
  readonly name: string;
  readonly level: number;
  /** The part of all names that it is taken to hold. */
  readonly share: number;
}

export class Folders {
  readonly #prefix: string;
  /** The folders that the first page's last name is in, outermost first, whose folders are worth asking for. */
  #path: readonly string[] = [];
  readonly #asked = new Set<string>();
  /** Folders by the folder they are in, in order. */
  readonly #inside = new Map<string, readonly string[]>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The first page of names that begin with the prefix, in order. */
  see(names: readonly { readonly name: string }[]): void {
    this.#path = pathOf(this.#prefix, names);
  }

  /** Whose folders to ask for next, `most` at most, so that about so many parts can be told apart. Each is named once. */
  toAsk(parts: number, most: number): readonly string[] {
    const leaves = this.#leaves();
    const largest = leaves.filter(({ level }) => level < this.#path.length).sort((a, b) => b.share - a.share);
    const further = largest.slice(0, Math.max(0, parts - leaves.length)).map(({ name }) => name);
    const next = [...new Set([this.#prefix, ...this.#path, ...further])].filter((name) => !this.#asked.has(name)).slice(0, most);
    for (const name of next) this.#asked.add(name);
    return next;
  }

  /** @param said what a server says to be in it, in order: each is taken once, and only where it lies deeper */
  learn(folder: string, said: unknown): void {
    const names: readonly unknown[] = Array.isArray(said) ? said : [];
    const folders = names.filter((name) => typeof name === "string" && name.length > folder.length && name.startsWith(folder)) as string[];
    if (folders.length > 0) this.#inside.set(folder, [...new Set(folders)]);
  }

  /**
   * Where to divide all names into so many parts, or fewer: the folders, in order, that all parts but the first begin with; and
   * the end of the last folder, after which there is little.
   */
  division(parts: number): readonly string[] {
    const begins: string[] = [];
    const leaves = this.#leaves();
    let share = ROUNDING;
    for (const leaf of leaves) {
      if (share * parts >= begins.length + 1) begins.push(leaf.name);
      share += leaf.share;
    }
    const last = leaves.at(-1);
    const end = last === undefined ? undefined : above(last.name);
    return end === undefined ? begins : [...begins, end];
  }

  #leaves(): Leaf[] {
    const leaves: Leaf[] = [];
    const visit = (leaf: Leaf): void => {
      const inside = this.#inside.get(leaf.name);
      if (inside === undefined) leaves.push(leaf);
      else for (const name of inside) visit({ name, level: leaf.level + 1, share: leaf.share / inside.length });
    };
    if (this.#path.length > 0) visit({ name: this.#prefix, level: 0, share: 1 });
    return leaves;
  }
}

function pathOf(prefix: string, names: readonly { readonly name: string }[]): readonly string[] {
  const last = names.at(-1)?.name ?? "";
  const path: string[] = [];
  for (let length = prefix.length; ; ) {
    const inside = names.filter(({ name }) => name.startsWith(last.slice(0, length)));
    const folders = new Set(inside.map(({ name }) => name.slice(0, name.indexOf("/", length) + 1) || name));
    const end = last.indexOf("/", length) + 1;
    if (end === 0 || inside.length < folders.size * WORTH_ASKING) return path;
    path.push(last.slice(0, length));
    length = end;
  }
}
